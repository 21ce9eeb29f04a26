"""Amounts of bytes, for people."""

from __future__ import annotations

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def amount(size: float) -> str:
    """Return a size in words: "812 bytes", "4.8 GB". Units are decimal, as disks and the Hub count."""
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
