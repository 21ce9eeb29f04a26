"""What every platform's mouth must hold, whatever is said through it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from rich.console import Console

from adapters.base import Mouth
from adapters.terminal.files import Inbound, Outbound
from adapters.terminal.mouth import TerminalMouth
from adapters.terminal.screen import Watched
from adapters.web.follow import Hub
from adapters.web.mouth import WebMouth
from core.errors import BadInput
from core.events import (
    Answered,
    Cancelled,
    Event,
    Failed,
    Finished,
    PlanClosed,
    Planned,
    Progressed,
    Received,
    Refused,
    Rejected,
    Said,
    Selected,
    Skipped,
    Started,
    Trace,
    fold,
)
from core.types import Artifact, Kind, Place, Result, Selection, Task, TaskRef
from storage.blobs import MemoryBlobs
from tests.fakes import request

pytestmark = pytest.mark.anyio

SOUND = Artifact(
    sha256=hashlib.sha256(b"abc").hexdigest(),
    kind=Kind.AUDIO,
    mime="audio/wav",
    name="speech.wav",
    size=3,
)
GONE = Artifact(sha256="0" * 64, kind=Kind.IMAGE, mime="image/png", name="gone.png", size=1)

EVENTS: list[Event] = [
    Received(0, SOUND),
    Refused(1, "[bold]odd\x1b[2J`.exe", "I cannot use it: *[/bold]*"),
    Planned(Task(id=0, type="text-to-speech", args={"text": "[red]hi"})),
    Planned(Task(id=1, type="audio-conversion", args={"audio": TaskRef(0)})),
    Rejected("teleport", "There is no such task."),
    PlanClosed(),
    Selected(Selection(task=0, model="espeak-ng", place=Place.EMBEDDED, why="The only one.")),
    Started(0),
    Progressed(0, None, "thinking"),
    Progressed(0, 0.5),
    Finished(Result(task=0, outputs={"audio": SOUND, "n": [1, None]}, seconds=1, model="m", place=Place.LOCAL)),
    Failed(1, "It broke [/]."),
    Skipped(1, 0),
    Said("So "),
]
ENDS: list[Event] = [
    Answered("[bold]So\x1b[31m [link=x]it is[/nothing].\n\n| a | b |\n|---|", (SOUND,)),
    Answered("", (GONE,)),
    Failed(None, "I gave up."),
    Cancelled("ada"),
]


async def fetch_url(address: str) -> AsyncIterator[bytes]:
    """Refuse every link, as the guarded fetcher does with private ones."""
    raise BadInput(f"{address} cannot be fetched.")
    yield b""


def web(blobs: MemoryBlobs, _folder: Path) -> Mouth:
    """The page's mouth."""
    return WebMouth(Hub(), blobs, fetch_url)


def piped(blobs: MemoryBlobs, folder: Path) -> Mouth:
    """A terminal's mouth that speaks into a pipe."""
    return _terminal(blobs, folder, terminal=False)


def watched(blobs: MemoryBlobs, folder: Path) -> Mouth:
    """A terminal's mouth in front of a person."""
    return _terminal(blobs, folder, terminal=True)


def _terminal(blobs: MemoryBlobs, folder: Path, *, terminal: bool) -> Mouth:
    consoles = [Console(file=io.StringIO(), force_terminal=terminal, width=60) for _ in range(2)]
    return TerminalMouth("terminal-1", Inbound(fetch_url), Outbound(blobs, folder), Watched(*consoles))


@pytest.fixture(params=[web, piped, watched])
async def mouth(request: pytest.FixtureRequest, tmp_path: Path) -> Mouth:
    """One platform's mouth after the other."""
    blobs = MemoryBlobs()
    make: Callable[[MemoryBlobs, Path], Mouth] = request.param
    assert await blobs.put(b"abc") == SOUND.sha256
    return make(blobs, tmp_path)


async def test_it_says_what_it_can(mouth: Mouth) -> None:
    """Name and capabilities are there before anything happens, so that rendering can degrade to them."""
    able = mouth.capabilities
    assert mouth.platform
    assert min(able.text_chars, able.file_bytes, able.files, able.edits_per_second) > 0


@pytest.mark.parametrize("end", ENDS, ids=lambda end: type(end).__name__)
async def test_every_picture_of_a_request_can_be_shown(mouth: Mouth, end: Event) -> None:
    """Whatever state a request is in, and whatever markup is in its words, showing it works; so does every end."""
    asked = request()
    handle = await mouth.open(asked)
    trace = Trace()
    for event in EVENTS:
        trace = trace.plus(event)
        await mouth.show(asked, handle, trace)
    assert await mouth.finish(asked, handle, trace.plus(end))


async def test_everything_may_be_called_again(mouth: Mouth) -> None:
    """After a crash or a fault the same calls come again: the handles are the same, and nothing fails."""
    asked, over = request(), fold([*EVENTS, ENDS[0]])
    handle = await mouth.open(asked)
    assert await mouth.open(asked) == handle
    last = await mouth.finish(asked, handle, over)
    assert await mouth.finish(asked, handle, over) == last
    assert await mouth.open(asked) == handle


async def test_an_end_needs_no_beginning_here(mouth: Mouth) -> None:
    """A mouth of a new process may finish what one of an old process opened."""
    assert await mouth.finish(request(), "from-before", fold(ENDS[:1]))


async def test_requests_do_not_disturb_each_other(mouth: Mouth) -> None:
    """Two requests at once are shown and finished in any order."""
    one, two = request(message="1"), request(message="2")
    handles = [await mouth.open(asked) for asked in (one, two)]
    assert len(set(handles)) == 2
    await mouth.show(two, handles[1], fold(EVENTS))
    assert await mouth.finish(two, handles[1], fold([ENDS[0]]))
    await mouth.show(one, handles[0], fold(EVENTS))
    assert await mouth.finish(one, handles[0], fold([ENDS[2]]))


@pytest.mark.parametrize(
    "address", ["", "/etc/passwd", "file:///etc/passwd", "blob:", "blob:../../x", "http://127.0.0.1/", "../x"]
)
async def test_foreign_addresses_are_refused_in_words(mouth: Mouth, address: str) -> None:
    """An address that the platform did not announce is a sentence for the sender, never bytes or another error."""
    with pytest.raises(BadInput):
        [chunk async for chunk in mouth.fetch(address)]
