"""How well the rules understand wordings: marks below which a change has lost something.

The rules were written with a look at "seen". "held" and "blind" were scored first and looked at later, so they are no
longer blind: what to expect of new wordings is what these scored on first contact (right tasks): 94 % for held single
and multi, 90 % for all, 76 % for wild, 70 % for more, 76 % for blind; 87 % for blind/first, 87 % for blind/second,
90 % for blind/third; 85 % for that half of blind/everyday (what people write in chats, in four languages; tasks only)
that was left unread while rules were written for the other half. A fair new figure needs new wordings.
"""

from __future__ import annotations

import pytest

from tests.evals.catalogue import rows, score, types

MARKS = {
    (folder, name): mark
    for name, mark in {
        "single": (97, 97),
        "multi": (94, 94),
        "all": (95, 95),
        "talk": (100, 100),
        "wild": (97, 97),
        "more": (95, 95),
    }.items()
    for folder in ("seen", "held")
} | {
    ("held", "blind"): (94, 94),
    ("blind", "first"): (98, 98),
    ("blind", "second"): (98, 97),
    ("blind", "third"): (98, 98),
    ("blind", "everyday"): (95, 95),
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
    mark = MARKS[folder, name]
    told = f"{tasks:.0f} % tasks, {wiring:.0f} % wiring, not as wanted: {wrong}"
    assert tasks >= mark[0], told
    assert wiring >= mark[1], told
