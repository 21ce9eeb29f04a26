"""Wishes to keep a part of the picture."""

from __future__ import annotations

from core.media.edits import Crop, Edit
from core.media.wishes.clause import NUMBER, PERCENT, PIXELS, SIZE, Clause

_SHARES = {"half": 1 / 2, "third": 1 / 3, "quarter": 1 / 4, "part": 1 / 2, "side": 1 / 2, "corner": 1 / 2}
_SIDES = {
    "left": ("x", 0.0),
    "right": ("x", 1.0),
    "top": ("y", 0.0),
    "upper": ("y", 0.0),
    "bottom": ("y", 1.0),
    "lower": ("y", 1.0),
}
_PART = rf"({'|'.join(_SIDES)})(?:[- ]hand)?(?:[- ]({'|'.join(_SIDES)}))?[- ]({'|'.join(_SHARES)})"


def crop(clause: Clause) -> Edit | None:
    """Read "crop the left half", "crop to 200x100", "make it square" or "cut off the bottom third"."""
    named = clause.starts(r"crop(?:ped|ping)?|cut(?: out)?|trim(?:med)?|keep|remove")
    if not named and not clause.hints(rf"square|(?:only|just) .*?{_PART}"):
        return None
    margin = _margin(clause)
    if margin is not None:
        return margin
    if clause.verb == "remove" or clause.take("off|away"):
        return _without(clause)
    return _part(clause) or _shape(clause) or _sized(clause)


def _margin(clause: Clause) -> Crop | None:
    """Read "10 % from each side"."""
    percent = clause.number(rf"{PERCENT} (?:(?:off|from|of|on|the) )*(?:each|every|all|both) (?:sides?|edges?)")
    if percent is None:
        return None
    kept = 1 - min(2 * percent, 99) / 100
    return Crop(width=kept, height=kept)


def _part(clause: Clause) -> Crop | None:
    """Read "the left half", or "the upper right quarter", which is half of each side."""
    found = clause.take(_PART)
    if found is None:
        return None
    spot = dict(_SIDES[word] for word in (found[1], found[2]) if word)
    share = _SHARES[found[3]] if len(spot) == 1 else 1 / 2
    return Crop(width=share if "x" in spot else 1, height=share if "y" in spot else 1, **spot)


def _without(clause: Clause) -> Crop | None:
    """Read "the bottom third" as what to take away. Without a corner the rest is no rectangle."""
    found = clause.take(_PART)
    if found is None or found[2]:
        return None
    axis, place = _SIDES[found[1]]
    rest = 1 - _SHARES[found[3]]
    return Crop(width=rest, x=1 - place) if axis == "x" else Crop(height=rest, y=1 - place)


def _shape(clause: Clause) -> Crop | None:
    """Read "a square" or "16:9"."""
    if clause.take("(?:a )?square"):
        side = clause.number(rf"{NUMBER} ?{PIXELS}?(?: ?(?:x|×|by) ?\d+)?")
        return Crop(width=side, height=side) if side and side > 1 else Crop(ratio=1)
    ratio = clause.take(r"([1-9]\d*) ?[:/] ?([1-9]\d*)")
    return Crop(ratio=int(ratio[1]) / int(ratio[2])) if ratio else None


def _sized(clause: Clause) -> Crop | None:
    """Read a size in pixels or a share, around the middle; or nothing but the middle."""
    middle = clause.take(r"(?:cent(?:er|re|ral)|middle)(?: (?:part|third|half|quarter))?")
    size = clause.take(SIZE)
    if size:
        return Crop(width=max(2, int(size[1])), height=max(2, int(size[2])))
    percent = clause.number(PERCENT)
    share = min(percent, 100) / 100 if percent else 1 / 2 if middle else None
    return Crop(width=share, height=share) if share else None
