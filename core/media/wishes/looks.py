"""Wishes for another look: grey, sketch, brighter, blurred ..."""

from __future__ import annotations

from core.media.edits import Blur, Edit, Look, Tone, ToneName
from core.media.wishes.clause import NUMBER, PERCENT, PIXELS, Clause, Rule

_LESS = r"(?:less|reduce|lower|decrease|weaker|drop)(?: the| its)?"
_MORE = r"(?:more|increase|raise|higher|stronger|boost|enhance|add)(?: the| its)?"
_STEPS: dict[ToneName, float] = {"brightness": 0.35, "contrast": 0.5, "colour": 0.6, "sharpness": 2.0}
"""How much of it "more" is."""


def _look(look: Look, words: str) -> Rule:
    return lambda clause: look if clause.starts(words) else None


def _tone(name: ToneName, way: int, words: str) -> Rule:
    def rule(clause: Clause) -> Edit | None:
        if not clause.starts(words):
            return None
        percent = clause.number(f"(?:by )?{PERCENT}")
        step = _STEPS[name] * clause.strength() if percent is None else percent / 100
        return Tone(name, max(0.05, 1 + way * step))

    return rule


def blur(clause: Clause) -> Edit | None:
    """Read "a bit blurred" or "blur it by 5 pixels"."""
    if not clause.starts(r"blur(?:red|ry|rier)?|out of focus|defocus|soft(?:en|er)"):
        return None
    radius = clause.number(rf"(?:(?:by|radius|of|with|a) )*{NUMBER} ?(?:{PIXELS}(?: radius)?)?")
    return Blur(0.01 * clause.strength() if radius is None else max(1.0, radius))


LOOKS = (
    _look(Look("grey"), r"gr[ea]y(?:[- ]?scaled?|ed)?|monochrome|desaturated?|colou?rless"),
    _look(Look("grey"), r"(?:without|no|(?:remove|get rid of|take out)(?: the| its| all)?) colou?rs?"),
    _look(
        Look("sketch"),
        r"(?:(?:pencil|charcoal|line|hand[- ]?drawn|rough|sketchy)[- ]?)*(?:sketch(?:ed|y)?|drawing|pencil)",
    ),
    _look(
        Look("sepia"),
        r"(?:(?:old[- ]fashioned|vintage|antique) )*(?:sepia|vintage|antique|old[- ]fashioned|old photo(?:graph)?)",
    ),
    _look(Look("negative"), r"invert(?:ed)?|negative|inver(?:se|sion)"),
    _look(
        Look("outlines"),
        r"(?:(?:find|detect|extract|trace)(?: (?:the|its|all|only))* )?(?:edges?|outlines?|contours?)(?: detection)?",
    ),
)
TONES = (
    _tone("brightness", -1, rf"dark(?:en|er)?|dim(?:mer)?|{_LESS} (?:bright(?:ness)?|light)"),
    _tone("brightness", 1, rf"(?:{_MORE} )?(?:bright(?:en|er|ness)?|light(?:en|er)?)"),
    _tone("contrast", -1, rf"{_LESS} contrast(?:y)?"),
    _tone("contrast", 1, rf"(?:{_MORE} )?contrast(?:y)?"),
    _tone("colour", -1, rf"{_LESS} (?:colou?r(?:ful|s)?|saturat(?:ed|ion)|vivid|vibrant)|paler?"),
    _tone("colour", 1, rf"(?:{_MORE} )?(?:colou?rful|saturat(?:ed?|ion)|vivid|vibrant)|{_MORE} colou?rs?"),
    _tone("sharpness", 1, rf"(?:{_MORE} )?(?:sharp(?:en|er|ness)?|crisp(?:er)?)"),
)
