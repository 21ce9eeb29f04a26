"""What programs send to the API: bodies of every form, and a sentence for each that cannot be taken."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import httpx
import pytest

from adapters.web import content as bodies
from core.errors import Busy
from core.types import Request
from tests.adapters.web.house import LIMITS, House, heard, said

pytestmark = pytest.mark.anyio

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


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
