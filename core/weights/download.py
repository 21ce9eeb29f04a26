"""A model's download, from its name to a complete snapshot in the cache. Runs in a child process."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path

from core.amounts import progress_of
from core.contract import Steer, Stopped
from core.errors import JarvisError, NotAvailable
from core.weights.choice import PIPELINE, choose, pickled
from core.weights.incoming import Incoming
from core.weights.layout import COMMIT, Record, Repo, components, read_record
from core.weights.room import Disk, Held, drop_partials, free_bytes, held, leaving, remove
from core.weights.source import PATIENCE, Listing, RemoteFile, Source, sentence

AT_ONCE = 4  # files
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR})
_PAUSE = 0.2  # seconds between two looks at whether to stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to download, and under which conditions."""

    model: str
    cache: Path
    revision: str = ""  # branch, tag or commit; empty: main
    variant: str = ""  # of the weights, such as "fp16"; taken where there is one
    extra: tuple[str, ...] = ()  # patterns of files beyond the usual ones
    without: tuple[str, ...] = ()  # parts of a pipeline that nobody will load
    endpoint: str = ""
    token: str = ""
    budget: int | None = None  # bytes of all models that we downloaded
    spare: int = 0  # bytes that must stay free on the disk
    keep: tuple[str, ...] = ()  # models that must not leave
    allow_pickle: bool = False
    patience: float = PATIENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What came of it."""

    commit: str
    size: int  # bytes of the model's files
    left: tuple[Held, ...] = ()  # who made room


def download(order: Order, steer: Steer) -> Receipt:
    """Bring a model here, completely. What came stays when it is stopped, and the next attempt goes on from there.

    Raises NotAvailable or ExpertFailed with a sentence, and Stopped.
    """
    repo = Repo(order.cache, order.model)
    endpoint = order.endpoint
    try:
        source = Source(order.endpoint, order.token, order.patience)
        endpoint = source.endpoint
        with _alone(repo, steer):
            return _download(order, repo, source, steer)
    except (JarvisError, Stopped):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _FULL:
            drop_partials(repo)  # whoever filled the disk needs it more
            raise NotAvailable(f"The disk became full while the model “{order.model}” was coming.") from None
        if isinstance(error, OSError) and error.errno in _CLOSED:
            raise NotAvailable(f"The folder for models, {order.cache}, cannot be written.") from None
        told = sentence(error, order.model, endpoint)
        if told is None:
            raise
        raise told from None


def _download(order: Order, repo: Repo, source: Source, steer: Steer) -> Receipt:
    steer.progress(None, "Asking the Hub.")
    listing = source.listing(order.model, order.revision)
    steer.check()
    files = _wanted(order, repo, source, listing)
    here = sum(_bytes_of(repo, file) for file in files)
    comer = Held(model=order.model, commit=listing.commit, size=sum(file.size for file in files), here=here)
    left = _make_room(order, repo, comer, files)
    _fetch(source, repo, listing.commit, files, steer)
    _link(repo, listing.commit, files)
    _complete(order, repo, listing.commit)
    return Receipt(commit=listing.commit, size=comer.size, left=tuple(left))


# ---------------------------------------------------------------- before the first byte


def _wanted(order: Order, repo: Repo, source: Source, listing: Listing) -> list[RemoteFile]:
    """Return the files that the model needs, small ones first. Raises NotAvailable."""
    known = {file.name: file for file in listing.files}
    parts = _pipeline(order, repo, source, listing.commit, known[PIPELINE]) if PIPELINE in known else None
    names = choose(known, components=parts, variant=order.variant, extra=order.extra)
    if not names:
        raise NotAvailable(f"The model “{order.model}” has no weights that I could load.")
    if pickled(names) and not order.allow_pickle:
        raise NotAvailable(
            f"The weights of the model “{order.model}” are pickled: reading them runs their author's code. It is not "
            "downloaded unless an admin allows this model, or MODEL_ALLOW_PICKLE all that are."
        )
    return sorted((known[name] for name in names), key=lambda file: (file.size, file.name))


def _pipeline(order: Order, repo: Repo, source: Source, commit: str, index: RemoteFile) -> list[str]:
    """Fetch the file that names a pipeline's parts, and return them."""
    Incoming(source=source, repo=repo, commit=commit, came=lambda _: None).fetch(index)
    try:
        told = json.loads(repo.blob(index.etag).read_text(encoding="utf-8"))
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise NotAvailable(f"The list of the parts of “{order.model}”, {PIPELINE}, cannot be read.")
    return [name for name in components(told) if name not in order.without]


