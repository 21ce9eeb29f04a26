import pytest

from core.executors.shelf import Shelf
from core.registry import Card, Expert, Inputs, Model, Outputs, Steer, TaskType
from core.types import Place

TYPE = TaskType(name="nothing", summary="", takes=(), gives=())


def card(name: str, memory: int | None = None) -> Card:
    """Return a card of a class of its own."""
    made = type(name, (Expert,), {"run": lambda *_: {}})
    return Card(type=TYPE, model=Model(id=name, memory=memory), place=Place.EMBEDDED, make=made)


def test_the_least_recently_used_leaves_first() -> None:
    """Using an expert again keeps it."""
    shelf, (a, b, c) = Shelf(count=2), map(card, "abc")
    first = shelf.take(a)
    shelf.take(b)
    assert shelf.take(a) is first
    shelf.take(c)
    assert [shelf.holds(each) for each in (a, b, c)] == [True, False, True]


def test_the_bytes_are_bounded_where_they_are_known() -> None:
    """Room is made by size; sizes that nobody knows count nothing."""
    shelf = Shelf(memory=100)
    small, unknown, big = card("small", 40), card("unknown"), card("big", 90)
    for each in (small, unknown):
        shelf.take(each)
    assert shelf.holds(small)
    shelf.take(big)
    assert [shelf.holds(each) for each in (small, big)] == [False, True]


def test_a_model_beyond_the_bound_is_loaded_alone() -> None:
    """The bound is for what is kept: what is needed now is tried."""
    shelf, small, huge = Shelf(memory=100), card("small", 40), card("huge", 1000)
    shelf.take(small)
    shelf.take(huge)
    assert [shelf.holds(each) for each in (small, huge)] == [False, True]


def test_what_fails_to_load_is_not_kept() -> None:
    """The next job tries again."""

    class Failing(Expert):
        def load(self) -> None:
            raise MemoryError

        def run(self, inputs: Inputs, steer: Steer) -> Outputs:
            return {}

    failing = Card(type=TYPE, model=Model(id="failing"), place=Place.EMBEDDED, make=Failing)
    shelf = Shelf()
    with pytest.raises(MemoryError):
        shelf.take(failing)
    assert not shelf.holds(failing)


def test_clearing_lets_all_go() -> None:
    """After a want of memory nothing is kept."""
    shelf, a = Shelf(), card("a")
    shelf.take(a)
    shelf.clear()
    assert not shelf.holds(a)
