"""question-answering: finds the answer to a question in a text given with it."""

from __future__ import annotations

from core.errors import BadInput, ExpertFailed
from core.registry import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert
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
