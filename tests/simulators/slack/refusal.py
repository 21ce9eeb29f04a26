"""How Slack says no."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A call that Slack refuses: status 200 (mostly), ``ok`` false, and a word for what is wrong."""

    def __init__(self, error: str, *reasons: str, status: int = 200, **more: Any) -> None:
        super().__init__(f"{error} {' '.join(reasons)} {more or ''}".strip())
        self.error = error
        self.status = status
        self.body: dict[str, Any] = {"ok": False, "error": error, **more}
        if reasons:
            self.body["response_metadata"] = {"messages": [f"[ERROR] {reason}" for reason in reasons]}


def invalid_blocks(*reasons: str) -> Refused:
    """Return the refusal of a layout, with why and where."""
    return Refused("invalid_blocks", *reasons, errors=list(reasons))


def missing_scope(needed: str, provided: frozenset[str] | set[str]) -> Refused:
    """Return the refusal of a token that may not do this."""
    return Refused("missing_scope", needed=needed, provided=",".join(sorted(provided)) or "identify")
