"""What is known of models, and what they gave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.contract import Model
from core.figures import Entries
from core.types import Artifact, Json


class Ledger(Protocol):
    """How models did, added up over all processes."""

    async def read(self) -> Entries:
        """Return the figures of all models."""
        ...

    async def add(self, news: Entries) -> None:
        """Put newer figures on top: counts add up, of what is no count the newer one stands."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """The models for a task type that the Hub told of."""

    models: Sequence[Model]
    at: float  # Unix seconds


class Finds(Protocol):
    """What the Hub told about models."""

    async def read(self) -> Mapping[str, Find]:
        """Return what is known, by task type."""
        ...

    async def put(self, task: str, find: Find) -> None:
        """Store what the Hub tells now; what it told before is forgotten."""
        ...

    async def latest(self) -> float:
        """Return when the Hub was last asked about any task type, in Unix seconds; 0 where it never was."""
        ...


class Results(Protocol):
    """Results of repeatable experts by content."""

    async def get(self, key: str) -> Mapping[str, Artifact | Json] | None:
        """Return the outputs stored under ``key``."""
        ...

    async def put(self, key: str, outputs: Mapping[str, Artifact | Json]) -> None:
        """Store outputs; the same key again replaces them."""
        ...
