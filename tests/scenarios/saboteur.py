"""Makes own devices unreliable: imported in the fork server of a pool, it breaks half of the jobs of its children.

A quarter of them ends its child in the middle, each time anew; a quarter raises what no expert should. Which jobs these
are hangs on what they are asked and of whom, so that a job tried again meets the same. Spared is what nobody else does.
"""

from __future__ import annotations

import os
import zlib
from typing import Any

from core.executors.ladder import Ladder
from core.hosted import language, painting, pictures, sound, tables, writing

_ELSEWHERE = {
    run.task.name
    for module in (language, painting, pictures, sound, tables, writing)
    for made in vars(module).values()
    if isinstance(made, type)
    for run in vars(made).get("__runs__", ())
}

_run = Ladder.run


def _fate(asked: object) -> int:
    return zlib.crc32(repr(asked).encode()) % 4


def _sometimes(self: Ladder, card: Any, jobs: Any, need: Any) -> Any:
    """Run jobs, or do what goes wrong with the first of them that is due for it."""
    for inputs, _ in jobs if card.type.name in _ELSEWHERE else ():
        fate = _fate([card.key, sorted(inputs.items())])
        if fate == 0:
            os._exit(1)
        if fate == 1:
            raise RuntimeError("an error of the device")
    return _run(self, card, jobs, need)


Ladder.run = _sometimes  # type: ignore[method-assign]
