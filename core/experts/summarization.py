"""summarization: makes a long text short."""

from __future__ import annotations

import re
from math import ceil, sqrt

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert, local
from core.errors import BadInput
from core.language.chunks import chunks
from core.local.generation import customs
from core.local.seq2seq import Seq2SeqExpert
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
    seconds=600.0,
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


SUMMARY = 128  # tokens, of models that do not say how long theirs are
SENTENCE = 40  # tokens: a long one


@local(TYPE)
class Summarizer(Seq2SeqExpert):
    """Any model that writes summaries. A text that it cannot read at once is shortened in parts, until it can."""

    needs = (*Seq2SeqExpert.needs, "sentencex")

    def load(self) -> None:
        super().load()
        own = customs(self.network, "summarization")
        usual = own.pop("prefix", "summarize: " if self.network.config.model_type == "t5" else "")
        self._prefix = str(self.model.settings.get("prefix", usual))
        self.network.generation_config.update(**own)

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        from core.language.sentences import sentences

        text, count = inputs["text"].strip(), round(inputs.get("sentences") or 0)
        if not any(map(str.isalnum, text)):
            raise BadInput("There are no words in this text that could be summarised.")
        parts = list(dict.fromkeys(sentences(text)))
        if len(parts) <= (count or SHORT) and self.length(text) <= SHORT * SENTENCE:
            return {"text": text}
        summary = self._shortened(parts, count * SENTENCE or self._usual(), steer)
        return {"text": " ".join(sentences(summary)[:count]) if count else summary}

    def _shortened(self, parts: list[str], most: int, steer: Steer) -> str:
        """Summarise; each round makes what is too long to read at once several times shorter."""
        from core.language.sentences import sentences

        done, room = 0.0, self.reads - self.length(self._prefix)
        while len(read := chunks(parts, self.length, room)) > 1:
            share = (1 - done) * 0.7
            short = self._summaries(read, steer, room // 4, done, share)
            parts = [sentence for text in short for sentence in sentences(text)]
            done += share
            if not parts:
                break
        return self.said(" ".join(self._summaries(read[:1], steer, most, done, 1 - done)) if parts else "")

    def _summaries(self, texts: list[str], steer: Steer, most: int, done: float, share: float) -> list[str]:
        asked = [self._prefix + text for text in texts]
        usual = self.network.generation_config.min_length or 0
        least = min(usual, most // 2, min(map(self.length, texts)) // 2)  # else short texts would be made longer
        found = self.written(asked, steer, most, done, share, **({"min_length": least} if usual else {}))
        return [tidied(text) for text in found]

    def _usual(self) -> int:
        """Return how many tokens this model's summaries have at most."""
        known = self.network.generation_config.max_length or 0
        return known if known > 20 else SUMMARY  # 20 is what transformers says where nobody said anything


def tidied(summary: str) -> str:
    """Return a summary as people write: Pegasus ends sentences with "<n>", DistilBART has blanks before full stops."""
    return re.sub(r"\s+(?=[.,](?:\s|$))", "", " ".join(summary.replace("<n>", " ").split()))
