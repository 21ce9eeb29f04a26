from __future__ import annotations

import anyio
import httpx
import pytest
import structlog

from adapters.web import guard
from tests.adapters.web.house import House

pytestmark = pytest.mark.anyio

BODY = {"messages": [{"role": "user", "content": "a word"}]}


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "localhost", "LOCALHOST:1", "[::1]:7860", "192.168.1.5:7860"])
async def test_our_own_names(host: str, client: httpx.AsyncClient) -> None:
    """Loopback names and numeric addresses are ours: nobody else can make them lead here."""
    assert (await client.get("/healthz", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "", "[::1", "x y"])
async def test_foreign_names(host: str, client: httpx.AsyncClient) -> None:
    """A name that somebody else made resolve to this machine is answered with a sentence and nothing else."""
    for path in ("/", "/healthz", "/gradio_api/info"):
        answer = await client.get(path, headers={"Host": host})
        assert answer.status_code in {400, 421}
    assert (await client.post("/hugginggpt", json=BODY, headers={"Host": host})).status_code in {400, 421}


async def test_a_name_that_is_set() -> None:
    """An installation that is reached under a name of its own answers to that name."""
    house = House()
    house.address = type(house.address)(port=0, also=("jarvis.example",))
    async with house.open(), httpx.AsyncClient(base_url=house.url) as client:
        assert (await client.get("/healthz", headers={"Host": "jarvis.example"})).status_code == 200
        assert (await client.get("/healthz", headers={"Host": "other.example"})).status_code == 421


async def test_our_page_behind_a_proxy() -> None:
    """A proxy may call us otherwise than the browser calls it: a name that is set for us is ours in both places."""
    house = House()
    house.address = type(house.address)(port=0, also=("jarvis.example",))
    async with house.open(), httpx.AsyncClient(base_url=house.url) as client:
        for origin, status in (
            ("https://jarvis.example", 200),
            ("https://JARVIS.example:8443", 200),
            ("https://jarvis.example.evil.example", 403),
            ("http://[", 403),
            ("", 403),
        ):
            answer = await client.post("/tasks", json=BODY, headers={"Origin": origin})
            assert answer.status_code == status, origin
        refused = await client.post("/tasks", json=BODY, headers={"Origin": "https://evil.example"})
        assert "WEB_ALLOWED_HOSTS" in refused.json()["message"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
async def test_other_pages_cannot_send(origin: str, client: httpx.AsyncClient, house: House) -> None:
    """A web page that the person visits cannot have JARVIS do something, or upload anything."""
    for path in ("/hugginggpt", "/tasks", "/results", "/gradio_api/queue/join", "/gradio_api/upload"):
        answer = await client.post(path, json=BODY, headers={"Origin": origin})
        assert (answer.status_code, set(answer.json())) == (403, {"message"})
    assert house.controller.briefs == []


async def test_our_own_page_can_send(client: httpx.AsyncClient, house: House) -> None:
    """The page's own requests carry our own origin and pass."""
    assert (await client.post("/hugginggpt", json=BODY, headers={"Origin": house.url})).status_code == 200


async def test_other_pages_cannot_read(client: httpx.AsyncClient) -> None:
    """No answer invites another origin to read it."""
    for path in ("/healthz", "/", "/gradio_api/info"):
        answer = await client.get(path, headers={"Origin": "https://evil.example"})
        assert answer.headers.get("access-control-allow-origin") in {None, "http://127.0.0.1"}


async def test_nothing_is_loaded_from_elsewhere(client: httpx.AsyncClient) -> None:
    """The page's policy allows no other host, whatever an answer holds."""
    policy = (await client.get("/")).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "http:" not in policy
    assert "https:" not in policy
    assert "*" not in policy


HALF = b"POST /hugginggpt HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"


async def test_a_body_that_stops_coming(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sends half a request and then nothing is told so and hung up on: connections are not held for ever."""
    monkeypatch.setattr(guard, "STALLED_SECONDS", 0.2)
    async with await anyio.connect_tcp("127.0.0.1", house.port) as caller:
        await caller.send(HALF)
        told = b""
        with anyio.fail_after(10):
            async for chunk in caller:  # until the server hangs up
                told += chunk
    assert told.startswith(b"HTTP/1.1 408")
    assert b"did not arrive" in told


async def test_who_leaves_while_sending_leaves_no_noise(house: House) -> None:
    """A connection that breaks in the middle of a request is everyday life, no error in the log."""
    with structlog.testing.capture_logs() as logs:
        async with await anyio.connect_tcp("127.0.0.1", house.port) as caller:
            await caller.send(HALF)
        async with httpx.AsyncClient(base_url=house.url) as client:
            assert (await client.get("/healthz")).status_code == 200
        await anyio.sleep(0.2)
    assert [entry for entry in logs if entry["log_level"] == "error"] == []
