"""What is kept no longer than somebody wants: requests, results and files; who is forgotten, who has left."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from bot.leaving import Leaving
from bot.sweeping import HOUR, Sweeper, swept, times
from bot.uploads import Uploads
from core.bylaws import Bylaw, Charter, Decision
from core.errors import BadInput, NotFound, StoreFailed
from core.events import Answered, Received
from core.spending import DAY
from core.types import Artifact, Attachment, Kind, Mode, Request
from migrations import upgrade
from storage.blobs import FileBlobs
from storage.engine import open_engine, sqlite_url
from storage.store import Store
from tests.stores import EVERYWHERE, asked

pytestmark = pytest.mark.anyio


class House:
    """A store and media on disk, and who sweeps them."""

    def __init__(self, store: Store, blobs: FileBlobs, settings: Charter | None = None) -> None:
        self.store, self.blobs = store, blobs
        self.sweeper = Sweeper(
            archive=store.archive,
            loose=store.loose,
            bylaws=store.bylaws,
            blobs=blobs,
            settings=settings or Charter(),
        )

    async def answered(self, number: int, data: bytes, *, author: str, days: float, workspace: str = "g") -> str:
        """Have somebody ask about a file so many days ago; returns the file's name."""
        request = there(number, author=author, days=days, workspace=workspace)
        name = await self.blobs.put(data)
        file = Artifact(sha256=name, kind=Kind.TEXT, mime="text/plain", name="a.txt", size=len(data))
        await self.store.inbox.accept(request)
        await self.store.inbox.claim("w", lease=900, platforms=EVERYWHERE)
        await self.store.journal.append(request.id, [Received(0, file), Answered("done")], after=0)
        await self.store.inbox.settle(request.id, "w", done=True)
        self.age(name)
        return name

    def age(self, name: str) -> None:
        """Have media been put two hours ago."""
        path = self.blobs.path(name)
        assert path is not None
        os.utime(path, (time.time() - 2 * HOUR,) * 2)

    async def there(self, name: str) -> bool:
        try:
            await self.blobs.get(name)
        except NotFound:
            return False
        return True


def there(number: int, *, author: str = "ada", days: float = 0, workspace: str = "g") -> Request:
    """Return a message in a server, so many days ago."""
    request = asked(number, platform="discord", author=author, at=time.time() - days * DAY)
    return replace(request, origin=replace(request.origin, workspace=workspace), attachments=())


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """An installation's store and media, empty."""
    await upgrade(sqlite_url(tmp_path))
    store = Store(open_engine(sqlite_url(tmp_path)))
    yield House(store, FileBlobs(tmp_path / "blobs"))
    await store.close()


def decided(days: str, scope: str) -> Decision:
    """Return how long is kept in a scope."""
    return Decision(bylaw=Bylaw.RETENTION_DAYS, value=days, scope=scope)


def test_times_follow_decisions_and_settings() -> None:
    """Nothing decided, nothing is deleted; a scope may have it sooner than the settings say, never later."""
    now = 1000 * DAY
    assert times([], Charter(), now) == (0.0, {})
    decisions = [decided("10", "a"), decided("90", "b"), decided("0", "c")]
    assert times(decisions, Charter(), now) == (0.0, {"a": 990 * DAY, "b": 910 * DAY, "c": 0.0})
    assert times(decisions, Charter(retention_days=30), now) == (
        970 * DAY,
        {"a": 990 * DAY, "b": 970 * DAY, "c": 970 * DAY},
    )


async def test_each_servers_own_time_is_heeded(house: House) -> None:
    """A server that keeps for a week loses what is older, with its file; another one keeps all."""
    old = await house.answered(1, b"old", author="ada", days=8)
    new = await house.answered(2, b"new", author="ada", days=6)
    elsewhere = await house.answered(3, b"elsewhere", author="ada", days=800, workspace="h")
    await house.store.bylaws.set(decided("7", "discord/g"), by="x")
    await house.sweeper.sweep()
    assert [one.id for one in await house.store.people.requests("discord", "ada")] == ["r3", "r2"]
    await house.sweeper.files()
    assert [await house.there(name) for name in (old, new, elsewhere)] == [False, True, True]


async def test_a_file_of_two_survives_until_both_are_gone(house: House) -> None:
    """Two people sent the same bytes: forgetting one takes nothing from the other."""
    name = await house.answered(1, b"same", author="ada", days=0)
    assert await house.answered(2, b"same", author="bob", days=0) == name
    await house.store.people.forget("discord", "ada")
    assert await house.sweeper.files() == 0
    assert await house.there(name)
    await house.store.people.forget("discord", "bob")
    assert await house.sweeper.files() == 1
    assert not await house.there(name)


