"""summarization: makes a long text short."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, sqrt

from core.errors import BadInput
from core.registry import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert
from core.types import Kind

MOST = 8  # sentences kept of a long text when nobody said how many
AT_ONCE = 150  # sentences compared with each other; the time needed grows with the square of it

TYPE = TaskType(
    name="summarization",
    summary="Make a long text short.",
    takes=(
        Take(name="text", kinds=(Kind.TEXT,), about="the text to shorten"),
        Take(
            name="sentences",
            kinds=(Kind.NUMBER,),
            about="how many sentences to keep; chosen by the length of the text if not given",
            required=False,
            low=1,
            high=100,
        ),
    ),
    gives=(Give(name="text", kind=Kind.TEXT, about="the summary"),),
    examples=("Summarise this article.", "Give me the gist in three sentences.", "Shorten this text."),
)


@expert(
    TYPE,
    Model(
        id="sumy/lexrank",
        about="Keeps those sentences of a text that have most in common with all others, word for word, in their order."
        " Writes nothing of its own. Word endings and filler words are known for some 20 languages.",
        licence="Apache-2.0",
        size=340_000,
        memory=150_000_000,
        revision="0.13.0",
        needs=("sumy", "py3langid", "sentencex"),
    ),
)
class LexRank(Expert):
    """Picks the most central sentences. Long texts are thinned out part by part first."""

    def load(self) -> None:
        from core.language.centrality import Centrality
        from core.language.detection import detector

        self._centrality = Centrality()
        self._detector = detector()

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        from core.language.sentences import sentences

        text = inputs["text"].strip()
        if not any(map(str.isalnum, text)):
            raise BadInput("There are no words in this text that could be summarised.")
        language = self._detector.detect(text)
        found = sentences(text, language)
        parts = list(dict.fromkeys(found))
        wanted = round(inputs.get("sentences") or min(MOST, ceil(sqrt(len(parts)))))
        if len(parts) <= max(wanted, 2 if inputs.get("sentences") is None else 1):
            return {"text": text if len(parts) == len(found) else " ".join(parts)}
        return {"text": " ".join(self._picked(parts, wanted, language, steer))}

    def _picked(self, parts: Sequence[str], wanted: int, language: str, steer: Steer) -> Sequence[str]:
        """Thin out until all that is left can be compared at once, then pick."""
        while len(parts) > max(AT_ONCE, wanted):
            parts = self._thinned(parts, max(wanted, AT_ONCE), language, steer)
        return self._centrality.best(parts, wanted, language)

    def _thinned(self, parts: Sequence[str], wanted: int, language: str, steer: Steer) -> list[str]:
        kept: list[str] = []
        for start in range(0, len(parts), AT_ONCE):
            steer.check()
            steer.progress(start / len(parts), "comparing sentences")
            block = parts[start : start + AT_ONCE]
            share = max(1, len(block) * wanted // len(parts))
            kept.extend(self._centrality.best(block, share, language))
        return kept
