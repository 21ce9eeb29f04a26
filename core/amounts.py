"""Amounts as people say them."""

from __future__ import annotations

from decimal import Decimal

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def counted(count: float, noun: str) -> str:
    """Return a whole number of things: "1 second", "1,200 seconds"."""
    number = f"{count:,.0f}"
    return f"{number} {noun}" if number == "1" else f"{number} {noun}s"


def duration(seconds: float) -> str:
    """Return a time as people say it: "40 seconds", "12 minutes", "1.5 hours"."""
    if seconds >= 1.5 * 3600:
        return f"{seconds / 3600:,.1f} hours".replace(".0 ", " ")
    return counted(seconds / 60, "minute") if seconds >= 90 else counted(max(1, round(seconds)), "second")


def length(seconds: float) -> str:
    """Return how long something plays, to a tenth: "12.3 seconds", "2 minutes 5 seconds", "1 hour 2.1 seconds"."""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    parts = [counted(count, noun) for count, noun in ((hours, "hour"), (minutes, "minute")) if count]
    if rest or not parts:
        number = f"{rest / 10:g}"
        parts.append(f"{number} second" if number == "1" else f"{number} seconds")
    return " ".join(parts)


def money(dollars: float) -> str:
    """Return an amount as people say it: "$1,200.00", "$0.50", "$0.0012"."""
    return f"${dollars:,.2f}" if dollars >= 0.1 else f"${Decimal(f'{dollars:.2g}'):f}"


def space(size: float) -> str:
    """Return a number of bytes as people say it: "812 bytes", "4.8 GB"; units are decimal, as the Hub counts."""
    number, unit = _scaled(size, size)
    return f"{number} {unit}"


def progress_of(done: float, total: float) -> str:
    """Return how much of a whole is there, in the whole's unit: "1.2 of 4.8 GB"."""
    part, _ = _scaled(done, total)
    whole, unit = _scaled(total, total)
    return f"{part} of {whole} {unit}"


def _scaled(size: float, like: float) -> tuple[str, str]:
    """Return ``size`` in the unit that suits ``like``."""
    power = 0
    while like >= 999.5 and power < len(_UNITS) - 1:
        like /= 1000
        power += 1
    number = size / 1000**power
    return (f"{number:.1f}" if power >= 2 and number < 100 else f"{number:.0f}"), _UNITS[power]
