from __future__ import annotations

import socket
import time

import anyio
import httpx
import pytest

from adapters.web.health import Health
from adapters.web.server import Address, bind, url_of
from core.errors import BadSetting, StoreFailed
from tests.adapters.web.house import House
from tests.fakes import FunctionExecutor

pytestmark = pytest.mark.anyio


def test_a_port_in_use_is_told() -> None:
    """The person learns which setting to change."""
    with bind(Address(port=0)) as taken, pytest.raises(BadSetting, match="WEB_PORT"):
        bind(Address(port=taken.getsockname()[1]))


@pytest.mark.parametrize("host", ["no-such-host.invalid", "192.0.2.1", "not a host"])
def test_a_host_that_is_not_ours_is_told(host: str) -> None:
    """A name that leads nowhere, or to another machine, is a wrong setting."""
    with pytest.raises(BadSetting, match="WEB_HOST"):
        bind(Address(host=host, port=0))


def test_a_port_without_rights_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that only root may have names the setting, too; root itself has to be refused by hand."""

    def refuse(self: socket.socket, address: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(BadSetting, match="WEB_PORT 80 needs more rights"):
        bind(Address(port=80))


def test_the_url_can_be_opened() -> None:
    """What is printed can be clicked, also when listening everywhere or on IPv6."""
    with bind(Address(host="0.0.0.0", port=0)) as everywhere:  # noqa: S104
        assert url_of(everywhere).startswith("http://127.0.0.1:")


@pytest.mark.parametrize("stream", [False, True])
async def test_going_down_is_soon_and_in_words(stream: bool) -> None:
    """Whoever waits for an answer when the server goes down gets a proper end, and the port is free again."""
    house = House(executor=FunctionExecutor(seconds=60))
    body = {"messages": [{"role": "user", "content": "slow"}], "stream": stream}
    ended: list[httpx.Response] = []
    async with httpx.AsyncClient(timeout=20) as client, anyio.create_task_group() as group:
        async with house.open():

            async def wait() -> None:
                ended.append(await client.post(f"{house.url}/hugginggpt", json=body))

            group.start_soon(wait)
            await anyio.sleep(0.5)
            began = time.perf_counter()
        assert time.perf_counter() - began < 6
    assert ended[0].status_code == (200 if stream else 503)
    if not stream:
        assert "going down" in ended[0].json()["message"]
    bind(Address(port=house.port)).close()


async def test_what_is_not_well() -> None:
    """/healthz names each check that fails, in words, with a status that machines understand."""

    async def well() -> None:
        pass

    async def ill() -> None:
        raise StoreFailed("The database cannot be reached.")

    answer = await Health({"executor": well, "database": ill}, lambda: b"").healthz()
    assert answer.status_code == 503
    assert bytes(answer.body) == (
        b'{"status":"failing","checks":{"database":"The database cannot be reached.","executor":"ok"}}'
    )


async def test_figures(client: httpx.AsyncClient) -> None:
    """/healthz says ok and /metrics gives figures in Prometheus' form."""
    assert (await client.get("/healthz")).json() == {"status": "ok", "checks": {"store": "ok"}}
    for path in ("/healthz", "/metrics", "/"):
        assert (await client.head(path)).status_code == 200, "what only looks whether we are there gets a 200, too"
    figures = await client.get("/metrics")
    assert figures.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "# HELP jarvis_requests" in figures.text
