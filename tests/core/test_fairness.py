from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Busy
from core.fairness import FairQueue

pushes = st.lists(st.sampled_from("abc"), max_size=30)


def filled(owners: str | list[str], size: int = 100) -> FairQueue[tuple[str, int]]:
    """Return a queue with one item for each owner in the list, numbered."""
    queue: FairQueue[tuple[str, int]] = FairQueue(size)
    for number, owner in enumerate(owners):
        queue.push(owner, (owner, number))
    return queue


def drained(queue: FairQueue[tuple[str, int]]) -> list[tuple[str, int]]:
    """Pop all."""
    return [queue.pop() for _ in range(len(queue))]


def test_owners_take_turns() -> None:
    """Three items of one owner let the others through in between."""
    assert "".join(owner for owner, _ in drained(filled("aaabbc"))) == "abcaba"


def test_who_comes_back_stands_behind() -> None:
    """An owner that was just served waits for those who were not."""
    queue = filled("ab")
    queue.pop()
    queue.push("a", ("a", 2))
    assert [owner for owner, _ in drained(queue)] == ["b", "a"]


def test_a_full_queue_says_so() -> None:
    """The item that is too many is refused in words and not kept."""
    queue = filled("ab", size=2)
    with pytest.raises(Busy, match="Too much work is waiting"):
        queue.push("c", ("c", 2))
    assert len(queue) == 2


def test_an_empty_queue_has_nothing_to_pop() -> None:
    """Popping what is not there is the caller's mistake."""
    with pytest.raises(IndexError):
        filled("").pop()


def test_what_is_removed_is_not_served() -> None:
    """An item leaves from anywhere; its owner's other items keep their turns."""
    queue = filled("aab")
    assert queue.remove(("a", 0))
    assert not queue.remove(("a", 0))
    assert drained(queue) == [("a", 1), ("b", 2)]
    assert queue.remove(("z", 9)) is False


@given(owners=pushes)
def test_looking_tells_the_order_of_serving(owners: list[str]) -> None:
    """Iterating shows what popping would give."""
    queue = filled(owners)
    assert list(queue) == drained(queue)


@given(owners=pushes)
def test_nobody_is_overtaken_twice(owners: list[str]) -> None:
    """Between two turns of an owner who waits, every other owner is served at most once, and each in its order."""
    served = drained(filled(owners))
    assert sorted(served) == sorted(zip(owners, range(len(owners)), strict=True))
    for owner in set(owners):
        mine = [place for place, item in enumerate(served) if item[0] == owner]
        assert [served[place][1] for place in mine] == sorted(served[place][1] for place in mine)
        for before, after in pairwise(mine):
            between = [item[0] for item in served[before + 1 : after]]
            assert len(between) == len(set(between))
