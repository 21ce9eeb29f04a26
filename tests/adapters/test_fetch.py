from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from adapters.fetch import Fetcher
from core.errors import BadInput

pytestmark = pytest.mark.anyio

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Handler], Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """A real local server for one handler; gives its address."""
    running: list[TestServer] = []

    async def start(handler: Handler) -> str:
        app = web.Application()
        app.router.add_get("/{path:.*}", handler)
        server = TestServer(app)
        await server.start_server()
        running.append(server)
        return str(server.make_url("/file.png"))

    yield start
    for server in running:
        await server.close()


async def read(url: str, fetcher: Fetcher | None = None) -> bytes:
    """Download everything."""
    fetcher = fetcher or Fetcher(file_bytes=1_000_000, seconds=5, allow_private=True)
    return b"".join([chunk async for chunk in fetcher.fetch(url)])


class Names(AbstractResolver):
    """A name server that answers each question with the next of its addresses."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        address = self.addresses[min(self.asked, len(self.addresses) - 1)]
        self.asked += 1
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        pass


async def hello(request: web.Request) -> web.Response:
    """Answer with the path that was asked for."""
    return web.Response(text=request.path)


async def test_a_file_is_read(serve: Serve) -> None:
    """The bytes behind a link come through unchanged."""
    assert await read(await serve(hello)) == b"/file.png"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "0.0.0.0",  # noqa: S104
        "[::1]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "10.0.0.1",
        "100.64.0.1",
        "224.0.1.1",
    ],
)
async def test_private_addresses_are_never_dialled(host: str, serve: Serve) -> None:
    """A server on our own network is not read, however its address is spelled."""
    heard: list[str] = []

    async def listen(request: web.Request) -> web.Response:
        heard.append(request.path)
        return web.Response()

    port = (await serve(listen)).split(":")[2].split("/")[0]
    with pytest.raises(BadInput, match=r"private network|no address"):
        await read(f"http://{host}:{port}/", Fetcher(file_bytes=100, seconds=5))
    assert heard == []


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "169.254.169.254", "64:ff9b::7f00:1"])
async def test_a_public_name_for_a_private_address_is_refused(address: str) -> None:
    """It is the address that counts, not what it is called."""
    fetcher = Fetcher(file_bytes=100, seconds=5, resolver=Names(address))
    with pytest.raises(BadInput, match="private network"):
        await read("http://files.example.com/", fetcher)


async def test_what_is_checked_is_what_is_dialled() -> None:
    """A name that turns private after its first answer is asked once for each connection and checked each time."""
    names = Names("192.0.2.1", "127.0.0.1")  # the first one is reserved for documentation: not public either
    fetcher = Fetcher(file_bytes=100, seconds=5, resolver=names)
    for turn in (1, 2):
        with pytest.raises(BadInput, match="private network"):
            await read("http://rebind.example.com/", fetcher)
        assert names.asked == turn


async def test_redirects_are_checked(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """A public server cannot send us to a private one: each hop passes the same check."""
    import adapters.fetch

    inside = await serve(hello)

    async def send_inside(request: web.Request) -> web.Response:
        raise web.HTTPFound(inside.replace("127.0.0.1", "127.0.0.2"))

    outside = await serve(send_inside)
    # No public server can be had in a test: 127.0.0.1 plays one, its neighbour stays private.
    monkeypatch.setattr(adapters.fetch, "is_public", lambda address: address == "127.0.0.1")
    assert await read(inside, Fetcher(file_bytes=100, seconds=5)) == b"/file.png"
    with pytest.raises(BadInput, match="private network"):
        await read(outside, Fetcher(file_bytes=100, seconds=5))


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.org/x", "gopher://127.0.0.1/", ""])
async def test_redirects_to_other_schemes_are_refused(target: str, serve: Serve) -> None:
    """A redirect is held to the rules of a link; one that leads nowhere ends."""

    async def send_away(request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": target})

    with pytest.raises(BadInput, match=r"Only http and https|redirects"):
        await read(await serve(send_away))


async def test_few_redirects_are_followed(serve: Serve) -> None:
    """Three hops are fine, a circle is not."""

    async def count_down(request: web.Request) -> web.Response:
        left = int(request.query.get("left", "99"))
        if left == 0:
            return web.Response(text="here")
        raise web.HTTPTemporaryRedirect(f"/file.png?left={left - 1}")

    url = await serve(count_down)
    assert await read(f"{url}?left=3") == b"here"
    with pytest.raises(BadInput, match="redirects"):
        await read(f"{url}?left=4")


async def test_an_endless_body_is_cut_off(serve: Serve) -> None:
    """Reading stops at the limit, not at the end that never comes."""

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65_536)

    with pytest.raises(BadInput, match="larger than"):
        await read(await serve(endless))


async def test_a_body_announced_too_large_is_not_begun(serve: Serve) -> None:
    """A length over the limit is refused before a byte is read."""

    async def announce(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "99999999"})
        await response.prepare(request)
        await asyncio.sleep(60)
        return response

    with pytest.raises(BadInput, match="larger than"):
        await read(await serve(announce))


async def test_a_packed_bomb_is_cut_off_unpacked(serve: Serve) -> None:
    """The limit counts what comes out of the compression, not what goes in."""
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 100_000

    async def explode(request: web.Request) -> web.Response:
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

    with pytest.raises(BadInput, match="larger than"):
        await read(await serve(explode))


async def test_a_dripping_server_is_left(serve: Serve) -> None:
    """A server that sends a byte now and then is left when the time for the whole is up."""

    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x")
            await asyncio.sleep(0.05)

    with pytest.raises(BadInput, match=r"longer than 0\.3 seconds"):
        await read(await serve(drip), Fetcher(file_bytes=1000, seconds=0.3, allow_private=True))


async def test_a_silent_server_is_left(serve: Serve) -> None:
    """A server that takes the connection and says nothing costs no more than the time for the whole."""

    async def silence(request: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    with pytest.raises(BadInput, match="longer than"):
        await read(await serve(silence), Fetcher(file_bytes=1000, seconds=0.3, allow_private=True))


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("file:///etc/passwd", "Only http"),
        ("//example.org/x", "Only http"),
        ("http://", "Only http"),
        ("http://user:secret@example.org/", "user name or password"),
        ("http://exa mple.org:notaport/", "no address|Only http"),
        ("http://[::1/", "no address"),
        ("http://no-such-host.invalid/", "no server called"),
    ],
)
async def test_bad_links_get_a_sentence(url: str, why: str) -> None:
    """Whatever is wrong with a link, its author reads one sentence and never a secret from it."""
    with pytest.raises(BadInput, match=why) as raised:
        await read(url)
    assert "secret" not in raised.value.message


async def test_an_error_page_is_no_file(serve: Serve) -> None:
    """404 is told as such instead of handing its page to the experts."""

    async def missing(request: web.Request) -> web.Response:
        raise web.HTTPNotFound

    with pytest.raises(BadInput, match="404"):
        await read(await serve(missing))


async def test_a_closed_port_and_a_broken_answer_get_a_sentence(serve: Serve) -> None:
    """A server that is not there, or is none, is no traceback."""

    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"hello\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(BadInput, match="broke off"):
        await read(f"http://127.0.0.1:{port}/")
    server.close()
    await server.wait_closed()
    with pytest.raises(BadInput, match="cannot be reached"):
        await read(f"http://127.0.0.1:{port}/")


async def test_no_proxy_and_no_cookies(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy of the environment would dial unchecked, and a cookie would tell servers about each other."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    seen: list[str | None] = []

    async def bake(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Cookie"))
        response = web.Response(text="x")
        response.set_cookie("a", "b")
        return response

    url = await serve(bake)
    fetcher = Fetcher(file_bytes=1000, seconds=5, allow_private=True)
    assert [await read(url, fetcher), await read(url, fetcher)] == [b"x", b"x"]
    assert seen == [None, None]
