"""media-probe: whether a file that came in is what it seems to be. Runs in a child, so that a trap costs no more."""

from __future__ import annotations

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert
from core.limits import Limits
from core.types import Json, Kind

TYPE = TaskType(
    name="media-probe",
    summary="Open a file, check it against the limits and tell what it holds.",
    takes=(
        Take(name="file", kinds=(Kind.IMAGE, Kind.DOCUMENT, Kind.AUDIO, Kind.VIDEO, Kind.TEXT)),
        Take(name="pixels", kinds=(Kind.NUMBER,), about="most pixels of a picture", default=Limits().pixels),
        Take(name="seconds", kinds=(Kind.NUMBER,), about="most seconds", default=Limits().media_seconds),
        Take(name="pages", kinds=(Kind.NUMBER,), about="most pages", default=Limits().pages),
        Take(name="chars", kinds=(Kind.NUMBER,), about="most characters of a text", default=Limits().document_chars),
    ),
    gives=(
        Give(name="kind", kind=Kind.TEXT, about="image, document, audio, video or text"),
        Give(name="facts", kind=Kind.TABLE, about="one row: mime, and width, height, pages, chars, seconds ..."),
    ),
    seconds=60,
    internal=True,
)


@expert(
    TYPE,
    Model(
        id="probe",
        about="Opens files with Pillow, PDFium and FFmpeg, and reads them to their end.",
        licence="MIT",
        needs=("PIL", "av", "pypdfium2", "pillow_heif"),
    ),
)
class Probe(Expert):
    """Opens a file with the library that the experts will use."""

    def load(self) -> None:
        """Import the libraries, so that the first file does not wait for them."""
        import av
        import PIL.Image
        import pypdfium2

        PIL.Image.init()
        del av, pypdfium2

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the kind and the facts. Raises BadInput."""
        from core.media.probe import Bounds, probe

        bounds = Bounds(**{name: inputs[name] for name in ("pixels", "seconds", "pages", "chars")})
        kind, facts = probe(inputs["file"], bounds)
        rows: list[Json] = [facts]
        return {"kind": kind.value, "facts": rows}
