"""A Steer that remembers what it was told, for experts that are run directly."""

from core.contract import Stopped


class Steered:
    """Notes the progress; stops the expert at check number ``stop_at``, counted from 1."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.progressed: list[tuple[float | None, str]] = []
        self.checks = 0
        self.stop_at = stop_at

    def progress(self, fraction: float | None, note: str = "") -> None:
        self.progressed.append((fraction, note))

    def check(self) -> None:
        self.checks += 1
        if self.stop_at is not None and self.checks >= self.stop_at:
            raise Stopped
