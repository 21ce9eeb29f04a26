"""Which simple edits a wish in plain words asks for: "make it grey and rotate it by 90 degrees".

A wish is understood only as a whole. Words that are left over, as in "blur the background", ask for something that an
edit of the whole picture would get wrong.
"""

from __future__ import annotations

from core.media.edits import Edit
from core.media.wishes import crops, looks, sizes, turns
from core.media.wishes.clause import Clause, Rule, clauses

_LONGEST = 500  # characters: nobody describes a simple edit at such length

_RULES: tuple[Rule, ...] = (*looks.LOOKS, turns.flip, turns.rotate, crops.crop, *looks.TONES, sizes.resize, looks.blur)
"""Tried in this order: a flip may be "upside down", a part to crop "half", and "less" contrast is no smaller size."""


def understood(wish: str) -> tuple[Edit, ...]:
    """Return the edits in the order they were asked for, or nothing where any part of the wish is not understood."""
    edits: list[Edit] = []
    verb = ""
    for words in clauses(wish) if len(wish) <= _LONGEST else ():
        clause = Clause(words)
        found = clause.edits(_RULES)
        if clause.rest() and verb:  # "flip it horizontally and vertically": the verb was said before
            clause = Clause(f"{verb} {words}")
            found = clause.edits(_RULES)
        if clause.rest() or (clause.verb and not found):  # "crop it": to what?
            return ()
        edits += found
        verb = clause.verb or verb
    return tuple(edits)


def hinted(wish: str) -> bool:
    """Whether any part of a wish asks for a simple edit, whatever else stands beside it."""
    return len(wish) <= _LONGEST and any(Clause(words).edits(_RULES) for words in clauses(wish))
