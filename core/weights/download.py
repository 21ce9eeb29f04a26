"""A model's download, from its name to a complete snapshot in the cache. Runs in a child process."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import wait
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

from core.contract import Steer, Stopped
from core.errors import JarvisError, NotAvailable
from core.weights.choice import PIPELINE, choose, pickled
from core.weights.fetch import PAUSE, aside, fetch
from core.weights.incoming import Incoming
from core.weights.layout import COMMIT, Record, Repo, clear, components, read_record
from core.weights.listing import Listing, RemoteFile
from core.weights.room import Disk, Held, drop_partials, free_bytes, held, leaving, remove
from core.weights.source import PATIENCE, Source, sentence, silent

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.ELOOP})
_LISTED = 300.0  # seconds after which the Hub is silent that did not yet say what a model consists of


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
        with _holding(repo.lock, steer, "Another process is downloading this model."):
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
    listing = _listing(order, source, steer)
    files = _wanted(order, repo, source, listing)
    here = sum(_bytes_of(repo, file) for file in files)
    comer = Held(model=order.model, commit=listing.commit, size=sum(file.size for file in files), here=here)
    with _holding(order.cache / ".locks" / "jarvis.lock", steer, "Another process is making room."):
        left = _make_room(order, repo, comer, files)
    fetch(source, repo, listing.commit, files, steer)
    _link(repo, listing.commit, files, steer)
    _complete(order, repo, listing.commit)
    return Receipt(commit=listing.commit, size=comer.size, left=tuple(left))


# ---------------------------------------------------------------- before the first byte


def _listing(order: Order, source: Source, steer: Steer) -> Listing:
    """Ask the Hub what the model consists of. Heard are a cancel meanwhile, and that it never comes to an end."""
    with aside() as threads:
        asked = threads.submit(source.listing, order.model, order.revision)
        until = time.monotonic() + _LISTED
        while wait({asked}, timeout=PAUSE).not_done:
            steer.check()
            if time.monotonic() > until:
                raise NotAvailable(silent(order.model, source.endpoint))
        return asked.result()


def _wanted(order: Order, repo: Repo, source: Source, listing: Listing) -> list[RemoteFile]:
    """Return the files that the model needs, small ones first. Raises NotAvailable."""
    known = {file.name: file for file in listing.files}
    parts = _pipeline(order, repo, source, listing.commit, known[PIPELINE]) if PIPELINE in known else None
    names = choose(known, components=parts, variant=order.variant, extra=order.extra)
    if not names:
        raise NotAvailable(f"The model “{order.model}” has no weights that I could load.")
    if not all(any(fnmatchcase(name, pattern) for name in names) for pattern in order.extra):
        raise NotAvailable(f"The model “{order.model}” lacks a file on the Hub that it should have.")
    if pickled(names) and not order.allow_pickle:
        raise NotAvailable(
            f"The weights of the model “{order.model}” are pickled, a format that can hold programs. It is not "
            "downloaded unless an admin allows this model, or MODEL_ALLOW_PICKLE all that are."
        )
    return sorted((known[name] for name in names), key=lambda file: (file.size, file.name))


def _pipeline(order: Order, repo: Repo, source: Source, commit: str, index: RemoteFile) -> list[str]:
    """Fetch the file that names a pipeline's parts, and return them."""
    Incoming(source=source, repo=repo, commit=commit, came=lambda _: None).fetch(index)
    try:
        told = json.loads(repo.blob(index.etag).read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise NotAvailable(f"The list of the parts of “{order.model}”, {PIPELINE}, cannot be read.")
    return [name for name in components(told) if name not in order.without]


def _make_room(order: Order, repo: Repo, comer: Held, files: Sequence[RemoteFile]) -> list[Held]:
    """Let others leave for the model, and note down that it is coming. Raises NotAvailable."""
    missing = comer.size - comer.here
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
def _holding(path: Path, steer: Steer, note: str) -> Iterator[None]:
    """Wait until no other process holds a lock, and let none have it meanwhile; ``note`` tells what is waited for."""
    from filelock import FileLock, Timeout

    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path, blocking=False)
    while not lock.is_locked:
        steer.check()
        try:
            lock.acquire()
        except Timeout:
            steer.progress(None, note)
            time.sleep(PAUSE)
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


# ---------------------------------------------------------------- a snapshot


def _link(repo: Repo, commit: str, files: Sequence[RemoteFile], steer: Steer) -> None:
    """Give the contents their names."""
    for file in files:
        steer.check()
        path = repo.snapshot(commit) / file.name
        if path.exists() and path.stat().st_size == file.size:
            continue  # whoever reads it now goes on undisturbed
        path.parent.mkdir(parents=True, exist_ok=True)
        clear(path)
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
