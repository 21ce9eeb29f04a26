"""Unsafe pictures on the web: a strict place has no trace of them, another one tells that they are."""

from __future__ import annotations

import json

import httpx
import pytest

from bot import reception
from bot.admission import Conditions
from core.bylaws import Charter
from core.types import Safety
from tests.adapters.web.house import House
from tests.fakes import ScriptedController, task
from tests.watched import BLUE, RED, Watched

pytestmark = pytest.mark.anyio

BODY = {"messages": [{"role": "user", "content": "paint both"}], "conversation": "talk"}


def house() -> House:
    """Return a house where one unsafe picture is painted and one safe one."""
    painted = [task(number, "picture", texts=[word]) for number, word in enumerate((RED, BLUE))]
    return House(controller=ScriptedController(script=painted), executor=Watched())


def careful(monkeypatch: pytest.MonkeyPatch, safety: Safety) -> None:
    """Have all requests come from a place that is as careful."""
    monkeypatch.setattr(reception, "FREE", Conditions(Charter(safety=safety), ()))


async def test_a_strict_place_hears_only_that_there_is_something(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither answer nor tasks tell the hash by which the file could be asked for; the safe one is there."""
    careful(monkeypatch, Safety.STRICT)
    async with house().open() as here, httpx.AsyncClient(base_url=here.url) as client:
        told = (await client.post("/hugginggpt", json=BODY)).json()
        (shown,) = told["artifacts"]
        assert (await client.get(shown["url"])).content == BLUE.encode()
        red = await here.blobs.put(RED.encode())
        assert red not in json.dumps(told)
        assert "picture.png is not shown here: a classifier takes it for unsafe (nsfw, 97%)." in told["message"]
        assert "is not shown here" in told["tasks"][0]["outputs"]["image"]


async def test_nor_does_the_stream_of_events_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever follows a request as it happens learns no more."""
    careful(monkeypatch, Safety.STRICT)
    async with house().open() as here, httpx.AsyncClient(base_url=here.url) as client:
        text = (await client.post("/hugginggpt", json={**BODY, "stream": True})).text
        assert await here.blobs.put(RED.encode()) not in text
        assert await here.blobs.put(BLUE.encode()) in text


async def test_what_was_withheld_does_not_come_back_with_the_next_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """The window, which knows earlier files, does not know it."""
    careful(monkeypatch, Safety.STRICT)
    async with house().open() as here, httpx.AsyncClient(base_url=here.url) as client:
        await client.post("/hugginggpt", json=BODY)
        text = (await client.post("/hugginggpt", json={**BODY, "stream": True})).text
        assert '"recalled": true' in text
        assert await here.blobs.put(RED.encode()) not in text


@pytest.mark.parametrize(("safety", "marked"), [(Safety.BLUR, 1), (Safety.OFF, 0)])
async def test_elsewhere_it_is_marked_or_simply_shown(
    monkeypatch: pytest.MonkeyPatch, safety: Safety, marked: int
) -> None:
    """Programs are told which file they should not show unasked."""
    careful(monkeypatch, safety)
    async with house().open() as here, httpx.AsyncClient(base_url=here.url) as client:
        told = (await client.post("/hugginggpt", json=BODY)).json()
        assert len(told["artifacts"]) == 2
        assert [bool(file.get("unsafe")) for file in told["artifacts"]].count(True) == marked
