"""Which models' weights are on this machine, and how they get here."""

from __future__ import annotations

from typing import Protocol

from core.contract import Model
from core.ports import OnProgress


class Stock(Protocol):
    """What a pool asks before it runs a model."""

    def present(self, model: Model) -> bool:
        """Whether all of its weights are here: known beforehand, never probed for a request."""
        ...

    def obtainable(self, model: Model) -> bool:
        """Whether they are here or could be fetched."""
        ...

    def revision(self, model: Model) -> str:
        """Return the version that is here, or that would be fetched; empty where nobody knows yet."""
        ...

    async def ensure(self, model: Model, on_progress: OnProgress) -> None:
        """Have them here, fetched if need be. Raises NotAvailable or ExpertFailed in words for people."""
        ...


class _Everything:
    """The stock of models that came with the installation."""

    def present(self, model: Model) -> bool:
        return True

    def obtainable(self, model: Model) -> bool:
        return True

    def revision(self, model: Model) -> str:
        return model.revision

    async def ensure(self, model: Model, on_progress: OnProgress) -> None:
        return


EVERYTHING: Stock = _Everything()
"""Nothing needs to be fetched."""
