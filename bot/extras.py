"""What is told where a library is missing that only one part of JARVIS needs."""

from __future__ import annotations


def lacking(error: ModuleNotFoundError, extra: str) -> str:
    """Return what is missing and how to get it, the end of a sentence whose subject is the part that needs it."""
    return f"needs {error.name}: run ./scripts/run, or install it by pip install '.[{extra}]' in JARVIS's folder."
