"""The weights of this machine as the bot sees them: what is here, and how to get what is not.

Nothing heavy happens in this process: it looks at names and sizes on the disk, and lets a child download.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self

import anyio
import structlog
from anyio.abc import TaskGroup

from core.amounts import space
from core.contract import Model
from core.errors import DeadlineExceeded, ExpertFailed, Faulty, JarvisError, NotAvailable, OutOfMemory, WorkerDied
from core.ports import Executor, Job, OnProgress
from core.types import Json, Value
from core.weights.flight import Flight
from core.weights.layout import Repo
from core.weights.want import Want, wants

log = structlog.get_logger()

TYPE, MODEL = "model-download", "hub"
"""The job that downloads."""

_PACE = 5.0  # seconds for which a look at the disk is good enough to make offers by
_GRUDGE = 120.0  # seconds for which a model whose download failed counts as not obtainable
_RECENT = 60.0  # seconds for which a model that was just asked for does not leave


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Under which conditions models are downloaded."""

    endpoint: str = ""  # address of the Hub; empty: the library's own
    token: str = field(default="", repr=False)
    budget: int | None = None  # bytes of all models that we downloaded; None: as many as fit
    spare: int = 1_000_000_000  # bytes that stay free on the disk
    allow_pickle: bool = False
    online: bool = True  # False: nothing is downloaded
    patience: float = 30.0  # seconds of silence until a connection is given up
    seconds: float = 6 * 3600.0  # deadline of one download

    def inputs(self) -> dict[str, Json]:
        """Return them as inputs of the job."""
        return {
            "endpoint": self.endpoint,
            "token": self.token,
            "budget": self.budget,
            "spare": self.spare,
            "allow_pickle": self.allow_pickle,
            "patience": self.patience,
        }


