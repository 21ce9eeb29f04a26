"""What did not work out without ending a request, so that people read it once."""

from __future__ import annotations

from adapters.render import unsaid
from core.events import Trace


def untold(trace: Trace) -> list[str]:
    """Return the sentences about files and parts of the plan that the answer does not say itself."""
    return [one.text for one in unsaid(trace)]
