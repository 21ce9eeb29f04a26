"""The one fetcher of addresses that people or models wrote. Nobody else may follow such a link."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import AsyncIterator
from http import HTTPStatus

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.client import ClientTimeout
from aiohttp.connector import AddrInfoType
from yarl import URL

from adapters.public import is_public
from core.errors import BadInput

REDIRECTS = 3
CHUNK = 64 * 1024  # bytes
CONNECT_SECONDS = 10.0
MOVED = frozenset({301, 302, 303, 307, 308})


class Unfetched(BadInput):
    """A server gave no file, or not all of it."""

    def __init__(self, message: str, status: int | None = None) -> None:
        """Take the sentence for the user, and what the server answered, None where nothing came of it."""
        super().__init__(message)
        self.status = status

    @property
    def final(self) -> bool:
        """Whether asking again is of no use."""
        return self.status is not None and self.status < HTTPStatus.INTERNAL_SERVER_ERROR


class Fetcher:
    """Downloads from the public internet only: nothing inside our network can be reached through it.

    The check sits where the socket is made, so what is checked is what is dialled: neither a redirect, nor a name
    that resolves differently the second time, nor an odd spelling of an address gets around it.
    """

    def __init__(
        self,
        *,
        file_bytes: int,
        seconds: float = 60.0,
        allow_private: bool = False,
        resolver: AbstractResolver | None = None,
    ) -> None:
        """Bound each download to ``file_bytes`` (unpacked) and ``seconds``.

        ``allow_private`` also dials private addresses: for an installation whose files live on its own network.
        """
        self._file_bytes = file_bytes
        self._seconds = seconds
        self._socket = socket_for_any if allow_private else socket_for_public
        self._resolver = resolver

    async def fetch(self, address: str) -> AsyncIterator[bytes]:
        """Yield the bytes behind an http or https address. Raises BadInput with a sentence for who wrote it."""
        url = _checked(address)
        try:
            async with self._session() as session:
                async for chunk in self._follow(session, url):
                    yield chunk
        except TimeoutError:
            raise BadInput(f"Downloading from {url.host} took longer than {self._seconds:g} seconds.") from None
        except (aiohttp.ClientError, ValueError, OSError) as error:
            raise Unfetched(_why_not(error, url)) from error

    def _session(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            socket_factory=self._socket, resolver=self._resolver, use_dns_cache=False, force_close=True
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "Mozilla/5.0 (compatible; JARVIS)"},
            trust_env=False,  # a proxy would dial for us, unchecked
        )

    async def _follow(self, session: aiohttp.ClientSession, url: URL) -> AsyncIterator[bytes]:
        ends = asyncio.get_running_loop().time() + self._seconds
        for _ in range(REDIRECTS + 1):
            left = max(ends - asyncio.get_running_loop().time(), 0.001)
            timeout = ClientTimeout(total=left, sock_connect=CONNECT_SECONDS)
            async with session.get(url, allow_redirects=False, timeout=timeout) as response:
                if response.status not in MOVED:
                    async for chunk in self._body(response):
                        yield chunk
                    return
                url = _checked(str(url.join(URL(response.headers.get("Location", "")))))
        raise BadInput(f"The link leads to {url.host} through more than {REDIRECTS} redirects.")

    async def _body(self, response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
        if response.status != HTTPStatus.OK:
            said = f"{response.url.host} answered {response.status} ({response.reason}) instead of a file."
            raise Unfetched(said, response.status)
        taken = response.content_length or 0
        self._bound(taken)
        taken = 0
        async for chunk in response.content.iter_chunked(CHUNK):
            taken += len(chunk)
            self._bound(taken)
            yield chunk

    def _bound(self, taken: int) -> None:
        if taken > self._file_bytes:
            raise BadInput(f"The file behind the link is larger than {self._file_bytes / 2**20:g} MiB.")


def socket_for_public(address: AddrInfoType) -> socket.socket:
    """Make the socket for an address that is about to be dialled, if it is a public one."""
    if not is_public(str(address[4][0])):
        raise PermissionError(errno.EACCES, "not a public address")
    return socket_for_any(address)


def socket_for_any(address: AddrInfoType) -> socket.socket:
    """Make the socket for an address that is about to be dialled."""
    family, kind, protocol, _, _ = address
    made = socket.socket(family, kind, protocol)
    made.setblocking(False)  # noqa: FBT003 - the standard library's signature
    return made


def _checked(address: str) -> URL:
    try:
        url = URL(address)
    except ValueError:
        raise BadInput("That is no address of a file on the web.") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise BadInput("Only http and https links can be read.")
    if url.user is not None or url.password is not None:
        raise BadInput("Links with a user name or password in them are not read.")
    return url


def _why_not(error: Exception, url: URL) -> str:
    match error:
        case aiohttp.ClientConnectorError(os_error=PermissionError()):
            return "The link leads to a private network; only public addresses are read."
        case aiohttp.ClientConnectorDNSError():
            return f"There is no server called {url.host}."
        case aiohttp.ClientConnectorCertificateError():
            return f"The certificate of {url.host} is not valid."
        case aiohttp.ClientConnectorError():
            return f"{url.host} cannot be reached."
        case aiohttp.InvalidURL():
            return "That is no address of a file on the web."
        case _:
            return f"{url.host} broke off in the middle of the file, or answered what no web server answers."
