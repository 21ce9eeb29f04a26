"""question-answering: finds the answer to a question in a text given with it."""

from __future__ import annotations

from collections.abc import Sequence

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert, local
from core.errors import BadInput, ExpertFailed, NotAvailable
from core.language.extraction import Read, Span, found
from core.language.sentences import around
from core.local.encoder import Encoder
from core.local.windows import Cut, Window, windows
from core.types import Json, Kind

TYPE = TaskType(
    name="question-answering",
    summary="Answer a question from a text that holds the answer.",
    takes=(
        Take(name="question", kinds=(Kind.TEXT,), about="the question"),
        Take(name="context", kinds=(Kind.TEXT,), about="the text to look in"),
    ),
    gives=(
        Give(name="answer", kind=Kind.TEXT, about="the words of the text that answer it"),
        Give(name="passages", kind=Kind.TABLE, about="text, score from 0 to 1: where the answer was found, best first"),
    ),
    examples=("According to this text, who founded the company?", "How many people does this article speak of?"),
)


@expert(
    TYPE,
    Model(
        id="bm25-answers",
        about="Finds the sentence of a text that speaks of the question (BM25) and in it the amount, date, name or"
        " number asked for. It quotes, and draws no conclusions; its rules for questions are English.",
        licence="MIT",
        memory=150_000_000,
        languages=("en",),
        revision="1",
        needs=("rank_bm25", "sentencex", "sumy"),
    ),
)
class Bm25Answers(Expert):
    """Looks for the words of the question, then for a span of the form that the question asks for."""

    def load(self) -> None:
        from core.language.words import stemmer

        self._stem = stemmer("en")

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        from core.language.answering import answer
        from core.language.question import understood
        from core.language.sentences import sentences

        question, texts = understood(inputs["question"]), sentences(inputs["context"])
        if not question.keywords:
            raise BadInput("I need a question with a few words that say what to look for.")
        if not texts:
            raise BadInput("There is no text to look for the answer in.")
        steer.check()
        found = answer(question, texts, self._stem)
        if found is None:
            raise ExpertFailed("I found no answer to this question in the text.")
        passages: list[Json] = [{"text": text, "score": score} for text, score in found.passages]
        return {"answer": found.text, "passages": passages}


SPANS = 20  # likeliest answers, of which several may stand in one sentence
PASSAGES = 5  # shown at most


@local(TYPE)
class SpanFinder(Encoder[tuple[list[float], list[float]]]):
    """Any model that points at the first and last token of an answer, also one that may say that there is none."""

    auto = "AutoModelForQuestionAnswering"

    def load(self) -> None:
        super().load()
        if not self.tokenizer.is_fast:
            raise NotAvailable(f"“{self.model.id}” cannot be used here: its tokenizer does not tell where words stand.")
        self.limit = min(self.limit, 384)  # the windows that such models are trained on

    def pieces(self, inputs: Inputs) -> Sequence[Window]:
        question = " ".join(inputs["question"].split())
        if not any(map(str.isalnum, question)):
            raise BadInput("I need a question with a few words that say what to look for.")
        if not inputs["context"].strip():
            raise BadInput("There is no text to look for the answer in.")
        return windows(self.tokenizer, inputs["context"], Cut(self.limit, overlap=self.limit // 3), before=question)

    def forward(self, pieces: Sequence[Window]) -> Sequence[tuple[list[float], list[float]]]:
        """Return how much each token speaks for beginning and for ending the answer."""
        read = self.read(pieces)
        return list(zip(read.start_logits.float().tolist(), read.end_logits.float().tolist(), strict=True))

    def outputs(
        self, inputs: Inputs, pieces: Sequence[Window], logits: Sequence[tuple[list[float], list[float]]]
    ) -> Outputs:
        text = inputs["context"]
        spans = found(text, [self._read(*pair) for pair in zip(pieces, logits, strict=True)], SPANS)
        if not spans:
            raise ExpertFailed("I found no answer to this question in the text.")
        return {"answer": text[spans[0].start : spans[0].end], "passages": self._passages(text, spans)}

    def _read(self, piece: Window, logits: tuple[list[float], list[float]]) -> Read:
        starts, ends = (values[: len(piece.ids)] for values in logits)  # without what follows a short window
        mark = self.tokenizer.cls_token_id
        nothing = list(piece.ids).index(mark) if mark in piece.ids else None
        return Read(piece.offsets, piece.inside, starts, ends, nothing)

    def _passages(self, text: str, spans: Sequence[Span]) -> list[Json]:
        language = next(iter(self.model.languages), "en")
        rows: dict[str, Json] = {}
        for span in spans:
            passage = around(text, span.start, span.end, language)
            rows.setdefault(passage, {"text": passage, "score": round(span.score, 4), **_place(text, span)})
        return list(rows.values())[:PASSAGES]


def _place(text: str, span: Span) -> dict[str, Json]:
    return {"answer": text[span.start : span.end], "start": span.start, "end": span.end}
