"""What people asked of HuggingGPT, on devices of our own: tiny models, and nobody else is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

pytest.importorskip("torch")

from tests.core.experts.test_local_automatic_speech_recognition import talk as noise
from tests.scenarios.conversations import *  # noqa: F403 - its tests are ours
from tests.scenarios.devices import *  # noqa: F403
from tests.scenarios.house import Home, living

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.fixture(scope="module")
async def home() -> AsyncIterator[Home]:
    """One house for all scenarios."""
    async with living() as home:
        yield home


async def test_s3_long_recordings_come_piece_by_piece(home: Home) -> None:
    """More than a window is heard to its end, with progress on the way."""
    async with home.talk() as talk:
        heard = await talk.say("Transcribe this", noise(70.0))
    chunks = heard.trace.results[0].outputs["chunks"]
    assert isinstance(chunks, list)
    assert all({"text", "start", "end"} <= set(row) for row in chunks if isinstance(row, dict))
    assert chunks[-1]["end"] == 70.0  # type: ignore[index,call-overload]
    assert "writing down" in heard.notes
