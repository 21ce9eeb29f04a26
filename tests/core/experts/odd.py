"""Pictures of unusual shape, depth and colours, of which every expert has to make something."""

from io import BytesIO

from PIL import Image

from core.types import Kind, Media
from tests import samples


def _tiff(image: Image.Image) -> Media:
    file = BytesIO()
    image.save(file, "TIFF")
    return samples.media(file.getvalue(), Kind.IMAGE, "image/tiff", "picture.tiff")


ODD = {
    "one pixel": samples.picture(Image.new("RGB", (1, 1), "red")),
    "strip": samples.picture(samples.photo(10_000, 10)),
    "upright strip": samples.picture(samples.photo(1, 3000)),
    "grey": samples.picture(samples.photo(mode="L")),
    "grey with alpha": samples.picture(samples.photo(mode="LA")),
    "one bit": samples.picture(samples.photo(mode="1")),
    "sixteen bit": samples.png_grey16(),
    "float": _tiff(samples.photo(mode="F")),
    "palette": samples.picture(samples.photo(mode="P")),
    "printing colours": samples.jpg_cmyk(),
    "alpha": samples.png(),
    "animation": samples.gif(),
    "several pages": samples.tiff(),
    "heic": samples.heic(),
}


def shown(media: object) -> Image.Image:
    """Open what an expert gave, strictly."""
    assert isinstance(media, Media)
    assert media.kind is Kind.IMAGE
    image = Image.open(BytesIO(media.data))
    assert Image.MIME[image.format or ""] == media.mime
    image.load()
    return image
