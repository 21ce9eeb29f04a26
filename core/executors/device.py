"""The devices of this machine that models can run on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeAlias

import anyio
import structlog

from core.contract import CPU
from core.executors.process import environment, started

log = structlog.get_logger()

PATIENCE = 120.0
"""Seconds that looking for devices may take: PyTorch is imported for it, on a cold disk maybe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One device, under the name PyTorch has for it: ``cpu``, ``cuda:0``, ``mps``."""

    name: str = CPU
    memory: int | None = None  # bytes that loaded models and their work may take together; None is unbounded
    title: str = ""  # what its maker calls it

    @property
    def sort(self) -> str:
        """The name without the number: devices of one sort need the same memory for the same model."""
        return self.name.partition(":")[0]

    @property
    def ease(self) -> float:
        """Bytes up to which a model is easy for it: a processor is slow with more, a GPU has room for others then."""
        if self.sort == CPU:
            return 2e9
        return inf if self.memory is None else 0.6 * self.memory


FindDevices: TypeAlias = Callable[[], Awaitable[Sequence[Device]]]


async def find_devices(wanted: Sequence[str] = (), *, memory: int | None = None, cpus: int = 1) -> list[Device]:
    """Return the devices that PyTorch finds here, or those of them named in ``wanted``; none if it cannot be imported.

    ``memory`` bounds the bytes of each; else it is what the device has, less a reserve. The processor stands in
    ``cpus`` times, each with its share of the memory, and only where nothing quicker is there or it is wanted.
    A process of its own looks, since whoever asks CUDA can no longer be forked.
    """
    said = b""
    try:
        with anyio.fail_after(PATIENCE):
            said = await _said()
        found = [Device(**facts) for facts in json.loads(said.splitlines()[-1])]
    except (OSError, TimeoutError, ValueError, TypeError, IndexError):
        log.exception("executor.no_devices", said=said.decode(errors="replace")[-2000:])
        return []
    quick = [device for device in found if device.name != CPU]
    chosen = [device for device in found if device.name in wanted] if wanted else quick or found
    return [one for device in chosen for one in _bounded(device, memory, cpus)]


async def _said() -> bytes:
    """Return what the program that looks for devices says."""
    process = await started(["core.local.devices"], stdin=subprocess.DEVNULL, env=environment(os.environ, 1))
    async with process:
        assert process.stdout is not None  # noqa: S101 - it has a pipe
        try:
            return b"".join([chunk async for chunk in process.stdout])
        except BaseException:
            process.kill()
            raise


def _bounded(device: Device, memory: int | None, cpus: int) -> list[Device]:
    times = cpus if device.name == CPU else 1
    room = min(bound for bound in (memory, device.memory, sys.maxsize) if bound is not None)
    return [Device(name=device.name, memory=room // times, title=device.title)] * times
