"""The program that makes child processes: it imports what experts need once, and forks whenever it is asked.

A fork has everything imported already, so a killed child is replaced in milliseconds. multiprocessing has a fork
server too, but it is one per process, imports the program's ``__main__`` into every child, takes its environment from
the bot's and leaves children that hang alive when the bot is killed.

Its standard input is a socket to the bot. Each packet ``{"ticket": n, "device": ..., "memory": ...}`` brings the two
sockets of a new child and is answered by its process id; each death is told with its exit code. When the bot hangs up,
all children are killed. What a child started never outlives it: its process group goes with it, and who left the group
is inherited by this program, and killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import gc
import importlib
import json
import os
import resource
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from core.executors.gauge import gauge_of, visible
from core.executors.shelf import Shelf
from core.executors.wire import PACKET, Envelope, Letter, seal, send, unseal
from core.executors.worker import Worker
from core.registry import Registry

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def main() -> NoReturn:
    """Read the settings from the command line, import, then serve."""
    settings = json.loads(sys.argv[1])
    faulthandler.enable()  # a segfault in a library leaves its stack in the log
    for polite in (signal.SIGINT, signal.SIGTERM):  # to stop is the bot's affair: it may want to finish its jobs
        signal.signal(polite, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGCONT)  # stopped, it would not see that the bot is gone
    registry = Registry.discover(*settings["packages"])
    _preload(settings["preload"])
    ForkServer(registry, settings["models"]).serve()


def _preload(modules: Sequence[str]) -> None:
    for name in modules:
        try:
            importlib.import_module(name)
        except ImportError as error:
            print(f"cannot preload {name}: {error}", file=sys.stderr)  # noqa: T201 - goes to the bot's log
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threads > 1:
        print(f"preloading started {threads - 1} threads, which children will lack", file=sys.stderr)  # noqa: T201
    gc.collect()
    gc.freeze()  # else the first collection in each child would copy all these pages


class ForkServer:
    """Forks and buries. One thread only: threads do not survive a fork."""

    def __init__(self, registry: Registry, models: int) -> None:
        """Give each child the experts of ``registry`` and a shelf for at most ``models`` of them."""
        self._registry = registry
        self._models = models
        self._bot = socket.socket(fileno=os.dup(0))
        self._children: set[int] = set()
        self._wake, self._alarm = socket.socketpair()

    def serve(self) -> NoReturn:
        """Serve until the bot hangs up."""
        self._alarm.settimeout(0)
        signal.set_wakeup_fd(self._alarm.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to be woken
        selector = selectors.PollSelector()  # holds no descriptor that a child would inherit
        selector.register(self._bot, selectors.EVENT_READ, self._fork)
        selector.register(self._wake, selectors.EVENT_READ, self._bury)
        while True:
            for key, _ in selector.select():
                key.data()

    def _fork(self) -> None:
        packet, descriptors, _, _ = socket.recv_fds(self._bot, PACKET, 2)
        if not packet:
            self._end()
        with contextlib.ExitStack() as sockets:
            theirs = [sockets.enter_context(socket.socket(fileno=descriptor)) for descriptor in descriptors]
            head = unseal(Envelope(packet)).head
            ticket = head["ticket"]
            try:
                pid = os.fork()
            except OSError as error:
                self._tell({"ticket": ticket, "why": str(error)})
                return
            if pid == 0:
                self._become_worker(theirs, head["device"], head["memory"])
            with contextlib.suppress(OSError):  # it did so itself, or has ended already
                os.setpgid(pid, pid)
            self._children.add(pid)
            self._tell({"ticket": ticket, "pid": pid})

    def _bury(self) -> None:
        self._wake.recv(4096)
        while dead := _dead():
            if dead not in self._children:
                os.waitpid(dead, 0)
                continue
            with contextlib.suppress(OSError):
                os.killpg(dead, signal.SIGKILL)  # while its number is still its own
            self._children.discard(dead)
            self._tell({"died": dead, "code": os.waitstatus_to_exitcode(os.waitpid(dead, 0)[1])})
        self._end_orphans()

    def _end_orphans(self) -> set[int]:
        """Kill what children left behind, and return it: what that leaves behind in turn comes here, too."""
        orphans = _inherited() - self._children
        for pid in orphans:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        return orphans

    def _end(self) -> NoReturn:
        for pid in self._children:
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            while self._children:
                self._children.discard(os.waitpid(-1, 0)[0])
            while orphans := self._end_orphans():
                for pid in orphans:
                    os.waitpid(pid, 0)
        os._exit(0)

    def _tell(self, head: dict[str, Any]) -> None:
        try:
            send(self._bot, seal(Letter(head)))
        except OSError:
            self._end()

    def _become_worker(self, sockets: Sequence[socket.socket], device: str, memory: int | None) -> NoReturn:
        """Leave everything of the fork server behind and work on a device. Never returns into its loop."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _settle()
            for ours in (self._bot, self._wake, self._alarm):
                ours.close()
            name, seen = visible(device, os.environ.get("CUDA_VISIBLE_DEVICES"))
            os.environ.update(seen)  # before anything touches CUDA
            shelf = Shelf(count=self._models, memory=memory, device=name, gauge=gauge_of(name))
            sock, reins = sockets
            Worker(sock, reins, self._registry, shelf).serve()
        except BaseException:  # noqa: BLE001 - told in the log; the bot sees the process end
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(1)


def _dead() -> int | None:
    """Return a child that has ended and is not buried, None where there is none."""
    with contextlib.suppress(ChildProcessError):
        if found := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            return found.si_pid
    return None


def _inherited() -> set[int]:
    """Return all children of this process, whoever started them; none where the kernel does not tell."""
    with contextlib.suppress(OSError):
        return set(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()))
    return set()


def _settle() -> None:
    """Make this process one that ends with its parent, is killed as a whole, and goes first when memory is short."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)
    os.setpgid(0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Path("/proc/self/oom_score_adj").write_text("500")
    with open(os.devnull) as nothing:  # noqa: PTH123 - only its descriptor is wanted
        os.dup2(nothing.fileno(), 0)


if __name__ == "__main__":
    main()
