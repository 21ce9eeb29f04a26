"""The list of what admins changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change; an empty value means that nothing was decided."""

    at: float  # Unix seconds
    by: str
    scope: str  # as in Origin.scopes
    what: str  # "mode", a bylaw's name, or a rule's topic and name
    old: str
    new: str


def covers(scopes: Sequence[str], scope: str) -> bool:
    """Whether what happened in ``scope`` belongs to ``scopes``: it is one of them, or a channel of their workspace.

    Without scopes everything does.
    """
    return not scopes or scope in scopes or any(scope.startswith(f"{one}/") for one in workspaces(scopes))


def workspaces(scopes: Sequence[str]) -> list[str]:
    """Return those scopes that are workspaces, whose channels belong to them."""
    return [scope for scope in scopes if scope.count("/") == 1 and not scope.endswith("/")]