class Weights(anyio.AsyncContextManagerMixin):
    """Knows which models are complete on disk and fetches others. Use it as a context: leaving it stops downloads.

    However many wait for a model, it is downloaded once; when none of them waits any more, the download stops, and the
    next one goes on from there.
    """

    def __init__(
        self,
        cache: Path,
        executor: Executor,
        terms: Terms = Terms(),
        *,
        in_use: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """Download into ``cache`` through ``executor``. Models whose ids ``in_use`` tells, parts included, stay."""
        self._cache = cache
        self._executor = executor
        self._terms = terms
        self._in_use = in_use
        self._looks: dict[Want, _Look] = {}
        self._flights: dict[Want, Flight] = {}
        self._asked: dict[str, float] = {}  # model -> when it was last asked for, by the monotonic clock
        self._failed: dict[Want, float] = {}  # when a download failed, by the monotonic clock
        self._tasks: TaskGroup | None = None

    @asynccontextmanager
    async def __asynccontextmanager__(self) -> AsyncGenerator[Self]:
        try:
            async with anyio.create_task_group() as self._tasks:
                try:
                    yield self
                finally:
                    self._tasks.cancel_scope.cancel()
        except BaseExceptionGroup as raised:
            # Downloads never raise, so this is what the user of the context raised.
            raise raised.exceptions[0] from None
        finally:
            self._tasks = None

    def present(self, model: Model) -> bool:
        """Whether all of a model's files are on this machine. Quick: to be asked for every model of a list."""
        return all(self._here(want) for want in wants(model))

    def obtainable(self, model: Model) -> bool:
        """Whether they are here or could be fetched, as far as is known without asking anybody."""
        return all(self._here(want) or self._may_come(model, want) for want in wants(model))

    def revision(self, model: Model) -> str:
        """Return the commit that is here, else what the catalogue says."""
        want = wants(model)[-1]
        folder = self._looks[want].folder if self._here(want) else None
        return folder.name if folder else model.revision

    async def ensure(self, model: Model, on_progress: OnProgress) -> None:
        """Return when all of a model's files are on this machine.

        Raises NotAvailable, ExpertFailed, DeadlineExceeded, WorkerDied or Busy with a sentence.
        """
        needed = wants(model)
        for want in needed:
            self._touch(want)
        missing = [want for want in needed if self._look(want).folder is None]
        for number, want in enumerate(missing):
            await self._flight(want).join(partial(_part_of, on_progress, want, number, len(missing)))

    # ------------------------------------------------------------ the disk

    def _here(self, want: Want) -> bool:
        look = self._looks.get(want)
        if look is None or time.monotonic() - look.at > _PACE:
            repo = Repo(self._cache, want.id)
            if look is None or look.stamp != repo.stamp():
                look = self._look(want)
            look.at = time.monotonic()
        return look.folder is not None

    def _may_come(self, model: Model, want: Want) -> bool:
        terms, size = self._terms, model.size if want.id == model.id else None
        too_big = size is not None and terms.budget is not None and size > terms.budget
        closed = model.gated and want.id == model.id and not terms.token
        failed = time.monotonic() - self._failed.get(want, -_GRUDGE) < _GRUDGE
        return terms.online and not too_big and not closed and not failed

    def _look(self, want: Want) -> _Look:
        repo = Repo(self._cache, want.id)
        stamp = repo.stamp()  # first: what comes in between is seen next time
        look = _Look(stamp, repo.complete(want.revision, want.variant, want.extra), time.monotonic())
        self._looks[want] = look
        return look

    def _touch(self, want: Want) -> None:
        """Note that a model is used: on disk, where all processes see it, once in a while."""
        now = time.monotonic()
        if now - self._asked.get(want.id, -_RECENT) >= _RECENT / 2:
            repo = Repo(self._cache, want.id)
            if commit := repo.commit(want.revision):
                with contextlib.suppress(OSError):  # others put it here: it never leaves
                    os.utime(repo.record(commit))
        self._asked[want.id] = now

    def _kept(self) -> Sequence[str]:
        now = time.monotonic()
        self._asked = {model: at for model, at in self._asked.items() if now - at < _RECENT}
        return sorted({*self._in_use(), *self._asked, *(want.id for want in self._flights)})

    # ------------------------------------------------------------ downloads

    def _flight(self, want: Want) -> Flight:
        """Return the download of a model that is under way, or start one. Raises NotAvailable."""
        if flight := self._flights.get(want):
            return flight
        if not self._terms.online:
            raise NotAvailable(f"The model “{want.id}” is not on this machine, and nothing is downloaded now.")
        if self._tasks is None:
            raise NotAvailable("JARVIS is shutting down, so no model is downloaded.")
        flight = self._flights[want] = Flight(partial(self._gone, want))
        self._tasks.start_soon(self._fly, want, flight)
        return flight

    def _gone(self, want: Want, flight: Flight) -> None:
        if self._flights.get(want) is flight:
            del self._flights[want]

    async def _fly(self, want: Want, flight: Flight) -> None:
        try:
            with flight.scope:
                self._note(want, await self._executor.run(self._job(want), flight.tell))
                flight.error = None
                self._failed.pop(want, None)
        except JarvisError as error:
            flight.error = self._told(want, error)
            if isinstance(error, NotAvailable | ExpertFailed):
                self._failed[want] = time.monotonic()
            log.warning("weights.not_downloaded", model=want.id, why=error.message)
        except Exception:
            flight.error = NotAvailable(f"The download of the model “{want.id}” failed. The log says how.")
            log.exception("weights.failed", model=want.id)
        finally:
            self._looks.clear()  # others may have left
            flight.land()

    def _told(self, want: Want, error: JarvisError) -> JarvisError:
        """Say what became of the download where the executor can only speak of its job."""
        match error:
            case WorkerDied():
                how = "broke off twice"
            case DeadlineExceeded():
                how = f"took longer than the {self._terms.seconds / 3600:.1f} hours it has"
            case Faulty() | OutOfMemory():
                return NotAvailable(f"The download of the model “{want.id}” failed. The log says how.")
            case _:
                return error
        return type(error)(f"The download of the model “{want.id}” {how}. The next attempt goes on from there.")

    def _job(self, want: Want) -> Job:
        inputs: dict[str, Json] = {
            **self._terms.inputs(),
            "model": want.id,
            "cache": str(self._cache),
            "revision": want.revision,
            "variant": want.variant,
            "extra": [*want.extra],
            "without": [*want.without],
            "allow_pickle": self._terms.allow_pickle or want.pickled,
            "keep": [*self._kept()],
        }
        return Job(id=f"download {want.id}", type=TYPE, model=MODEL, inputs=inputs, seconds=self._terms.seconds)

    def _note(self, want: Want, got: Mapping[str, Value]) -> None:
        size = got["bytes"]
        assert isinstance(size, int | float)  # noqa: S101 - the executor holds it against the declaration
        log.info("weights.here", model=want.id, commit=got["commit"], size=space(size), evicted=got["evicted"])


@dataclass(slots=True)
class _Look:
    """What was found when the disk was last looked at."""

    stamp: tuple[int, ...]
    folder: Path | None
    at: float


def _part_of(on_progress: OnProgress, want: Want, number: int, count: int, fraction: float | None, note: str) -> None:
    """Tell the progress of one of several models as that of the whole."""
    done = None if fraction is None else (number + fraction) / count
    on_progress(done, f"Downloading {want.id}: {note}")
