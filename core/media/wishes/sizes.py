"""Wishes for another size."""

from __future__ import annotations

import re

from core.media.edits import Edit, Resize
from core.media.wishes.clause import NUMBER, PERCENT, PIXELS, SIZE, Clause

_SMALLER = r"shrink|smaller|downscaled?|downsized?|reduced?|scaled? down"
_LARGER = r"enlarged?|larger|bigger|upscaled?|scaled? up|magnif(?:y|ied)|blow up"
_TIMES = {
    "twice": 2.0,
    "double": 2.0,
    "doubled": 2.0,
    "twofold": 2.0,
    "two times": 2.0,
    "triple": 3.0,
    "threefold": 3.0,
    "three times": 3.0,
    "four times": 4.0,
    "half": 1 / 2,
    "halve": 1 / 2,
    "a third": 1 / 3,
    "a quarter": 1 / 4,
}
_FACTOR = "|".join(_TIMES)
_THAN_NOW = r"(?:of )?(?:the|its)(?: original| current)? size|of it|as (?:large|big|wide|small|high)"
_WITHOUT_VERB = (
    rf"{SIZE}|\d+ ?{PIXELS}?(?: in)? (?:wide|high|tall|width|height)|(?:width|height) (?:of|to) \d+|"
    rf"(?:{_FACTOR}|\d+(?:\.\d+)? ?(?:x|times)) (?:{_THAN_NOW})"
)


def resize(clause: Clause) -> Edit | None:
    """Read "resize to 800x600", "half the size", "20 % smaller" or "800 px wide"."""
    if clause.starts("thumbnail"):
        longest = clause.number(rf"(\d+) ?{PIXELS}")
        return Resize(longest=int(longest) if longest else 256)
    small = re.search(rf"\b(?:{_SMALLER})\b", clause.text) is not None
    large = re.search(rf"\b(?:{_LARGER})\b", clause.text) is not None
    if not clause.starts(rf"resized?|rescaled?|{_SMALLER}|{_LARGER}|scaled?") and not clause.hints(_WITHOUT_VERB):
        return None
    return (
        _to_pixels(clause)
        or _by_percent(clause, small=small, large=large)
        or _by_factor(clause, small=small, large=large)
    )


def _to_pixels(clause: Clause) -> Resize | None:
    size = clause.take(SIZE)
    if size:
        return Resize(width=max(1, int(size[1])), height=max(1, int(size[2])))
    width, height = _side(clause, "width|wide"), _side(clause, "height|high|tall")
    if width or height:
        return Resize(width=width, height=height)
    longest = clause.number(rf"(\d+) ?{PIXELS}")
    return Resize(longest=max(1, int(longest))) if longest else None


def _side(clause: Clause, words: str) -> int | None:
    found = clause.number(rf"(?:{words}) (?:(?:of|to|is|=) ?)?(\d+)(?: ?{PIXELS})?")
    found = found or clause.number(rf"(\d+) ?{PIXELS}?(?: in)? (?:{words})")
    return max(1, int(found)) if found else None


def _by_percent(clause: Clause, *, small: bool, large: bool) -> Resize | None:
    """Read "to 20 %" as it stands, but "20 % smaller" as what is taken away."""
    absolute = re.search(r"\bto\b", clause.text) is not None
    percent = clause.number(PERCENT)
    if not percent:
        return None
    if absolute or not (small or large):
        return Resize(factor=percent / 100)
    return Resize(factor=max(0.01, 1 - percent / 100) if small else 1 + percent / 100)


def _by_factor(clause: Clause, *, small: bool, large: bool) -> Resize | None:
    named = clause.take(rf"(?:(?:to|by) )?({_FACTOR})(?: (?:{_THAN_NOW}))?")
    counted = clause.number(rf"(?:by )?(?:a factor of )?{NUMBER} ?(?:x|times)?(?: (?:{_THAN_NOW}))?")
    factor = _TIMES[named[1]] if named else counted
    if factor:
        return Resize(factor=1 / factor if small and factor > 1 else factor)
    return Resize(factor=1 / 2) if small else Resize(factor=2) if large else None