def _make_room(order: Order, repo: Repo, comer: Held, files: Sequence[RemoteFile]) -> list[Held]:
    """Let others leave for the model, and note down that it is coming. Raises NotAvailable."""
    from filelock import FileLock

    missing = comer.size - comer.here
    with FileLock(order.cache / ".locks" / "jarvis.lock"):  # several may come at once
        here = held(order.cache)
        busy = [one.model for one in here if one.coming and _is_coming(Repo(order.cache, one.model))]
        disk = Disk(budget=order.budget, free=free_bytes(order.cache), spare=order.spare)
        left = leaving(comer, here, missing=missing, disk=disk, keep={*order.keep, *busy}) if missing else []
        for one in left:
            remove(order.cache, one)
        path = repo.record(comer.commit)
        old = read_record(path) or Record(model=comer.model, commit=comer.commit)
        replace(old, files={**old.files, **{file.name: file.size for file in files}}).write(path)
    return left


def _bytes_of(repo: Repo, file: RemoteFile) -> int:
    for path in (repo.blob(file.etag), repo.partial(file.etag)):
        with contextlib.suppress(OSError):
            return path.stat().st_size
    return 0


@contextlib.contextmanager
def _alone(repo: Repo, steer: Steer) -> Iterator[None]:
    """Wait until no other process downloads this model, and let none begin."""
    from filelock import FileLock, Timeout

    repo.lock.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(repo.lock, blocking=False)
    while not lock.is_locked:
        steer.check()
        try:
            lock.acquire()
        except Timeout:
            steer.progress(None, "Another process is downloading this model.")
            time.sleep(_PAUSE)
    try:
        yield
    finally:
        lock.release()


def _is_coming(repo: Repo) -> bool:
    """Whether some process downloads this model."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(repo.lock, blocking=False):
            return False
    except (Timeout, OSError):
        return True


# ---------------------------------------------------------------- bytes


class _Tally:
    """Counts what comes, from several threads, and tells it."""

    def __init__(self, steer: Steer, total: int) -> None:
        self._steer = steer
        self._total = total
        self._done = 0
        self._lock = threading.Lock()
        self._over = False

    def count(self, size: int) -> None:
        """Count some more. Raises Stopped when the job was cancelled."""
        self._steer.check()
        with self._lock:
            self._done += size
            done = self._done
        self._steer.progress(min(done / max(self._total, 1), 1.0), progress_of(done, self._total))


def _fetch(source: Source, repo: Repo, commit: str, files: Sequence[RemoteFile], steer: Steer) -> None:
    """Fetch several files at once. What goes wrong with one of them ends all."""
    distinct = {file.etag: file for file in files}.values()  # the same content twice is one blob
    tally = _Tally(steer, sum(file.size for file in distinct))
    over = threading.Event()
    incoming = Incoming(source=source, repo=repo, commit=commit, came=_until(over, tally.count))
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fetch") as threads:
        running = {threads.submit(incoming.fetch, file) for file in distinct}
        try:
            while running:
                done, running = wait(running, timeout=_PAUSE, return_when=FIRST_EXCEPTION)
                _raise_first(done)
                steer.check()
        except BaseException:
            over.set()
            threads.shutdown(wait=False, cancel_futures=True)
            raise


def _until(over: threading.Event, came: Callable[[int], None]) -> Callable[[int], None]:
    def count(size: int) -> None:
        if over.is_set():
            raise Stopped
        came(size)

    return count


def _raise_first(done: set[Future[None]]) -> None:
    for future in done:
        future.result()


# ---------------------------------------------------------------- a snapshot


def _link(repo: Repo, commit: str, files: Sequence[RemoteFile]) -> None:
    """Give the contents their names."""
    for file in files:
        path = repo.snapshot(commit) / file.name
        if path.exists() and path.stat().st_size == file.size:
            continue  # whoever reads it now goes on undisturbed
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        blob = repo.blob(file.etag)
        try:
            path.symlink_to(os.path.relpath(blob, path.parent))
        except OSError:  # a disk without links
            blob.replace(path)


def _complete(order: Order, repo: Repo, commit: str) -> None:
    """Say that all is here: the record first, since it is what counts."""
    path = repo.record(commit)
    record = read_record(path) or Record(model=order.model, commit=commit)
    replace(record, variants=tuple(sorted({*record.variants, order.variant}))).write(path)
    if not COMMIT.fullmatch(order.revision):
        ref = repo.folder / "refs" / (order.revision or "main")
        ref.parent.mkdir(parents=True, exist_ok=True)
        ref.write_text(commit, encoding="utf-8")
