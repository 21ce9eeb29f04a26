"""media-shrinking: makes a file fit where only so many bytes are taken. Decoding belongs into a child process."""

from __future__ import annotations

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert
from core.types import Kind

TYPE = TaskType(
    name="media-shrinking",
    summary="Make a file smaller: in size, in quality, or packed.",
    takes=(
        Take(name="file", kinds=(Kind.IMAGE, Kind.VIDEO, Kind.AUDIO, Kind.DOCUMENT, Kind.TABLE, Kind.TEXT)),
        Take(name="most", kinds=(Kind.NUMBER,), about="bytes that it may have", low=1),
    ),
    gives=(
        Give(name="image", kind=Kind.IMAGE, about="where it is one", optional=True),
        Give(name="video", kind=Kind.VIDEO, about="where it is one, or an animation", optional=True),
        Give(name="audio", kind=Kind.AUDIO, about="where it is one", optional=True),
        Give(name="document", kind=Kind.DOCUMENT, about="everything else, packed", optional=True),
    ),
    seconds=240,
    internal=True,
)


@expert(
    TYPE,
    Model(
        id="shrink",
        about="Pillow and FFmpeg: JPEG or WebP, H.264, MP3 or Opus; what else there is becomes a ZIP.",
        licence="GPL-2.0-or-later",  # the FFmpeg in PyAV's wheels is built with x264
        needs=("PIL", "av", "pillow_heif"),
    ),
)
class Shrink(Expert):
    """Encodes once more, with fewer bytes."""

    def load(self) -> None:
        """Import the libraries, so that the first file does not wait for them."""
        import av
        import PIL.Image

        PIL.Image.init()
        del av

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the file, under the name of its kind. Raises BadInput where it cannot be made to fit."""
        from core.media.shrink import shrunk

        made = shrunk(inputs["file"], int(inputs["most"]), steer)
        return {made.kind.value: made}
