"""Work in processes of its own, so that nothing of it stays on the device."""

from __future__ import annotations

import multiprocessing
import platform
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from benchmarks.gpu.meter import Meter
from benchmarks.gpu.setup import Setup


def apart(act: Callable[..., Any], *args: Any) -> Any:
    """Call a function in a fresh process, so that nothing of it stays on the device."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as one:
        return one.submit(act, *args).result()


def describe(device: str) -> dict[str, Any]:
    """Return what the figures depend on."""
    import diffusers
    import torch
    import transformers

    gpu = device.startswith("cuda")
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "device": torch.cuda.get_device_name(0) if gpu else platform.processor() or platform.machine(),
        "memory": torch.cuda.get_device_properties(0).total_memory if gpu else None,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "diffusers": diffusers.__version__,
    }


def context_of(setup: Setup) -> int:
    """Return the bytes that a process takes on the device before it keeps anything there."""
    import torch

    meter = Meter(setup, lambda: None)
    before = meter.read()
    torch.zeros(1, device=setup.device)
    torch.ones(8, 8, device=setup.device, dtype=torch.bfloat16) @ torch.ones(8, 8, device=setup.device).bfloat16()
    return meter.read() - before


def copy_rates(device: str) -> dict[str, float]:
    """Return bytes a second from main memory to the device: from ordinary pages, and from pinned ones."""
    import torch

    rates = {}
    for kind in ("pageable", "pinned"):
        source = torch.ones(2**30, dtype=torch.uint8, pin_memory=kind == "pinned")
        target = torch.empty_like(source, device=device)
        best = 0.0
        for _ in range(4):
            torch.cuda.synchronize()
            began = time.perf_counter()
            target.copy_(source)
            torch.cuda.synchronize()
            best = max(best, source.nbytes / (time.perf_counter() - began))
        rates[kind] = best
    return rates


@contextmanager
def hogged(setup: Setup, leave: int) -> Iterator[None]:
    """Have another process fill the device but for ``leave`` bytes."""
    spawn = multiprocessing.get_context("spawn")
    ready, enough = spawn.Event(), spawn.Event()
    process = spawn.Process(target=_hog, args=(setup.device, leave, ready, enough), daemon=True)
    process.start()
    try:
        assert ready.wait(120)
        yield
    finally:
        enough.set()
        process.join(30)


def _hog(device: str, leave: int, ready: Any, enough: Any) -> None:
    """Fill the device but for ``leave`` bytes, until told."""
    import torch

    free = torch.cuda.mem_get_info(device)[0]
    blocks = [torch.empty(max(0, free - leave), dtype=torch.uint8, device=device)]
    ready.set()
    enough.wait(300)
    del blocks
