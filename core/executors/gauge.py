"""How much of a device's memory is taken. Used inside the child that owns the device."""

from __future__ import annotations

import gc
from typing import Protocol

from core.contract import CPU


class Gauge(Protocol):
    """Reads one device's memory, in bytes; None where the device does not tell."""

    def used(self) -> int | None:
        """Return what this process holds on the device."""
        ...

    def peak(self) -> int | None:
        """Return the most that this process held since :meth:`start`."""
        ...

    def start(self) -> None:
        """Begin to look for a new peak."""
        ...

    def free(self) -> int | None:
        """Return what the device has left for anybody, what this process may reuse included."""
        ...

    def trim(self) -> None:
        """Give back what nothing refers to any more."""
        ...


def gauge_of(device: str) -> Gauge:
    """Return the gauge of a device."""
    return CudaGauge() if device.startswith("cuda") else BlindGauge()


class BlindGauge:
    """A device that does not tell: the sizes of the models themselves must do."""

    def used(self) -> int | None:
        return None

    def peak(self) -> int | None:
        return None

    def start(self) -> None:
        return

    def free(self) -> int | None:
        return None

    def trim(self) -> None:
        gc.collect()


class CudaGauge:
    """The one GPU that a child sees, through PyTorch's allocator."""

    def used(self) -> int | None:
        import torch

        return torch.cuda.memory_allocated()

    def peak(self) -> int | None:
        import torch

        return torch.cuda.max_memory_allocated()

    def start(self) -> None:
        import torch

        torch.cuda.reset_peak_memory_stats()

    def free(self) -> int | None:
        import torch

        return torch.cuda.mem_get_info()[0] + torch.cuda.memory_reserved() - torch.cuda.memory_allocated()

    def trim(self) -> None:
        import torch

        gc.collect()
        torch.cuda.empty_cache()


def visible(device: str, seen: str | None) -> tuple[str, dict[str, str]]:
    """Return a child's own name for its device, and the environment in which it sees no other.

    ``seen`` is ``CUDA_VISIBLE_DEVICES`` of the machine. Inside, the one GPU is plainly ``cuda``.
    """
    sort, _, number = device.partition(":")
    if sort == "cuda":
        known = [part.strip() for part in seen.split(",")] if seen else []
        chosen = known[int(number or 0)] if known else number or "0"
        return "cuda", {"CUDA_VISIBLE_DEVICES": chosen}
    return device, {"CUDA_VISIBLE_DEVICES": ""} if device == CPU else {}
