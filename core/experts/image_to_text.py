"""image-to-text: reads the text in a picture or a document."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert, local
from core.errors import ExpertFailed
from core.local.expert import LocalExpert
from core.local.eyes import Eyes
from core.local.line_reading import LineReading
from core.local.viewing import Captioning
from core.types import Kind

if TYPE_CHECKING:
    from PIL.Image import Image

READS = (  # ISO 639-1
    *("cs", "da", "de", "en", "es", "et", "fi", "fr", "hr", "hu", "id", "is", "it", "ja", "lt", "lv", "ms"),
    *("nl", "no", "pl", "pt", "ro", "sk", "sl", "sq", "sv", "sw", "tr", "zh"),
)

TYPE = TaskType(
    name="image-to-text",
    summary="Read the text in a picture, a photo, a scan or a PDF.",
    takes=(Take(name="image", kinds=(Kind.IMAGE, Kind.DOCUMENT), about="the picture or document"),),
    gives=(
        Give(name="text", kind=Kind.TEXT, about="the text in reading order"),
        Give(name="lines", kind=Kind.TABLE, about="text, score, box (in pixels), page (from 1)"),
    ),
    seconds=300.0,
    examples=("Read this for me.", "What does this sign say?", "Get the text out of this scan."),
)


@expert(
    TYPE,
    Model(
        id="rapidocr/PP-OCRv6-small",
        about="Reads printed text in pictures and documents, in Latin letters, Chinese and Japanese; hardly Cyrillic,"
        " Greek, Arabic or Indian scripts. It cannot describe what a picture shows.",
        licence="Apache-2.0",
        size=31_200_000,
        memory=450_000_000,
        languages=READS,
        revision="3.10.0",
        needs=("rapidocr", "onnxruntime", "cv2", "pypdfium2"),
    ),
)
class RapidOcrReader(Expert):
    """Reads each page: the text a PDF carries itself, or what text recognition sees."""

    def load(self) -> None:
        from core.reading.recogniser import recogniser

        self._recogniser = recogniser()

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        from core.reading.document import read_lines
        from core.reading.layout import in_order, text_of

        media = inputs["image"]
        lines = read_lines(media, self._recogniser, steer)
        if not lines:
            raise ExpertFailed(
                f"I found no text in {media.name}. All I can do with it is read: I cannot describe pictures."
            )
        return {"text": text_of(lines), "lines": [line.row() for line in in_order(lines)]}


PAGES = 10
"""Pages of a document that a model describes; each takes seconds."""


class _Describer(LocalExpert):
    """Says something about each page."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give what the model writes about the picture; of several pages, a paragraph each."""
        from core.media.images import on_white
        from core.media.pages import page_count, pages
        from core.media.views import view_of

        media = inputs["image"]
        count = min(page_count(media), PAGES)
        texts = []
        for number, page in enumerate(pages(media, limit=count)):
            steer.check()
            texts.append(self.describe(view_of(on_white(page)).image, steer, number / count, 1 / count).strip())
        if not any(texts):
            raise ExpertFailed(f"“{self.model.id}” finds nothing to say about {media.name}.")
        return {"text": "\n\n".join(text for text in texts if text), "lines": []}

    @abstractmethod
    def describe(self, image: Image, steer: Steer, done: float, share: float) -> str:
        """Return what there is to say about an RGB picture; ``done`` and ``share`` place it in the job."""


@local(TYPE)
class Captioner(Captioning, _Describer):
    """BLIP, GIT, BLIP-2 and other models with a processor of their own: describe a picture in a sentence."""


@local(TYPE, "vision-encoder-decoder")
class EncoderDecoderCaptioner(Captioning, _Describer):
    """ViT and GPT-2 and other pairs of a model that sees and one that writes."""

    paired = True


@local(TYPE, "line-reader")
class LineReader(LineReading):
    """TrOCR: reads single lines, printed or handwritten; our text recognition finds them."""


@local(TYPE, "image-text-to-text")
class ChatDescriber(Eyes, _Describer):
    """Chat models with eyes: describe a picture, and read the text in it."""

    def describe(self, image: Image, steer: Steer, done: float, share: float) -> str:
        wish = str(self.model.settings.get("prompt", "Describe this image. If there is text in it, write it down."))
        return self.ask(image, wish, steer, done, share)
