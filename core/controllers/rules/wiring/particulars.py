"""Plans to look at what a file is, where a clause asks for that and such a file is there."""

from __future__ import annotations

from core.controllers.rules.wiring.making import PARTICULARS, Making
from core.controllers.rules.wiring.picking import attached, written
from core.controllers.rules.wishing.intent import Intent
from core.controllers.rules.wishing.particulars import particulars


def asks_particulars(making: Making, intent: Intent) -> bool:
    """Plan the answer, one step for each file; False where something else is asked, or of nothing that is there."""
    refs = _asked(making, intent) if PARTICULARS in making.offered else ()
    if not refs:
        return False
    making.make(making.types[PARTICULARS], [making.draft(PARTICULARS, {"file": ref}) for ref in refs])
    return True


def _asked(making: Making, intent: Intent) -> tuple[str, ...]:
    """Return the references of the files or results that are asked about."""
    kinds = tuple(sorted(particulars(intent.clause)))
    if not kinds:
        return ()
    if any(word.kind == "file" for word in intent.clause.words) and not written(making.desk, kinds, intent.clause):
        return ()
    made = making.desk.newest(kinds)
    if made is not None and not written(making.desk, kinds, intent.clause):
        return made.refs
    return tuple(ref for thing in attached(making.desk, kinds, intent.clause) for ref in thing.refs)
