"""Amounts as people say them."""

from __future__ import annotations


def duration(seconds: float) -> str:
    """Return a time as people say it: "40 seconds", "12 minutes", "1.5 hours"."""
    count, unit = f"{max(1, round(seconds))}", "second"
    if seconds >= 1.5 * 3600:
        count, unit = f"{seconds / 3600:.1f}".removesuffix(".0"), "hour"
    elif seconds >= 90:
        count, unit = f"{seconds / 60:.0f}", "minute"
    return f"{count} {unit}" if count == "1" else f"{count} {unit}s"


def money(dollars: float) -> str:
    """Return an amount as people say it."""
    return f"${dollars:.2f}" if dollars >= 0.1 else f"${dollars:.2g}"
