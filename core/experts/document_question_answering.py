"""document-question-answering: answers a question about an invoice, a letter, a form: a picture or a PDF."""

from __future__ import annotations

import re
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert, local
from core.errors import BadInput, ExpertFailed
from core.local.expert import LocalExpert
from core.local.eyes import Eyes
from core.local.processors import processor_of
from core.local.viewing import asked
from core.types import Kind

if TYPE_CHECKING:
    from PIL.Image import Image

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


PAGES = 10
"""Pages of a document that a model looks at; each takes seconds."""

TOKENS = 128
"""Tokens of an answer at most."""


@local(TYPE)
class LayoutAnswers(LocalExpert):
    """LayoutLM: finds the answer among the words of the page and where they stand. Our text recognition reads them."""

    needs = (*LocalExpert.needs, "rapidocr", "onnxruntime", "cv2", "pypdfium2")

    def load(self) -> None:
        from transformers import AutoModelForDocumentQuestionAnswering, AutoTokenizer

        from core.local.layout import LayoutReader
        from core.reading.recogniser import recogniser

        self._recogniser = recogniser()
        tokenizer = AutoTokenizer.from_pretrained(self.folder, add_prefix_space=True)
        network = AutoModelForDocumentQuestionAnswering.from_pretrained(self.folder, dtype=self.dtype)
        self._reader = LayoutReader(self.placed(network), tokenizer)

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the words that answer, and the lines they stand in."""
        from core.reading.document import read_lines

        media = inputs["image"]
        question = asked(inputs["question"], self._reader.tokenizer)
        lines = read_lines(media, self._recogniser, steer)
        if not lines:
            raise ExpertFailed(f"I found no text in {media.name}, and I can only answer from text.")
        found = self._reader.answer(question, lines, steer)
        if found is None:
            raise ExpertFailed(f"I read {media.name} but found no answer to this question in it.")
        return {"answer": found.text, "evidence": [line.row() for line in found.lines]}


class _PageAsker(LocalExpert):
    """Is asked about a document page by page."""

    processor: Any

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the first answer that any page has."""
        from core.media.images import on_white
        from core.media.pages import page_count, pages
        from core.media.views import view_of

        media, question = inputs["image"], asked(inputs["question"], self.processor.tokenizer)
        count = min(page_count(media), PAGES)
        for number, page in enumerate(pages(media, limit=count)):
            steer.check()
            image = view_of(on_white(page)).image
            found = self.answer(image, question, steer, number / count, 1 / count).strip()
            if found:
                return {"answer": found, "evidence": []}
        raise ExpertFailed(f"I looked at {media.name} but found no answer to this question in it.")

    @abstractmethod
    def answer(self, page: Image, question: str, steer: Steer, done: float, share: float) -> str:
        """Return the answer that an RGB picture of a page has; ``done`` and ``share`` place it in the job."""


@local(TYPE, "donut")
class Donut(_PageAsker):
    """Donut: reads the page itself and writes the answer, without text recognition."""

    def load(self) -> None:
        from transformers import VisionEncoderDecoderModel

        self.processor = processor_of(self.folder)
        self.network = self.placed(VisionEncoderDecoderModel.from_pretrained(self.folder, dtype=self.dtype))

    def answer(self, page: Image, question: str, steer: Steer, done: float, share: float) -> str:
        from core.local.generation import Watch, generated, writes

        prompt = f"<s_docvqa><s_question>{question}</s_question><s_answer>"
        words = self.processor.tokenizer
        given = words(prompt, add_special_tokens=False, return_tensors="pt").input_ids
        most = min(TOKENS, writes(self.network.decoder, 4096) - given.shape[1])
        if most < 1:
            raise BadInput("This question is too long. A sentence or two work.")
        pixels = self.processor(images=page, return_tensors="pt").pixel_values.to(self.dtype)
        encoded = {"pixel_values": pixels, "decoder_input_ids": given}
        tokens = generated(self.network, encoded, Watch(steer, most, done=done, share=share), most)
        (text,) = words.batch_decode(tokens[:, given.shape[1] :], skip_special_tokens=True)
        return re.sub(r"</?s_\w*>", " ", str(text).split("</s_answer>")[0])


@local(TYPE, "image-text-to-text")
class ChatDocumentAnswers(Eyes, _PageAsker):
    """Chat models with eyes: look at the pages and answer in words."""

    side: ClassVar[int] = 2048  # small print

    def answer(self, page: Image, question: str, steer: Steer, done: float, share: float) -> str:
        return self.ask(page, f"{question} Answer from this document, in a few words.", steer, done, share)
