"""How much memory a model takes: estimated before it is loaded, measured from then on, and kept over restarts."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from core.contract import CPU, Card, Model

log = structlog.get_logger()

OVERHEAD = 1.1
"""Bytes loaded for each byte of weights on disk: what lies beside them, and what is torn by alignment."""

HALVED = ("fp16", "bf16")
"""Variants of weights with two bytes for each number."""

WORK = {"cuda": 1_000_000_000, "mps": 500_000_000}
"""Bytes that a job needs beside the weights where nobody knows better, by sort of device."""


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes of memory: ``resident`` as long as the model is loaded, ``working`` more while a job runs."""

    resident: int = 0
    working: int = 0

    @property
    def total(self) -> int:
        """Bytes while a job runs."""
        return self.resident + self.working


class Sizes:
    """The needs of models by task type, model, revision and sort of device."""

    def __init__(self, file: Path | None = None) -> None:
        """Remember measurements in ``file``; without one for this process only."""
        self._file = file
        self._measured: dict[str, Need] = _read(file) if file else {}
        self._news: dict[str, Need] = {}  # of them, what was measured in this process

    def of(self, card: Card, sort: str) -> Need | None:
        """Return what a card's model needs on a sort of device, None where nobody knows."""
        return self._measured.get(_key(card, sort)) or _estimate(card, sort)

    def note(self, card: Card, sort: str, need: Need) -> None:
        """Take down what was measured. Work is remembered at its most, weights as they were last."""
        if need.resident <= 0:
            return
        known = self._measured.get(_key(card, sort))
        work = max(need.working, known.working) if known else need.working
        if known != (new := Need(need.resident, work)):
            self._measured[_key(card, sort)] = self._news[_key(card, sort)] = new
            self._keep()

    def _keep(self) -> None:
        if self._file is None:
            return
        known = {**self._measured, **_read(self._file), **self._news}  # other processes measure, too
        plain = {key: [need.resident, need.working] for key, need in sorted(known.items())}
        fresh = self._file.with_suffix(f".{os.getpid()}")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(json.dumps(plain, indent=1))
            fresh.replace(self._file)
        except OSError as error:  # a full disk: the next start estimates again
            log.warning("executor.sizes_not_kept", why=str(error))
            with suppress(OSError):
                fresh.unlink()


def _key(card: Card, sort: str) -> str:
    return f"{sort}\t{card.type.name}\t{card.model.id}\t{card.model.revision}"


def _estimate(card: Card, sort: str) -> Need | None:
    """Reckon with the weights on disk and what is known of running. None where neither is known."""
    size, memory = _unfolded(card.model) if sort == CPU else (card.model.size, card.model.memory)
    resident = int(size * OVERHEAD) if size is not None else memory
    if resident is None:
        return None
    if memory is not None and memory < resident:  # known to take less than its file: loaded in fewer bits
        resident = memory
    return Need(resident, memory - resident if memory is not None and memory > resident else WORK.get(sort, 0))


def _unfolded(model: Model) -> tuple[int | None, int | None]:
    """Return size and memory on a processor, where what diffusers runs in half precision elsewhere is whole."""
    twice = 2 if model.library == "diffusers" else 1
    size = model.size and model.size * (twice if model.settings.get("variant") in HALVED else 1)
    return size, model.memory and model.memory * twice


def _read(file: Path) -> dict[str, Need]:
    try:
        plain: Mapping[str, Any] = json.loads(file.read_text())
        return {key: Need(max(0, int(resident)), max(0, int(working))) for key, (resident, working) in plain.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        log.warning("executor.sizes_unreadable", why=str(error))
        return {}
