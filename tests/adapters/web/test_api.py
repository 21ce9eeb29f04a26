"""The HTTP API: answers, streams, files out, and whoever goes away."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import anyio
import httpx
import pytest

from adapters.web import follow
from core.errors import Busy, StoreFailed
from core.events import Event
from core.ports import Job, OnProgress, Say
from core.types import Kind, Media, Value
from tests import samples
from tests.adapters.web.house import LIMITS, House, heard, said
from tests.fakes import FunctionExecutor, ScriptedController, echo, task

pytestmark = pytest.mark.anyio

BEEP = samples.wav(0.5, rate=8_000).data


async def speak(job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
    """Say a word aloud, in the shape of a file."""
    if job.type != "word":
        return await echo(job, on_progress)
    return {"text": Media(data=BEEP, kind=Kind.AUDIO, mime="audio/wav", name="speech.wav")}


async def test_the_whole_way(client: httpx.AsyncClient) -> None:
    """/hugginggpt answers the original's message, and beside it each task with model, place, reason and outputs."""
    answer = await client.post("/hugginggpt", json=said("a word, please", api_key="ignored"))
    assert answer.status_code == 200
    told = answer.json()
    assert told["message"] == "0=<t0>"
    assert told["artifacts"] == []
    (row,) = told["tasks"]
    assert {"id": 0, "task": "word", "args": {"text": "t0"}, "dep": [-1], "model": "toy"}.items() <= row.items()
    assert (row["place"], row["status"], row["outputs"]) == ("local", "done", {"text": "<t0>"})
    assert row["why"]
    assert row["seconds"] >= 0


async def test_tasks_only_plans() -> None:
    """/tasks returns the list of tasks as the original does, dependencies included, and runs nothing."""
    house = House(controller=ScriptedController(script=[task(0), task(1, text="<resource-0>")]))
    async with house.open(), httpx.AsyncClient(base_url=house.url) as client:
        answer = await client.post("/tasks", json=said("two words"))
    assert answer.json() == [
        {"id": 0, "task": "word", "args": {"text": "t0"}, "dep": [-1]},
        {"id": 1, "task": "word", "args": {"text": "<resource-0>"}, "dep": [0]},
    ]
    assert house.executor.ran == []


async def test_results_run_but_nobody_answers(client: httpx.AsyncClient, house: House) -> None:
    """/results gives task, result and choice by id, as the original does, and asks for no answer."""
    told = (await client.post("/results", json=said("a word"))).json()
    assert told["0"]["task"] == {"id": 0, "task": "word", "args": {"text": "t0"}, "dep": [-1]}
    assert told["0"]["inference result"] == {"text": "<t0>"}
    assert told["0"]["choose model result"]["id"] == "toy"
    assert house.controller.asked == 0


