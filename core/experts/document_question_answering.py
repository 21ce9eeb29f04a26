"""document-question-answering: answers a question about an invoice, a letter, a form: a picture or a PDF."""

from __future__ import annotations

from core.registry import Give, Take, TaskType
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
