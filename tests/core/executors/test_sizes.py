from dataclasses import replace
from pathlib import Path

import pytest

from core.contract import Card, Model, TaskType
from core.executors.sizes import Need, Sizes
from core.types import Place
from tests.cards import Idle

TYPE = TaskType(name="nothing", summary="", takes=(), gives=())


def card(revision: str = "", **facts: int) -> Card:
    """Return a card of a model with some facts known."""
    model = Model(id="some/model", revision=revision, size=facts.get("size"), memory=facts.get("memory"))
    return Card(type=TYPE, model=model, place=Place.LOCAL, make=Idle)


@pytest.mark.parametrize(
    ("known", "need"),
    [
        (card(), None),
        (card(size=1000), Need(1100, 1_000_000_000)),
        (card(memory=1000), Need(1000, 1_000_000_000)),
        (card(size=1000, memory=3000), Need(1100, 1900)),
        (card(size=1000, memory=600), Need(600, 1_000_000_000)),  # loaded in fewer bits than it was saved in
    ],
)
def test_needs_are_estimated_from_what_is_known(known: Card, need: Need | None) -> None:
    """The weights' size, what it is known to take while running, both, or neither."""
    assert Sizes().of(known, "cuda") == need


def test_what_is_halved_elsewhere_is_whole_on_a_processor() -> None:
    """Halved files, and what a painter takes on a GPU, count twice on a processor; whole files count once."""
    whole = Model(id="some/model", library="diffusers", size=1000, memory=1600)
    halved = replace(whole, settings={"variant": "fp16"})
    needs = [
        Sizes().of(Card(type=TYPE, model=model, place=Place.LOCAL, make=Idle), sort)
        for model in (halved, whole)
        for sort in ("cuda", "cpu")
    ]
    assert needs == [Need(1100, 500), Need(2200, 1000), Need(1100, 500), Need(1100, 2100)]


def test_what_was_measured_wins_and_is_kept(tmp_path: Path) -> None:
    """A later process knows it; another sort of device or revision does not count."""
    file = tmp_path / "new folder" / "sizes.json"
    Sizes(file).note(card(size=1000), "cuda", Need(500, 70))
    later = Sizes(file)
    assert later.of(card(size=1000), "cuda") == Need(500, 70)
    assert later.of(card(size=1000), "cpu") == Need(1100)
    assert later.of(card("other", size=1000), "cuda") == Need(1100, 1_000_000_000)


def test_work_is_remembered_at_its_most() -> None:
    """A small job does not make one forget the big one."""
    sizes = Sizes()
    for working in (5, 90, 7):
        sizes.note(card(), "cuda", Need(500, working))
    assert sizes.of(card(), "cuda") == Need(500, 90)


def test_what_another_process_measured_is_kept(tmp_path: Path) -> None:
    """Two bots with one file: neither takes away what the other learned."""
    file = tmp_path / "sizes.json"
    ours, theirs = Sizes(file), Sizes(file)
    ours.note(card("a"), "cuda", Need(500, 1))
    theirs.note(card("b"), "cuda", Need(600, 1))
    ours.note(card("c"), "cuda", Need(700, 1))
    later = Sizes(file)
    assert [later.of(card(name), "cuda") for name in "abc"] == [Need(500, 1), Need(600, 1), Need(700, 1)]


@pytest.mark.parametrize(
    "text", ["", "[1]", '{"a": 3}', '{"a": ["x", 1]}', '{"a": [1e999, 1]}', "\x00", "[" * 100_000], ids=range(7)
)
def test_a_broken_file_is_no_trouble(tmp_path: Path, text: str) -> None:
    """It is as if nothing had been measured, and the next measurement replaces it."""
    file = tmp_path / "sizes.json"
    file.write_text(text)
    sizes = Sizes(file)
    assert sizes.of(card(), "cuda") is None
    sizes.note(card(), "cuda", Need(500, 1))
    assert Sizes(file).of(card(), "cuda") == Need(500, 1)


def test_a_place_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    """It is known until the end of the process."""
    (tmp_path / "taken").write_text("a file, no folder")
    sizes = Sizes(tmp_path / "taken" / "sizes.json")
    sizes.note(card(), "cuda", Need(500, 1))
    assert sizes.of(card(), "cuda") == Need(500, 1)
