"""Amounts as people say them."""

from __future__ import annotations

from decimal import Decimal


def counted(count: float, noun: str) -> str:
    """Return a whole number of things: "1 second", "1,200 seconds"."""
    number = f"{count:,.0f}"
    return f"{number} {noun}" if number == "1" else f"{number} {noun}s"


def duration(seconds: float) -> str:
    """Return a time as people say it: "40 seconds", "12 minutes", "1.5 hours"."""
    if seconds >= 1.5 * 3600:
        return f"{seconds / 3600:,.1f} hours".replace(".0 ", " ")
    return counted(seconds / 60, "minute") if seconds >= 90 else counted(max(1, round(seconds)), "second")


def money(dollars: float) -> str:
    """Return an amount as people say it: "$1,200.00", "$0.50", "$0.0012"."""
    return f"${dollars:,.2f}" if dollars >= 0.1 else f"${Decimal(f'{dollars:.2g}'):f}"
