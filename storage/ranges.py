"""Names with a prefix, found by an index."""

from __future__ import annotations

from sqlalchemy import Column, ColumnElement, and_

LAST = "\U0010ffff"
"""Sorts after every character there is."""


def starting(column: Column[str], prefix: str) -> ColumnElement[bool]:
    """Return the condition that a column's text starts with ``prefix``."""
    return and_(column >= prefix, column < prefix + LAST)
