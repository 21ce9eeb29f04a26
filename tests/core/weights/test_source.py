"""The Hub is asked with patience, and not for ever."""

from __future__ import annotations

import pytest
from anyio import to_thread
from huggingface_hub.errors import HfHubHTTPError

from core.weights import source
from core.weights.source import Source, sentence
from tests.simulators.faults import Fault
from tests.simulators.hub import Hub

pytestmark = pytest.mark.anyio


async def test_a_hub_that_wants_patience_again_and_again_is_given_up(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is waited for as it asks, but who waits for the model is not kept for minutes."""
    monkeypatch.setattr(source, "ENOUGH", 0.5)
    hub.faults.add(Fault(path="/api/models/*", status=429, headers={"Retry-After": "1"}, times=None))
    with pytest.raises(HfHubHTTPError) as refused:
        await to_thread.run_sync(Source(hub.url, "hf_secret").listing, "org/model")
    assert len(hub.faults.happened) == 2
    told = sentence(refused.value, "org/model", hub.url)
    assert told is not None
    assert "too many requests" in told.message
    assert "of patience" in told.message