async def test_a_failed_task_tells_why() -> None:
    """The result of a failed task is the original's error entry, and the whole answer is still given."""

    async def fail(job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        raise Busy("The device is full.")

    house = House(executor=FunctionExecutor(function=fail))
    async with house.open(), httpx.AsyncClient(base_url=house.url) as client:
        told = (await client.post("/results", json=said("a word"))).json()
        answer = await client.post("/hugginggpt", json=said("a word"))
    assert "full" in told["0"]["inference result"]["error"]
    assert answer.status_code == 200
    assert answer.json()["tasks"][0]["status"] == "failed"


async def test_talk_without_tasks() -> None:
    """Where there is nothing to do, each verb answers the original's message."""
    house = House(controller=ScriptedController(script=[Say("Hello!")]))
    async with house.open(), httpx.AsyncClient(base_url=house.url) as client:
        for verb in ("/hugginggpt", "/tasks", "/results"):
            assert (await client.post(verb, json=said("Hi"))).json()["message"] == "Hello!"


async def test_earlier_messages_are_the_window(client: httpx.AsyncClient, house: House) -> None:
    """What was said before the last message reaches the planner, in order."""
    turns = [("user", "I have a cat."), ("assistant", "Nice."), ("user", "a word about it")]
    body = {"messages": [{"role": role, "content": text} for role, text in turns]}
    assert (await client.post("/tasks", json=body)).status_code == 200
    assert await heard(house) == ["I have a cat.", "Nice."]


async def test_a_named_conversation_goes_on(client: httpx.AsyncClient, house: House) -> None:
    """Requests of the same conversation share a window on the server."""
    await client.post("/hugginggpt", json=said("first", conversation="mine"))
    await client.post("/hugginggpt", json=said("second", conversation="mine"))
    assert await heard(house) == ["first", "0=<t0>"]
    await client.post("/hugginggpt", json=said("other", conversation="yours"))
    assert await heard(house) == []


async def test_the_same_key_is_the_same_request(client: httpx.AsyncClient, house: House) -> None:
    """A program that sends a request again with its Idempotency-Key gets the answer, and nothing runs twice."""
    headers = {"Idempotency-Key": "order-66"}
    first = await client.post("/hugginggpt", json=said("a word"), headers=headers)
    again = await client.post("/hugginggpt", json=said("a word"), headers=headers)
    assert first.json() == again.json()
    assert len(house.executor.ran) == 1
    other = await client.post("/hugginggpt", json=said("another word"), headers=headers)
    assert (other.status_code, "Idempotency-Key" in other.json()["message"]) == (422, True)


async def test_a_worker_elsewhere() -> None:
    """An answer arrives also when the worker lives in another process and only the journal is shared."""
    house = House(elsewhere=True)
    async with house.open(), httpx.AsyncClient(base_url=house.url) as client:
        assert (await client.post("/hugginggpt", json=said("a word"))).json()["message"] == "0=<t0>"


async def test_events_as_they_happen(client: httpx.AsyncClient) -> None:
    """With Accept: text/event-stream the events arrive one by one, the whole answer as the last."""
    headers = {"Accept": "text/event-stream"}
    seen: list[tuple[str, dict[str, Any]]] = []
    async with client.stream("POST", "/hugginggpt", json=said("a word"), headers=headers) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        async for line in stream.aiter_lines():
            if line.startswith("event: "):
                seen.append((line.removeprefix("event: "), {}))
            elif line.startswith("data: "):
                seen[-1] = (seen[-1][0], json.loads(line.removeprefix("data: ")))
    names = [data["event"] for name, data in seen if name == "event"]
    assert {"Planned", "Selected", "Started", "Finished", "Answered"} <= set(names)
    assert seen[-1] == ("answer", seen[-1][1])
    assert seen[-1][1]["message"] == "0=<t0>"


async def test_a_stream_that_breaks_says_why(client: httpx.AsyncClient, house: House) -> None:
    """When the store fails midway, the last event says so instead of the connection just ending."""

    async def broken(request: str, *, after: int = 0) -> list[Event]:
        raise StoreFailed("The database is locked.")

    house.store.journal.read = broken  # type: ignore[method-assign]
    answer = await client.post("/hugginggpt", json=said("a word", stream=True))
    assert answer.text.endswith('event: error\ndata: {"message": "The database is locked."}\n\n')


async def test_a_stream_shows_that_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxies are asked not to hold events back, and have no reason to cut a line on which nothing happens."""
    monkeypatch.setattr(follow, "QUIET_SECONDS", 0.05)
    monkeypatch.setattr(follow, "TRUST_SECONDS", 0.05)
    house = House(executor=FunctionExecutor(seconds=1))
    async with house.open(), httpx.AsyncClient(base_url=house.url, timeout=20) as client:
        answer = await client.post("/hugginggpt", json=said("a word", stream=True))
    assert (answer.headers["cache-control"], answer.headers["x-accel-buffering"]) == ("no-cache", "no")
    assert answer.text.count(": still at it\n\n") >= 5
    assert answer.text.rpartition("event: ")[2].startswith("answer\n")


async def test_files_out() -> None:
    """An answer's files have links; players can read parts, and the type is what the bytes are."""
    house = House(executor=FunctionExecutor(function=speak))
    async with house.open(), httpx.AsyncClient(base_url=house.url) as client:
        (file,) = (await client.post("/hugginggpt", json=said("say it"))).json()["artifacts"]
        assert (file["kind"], file["mime"], file["name"]) == ("audio", "audio/wav", "speech.wav")
        whole = await client.get(file["url"])
        assert (whole.content, whole.headers["content-type"]) == (BEEP, "audio/wav")
        looked = await client.head(file["url"])
        assert (looked.status_code, looked.headers["content-length"]) == (200, str(len(BEEP)))
        assert (looked.content, looked.headers["content-type"]) == (b"", "audio/wav")
        part = await client.get(file["url"], headers={"Range": "bytes=4-7"})
        assert (part.status_code, part.content) == (206, BEEP[4:8])
        assert part.headers["content-range"] == f"bytes 4-7/{len(BEEP)}"


@pytest.mark.parametrize("stream", [False, True])
async def test_who_goes_away_stops_the_work(stream: bool) -> None:
    """A program that hangs up does not leave its job running."""
    house = House(executor=FunctionExecutor(seconds=60))
    async with house.open(), httpx.AsyncClient(base_url=house.url, timeout=60) as client:
        with anyio.fail_after(20):
            async with anyio.create_task_group() as caller:
                caller.start_soon(partial(client.post, "/hugginggpt", json=said("slow", stream=stream)))
                while not house.executor.ran:  # noqa: ASYNC110 - the executor tells nobody
                    await anyio.sleep(0.05)
                caller.cancel_scope.cancel()
            while not house.executor.cancelled:  # noqa: ASYNC110 - as above
                await anyio.sleep(0.05)


async def test_nobody_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no worker runs, the program is not kept waiting for ever."""
    from adapters.web import api

    monkeypatch.setattr(api, "SLACK_SECONDS", -LIMITS.request_seconds + 0.5)
    house = House(working=False)
    async with house.open(), httpx.AsyncClient(base_url=house.url) as client:
        answer = await client.post("/hugginggpt", json=said("x"))
    assert answer.status_code == 504
    assert answer.json()["message"]


async def test_a_program_may_name_a_model() -> None:
    """It does each task that it can run; one that can do none is told among what did not work out."""
    executor = FunctionExecutor(models={"word": ("toy", "other")})
    async with House(executor=executor).open() as house, httpx.AsyncClient(base_url=house.url, timeout=20) as client:
        told = (await client.post("/hugginggpt", json=said("a word", model="other"))).json()
        assert (told["tasks"][0]["model"], told["tasks"][0]["why"]) == ("other", "You asked for it.")
        told = (await client.post("/hugginggpt", data={"text": "a word", "model": "gone"})).json()
        assert told["tasks"][0]["model"] in {"toy", "other"}
        assert "gone rejected: It cannot run here now" in told["message"]
