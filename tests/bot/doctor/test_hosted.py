"""The doctor asks the Hub about the token, and each model server what it serves."""

from __future__ import annotations

from typing import Any

import pytest

from bot.doctor import hosted
from bot.doctor.checks import Check
from bot.doctor.finding import Finding, Health
from bot.settings import read_settings
from tests.simulators.hub import Hub
from tests.simulators.servers import EmbeddingServer, ModelServer

pytestmark = pytest.mark.anyio

TOKEN = "hf_" + "a" * 34


async def found(check: Check, **changes: Any) -> list[Finding]:
    """What a check finds with these settings."""
    return [finding async for finding in check(read_settings(**changes))]


@pytest.mark.parametrize(
    ("permissions", "health"),
    [(None, Health.OK), (["inference.serverless.write"], Health.OK), (["repo.content.read"], Health.BROKEN)],
)
async def test_the_hub_tells_what_a_token_may_do(permissions: list[str] | None, health: Health) -> None:
    """A fine-grained token needs the permission to ask; others may do what their owner may."""
    async with Hub(tokens=[TOKEN]) as hub:
        hub.permissions = permissions
        (finding,) = await found(hosted.token, hf_token=TOKEN, hf_endpoint=hub.url)
    assert finding.health is health
    assert "ada" in finding.words
    assert TOKEN not in finding.words


async def test_a_token_that_is_refused_is_told() -> None:
    """With what to do; a Hub that cannot be reached is no fault of the token's."""
    async with Hub(tokens=["hf_" + "b" * 34]) as hub:
        (finding,) = await found(hosted.token, hf_token=TOKEN, hf_endpoint=hub.url)
    assert finding.health is Health.BROKEN
    assert "refuses HF_TOKEN" in finding.words
    (finding,) = await found(hosted.token, hf_token=TOKEN, hf_endpoint="http://127.0.0.1:9")
    assert finding.health is Health.NOTE
    (finding,) = await found(hosted.token, hf_token="")
    assert finding.health is Health.OK


async def test_each_server_is_asked() -> None:
    """One that answers, one that wants a key, one of another kind, one that is away, one without its model."""
    async with (
        ModelServer(["m"], bare=True) as well,
        ModelServer(["m"], key="sk-1") as locked,
        EmbeddingServer("embedding") as tei,
    ):
        lines = (
            f"well={well.url} own, locked={locked.url}, open={locked.url}, tei={tei.url} tei, odd={tei.url}/v1, "
            f"away=http://127.0.0.1:9/v1, other={well.url} conversational=another"
        )
        told = await found(hosted.servers, model_servers=lines, model_server_keys="open=sk-1")
    assert [finding.health for finding in told] == [
        Health.OK,
        Health.BROKEN,
        Health.OK,
        Health.OK,
        Health.BROKEN,
        Health.BROKEN,
        Health.NOTE,
    ]
    assert "refuses the key" in told[1].words
    assert "usually ends in /v1" in told[4].words
    (wrong,) = await found(hosted.servers, model_servers="a=http://b odd")
    assert wrong.health is Health.BROKEN
