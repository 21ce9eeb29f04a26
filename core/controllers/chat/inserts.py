"""Puts results into the answer where the model wrote only a reference to them: exact, whole, and without any tokens."""

from __future__ import annotations

from collections.abc import Callable

from core.codec import REFERENCE
from core.controllers.rules.markdown import block
from core.events import Trace
from core.stages.execute import as_text
from core.types import Artifact

LONGEST = 40  # characters of a reference


class Inserts:
    """Takes the answer piece by piece."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._held = ""

    def feed(self, text: str) -> str:
        """Return ``text`` with its references replaced; what may be the start of one is held back."""
        text, self._held = self._held + text, ""
        start = text.rfind("<")
        if start >= 0 and len(text) - start < LONGEST and ">" not in text[start:]:
            text, self._held = text[:start], text[start:]
        return REFERENCE.sub(lambda found: self._insert(found.groupdict(), found.group), text)

    def close(self) -> str:
        """Return what was held back."""
        text, self._held = self._held, ""
        return text

    def _insert(self, parts: dict[str, str | None], whole: Callable[[], str | object]) -> str:
        number, name = int(parts["number"] or 0), parts["output"]
        if parts["what"] == "attachment":
            artifact = self._trace.artifacts.get(number)
            return f"`{artifact.name}`" if artifact else str(whole())
        result = self._trace.results.get(number)
        if result is None or not result.outputs:
            return str(whole())
        output = result.outputs.get(name) if name else next(iter(result.outputs.values()))
        if output is None:
            return str(whole())
        return f"`{output.name}`" if isinstance(output, Artifact) else f"\n{block(as_text(output))}\n"