async def test_a_file_put_lately_stays_a_while(house: House) -> None:
    """Somebody may be about to refer to it; the next hour's sweep looks again."""
    name = await house.answered(1, b"fresh", author="ada", days=0)
    await house.blobs.put(b"fresh")
    await house.store.people.forget("discord", "ada")
    assert await house.sweeper.files() == 0
    assert await house.there(name)
    house.age(name)
    assert await house.sweeper.files() == 0
    assert await house.sweeper.files(time.time() + 2 * HOUR) == 1


async def test_an_upload_without_a_request_goes(house: House) -> None:
    """One with a request stays."""
    uploads = Uploads(house.blobs, house.store.loose)
    lost, sent = await uploads.put(b"lost"), await uploads.put(b"sent")
    await house.store.inbox.accept(
        replace(there(1), attachments=(Attachment(name="a", address=f"blob:{sent}"),)),
    )
    for name in (lost, sent):
        house.age(name)
    assert await house.sweeper.files() == 0
    assert await house.sweeper.files(time.time() + 2 * HOUR) == 1
    assert not await house.there(lost)
    assert await uploads.get(sent) == b"sent"


async def test_many_files_go_in_portions(house: House) -> None:
    """More than are looked at at a time."""
    names = [await house.blobs.put(str(number).encode()) for number in range(250)]
    for name in names:
        await house.store.loose.add(name, 1.0)
        house.age(name)
    kept = await house.blobs.put(b"7")
    assert await house.sweeper.files() == 249
    assert await house.there(kept)


async def test_sweeping_goes_on_beside_the_house(house: House) -> None:
    """What fails is tried again; what the block raises comes out as it is."""
    await house.store.bylaws.set(decided("7", "discord/g"), by="x")
    await house.answered(1, b"old", author="ada", days=8)
    failing = Failing(house)
    async with swept(failing, delay=0, pause=0.01):
        with anyio.fail_after(20):
            while await house.store.people.request("r1"):  # noqa: ASYNC110 - the sweeper tells nobody
                await anyio.sleep(0.01)
    assert failing.swept > 1
    with pytest.raises(ValueError, match="mine"):
        async with swept(house.sweeper):
            raise ValueError("mine")


class Failing(Sweeper):
    """A sweeper that finds the database locked at first."""

    swept = 0

    def __init__(self, house: House) -> None:
        mine = house.sweeper
        super().__init__(
            archive=mine.archive, loose=mine.loose, bylaws=mine.bylaws, blobs=mine.blobs, settings=mine.settings
        )

    async def sweep(self) -> None:
        type(self).swept += 1
        if self.swept == 1:
            raise StoreFailed("The database is locked.")
        await super().sweep()


async def test_a_workspace_that_leaves_is_forgotten(house: House) -> None:
    """Its requests, also what is under way, its files and its decisions; the list of changes tells that it was."""
    leaving = Leaving(
        archive=house.store.archive, audit=house.store.audit, inbox=house.store.inbox, files=house.sweeper.files
    )
    gone = await house.answered(1, b"gone", author="ada", days=1)
    kept = await house.answered(2, b"kept", author="ada", days=1, workspace="h")
    await house.store.modes.set("discord/g", Mode.LOCAL, by="x")
    await house.store.inbox.accept(there(3))
    assert await house.store.inbox.claim("w", lease=900, platforms=EVERYWHERE)

    async def work() -> None:
        """Be the worker: end what is to stop."""
        while not (await house.store.inbox.renew("w", lease=900)).get("r3"):  # noqa: ASYNC110 - as above
            await anyio.sleep(0.01)
        await house.store.inbox.settle("r3", "w", done=True)

    async with anyio.create_task_group() as group:
        group.start_soon(work)
        said = await leaving.forget("discord", "g")
    assert said == "I forgot 2 requests of discord/g, and all that was decided there."
    assert [one.id for one in await house.store.people.requests("discord", "ada")] == ["r2"]
    assert await house.store.modes.get("discord/g") is None
    assert [await house.there(name) for name in (gone, kept)] == [False, True]
    assert [(one.scope, one.new) for one in await house.store.audit.read()] == [("discord/g", "forgotten")]
    for workspace in ("", "g/c"):
        with pytest.raises(BadInput):
            await leaving.forget("discord", workspace)
