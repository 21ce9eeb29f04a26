"""Amounts as people say them."""

import pytest

from core.amounts import counted, duration, length, money, progress_of, space


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "1 second"),
        (1.4, "1 second"),
        (40, "40 seconds"),
        (90, "2 minutes"),
        (3600, "60 minutes"),
        (5400, "1.5 hours"),
        (7200, "2 hours"),
        (36_000, "10 hours"),
        (7_200_000, "2,000 hours"),
    ],
)
def test_times(seconds: float, said: str) -> None:
    """One is one, and many are many; nothing takes no time at all."""
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconds"),
        (0.04, "0 seconds"),
        (1, "1 second"),
        (12.34, "12.3 seconds"),
        (59.96, "1 minute"),
        (125, "2 minutes 5 seconds"),
        (3601.5, "1 hour 1.5 seconds"),
        (7260, "2 hours 1 minute"),
    ],
)
def test_lengths(seconds: float, said: str) -> None:
    """What plays is measured to a tenth of a second, and parts that are nothing are left out."""
    assert length(seconds) == said


def test_things_are_counted() -> None:
    """A single thing has no s, and large numbers have commas."""
    assert [counted(count, "day") for count in (0, 1, 2, 1_000)] == ["0 days", "1 day", "2 days", "1,000 days"]


@pytest.mark.parametrize(
    ("dollars", "said"),
    [(0, "$0"), (0.00001, "$0.00001"), (0.0123, "$0.012"), (0.5, "$0.50"), (1234.5, "$1,234.50")],
)
def test_money(dollars: float, said: str) -> None:
    """Small amounts are not rounded to nothing, and never written as powers of ten."""
    assert money(dollars) == said


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (812, "812 bytes"), (20_000, "20 kB"), (1_500_000, "1.5 MB"), (4_800_000_000, "4.8 GB"),
     (260_000_000, "260 MB"), (999_999_999, "1.0 GB"), (5e15, "5000 TB")],
)  # fmt: skip
def test_bytes(size: float, words: str) -> None:
    """In the largest unit that suits."""
    assert space(size) == words


def test_progress() -> None:
    """Both numbers are in the whole's unit."""
    assert progress_of(1_200_000_000, 4_800_000_000) == "1.2 of 4.8 GB"
    assert progress_of(0, 500) == "0 of 500 bytes"
