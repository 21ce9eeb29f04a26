"""The files of a model on their way, several at once: counted, told, stopped, given up where next to nothing comes."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait

from core.amounts import progress_of
from core.contract import Steer, Stopped
from core.errors import NotAvailable
from core.weights.incoming import Incoming
from core.weights.layout import Repo
from core.weights.listing import RemoteFile
from core.weights.source import Source, crawling

AT_ONCE = 4  # files
PAUSE = 0.2  # seconds between two looks at whether to stop
_CRAWL = 600.0  # seconds in which at least so much has to come:
_LEAST = 1_000_000  # bytes; a telephone line brings four times that


def fetch(source: Source, repo: Repo, commit: str, files: Sequence[RemoteFile], steer: Steer) -> None:
    """Fetch several files at once. What goes wrong with one of them ends all."""
    distinct = {file.etag: file for file in files}.values()  # the same content twice is one blob
    tally = _Tally(steer, sum(file.size for file in distinct))
    over = threading.Event()
    incoming = Incoming(source=source, repo=repo, commit=commit, came=_until(over, tally.count))
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fetch") as threads:
        running = {threads.submit(incoming.fetch, file) for file in distinct}
        try:
            while running:
                done, running = wait(running, timeout=PAUSE, return_when=FIRST_EXCEPTION)
                _raise_first(done)
                steer.check()
                if tally.crawls():
                    raise NotAvailable(crawling(repo.id, source.endpoint))
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


@contextlib.contextmanager
def aside() -> Iterator[ThreadPoolExecutor]:
    """Give threads that nobody waits for: a server that sends a byte now and then would keep them for ever."""
    threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fetch")
    try:
        yield threads
    finally:
        threads.shutdown(wait=False, cancel_futures=True)


class _Tally:
    """Counts what comes, from several threads, and tells it."""

    def __init__(self, steer: Steer, total: int) -> None:
        self._steer = steer
        self._total = total
        self._done = 0
        self._came = 0  # as done, without what was taken back
        self._mark = (time.monotonic(), 0)  # when it was last seen to move, and what had come by then
        self._lock = threading.Lock()

    def count(self, size: int) -> None:
        """Count some more. Raises Stopped when the job was cancelled."""
        self._steer.check()
        with self._lock:
            self._done += size
            self._came += max(size, 0)
            done = self._done
        self._steer.progress(min(done / max(self._total, 1), 1.0), progress_of(done, self._total))

    def crawls(self) -> bool:
        """Whether next to nothing came for a long time; to be asked again and again."""
        now, (since, before) = time.monotonic(), self._mark
        if self._came - before >= _LEAST:
            self._mark = (now, self._came)
            return False
        return now - since > _CRAWL
