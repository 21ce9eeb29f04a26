from dataclasses import replace
from typing import Any

import pytest

from bot.cli.catalogue import listed
from bot.commands import Row
from core.types import Place

PLAIN = Row(
    task="word",
    id="",
    place=Place.LOCAL,
    size=None,
    memory=None,
    downloads=None,
    licence="MIT",
    available=True,
    why_not="",
    about="",
)


def row(model: str, *, why: str = "", **facts: Any) -> Row:
    """Return a row; ``why`` it cannot run, if it cannot."""
    return replace(PLAIN, id=model, available=not why, why_not=why, about=f"What {model} does.", **facts)


ROWS = [
    row("a/popular", downloads=6_263_271, size=268_000_000),
    row("a/new"),
    *(row(f"b/{number}", why="needs torch, not installed") for number in range(20)),
    row("c/timm", why="needs timm, not installed"),
    row("d/other", task="zebra", downloads=1_499, why="needs torch, not installed"),
]


def lines(rows: list[Row], *, full: bool = False) -> list[str]:
    """Return what is printed."""
    return [line.plain for line in listed(rows, full=full)]


def test_many_models_read_well() -> None:
    """Each that can run has its line in columns; the others are one line for each reason, however many they are."""
    assert lines(ROWS) == [
        "    model     place        size  memory downloads  licence",
        "word  2 of 23 can run",
        "  ✓ a/popular local      268 MB                6M  MIT",
        "  ✓ a/new     local                                MIT",
        "  – 20 models: needs torch, not installed",
        "  – 1 model: needs timm, not installed",
        "zebra  0 of 1 can run",
        "  – 1 model: needs torch, not installed",
    ]


def test_a_model_that_runs_in_one_of_its_places_runs() -> None:
    """Where it can run is listed; it is neither counted twice nor among those that cannot."""
    rows = [
        row("a/here", place=Place.LOCAL),
        row("a/away", place=Place.LOCAL, why="needs torch, not installed"),
        row("a/here", place=Place.REMOTE, why="there is no token"),
        row("a/away", place=Place.REMOTE, why="there is no token"),
    ]
    assert lines(rows)[1:] == [
        "word  1 of 2 can run",
        "  ✓ a/here local                                MIT",
        "  – 1 model: needs torch, not installed",
    ]


def test_one_task_is_told_in_full() -> None:
    """Each model says what it is for, and each that cannot run here says why."""
    told = lines([ROWS[0], ROWS[-2]], full=True)
    assert told[2:] == [
        "  ✓ a/popular local      268 MB                6M  MIT",
        "      What a/popular does.",
        "  – c/timm    local                                MIT",
        "      needs timm, not installed",
        "      What c/timm does.",
    ]


def test_nothing_is_nothing() -> None:
    """Without models there are no heads of columns either."""
    assert lines([]) == []


@pytest.mark.parametrize(
    ("count", "said"), [(999, "999"), (1_499, "1k"), (999_400, "999k"), (999_600, "1M"), (250_954_280, "251M")]
)
def test_downloads_are_told_in_three_digits(count: int, said: str) -> None:
    """A number with seven digits is no help in a list."""
    assert lines([row("a/one", downloads=count)])[2].split() == ["✓", "a/one", "local", said, "MIT"]
