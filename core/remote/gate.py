"""The gate that every request of a child passes on its way out.

The client library knows the router by a fixed name, which some of its providers compare with; it is asked with a
token that is none. Here the name becomes the configured address, and requests to it, and to no other host, get the
true token; each model server that somebody named gets its own key. What an answer points to (pictures, films) is
fetched without any, over https.

The gate also hears when a provider tells that a job failed, which the library does not, and ends what nobody waits for
any more: providers with queues are asked again and again by threads of the library that know no end.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeAlias

import httpx2

from core.remote.jobs import believe, may_tell
from core.remote.terms import ROUTER, Terms

STAND_IN = "hf_stand_in"
"""The token that the library is given. It looks like one, so that it goes by the router."""

LARGEST = 512 * 1024 * 1024
"""Bytes of one answer at most."""

QUIET = 30.0
"""Seconds without a byte after which a poll or a download is given up."""

CONNECT = 10.0

_HOST = httpx2.URL(ROUTER).host

Hooks: TypeAlias = dict[str, list[Callable[..., Any]]]


class Shut(Exception):
    """A request that must not leave: nobody waits for it, or its address is none to go to."""


@dataclass(slots=True)
class Errand:
    """What is asked for now. Threads that the library starts for it share it."""

    over: bool = False
    until: float = float("inf")  # by the monotonic clock

    @property
    def wanted(self) -> bool:
        """Whether anybody still waits for it."""
        return not self.over and time.monotonic() < self.until


ERRAND: ContextVar[Errand | None] = ContextVar("errand", default=None)


class Gate:
    """Looks at each request before it leaves, and bounds what comes back."""

    def __init__(self, terms: Terms) -> None:
        """Let requests out on these terms."""
        self._router = httpx2.URL(terms.router)
        self.servers = {server.name: server for server in terms.servers}
        # Who is told what: an address and the secret that belongs there, and nowhere else.
        self._keys = {_origin(httpx2.URL(server.url)): server.key for server in terms.servers}
        self._keys[_origin(self._router)] = terms.token
        self._endpoint = httpx2.URL(terms.endpoint)
        self._tls = httpx2.create_ssl_context()  # reading all certificates takes longer than many an answer

    def out(self, request: httpx2.Request) -> None:
        """Send a request where it belongs, with what may be known there. Raises Shut."""
        errand = ERRAND.get()
        if errand is not None and not errand.wanted:
            raise Shut("nobody waits for this any more")
        if request.url.host == _HOST:
            self._rewrite(request)
        if (key := self._keys.get(_origin(request.url))) is not None:
            _sign(request, key)
        elif _origin(request.url) != _origin(self._endpoint):
            for name in ("Authorization", "X-HF-Bill-To", "Cookie"):
                request.headers.pop(name, None)
            if request.url.scheme != "https" and request.url.host != self._router.host:
                raise Shut("only https leads out of here")

    def back(self, response: httpx2.Response) -> None:
        """Bound what an answer may hold. Raises JobFailed where it tells of a job that came to nothing."""
        self._bound(response)
        if self._tells(response):
            response.read()
            believe(response)

    async def back_async(self, response: httpx2.Response) -> None:
        """Do as :meth:`back`."""
        self._bound(response)
        if self._tells(response):
            await response.aread()
            believe(response)

    def _tells(self, response: httpx2.Response) -> bool:
        """Whether a provider may tell of a job: model servers have none, and files lie elsewhere."""
        return _origin(response.request.url) == _origin(self._router) and may_tell(response)

    def _bound(self, response: httpx2.Response) -> None:
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = _Bounded(response.stream)
        elif isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = _SyncBounded(response.stream)

    async def out_async(self, request: httpx2.Request) -> None:
        """Do as :meth:`out`."""
        self.out(request)

    def client(self) -> httpx2.Client:
        """Return a client for polls and downloads."""
        hooks: Hooks = {"request": [self.out], "response": [self.back]}
        timeout = httpx2.Timeout(QUIET, connect=CONNECT)
        return httpx2.Client(event_hooks=hooks, follow_redirects=True, timeout=timeout, verify=self._tls)

    def async_client(self) -> httpx2.AsyncClient:
        """Return a client for questions; whoever asks sets a time limit of their own."""
        hooks: Hooks = {"request": [self.out_async], "response": [self.back_async]}
        timeout = httpx2.Timeout(QUIET, connect=CONNECT)
        return httpx2.AsyncClient(event_hooks=hooks, follow_redirects=True, timeout=timeout, verify=self._tls)

    def _rewrite(self, request: httpx2.Request) -> None:
        path = self._router.raw_path.rstrip(b"/") + request.url.raw_path
        request.url = self._router.copy_with(raw_path=path)
        request.headers["Host"] = request.url.netloc.decode()


def _sign(request: httpx2.Request, key: str) -> None:
    request.headers.pop("Authorization", None)
    if key:
        request.headers["Authorization"] = f"Bearer {key}"


def _origin(url: httpx2.URL) -> tuple[str, str, int | None]:
    port = url.port or {"http": 80, "https": 443}.get(url.scheme)
    return url.scheme, url.host, port


def open_gate(terms: Terms) -> Gate:
    """Let everything that the client library sends in this process pass a gate."""
    from huggingface_hub import set_async_client_factory, set_client_factory

    gate = Gate(terms)
    set_client_factory(gate.client)
    set_async_client_factory(gate.async_client)
    return gate


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = LARGEST
        async for chunk in self._stream:
            left = _less(left, chunk)
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


class _SyncBounded(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        left = LARGEST
        for chunk in self._stream:
            left = _less(left, chunk)
            yield chunk

    def close(self) -> None:
        self._stream.close()


def _less(left: int, chunk: bytes) -> int:
    left -= len(chunk)
    if left < 0:
        raise Shut("the answer is too large")
    errand = ERRAND.get()
    if errand is not None and not errand.wanted:
        raise Shut("nobody waits for this any more")
    return left
