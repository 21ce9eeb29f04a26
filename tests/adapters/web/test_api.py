from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import partial
from typing import Any

import anyio
import httpx
import pytest

from adapters.web import content as bodies
from adapters.web import follow
from core.errors import Busy, StoreFailed
from core.events import Event
from core.ports import Job, OnProgress, Say
from core.types import Kind, Media, Request, Value
from tests import samples
from tests.adapters.web.house import LIMITS, House
from tests.fakes import FunctionExecutor, ScriptedController, echo, task

pytestmark = pytest.mark.anyio

BEEP = samples.wav(0.5, rate=8_000).data

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def said(text: str, **more: object) -> dict[str, object]:
    """The body of the original: one message of the user."""
    return {"messages": [{"role": "user", "content": text}], **more}


async def speak(job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
    """Say a word aloud, in the shape of a file."""
    if job.type != "word":
        return await echo(job, on_progress)
    return {"text": Media(data=BEEP, kind=Kind.AUDIO, mime="audio/wav", name="speech.wav")}


async def heard(house: House) -> list[str]:
    """The texts of the window the controller saw last."""
    return [turn.text for turn in house.controller.briefs[-1].turns]


# ---------------------------------------------------------------- answers


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


# ---------------------------------------------------------------- files


async def test_files_in_every_way(client: httpx.AsyncClient, house: House) -> None:
    """A file arrives by form, as base64 and as an address, under its name and with its bytes."""
    encoded = base64.b64encode(PNG).decode()
    by_form = await client.post("/tasks", data={"text": "look"}, files={"anything": ("a.png", PNG, "text/html")})
    assert by_form.status_code == 200
    assert house.controller.briefs[-1].artifacts[0].name == "a.png"
    in_json = await client.post("/tasks", json=said("look", attachments=[{"name": "b.png", "data": encoded}]))
    assert in_json.status_code == 200
    found = house.controller.briefs[-1].artifacts[0]
    assert (found.name, await house.blobs.get(found.sha256)) == ("b.png", PNG)


async def test_messages_in_a_form(client: httpx.AsyncClient, house: House) -> None:
    """A form may carry the original's messages as JSON beside its files."""
    messages = json.dumps([{"role": "user", "content": "one"}, {"role": "user", "content": "two"}])
    files = {"attachments": ("a.png", PNG)}
    assert (await client.post("/tasks", data={"messages": messages}, files=files)).status_code == 200
    assert house.controller.briefs[-1].text == "two"
    assert await heard(house) == ["one"]


async def test_messages_of_openais_form(client: httpx.AsyncClient, house: House) -> None:
    """Content in parts is words and files; who asks again without a file means the newest of the conversation."""
    picture = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{base64.b64encode(PNG).decode()}"}}
    first = {"role": "user", "content": [{"type": "text", "text": "look"}, picture]}
    assert (await client.post("/tasks", json={"messages": [first]})).status_code == 200
    brief = house.controller.briefs[-1]
    assert (brief.text, [file.name for file in brief.artifacts.values()]) == ("look", ["image.png"])
    more = [
        {"role": "developer", "content": "Be brief."},
        first,
        {"role": "assistant", "content": None},
        {"role": "tool", "content": "42"},
        {"role": "user", "content": [{"type": "text", "text": "and now?"}]},
    ]
    assert (await client.post("/tasks", json={"messages": more})).status_code == 200
    brief = house.controller.briefs[-1]
    assert (brief.text, [turn.text for turn in brief.turns]) == ("and now?", ["look"])
    assert [await house.blobs.get(file.sha256) for file in brief.artifacts.values()] == [PNG]


@pytest.mark.parametrize("body", [{"attachments": [{"url": "http://127.0.0.1:1/a.png"}]}, {}])
async def test_private_links_are_refused_in_words(
    body: dict[str, object], client: httpx.AsyncClient, house: House
) -> None:
    """A link into our own network, attached or only typed, is refused with a sentence and never dialled."""
    text = "look" if body else "look at http://127.0.0.1:1/a.png please"
    assert (await client.post("/hugginggpt", json=said(text, **body))).status_code == 200
    events = [event for log in house.store.journal._tables.events.values() for event in log.values()]
    assert any("private network" in event for event in events)


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


# ---------------------------------------------------------------- bad input

BAD: list[tuple[object, int, str]] = [
    (b"{", 400, "not valid JSON"),
    (b"[" * 100_000, 400, "not valid JSON"),
    ({}, 422, "messages"),
    ([], 422, "The body must be an object"),
    (b'{"messages": [{"role": "user", "content": "\\ud800"}]}', 400, "not valid JSON"),
    ({"messages": []}, 422, "messages"),
    ({"messages": "hi"}, 422, "messages"),
    ({"messages": [{"role": "user", "content": 7}]}, 422, "messages.0.content must be text"),
    ({"messages": [{"role": "wizard", "content": "x"}]}, 422, "role must be 'user', 'assistant', 'system', "),
    ({"messages": [{"role": "assistant", "content": "x"}]}, 422, "must be the user's"),
    (said(""), 422, "empty"),
    (said("   "), 422, "empty"),
    (said("x" * 100_000), 413, "100,000 characters"),
    (said("x", mode="fast"), 422, "mode must be 'local', 'remote' or 'hybrid'"),
    (said("x", conversation="../../etc"), 422, "conversation"),
    (said("x", attachments=[{"url": f"http://a.example/{n}"} for n in range(2_000)]), 413, "2,000 files"),
    (said("x", attachments=[{"url": "file:///etc/passwd"}]), 422, "url"),
    (said("x", attachments=[{"url": "blob:" + "0" * 64}]), 422, "url"),
    (said("x", attachments=[{"name": "a", "data": "not base64!"}]), 422, "base64"),
    (said("x", attachments=[{"name": "a"}]), 422, "neither a url nor data"),
    (said(" ".join(f"http://a.example/{n}" for n in range(9))), 413, "9 files"),
]


@pytest.mark.parametrize("verb", ["/hugginggpt", "/tasks", "/results"])
async def test_bad_input_is_json_with_a_sentence(verb: str, client: httpx.AsyncClient, house: House) -> None:
    """Whatever is sent, the answer is a status that fits and a message; nothing is planned or stored."""
    for body, status, words in BAD:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        answer = await client.post(verb, content=content, headers={"Content-Type": "application/json"})
        assert (answer.status_code, set(answer.json())) == (status, {"message"}), body
        assert words in answer.json()["message"]
    assert house.controller.briefs == []


async def test_too_many_and_too_large_files(client: httpx.AsyncClient) -> None:
    """Forms are held to the same bounds: number of files, size of one, size of all."""
    many = [("f", (f"{number}.png", PNG)) for number in range(2_000)]
    answer = await client.post("/tasks", data={"text": "x"}, files=many)
    assert answer.status_code in {400, 413}
    assert "files" in answer.json()["message"]
    large = await client.post("/tasks", data={"text": "x"}, files={"f": ("a.bin", b"x" * (LIMITS.file_bytes + 1))})
    assert large.status_code == 422
    assert "larger than" in large.json()["message"]


async def test_a_body_without_end_is_cut_off(client: httpx.AsyncClient) -> None:
    """A body is counted while it arrives: one that never ends is refused, not collected."""
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while True:
            sent += 65_536
            yield b"x" * 65_536

    with pytest.raises(httpx.HTTPError):  # the server answers and hangs up while we still send
        (await client.post("/tasks", content=endless())).raise_for_status()
    assert sent < 10 * 4 * LIMITS.file_bytes


async def test_an_empty_form(client: httpx.AsyncClient) -> None:
    """A form with nothing in it, or a broken one, is told as such."""
    for content in (b"", b"--x\r\nnonsense", b"--x--\r\n"):
        answer = await client.post(
            "/tasks", content=content, headers={"Content-Type": "multipart/form-data; boundary=x"}
        )
        assert answer.status_code in {400, 422}
        assert answer.json()["message"]


async def test_a_mark_before_the_json(client: httpx.AsyncClient) -> None:
    """Programs for Windows put a byte order mark before what they send as UTF-8."""
    body = b"\xef\xbb\xbf" + json.dumps(said("a word")).encode()
    assert (await client.post("/tasks", content=body)).status_code == 200


async def test_a_form_of_words_alone(client: httpx.AsyncClient) -> None:
    """A form without files, as ``curl -d text=...`` and plain web pages send it, is as good as one with files."""
    answer = await client.post("/hugginggpt", data={"text": "a word, please"})
    assert (answer.status_code, answer.json()["message"]) == (200, "0=<t0>")


async def test_files_inside_json_come_through_whole(
    client: httpx.AsyncClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Base64 is decoded piece by piece, and not a byte is lost where pieces meet."""
    monkeypatch.setattr(bodies, "PIECE", 1024)
    data = bytes(range(256)) * 9
    for size in (len(data), 768, 769, 0, 1):
        sent = {"name": "a.txt", "data": base64.b64encode(data[:size]).decode()}
        await client.post("/tasks", json=said("x", attachments=[sent]))
        assert await house.blobs.get(hashlib.sha256(data[:size]).hexdigest()) == data[:size]


async def test_nothing_there(client: httpx.AsyncClient) -> None:
    """Unknown addresses, unknown files and wrong verbs are JSON with a message, too."""
    for path, status in (
        ("/nothing", 404),
        ("/docs", 404),
        (f"/artifacts/{'0' * 64}/x", 404),
        ("/artifacts/x/y", 404),
        ("/tasks", 405),
    ):
        answer = await client.get(path)
        assert (answer.status_code, "message" in answer.json()) == (status, True), path
    assert set((await client.post("/")).json()) == {"message"}
    for method in ("PUT", "PATCH", "DELETE"):
        answer = await client.request(method, "/hugginggpt")
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        assert "Send a POST" in answer.json()["message"]


async def test_busy_is_told_and_forgotten(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """When too much waits the program learns when to come back, and no half conversation stays behind."""

    async def full(request: Request) -> bool:
        raise Busy("Too much is waiting. Please try again in a minute.")

    monkeypatch.setattr(house.store.inbox, "accept", full)
    body = {"messages": [{"role": "user", "content": "one"}, {"role": "user", "content": "two"}]}
    async with httpx.AsyncClient(base_url=house.url) as client:
        answer = await client.post("/hugginggpt", json=body)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "try again" in answer.json()["message"]
    assert await house.store.memory.conversations("web/") == []


async def test_a_bug_is_no_traceback(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What we did not foresee is one general sentence."""

    async def broken(request: Request) -> bool:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(house.store.inbox, "accept", broken)
    async with httpx.AsyncClient(base_url=house.url) as client:
        answer = await client.post("/hugginggpt", json=said("x"))
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.json()["message"]


# ---------------------------------------------------------------- going away


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
