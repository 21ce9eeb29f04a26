"""Memory of the device."""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.gpu.setup import Setup


class Meter:
    """Reads how much of the device is taken by anybody, many times a second: NVML's word, or a child's pages."""

    def __init__(self, setup: Setup, pid: Callable[[], int | None]) -> None:
        """Look at the device of ``setup``, or on a processor at the process that ``pid`` names."""
        self._setup = setup
        self._pid = pid
        self._over = threading.Event()
        self._nvml: Any = None
        self.most = 0

    def read(self) -> int:
        """Return the bytes taken now."""
        if self._setup.gpu:
            return self._video()
        try:
            pages = Path(f"/proc/{self._pid()}/statm").read_text(encoding="ascii").split()[1]
        except OSError:
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note the most that is taken while the block runs."""
        self.most = 0
        self._over.clear()
        thread = threading.Thread(target=self._watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.005):
            self.most = max(self.most, self.read())

    def _video(self) -> int:
        class Memory(ctypes.Structure):
            _fields_ = (("total", ctypes.c_ulonglong), ("free", ctypes.c_ulonglong), ("used", ctypes.c_ulonglong))

        if self._nvml is None:
            self._nvml = ctypes.CDLL("libnvidia-ml.so.1")
            self._nvml.nvmlInit_v2()
        handle, memory = ctypes.c_void_p(), Memory()
        number = int(self._setup.device.partition(":")[2] or 0)
        self._nvml.nvmlDeviceGetHandleByIndex_v2(ctypes.c_uint(number), ctypes.byref(handle))
        self._nvml.nvmlDeviceGetMemoryInfo(handle, ctypes.byref(memory))
        return int(memory.used)
