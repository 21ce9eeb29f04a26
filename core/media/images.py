"""Pictures: bytes to Pillow images that every expert can rely on, and back to bytes."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from core.errors import BadInput
from core.types import Kind, Media

if TYPE_CHECKING:
    from PIL.Image import Image

PIXELS = 100_000_000
"""Most pixels an expert takes in. What people send is held to the installation's own limit before."""

READABLE = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF")
"""Pillow's names of the formats taken in: its other decoders are rare and little tried."""

_JPEG_SIDE = 65_500  # pixels
_DEPTHS = (255, 1023, 4095, 16_383, 65_535)
"""Whites of pictures with more than 8 bits: X-rays have 12 and come in files for 16."""

_FORMATS = {"PNG": ("image/png", ".png"), "JPEG": ("image/jpeg", ".jpg"), "WEBP": ("image/webp", ".webp")}


def open_image(media: Media, pixels: int = PIXELS) -> Image:
    """Return the picture as RGB, or RGBA where it has transparency: upright, 8 bits a channel, in sRGB, bare of EXIF.

    Of an animation or a file of several pages, the first frame. Raises BadInput when it is no picture, is damaged or
    has more than ``pixels``.
    """
    return plain(opened(media, pixels), media.name)


def opened(media: Media, pixels: int = PIXELS) -> Image:
    """Return the file as Pillow opens it: size and frames are known, nothing is decoded yet. Raises BadInput."""
    import PIL.Image

    if media.data[4:8] == b"ftyp":  # only HEIC needs this plug-in; AVIF is Pillow's own
        import pillow_heif

        pillow_heif.register_heif_opener()
    try:
        with quiet():
            image = PIL.Image.open(BytesIO(media.data), formats=READABLE)
    except PIL.Image.DecompressionBombError:
        raise BadInput(f"{media.name} has more than {pixels:,} pixels. Please send a smaller version.") from None
    except Exception as error:  # decoders raise anything on broken bytes
        raise BadInput(f"{media.name} cannot be opened as a picture: it is damaged or no picture.") from error
    within(image, media.name, pixels)
    return image


@contextmanager
def quiet() -> Iterator[None]:
    """Keep Pillow from warning of large pictures, of which we have our own limit, and of odd metadata."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def within(image: Image, name: str, pixels: int = PIXELS) -> None:
    """Raise BadInput when the picture has more than ``pixels``."""
    if image.width * image.height > pixels:
        size = f"{image.width} x {image.height}"
        raise BadInput(f"{name} is {size} pixels large, more than {pixels:,}. Please send a smaller version.")


def frame_count(image: Image, name: str) -> int:
    """Return how many frames or pages a file has that :func:`opened` returned. Raises BadInput when it is damaged."""
    try:
        with quiet():
            return int(getattr(image, "n_frames", 1))
    except Exception as error:  # decoders raise anything on broken bytes
        raise BadInput(f"{name} is damaged or cut off: it cannot be read to its end.") from error


def frame_at(image: Image, number: int, name: str) -> Image:
    """Return a frame of what :func:`opened` returned, as it is shown after those before it. Raises BadInput."""
    try:
        with quiet():
            image.seek(number)
            return image.copy()
    except Exception as error:  # decoders raise anything on broken bytes
        raise BadInput(f"{name} is damaged or cut off: it cannot be read to its end.") from error


def plain(image: Image, name: str) -> Image:
    """Decode what :func:`opened` returned and make it upright RGB or RGBA. Raises BadInput when it is damaged."""
    from PIL import ImageOps

    try:
        with quiet():
            image.load()
            image = ImageOps.exif_transpose(image)
            image = _in_srgb(_eight_bit(image))
            image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    except Exception as error:  # decoders raise anything on broken bytes
        raise BadInput(f"{name} is damaged or cut off: it cannot be read to its end.") from error
    image.info = {}  # no comment, place or profile of the original travels on
    return image


def to_media(image: Image, name: str, format: str = "PNG", quality: int = 92) -> Media:  # noqa: A002 - Pillow's word
    """Return the picture's bytes as ``format`` (PNG, JPEG or WEBP), named after ``name`` with the right ending.

    JPEG knows no transparency: it is laid on white. What is too long for JPEG comes as PNG.
    """
    format = "PNG" if format == "JPEG" and max(image.size) > _JPEG_SIDE else format  # noqa: A001 - Pillow's word
    mime, ending = _FORMATS[format]
    image = on_white(image) if format == "JPEG" else image.copy()
    image.info = {}
    file = BytesIO()
    image.save(file, format=format, **({"compress_level": 3} if format == "PNG" else {"quality": quality}))
    return Media(data=file.getvalue(), kind=Kind.IMAGE, mime=mime, name=named(name, ending))


def format_like(media: Media, image: Image) -> str:
    """Return what to save a photo's successor as: JPEG for a photo, PNG for drawings and what is see-through."""
    photo = media.mime in ("image/jpeg", "image/heic", "image/avif") and not image.has_transparency_data
    return "JPEG" if photo else "PNG"


def named(name: str, ending: str, suffix: str = "") -> str:
    """Return ``name`` with ``suffix`` added to its stem and another ending: ``cat.heic`` to ``cat-grey.png``."""
    stem = PurePath(name).stem[:80] or "file"
    return f"{stem}{'-' if suffix else ''}{suffix}{ending}"


def on_white(image: Image) -> Image:
    """Return the picture as RGB, what is see-through laid on white."""
    import PIL.Image

    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    white = PIL.Image.new("RGBA", image.size, "white")
    return PIL.Image.alpha_composite(white, image).convert("RGB")


def see_through(image: Image) -> bool:
    """Whether a picture really makes use of its transparency."""
    if not image.has_transparency_data:
        return False
    low, _ = image.convert("RGBA").getchannel("A").getextrema()
    return isinstance(low, int) and low < 255


def _eight_bit(image: Image) -> Image:
    """Scale 16-bit, 32-bit and floating-point greys down: Pillow's own conversion cuts them off at 255."""
    if not image.mode.startswith(("I", "F")):
        return image
    high: Any = image.convert("F").getextrema()[1]
    top = next((top for top in ((1, *_DEPTHS) if image.mode == "F" else _DEPTHS) if high <= top), high)
    return image.convert("F").point(lambda value: value * (255 / top)).convert("L")


def _in_srgb(image: Image) -> Image:
    """Follow the picture's colour profile, so that its colours stay right when the profile is left out."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    if profile and image.mode == "P":
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK", "L"):
        return image
    mode = image.mode if image.mode in ("RGBA", "L") else "RGB"
    target = "RGB" if mode == "L" else mode
    try:
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, BytesIO(profile), srgb, outputMode=target) or image
    except ImageCms.PyCMSError:  # a broken profile, or one for another kind of colours: show the colours as they are
        return image
