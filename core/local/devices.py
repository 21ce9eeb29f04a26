"""Prints the devices of this machine as JSON: name, title and the bytes that models may take. Run as a program."""

from __future__ import annotations

import json
import os
from typing import Any

RESERVE = 1_200_000_000
"""Bytes of a GPU left alone: CUDA's own context, its libraries' work space, and what fragmentation loses."""

SHARE = 0.6
"""Part of the machine's memory that models on the processor may take."""


def found() -> list[dict[str, Any]]:
    """Return the devices, the quickest sort first."""
    import torch

    devices = [_cuda(number) for number in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        room = int(SHARE * torch.mps.recommended_max_memory())
        devices.append({"name": "mps", "title": "Apple GPU", "memory": room})
    return [*devices, {"name": "cpu", "title": "processor", "memory": int(SHARE * _memory())}]


def _cuda(number: int) -> dict[str, Any]:
    import torch

    free, total = torch.cuda.mem_get_info(number)
    room = max(0, min(free, total) - RESERVE)  # what other programs hold is not ours
    return {"name": f"cuda:{number}", "title": torch.cuda.get_device_name(number), "memory": room}


def _memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


if __name__ == "__main__":
    print(json.dumps(found()))  # noqa: T201 - this is what the program is for
