from dataclasses import replace

import pytest

from core.contract import Card, Expert, Inputs, Model, Outputs, Steer, TaskType
from core.executors.shelf import Shelf
from core.executors.sizes import Need
from core.types import Place

TYPE = TaskType(name="nothing", summary="", takes=(), gives=())


class Weighed(Expert):
    """Weighs what its model says; a model that is called "failing" does not load."""

    def load(self) -> None:
        if self.model.id == "failing":
            raise MemoryError

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        return {}

    def size(self) -> int | None:
        return self.model.size


class Meter:
    """A device of 100 bytes, of which a neighbour holds some, and what a job took at most."""

    def __init__(self, neighbour: int = 0, peak: int | None = None) -> None:
        self.neighbour = neighbour
        self.trimmed = 0
        self._peak = peak

    def used(self) -> int | None:
        return None

    def peak(self) -> int | None:
        return self._peak

    def start(self) -> None:
        return

    def free(self) -> int | None:
        return 100 - self.neighbour

    def trim(self) -> None:
        self.trimmed += 1
        self.neighbour = 0  # it was ours, and is given back


def card(name: str, memory: int | None = None, size: int | None = None) -> Card:
    """Return the card of a model of its own."""
    return Card(type=TYPE, model=Model(id=name, memory=memory, size=size), place=Place.EMBEDDED, make=Weighed)


def test_another_revision_is_loaded_anew() -> None:
    """A model that is pinned, or not any more, is not served from the version that happens to be loaded."""
    shelf, one = Shelf(), card("a")
    pinned = replace(one, model=replace(one.model, revision="v1"))
    first = shelf.take(one)
    assert shelf.take(pinned) is not first
    assert shelf.take(pinned).model.revision == "v1"
    assert list(shelf.needs()) == [one.key]


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


def test_what_it_weighs_counts_more_than_what_was_thought() -> None:
    """Two models thought to be heavy stay together when they turn out light."""
    shelf = Shelf(memory=100)
    light, other = card("light", size=10), card("other", size=10)
    shelf.take(light, Need(80))
    shelf.take(other, Need(80))
    assert list(shelf.needs().values()) == [Need(10), Need(10)]


def test_room_is_made_for_the_work_too() -> None:
    """A loaded model whose jobs take much sends others away before it runs."""
    shelf = Shelf(memory=100, gauge=Meter(peak=120))
    busy, idle = card("busy", 40), card("idle", 40)
    shelf.take(busy)
    shelf.work(busy)
    shelf.worked(busy)
    assert shelf.needs()[busy.key] == Need(40, 80)
    shelf.take(idle)
    assert shelf.holds(busy)
    shelf.take(busy)
    assert not shelf.holds(idle)


def test_the_device_has_the_last_word() -> None:
    """Where less is free than the books say, more models leave."""
    meter = Meter()
    shelf, (a, b) = Shelf(memory=100, gauge=meter), (card("a", 30), card("b", 30))
    shelf.take(a)
    meter.neighbour = 80
    shelf.take(b)
    assert [shelf.holds(each) for each in (a, b)] == [False, True]
    assert meter.trimmed


def test_weights_that_are_shared_are_counted_once() -> None:
    """A second expert on the same weights adds nothing; when the first leaves, they are the second one's."""
    shelf = Shelf(count=2, memory=200)
    base, sibling, third = card("base", size=60), card("sibling", size=0), card("third", size=30)
    shelf.take(base, Need(60))
    shelf.take(sibling, Need(60))
    assert shelf.needs() == {base.key: Need(60), sibling.key: Need(0)}
    object.__setattr__(sibling.model, "size", 60)  # what it says from now on
    shelf.take(third, Need(30))
    assert shelf.needs() == {sibling.key: Need(60), third.key: Need(30)}


def test_a_model_beyond_the_bound_is_loaded_alone() -> None:
    """The bound is for what is kept: what is needed now is tried."""
    shelf, small, huge = Shelf(memory=100), card("small", 40), card("huge", 1000)
    shelf.take(small)
    shelf.take(huge)
    assert [shelf.holds(each) for each in (small, huge)] == [False, True]


def test_what_fails_to_load_is_not_kept() -> None:
    """The next job tries again."""
    shelf, failing = Shelf(), card("failing")
    with pytest.raises(MemoryError):
        shelf.take(failing)
    assert not shelf.holds(failing)


def test_clearing_lets_all_go_or_all_others() -> None:
    """After a want of memory nothing is kept but what is at work."""
    shelf, a, b = Shelf(), card("a"), card("b")
    for each in (a, b):
        shelf.take(each)
    shelf.clear(but=a)
    assert [shelf.holds(each) for each in (a, b)] == [True, False]
    shelf.clear()
    assert not shelf.holds(a)
