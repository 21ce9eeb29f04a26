"""file-information: what a file is, told from the file itself rather than from what it shows or says."""

from __future__ import annotations

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert
from core.types import Json, Kind

TYPE = TaskType(
    name="file-information",
    summary="Tell what a file is: its format, length, size in pixels, pages.",
    takes=(
        Take(
            name="file",
            kinds=(Kind.IMAGE, Kind.DOCUMENT, Kind.AUDIO, Kind.VIDEO, Kind.TEXT),
            about="a file of any kind",
        ),
    ),
    gives=(
        Give(name="text", kind=Kind.TEXT, about="a sentence"),
        Give(name="facts", kind=Kind.TABLE, about="one row: kind, bytes, width, height, pages, words, seconds ..."),
    ),
    seconds=60,
    examples=(
        "How long is this film, and does it have sound?",
        "What is the resolution of this picture?",
        "How many pages does this document have?",
    ),
)


@expert(
    TYPE,
    Model(
        id="file-facts",
        about="Opens pictures with Pillow, documents with PDFium, sound and film with FFmpeg.",
        licence="MIT",
        needs=("PIL", "av", "pypdfium2", "pillow_heif"),
    ),
)
class FileFacts(Expert):
    """Opens a file as it was opened when it came in."""

    def load(self) -> None:
        """Import the libraries, so that the first file does not wait for them."""
        import av
        import PIL.Image
        import pypdfium2

        PIL.Image.init()
        del av, pypdfium2

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give a sentence as ``text``, and its ``facts``. Raises BadInput when the file is damaged."""
        from core.media.particulars import particulars, sentence

        facts = particulars(inputs["file"])
        rows: list[Json] = [facts]
        return {"text": sentence(facts), "facts": rows}
