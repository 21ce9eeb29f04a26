"""summarization: makes a long text short."""

from __future__ import annotations

from math import ceil, sqrt

from core.errors import BadInput
from core.registry import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert
from core.types import Kind

MOST = 8  # sentences kept of a long text when nobody said how many
SHORT = 2  # sentences need no summary

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
        id="sumy/luhn",
        about="Keeps the sentences in which the frequent words of a text stand close together, word for word, in their"
        " order. Writes nothing of its own. Word endings and filler words are known for some 20 languages.",
        licence="Apache-2.0",
        size=340_000,
        memory=150_000_000,
        revision="0.13.0",
        needs=("sumy", "py3langid", "sentencex"),
    ),
)
class Luhn(Expert):
    """Picks the most telling sentences of any text, short or long."""

    def load(self) -> None:
        from core.language.detection import detector
        from core.language.gist import gist

        self._detector = detector()
        self._gist = gist
        gist(["One.", "Two."], 1, "en")  # imports what it needs

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        from core.language.sentences import sentences

        text = inputs["text"].strip()
        if not any(map(str.isalnum, text)):
            raise BadInput("There are no words in this text that could be summarised.")
        language = self._detector.detect(text)
        found = sentences(text, language)
        parts = list(dict.fromkeys(found))
        steer.check()
        count = round(inputs.get("sentences") or min(MOST, ceil(sqrt(len(parts)))))
        if len(parts) <= max(count, 0 if inputs.get("sentences") else SHORT):
            return {"text": text if len(parts) == len(found) else " ".join(parts)}
        return {"text": " ".join(self._gist(parts, count, language))}
