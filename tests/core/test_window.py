from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.types import Turn
from core.window import fit


def turns(*texts: str) -> list[Turn]:
    """Return turns that say these texts."""
    return [Turn(request=str(number), role="user", author="ada", text=text) for number, text in enumerate(texts)]


def test_the_newest_fit_oldest_first() -> None:
    """It is the oldest that leave, and the order stays."""
    lines = turns("one", "two", "three")
    assert fit(lines, turns=2, chars=100) == lines[1:]
    assert fit(lines, turns=9, chars=8) == lines[1:]
    assert fit(lines, turns=9, chars=7) == lines[2:]


def test_an_oversized_turn_leaves_no_gap() -> None:
    """What lies before a turn that does not fit is left out as well, however short."""
    lines = turns("a", "b" * 100, "c")
    assert fit(lines, turns=9, chars=50) == lines[2:]


lists = st.lists(st.text(max_size=30), max_size=20).map(lambda texts: turns(*texts))


@given(lines=lists, most=st.integers(0, 25), chars=st.integers(0, 300))
def test_what_fits_is_an_unbroken_end(lines: list[Turn], most: int, chars: int) -> None:
    """The window is whole turns from the end, within both budgets, the newest always there, and none more would fit."""
    kept = fit(lines, turns=most, chars=chars)
    assert kept == lines[len(lines) - len(kept) :]
    assert bool(kept) == bool(lines)
    if len(kept) > 1:
        assert len(kept) <= most
        assert sum(len(turn.text) for turn in kept) <= chars
    if len(kept) < len(lines):
        one_more = lines[-len(kept) - 1 :]
        assert len(one_more) > most or sum(len(turn.text) for turn in one_more) > chars
