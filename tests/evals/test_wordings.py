"""How well the rules understand wordings: one half was used to write them, the other was held back."""

from __future__ import annotations

import pytest

from tests.evals.catalogue import rows, score, types

MARKS = {
    ("seen", "single"): (98, 98),
    ("seen", "multi"): (95, 95),
    ("seen", "all"): (95, 95),
    ("seen", "talk"): (100, 100),
    ("seen", "wild"): (95, 95),
    ("held", "single"): (92, 92),
    ("held", "multi"): (90, 90),
    ("held", "all"): (85, 80),
    ("held", "talk"): (100, 100),
    ("held", "wild"): (80, 80),
}
"""Per cent of the rows with the right tasks, and with the right tasks wired as wanted."""


@pytest.mark.parametrize(("folder", "name"), MARKS)
def test_wordings_are_planned_as_wanted(folder: str, name: str) -> None:
    """A corpus of wordings gets the right tasks, and the right arguments, at least as often as its mark says."""
    known = types()
    scores = [score(row, known) for row in rows(folder, [name])]
    tasks = 100 * sum(one.tasks for one in scores) / len(scores)
    wiring = 100 * sum(one.wiring for one in scores) / len(scores)
    wrong = [one.row["text"] for one in scores if not one.wiring]
    assert (tasks, wiring) >= MARKS[folder, name], f"{tasks:.0f} % tasks, {wiring:.0f} % wiring; not as wanted: {wrong}"
    assert wiring >= MARKS[folder, name][1], wrong
