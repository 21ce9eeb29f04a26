"""Whether media are what they say: decoded to the end by the libraries that people's players are made of."""

from __future__ import annotations

from io import BytesIO

import av
from PIL import Image

from core.types import Kind, Media


def playable(media: Media) -> None:
    """Decode a picture, a recording or a film whole; a text must be one."""
    match media.kind:
        case Kind.IMAGE:
            image = Image.open(BytesIO(media.data))
            assert Image.MIME[image.format or ""] == media.mime
            image.load()
        case Kind.AUDIO:
            assert media.mime.startswith("audio/")
            assert _seconds(media) > 0
        case Kind.VIDEO:
            _plays_inline(media)
        case _:
            media.data.decode()


def _seconds(media: Media) -> float:
    """Decode a recording and return how long it plays."""
    with av.open(BytesIO(media.data), "r") as container:
        return sum(float(frame.samples / frame.rate) for frame in container.decode(audio=0))


def _frames(media: Media) -> int:
    """Decode a film and return how many frames it has."""
    with av.open(BytesIO(media.data), "r") as container:
        return sum(1 for _ in container.decode(video=0))


def _plays_inline(media: Media) -> None:
    """Discord, Slack and browsers show H.264 with half the colour resolution, in an mp4, without downloading it."""
    assert media.mime == "video/mp4"
    with av.open(BytesIO(media.data)) as container:
        video = container.streams.video[0].codec_context
        assert (video.name, video.pix_fmt) == ("h264", "yuv420p")
        assert video.width % 2 == video.height % 2 == 0
    assert _frames(media) > 0
