"""How many of the processor's threads a pass of a model is worth: waking them takes longer than a small one.

A whole pass, to its last little softmax: a second thread that was woken for that spins for a while, and others pay.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from core.contract import CPU

if TYPE_CHECKING:
    import torch

SMALL = 200e6
"""Floating point operations that one thread does as soon as several: some milliseconds."""


def multiplied(module: torch.nn.Module) -> int:
    """Return how many of a model's parameters each token is multiplied with: all but those that are looked up."""
    from torch.nn import Embedding

    looked_up = sum(one.weight.numel() for one in module.modules() if isinstance(one, Embedding))
    return sum(parameter.numel() for parameter in module.parameters()) - looked_up


@contextmanager
def threads_for(device: str, operations: float) -> Iterator[None]:
    """Let a pass of so many operations run on one thread where more would not pay."""
    import torch

    usual = torch.get_num_threads()
    if device != CPU or operations > SMALL or usual == 1:
        yield
        return
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(usual)
