"""image-to-text: reads the text in a picture or a document."""

from __future__ import annotations

from core.errors import ExpertFailed
from core.registry import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert
from core.types import Kind

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
        from core.reading.layout import text_of

        media = inputs["image"]
        lines = read_lines(media, self._recogniser, steer)
        if not lines:
            raise ExpertFailed(
                f"I found no text in {media.name}. All I can do with it is read: I cannot describe pictures."
            )
        return {"text": text_of(lines), "lines": [line.row() for line in lines]}
