"""What goes wrong with questions to a model, and how it looks on the wire."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle, repeat
from typing import Any

from aiohttp import web

ANY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One thing that goes wrong with questions to a provider about a model."""

    provider: str = ANY
    model: str = ANY  # as the Hub names it
    times: int | None = 1  # how often; None: for ever
    status: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)  # beside a status
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: float = 0.0  # seconds without a word, then as usual
    cut: bool = False  # half of the answer, then the connection breaks
    page: bool = False  # a web page with status 200
    rubbish: bool = False  # bytes under the right content type
    endless: bool = False  # what is polled is never done
    failed: str = ""  # how it calls the job that comes to nothing
    finish: str = "stop"  # why what talks ends
    error: bool = False  # what talks ends with an error in its stream


@dataclass(slots=True)
class _Coming:
    wrong: Wrong
    left: int | None


class Fates:
    """What becomes of questions; tests may change it at any time."""

    def __init__(self, wrong: Iterable[Wrong] = ()) -> None:
        """Begin with what goes ``wrong``."""
        self._coming = [_Coming(one, one.times) for one in wrong]
        self._turns: Iterator[Wrong | None] = repeat(None)
        self._met: dict[bytes, Wrong | None] = {}  # what a question meets, by its body's digest

    def add(self, *wrong: Wrong) -> None:
        """Let more go wrong."""
        self._coming += [_Coming(one, one.times) for one in wrong]

    def alternate(self, *wrong: Wrong) -> None:
        """Let every second question meet these in turn, for ever; asked again, it meets the same again."""
        self._turns = cycle(fate for one in wrong for fate in (one, None))

    def clear(self, *, turns: bool = True) -> None:
        """Let nothing go wrong from now on; without ``turns``, only what alternates."""
        self._coming.clear()
        if turns:
            self._met.clear()
            self._turns = repeat(None)

    def meet(self, provider: str, model: str, body: bytes) -> Wrong | None:
        """Return what goes wrong with a question, once less often than before."""
        for coming in self._coming:
            wrong = coming.wrong
            if wrong.provider in (ANY, provider) and wrong.model in (ANY, model) and coming.left != 0:
                coming.left = None if coming.left is None else coming.left - 1
                return wrong
        digest = hashlib.sha256(body).digest()
        if digest not in self._met:
            self._met[digest] = next(self._turns)
        return self._met[digest]


def failed(wrong: Wrong) -> web.Response:
    """Answer with a status; what it says holds a secret, as careless servers do."""
    body = dict(wrong.body) or {"error": "Something went wrong with token hf_secret_in_words"}
    return web.json_response(body, status=wrong.status, headers=dict(wrong.headers))


def page() -> web.Response:
    """Answer with a web page, as a proxy does that wants somebody to sign in."""
    return web.Response(text="<html><body>Sign in</body></html>", content_type="text/html")


async def half(request: web.Request, body: bytes, mime: str) -> web.StreamResponse:
    """Send half of an answer and hang up."""
    response = web.StreamResponse(headers={"Content-Type": mime})
    response.content_length = len(body)
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    assert request.transport is not None
    request.transport.close()
    return response
