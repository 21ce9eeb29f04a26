"""document-question-answering: answers a question about an invoice, a letter, a form: a picture or a PDF."""

from __future__ import annotations

from core.errors import BadInput, ExpertFailed
from core.registry import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert
from core.types import Kind

TYPE = TaskType(
    name="document-question-answering",
    summary="Answer a question about a document: an invoice, a receipt, a letter, a form, as a picture or PDF.",
    takes=(
        Take(name="image", kinds=(Kind.IMAGE, Kind.DOCUMENT), about="the document"),
        Take(name="question", kinds=(Kind.TEXT,), about="the question"),
    ),
    gives=(
        Give(name="answer", kind=Kind.TEXT, about="the words of the document that answer it"),
        Give(name="evidence", kind=Kind.TABLE, about="text, score, box (in pixels), page (from 1): where it stands"),
    ),
    seconds=300.0,
    examples=(
        "What is the total of this invoice?",
        "When is this bill due?",
        "What is the invoice number?",
        "Who sent this letter?",
    ),
)


@expert(
    TYPE,
    Model(
        id="rapidocr/document-answers",
        about="Reads the document and finds the value whose label says what is asked for: totals, dates, numbers,"
        " names, any field of a form; else a sentence that speaks of it. It quotes, and neither adds up nor judges."
        " Its rules for questions are English.",
        licence="Apache-2.0",
        size=31_200_000,
        memory=500_000_000,
        languages=("en",),
        revision="3.10.0",
        needs=("rapidocr", "onnxruntime", "cv2", "pypdfium2", "rapidfuzz", "rank_bm25", "sentencex", "sumy"),
    ),
)
class DocumentAnswers(Expert):
    """Reads like image-to-text, then looks for labels, places and sentences that answer."""

    def load(self) -> None:
        from core.language.words import stemmer
        from core.reading.recogniser import recogniser

        self._recogniser = recogniser()
        self._stem = stemmer("en")

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        from core.reading.asking import ask
        from core.reading.document import read_lines

        media, question = inputs["image"], inputs["question"]
        if not any(map(str.isalnum, question)):
            raise BadInput("I need a question with a few words that say what to look for.")
        lines = read_lines(media, self._recogniser, steer)
        if not lines:
            raise ExpertFailed(f"I found no text in {media.name}, and I can only answer from text.")
        steer.check()
        found = ask(question, lines, self._stem)
        if found is None:
            raise ExpertFailed(f"I read {media.name} but found no answer to this question in it.")
        return {"answer": found.text, "evidence": [line.row() for line in found.lines]}
