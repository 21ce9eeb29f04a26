"""What the tests that kill processes share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.crash.lives import Start, starting


@pytest.fixture(scope="module")
def start() -> Iterator[Start]:
    """Start a process that may be killed."""
    with starting() as start:
        yield start
