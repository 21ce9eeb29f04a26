"""The bot's side of its child processes: a fork server that makes them, and a handle on each."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import structlog
from anyio.abc import Process, TaskGroup

from core.contract import CPU, Model
from core.errors import WorkerDied
from core.executors import wire
from core.executors.wire import Envelope, Garbled, Letter

log = structlog.get_logger()

_PATIENCE = 120.0  # seconds until the fork server must have imported everything
_BURIAL = 30.0  # seconds until the fork server must have told that a killed child is gone: a large one dies slowly
_NOISE = 1_000_000  # bytes of what libraries print that the log takes within:
_NOISE_SECONDS = 60.0
_HARMLESS = ("PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "HF_HOME", "HF_HUB_CACHE")
_NETWORK = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
_HARMLESS_FAMILIES = (
    "LC_",
    "XDG_",
    "OMP_",
    "GOMP_",
    "MALLOC_",
    "OPENBLAS_",
    "MKL_",
    "ORT_",
    "CUDA_",
    "NVIDIA_",
    "PYTORCH_",
    "PYTHON",
)


class Crashed(Exception):
    """The child is gone, or has to go because it sent rubbish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What children are like."""

    packages: tuple[str, ...]  # where the registry is discovered
    preload: tuple[str, ...] = ()  # modules imported before the fork; those that are missing are skipped
    workers: int = 1  # how many children share the processor's cores
    models: int = 8  # loaded at most in each child
    environment: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # what children know beside the harmless
    network: bool = False  # whether they go to the network: then they know of the machine's proxies

    def arguments(self) -> str:
        """Return what the fork server reads from its command line, where everybody on this machine can read along."""
        return json.dumps({"packages": self.packages, "preload": self.preload, "models": self.models})


def environment(given: Mapping[str, str], workers: int, *, network: bool = False) -> dict[str, str]:
    """Return what a child may know of the bot's environment: no tokens, and threads that do not fight for cores."""
    kept = {k: v for k, v in given.items() if k in _HARMLESS or k.startswith(_HARMLESS_FAMILIES)}
    if network:
        kept |= {k: v for k, v in given.items() if k.upper() in _NETWORK}
    threads = str(max(1, len(os.sched_getaffinity(0)) // workers))
    return {
        "OMP_NUM_THREADS": threads,
        "OMP_WAIT_POLICY": "PASSIVE",  # threads that spin while they wait cost ten times the time on a busy machine
        "GOMP_SPINCOUNT": "200000",  # a fraction of a millisecond: between two layers of a model it is worth it
        "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),  # as glibc sets them itself once a large block was freed; below that
        "MALLOC_TRIM_THRESHOLD_": str(64 * 2**20),  # it gives a pass's memory back, and the next pass takes it anew
        "OPENBLAS_NUM_THREADS": "1",  # else numpy starts threads when imported, and a fork would lose them
        "ORT_DISABLE_TELEMETRY": "1",  # else onnxruntime reports to its maker, from a thread of its own
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "PYTORCH_NVML_BASED_CUDA_CHECK": "1",  # asks for a GPU without touching it, which a fork would not survive
        **kept,
        "PYTHONPATH": os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path),
    }


async def started(module: Sequence[str], *, stdin: int, env: Mapping[str, str]) -> Process:
    """Start a module of ours as a program, with its arguments; what it says on standard error comes with its output."""
    # -P: the working directory is no place to import from
    command = [sys.executable, "-P", "-m", *module]
    with anyio.CancelScope(shield=True):  # cancelled half-way, it would be nobody's
        return await anyio.open_process(
            command,
            stdin=stdin,
            stderr=subprocess.STDOUT,
            env=env,
            start_new_session=True,  # Ctrl-C in a terminal goes to the bot alone
        )
    raise AssertionError("a shield lets no cancel through")


class Child:
    """One child process. Several batches may be asked of it; it answers one after the other, in that order."""

    def __init__(self, pid: int, sock: socket.socket, reins: socket.socket) -> None:
        """Take over ``sock`` for letters and ``reins`` for cancels, neither of which blocks."""
        self.pid = pid
        self.code: int | None = None  # exit code once it is gone, negative for a signal; None if unknown
        self.gone = anyio.Event()
        self.doomed = False  # it was killed, or is gone already
        self.asking = anyio.Lock(fast_acquire=True)  # the letters of a batch are not mixed with another's
        self.heard = anyio.Event()  # set once all that it was asked so far has been answered
        self.heard.set()
        self.overs = 0  # batches whose answers were read
        self.sheet = wire.Sheet()  # for letters to it
        self.told: dict[tuple[str, str], Model] = {}  # models that it knows the facts of, by task type and id
        self._sock = sock
        self._reins = reins

    def send(self, sealed: Envelope) -> None:
        """Hand over a letter. That a child is dead is found when it is listened to."""
        with contextlib.suppress(OSError):
            wire.send(self._sock, sealed)

    def cancel(self, job: int) -> None:
        """Ask for a job's end, whatever the child is busy with."""
        with contextlib.suppress(OSError):
            wire.send(self._reins, wire.seal(Letter({"cancel": job})))

    async def readable(self) -> None:
        """Wait until there may be a letter, or the child is gone."""
        await anyio.wait_readable(self._sock)

    async def receive(self) -> Letter | None:
        """Take the child's next letter; None where there is none yet. Raises Crashed."""
        try:
            envelope = wire.receive(self._sock)
        except BlockingIOError:
            return None
        if envelope is None:
            self.kill()
            with anyio.move_on_after(2):
                await self.gone.wait()
            raise Crashed(f"exit code {self.code}")
        with envelope:
            try:
                big = envelope.size > wire.BIG
                return await anyio.to_thread.run_sync(wire.unseal, envelope) if big else wire.unseal(envelope)
            except Garbled as error:
                raise Crashed(f"sent what is no letter: {error}") from error

    def kill(self) -> None:
        """Kill it, and whatever it started."""
        self.doomed = True
        if not self.gone.is_set():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def bury(self, code: int | None) -> None:
        """Note that it is gone. Whoever listens to it reads what it said last, then its end."""
        self.code = code
        self.doomed = True
        self.gone.set()
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of the sockets, and of what was written to it."""
        self.sheet.close()
        self._sock.close()
        self._reins.close()


class ForkServer:
    """Starts the program :mod:`core.executors.forkserver`, starts it again should it die, and asks it for children."""

    def __init__(self, settings: Settings, tasks: TaskGroup) -> None:
        """Listen to it in ``tasks``; nothing starts before the first child is asked for."""
        self._settings = settings
        self._tasks = tasks
        self._lock = anyio.Lock()
        self._connection: _Connection | None = None

    async def child(self, device: str = CPU, memory: int | None = None) -> Child:
        """Make a child for a device, with ``memory`` bytes for its models. Raises WorkerDied if none can be made."""
        async with self._lock:
            if self._connection is None or self._connection.closed:
                self._connection = await self._start()
            return await self._connection.fork(device, memory)

    def _environment(self) -> dict[str, str]:
        known = environment(os.environ, self._settings.workers, network=self._settings.network)
        return known | dict(self._settings.environment)

    async def _start(self) -> _Connection:
        ours, theirs = _pair()
        with theirs, contextlib.ExitStack() as unless_started:
            unless_started.callback(ours.close)
            process = await started(
                ["core.executors.forkserver", self._settings.arguments()],
                stdin=theirs.fileno(),
                env=self._environment(),
            )
            unless_started.pop_all()
        connection = _Connection(process, ours)
        self._tasks.start_soon(connection.attend)
        return connection


class _Connection:
    """The line to one running fork server."""

    def __init__(self, process: Process, sock: socket.socket) -> None:
        self.closed = False
        self._process = process
        self._sock = sock
        self._tickets = itertools.count()
        self._births: dict[int, _Birth] = {}
        self._children: dict[int, Child] = {}

    async def fork(self, device: str, memory: int | None) -> Child:
        """Ask for a child. Raises WorkerDied."""
        ticket = next(self._tickets)
        ours, theirs = zip(*(_pair() for _ in range(2)), strict=True)
        birth = self._births[ticket] = _Birth(*ours)
        with contextlib.ExitStack() as unless_born:
            for sock in ours:
                unless_born.callback(sock.close)
            await self._ask(Letter({"ticket": ticket, "device": device, "memory": memory}), birth, theirs)
            if birth.child:
                unless_born.pop_all()
                return birth.child
        raise WorkerDied(f"No worker process could be started: {birth.why}.")

    async def _ask(self, letter: Letter, birth: _Birth, theirs: Sequence[socket.socket]) -> None:
        """Send a child's sockets to the fork server, and wait for what comes of it."""
        try:
            with contextlib.ExitStack() as stack, anyio.fail_after(_PATIENCE):
                descriptors = [stack.enter_context(sock).fileno() for sock in theirs]
                socket.send_fds(self._sock, [wire.seal(letter).packet], descriptors)
                await birth.over.wait()
        except (OSError, TimeoutError) as error:  # it is dead, or busy with an import that never ends
            self._kill()
            birth.why = str(error) or "importing the experts takes too long"
        finally:
            del self._births[letter.head["ticket"]]

    async def attend(self) -> None:
        """Listen until it is gone, then clear up after it."""
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._log_noise)
                tasks.start_soon(self._mind_the_dead)
                await self._listen()
                tasks.cancel_scope.deadline = anyio.current_time() + 1  # its last words may still be under way
        finally:
            with anyio.CancelScope(shield=True):
                await self._close()

    async def _listen(self) -> None:
        try:
            while envelope := await _packet(self._sock):
                self._note(wire.unseal(envelope).head)
            log.error("executor.forkserver_died")
        except (OSError, Garbled):
            log.exception("executor.forkserver_lost")
        finally:
            self.closed = True

    def _note(self, head: Mapping[str, Any]) -> None:
        match head:
            case {"died": int(pid), "code": int(code)}:
                if child := self._children.pop(pid, None):
                    child.bury(code)
            case {"ticket": int(ticket), "pid": int(pid)} if birth := self._births.get(ticket):
                birth.child = self._children[pid] = Child(pid, birth.sock, birth.reins)
                birth.over.set()
            case {"ticket": int(ticket), "why": str(why)} if birth := self._births.get(ticket):
                birth.why = why
                birth.over.set()

    async def _close(self) -> None:
        """Hang up: that makes it end its children and itself."""
        self._sock.close()
        with anyio.move_on_after(2 if self._children else 0):
            await self._process.wait()
        self._kill()
        await self._process.aclose()
        for child in self._children.values():
            child.kill()
            child.bury(None)
        for birth in self._births.values():
            birth.over.set()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def _mind_the_dead(self) -> None:
        """End a server that does not tell that killed children are gone: it hangs, and would replace none of them."""
        while True:
            late = {pid for pid, child in self._children.items() if child.doomed}
            await anyio.sleep(_BURIAL)
            if late & self._children.keys():
                log.error("executor.forkserver_hangs")
                self._kill()
                return

    async def _log_noise(self) -> None:
        """What libraries print in a child belongs in the log, as far as anybody would read it."""
        assert self._process.stdout is not None  # noqa: S101 - open_process makes a pipe
        until, room = 0.0, 0
        async for chunk in self._process.stdout:
            if (now := anyio.current_time()) >= until:
                until, room = now + _NOISE_SECONDS, _NOISE
            if room > 0:
                log.info("executor.noise", said=chunk.decode(errors="replace").strip())
                if (room := room - len(chunk)) <= 0:
                    log.warning("executor.too_much_noise", until=f"{until - now:.0f} s from now")


@dataclass(slots=True)
class _Birth:
    """A child that was asked for."""

    sock: socket.socket
    reins: socket.socket
    over: anyio.Event = field(default_factory=anyio.Event)
    child: Child | None = None
    why: str = "the process that makes them ended"


def _pair() -> tuple[socket.socket, socket.socket]:
    """Return both ends of a connection: ours, which does not block, and theirs."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.settimeout(0)
    return ours, theirs


async def _packet(sock: socket.socket) -> Envelope | None:
    """Wait for a packet. Others get their turn even if packets pour in."""
    while True:
        await anyio.wait_readable(sock)
        with contextlib.suppress(BlockingIOError):
            return wire.receive(sock)
