"""Wishes to flip or rotate."""

from __future__ import annotations

from core.media.edits import Edit, Flip, Rotate
from core.media.wishes.clause import Clause

_LEFT = r"(?:counter|anti)[- ]?clockwise|(?:to the |to its )?left"
_RIGHT = r"clockwise|(?:to the |to its )?right"
_ROTATE = r"rotat(?:ed?|ion)|spin"


def flip(clause: Clause) -> Edit | None:
    """Read "flip it" (left and right change places) or "mirror it from top to bottom"."""
    if not clause.starts(r"flip(?:ped)?|mirror(?:ed)?|reflect|swap(?:ped)?"):
        return None
    if clause.take(r"vertical(?:ly)?|upside[- ]down|(?:from )?top to bottom|up to down"):
        return Flip(vertical=True)
    clause.take(r"horizontal(?:ly)?|sideways|(?:from )?(?:left to right|right to left)")
    return Flip()


def rotate(clause: Clause) -> Edit | None:
    """Read "rotate it by 30 degrees to the left", "turn it clockwise" or "upside down"."""
    if clause.starts(r"upside[- ]down"):
        clause.take(f"{_ROTATE}|turn(?:ed)?")
        return Rotate(180)
    measured = clause.hints(rf"{_LEFT}|{_RIGHT}|(?:quarter|half) turn|\d+ ?(?:°|deg(?:rees?)?)")
    if not clause.starts(rf"{_ROTATE}|turn(?:ed)?" if measured else _ROTATE):  # one may turn it grey as well
        return None
    way = -1 if clause.take(_LEFT) else 1
    clause.take(_RIGHT)
    return Rotate(way * _degrees(clause))


def _degrees(clause: Clause) -> float:
    for degrees, words in ((90.0, "(?:a )?quarter(?: turn)?"), (180.0, "(?:a )?half(?: turn)?|halfway")):
        if clause.take(words):
            return degrees
    said = clause.number(r"(-?\d+(?:[.,]\d+)?)[ -]?(?:°|deg(?:rees?)?)?")
    return 90.0 if said is None else said
