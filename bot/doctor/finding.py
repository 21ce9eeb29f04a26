"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How bad it is."""

    OK = "ok"
    NOTE = "note"  # works, but perhaps not as meant
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report."""

    name: str
    health: Health
    words: str


def ok(name: str, words: str) -> Finding:
    """Return a finding that all is well."""
    return Finding(name, Health.OK, words)


def note(name: str, words: str) -> Finding:
    """Return a finding that one may want to know about."""
    return Finding(name, Health.NOTE, words)


def broken(name: str, words: str) -> Finding:
    """Return a finding that something cannot work, and what to do."""
    return Finding(name, Health.BROKEN, words)
