from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import anyio.lowlevel
import pytest

from adapters import live as module
from adapters.base import Capabilities
from adapters.live import live
from core.events import Answered, Flagged, Said, Trace, fold
from core.types import Artifact, Author, Kind, Origin, Request, Safety

pytestmark = pytest.mark.anyio

REQUEST = Request(
    id="r1",
    origin=Origin(platform="slow", channel="c", conversation="t", message="m"),
    author=Author(id="a"),
    text="Hi",
)


class SlowMouth:
    """A platform whose edits take as long as they are told to, or fail."""

    platform = "slow"

    def __init__(self, seconds: float = 0.0, pace: float = 1000.0, *, failing: bool = False) -> None:
        self.capabilities = Capabilities(text_chars=100, file_bytes=100, files=1, edits_per_second=pace)
        self.seconds, self.failing = seconds, failing
        self.shown: list[str] = []
        self.finished: list[str] = []

    async def open(self, request: Request) -> str:
        return "handle"

    async def show(self, request: Request, handle: str, trace: Trace) -> None:
        await anyio.sleep(self.seconds)
        self.shown.append(trace.saying)
        if self.failing:
            raise RuntimeError("the platform is down")

    async def finish(self, request: Request, handle: str, trace: Trace) -> str:
        self.finished.append(trace.saying)
        return "last"

    async def fetch(self, address: str) -> AsyncIterator[bytes]:
        yield b""


def saying(text: str) -> Trace:
    """A picture of an answer that has come this far."""
    return fold([Said(text)])


async def test_a_slow_platform_gets_the_newest_picture_only() -> None:
    """Pictures that come while one is being shown are skipped except for the newest one."""
    mouth = SlowMouth(seconds=0.05)
    async with live(mouth, REQUEST, "h") as shown:
        for number in range(100):
            shown.show(saying(str(number)))
            await anyio.sleep(0.001)
        await anyio.sleep(0.2)
    assert mouth.shown[-1] == "99"
    assert len(mouth.shown) < 10


async def test_a_platform_that_fails_loses_pictures_only() -> None:
    """An edit that raises neither ends the request nor keeps later pictures from being tried."""
    mouth = SlowMouth(failing=True)
    async with live(mouth, REQUEST, "h") as shown:
        for text in ("one", "two"):
            shown.show(saying(text))
            await anyio.sleep(0.02)
        assert await shown.finish(saying("end")) == "last"
        await anyio.lowlevel.checkpoint()  # the block goes on after the end
    assert mouth.shown == ["one", "two"]
    assert mouth.finished == ["end"]


async def test_a_platform_that_hangs_is_given_up_for_a_newer_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit that never returns is left after its time, and the next picture is tried."""
    monkeypatch.setattr(module, "SHOW_SECONDS", 0.02)
    mouth = SlowMouth(seconds=60)
    async with live(mouth, REQUEST, "h") as shown:
        shown.show(saying("lost"))
        await anyio.sleep(0.05)
        mouth.seconds = 0
        shown.show(saying("seen"))
        await anyio.sleep(0.05)
    assert mouth.shown == ["seen"]


async def test_the_end_does_not_wait_for_a_picture() -> None:
    """Finishing cancels the edit under way and nothing is shown after the end."""
    mouth = SlowMouth(seconds=60)
    async with live(mouth, REQUEST, "h") as shown:
        shown.show(saying("half"))
        await anyio.sleep(0.01)
        with anyio.fail_after(1):
            await shown.finish(fold([Answered("whole")]))
        shown.show(saying("late"))
        await anyio.sleep(0.02)
    assert mouth.shown == []
    assert mouth.finished == ["whole"]


async def test_the_pace_is_the_platforms() -> None:
    """No more edits a second are sent than the platform allows."""
    mouth = SlowMouth(pace=20)
    async with live(mouth, REQUEST, "h") as shown:
        with anyio.move_on_after(0.5):
            while True:
                shown.show(saying("x"))
                await anyio.sleep(0.005)
    assert len(mouth.shown) <= 11


async def test_an_error_in_the_block_comes_out_as_it_is() -> None:
    """What goes wrong in the work is not wrapped into a group by the showing of it."""
    with pytest.raises(LookupError, match="the work failed"):
        async with live(SlowMouth(), REQUEST, "h"):
            raise LookupError("the work failed")


@pytest.mark.parametrize(
    ("safety", "spoilers", "gone"),
    [
        (Safety.STRICT, True, True),
        (Safety.BLUR, True, False),
        (Safety.BLUR, False, True),
        (Safety.OFF, False, False),
    ],
)
async def test_no_platform_sees_what_is_withheld(safety: Safety, spoilers: bool, gone: bool) -> None:
    """Neither on the way nor at the end; one without spoilers does not see what others would blur."""
    cat = Artifact(sha256="a" * 64, kind=Kind.IMAGE, mime="image/png", name="cat.png", size=1)
    trace = fold([Flagged(cat.sha256, "nsfw", 0.97), Answered("Here.", (cat,))])
    seen: list[Trace] = []

    class Seeing(SlowMouth):
        async def show(self, request: Request, handle: str, trace: Trace) -> None:
            seen.append(trace)

        async def finish(self, request: Request, handle: str, trace: Trace) -> str:
            seen.append(trace)
            return "last"

    mouth = Seeing()
    mouth.capabilities = replace(mouth.capabilities, spoilers=spoilers)
    async with live(mouth, replace(REQUEST, safety=safety), "h") as shown:
        shown.show(trace)
        while not seen:
            await anyio.lowlevel.checkpoint()
        await shown.finish(trace)
    assert len(seen) == 2
    assert ["a" * 64 in repr(one) for one in seen] == [not gone, not gone]
    assert all(("not shown here" in (one.answer.text if one.answer else "")) is gone for one in seen)
