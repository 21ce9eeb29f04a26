"""The bot's own process stays small, whatever is installed beside it."""

from __future__ import annotations

import pytest

from benchmarks.memory import MARKS, MEGABYTE, served

pytestmark = pytest.mark.slow


def test_the_bot_stays_small_and_loads_no_framework() -> None:
    """With the page seen, answers given and devices open, nothing of PyTorch and its like is mapped."""
    pytest.importorskip("torch")
    for what, measured in served():
        assert not measured.mapped, what
        assert measured.resident <= MARKS["with the page"] * MEGABYTE, what
