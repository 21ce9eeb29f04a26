"""Puts results into the answer where the model wrote only a reference to them: exact, whole, and without any tokens."""

from __future__ import annotations

import re

from core.codec import REFERENCE
from core.controllers.rules.markdown import block
from core.events import Trace
from core.stages.execute import as_text
from core.types import Artifact, Output

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
        return REFERENCE.sub(self._insert, text)

    def close(self) -> str:
        """Return what was held back."""
        text, self._held = self._held, ""
        return text

    def _insert(self, found: re.Match[str]) -> str:
        output = self._meant(found)
        match output:
            case None:
                return found.group()
            case Artifact():
                return f"`{output.name}`"
            case _:
                return f"\n{block(as_text(output))}\n"

    def _meant(self, found: re.Match[str]) -> Output:
        """Return what a reference points to; None where it points to nothing."""
        number, name = int(found["number"]), found["output"]
        if found["what"] == "attachment":
            return self._trace.artifacts.get(number)
        result = self._trace.results.get(number)
        outputs = result.outputs if result else {}
        return outputs.get(name) if name else next(iter(outputs.values()), None)
