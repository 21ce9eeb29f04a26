import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from core.errors import BadInput
from core.media.images import format_like, named, open_image, opened, to_media
from core.types import Kind, Media
from tests import samples


def huge_png(width: int, height: int) -> Media:
    """Return a few hundred bytes that say they are a very large picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    data = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return samples.media(data, Kind.IMAGE, "image/png", "bomb.png")


def near(pixel: object, colour: tuple[int, ...]) -> bool:
    """Tell whether a pixel has that colour, but for what JPEG does to it."""
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 14 for one, other in zip(pixel, colour, strict=True))


def with_profile(profile: bytes) -> Media:
    """Return the sample photo, its left half red, with a colour profile."""
    file = BytesIO()
    samples.photo().save(file, "PNG", icc_profile=profile)
    return samples.media(file.getvalue(), Kind.IMAGE, "image/png", "p.png")


def swapped_profile() -> bytes:
    """Return sRGB with red and blue exchanged: whoever follows it sees blue where others see red."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")


@pytest.mark.parametrize("build", [samples.webp, samples.bmp, samples.heic, samples.jpg_cmyk])
def test_formats_open_alike(build: samples.Build) -> None:
    """The same picture in any format opens as the same RGB picture."""
    image = open_image(build())
    assert (image.mode, image.size) == ("RGB", (64, 48))
    assert near(image.getpixel((2, 46)), (255, 0, 0))
    assert near(image.getpixel((60, 46)), (0, 0, 255))


def test_exif_rotation_is_applied_and_exif_is_gone() -> None:
    """A photo taken sideways stands upright afterwards, and neither camera nor place travel on."""
    image = open_image(samples.jpg())
    assert image.size == (48, 64)
    assert near(image.getpixel((46, 2)), (255, 0, 0))
    assert near(image.getpixel((46, 62)), (0, 0, 255))
    for form in ("PNG", "JPEG", "WEBP"):
        saved = Image.open(BytesIO(to_media(image, "a.jpg", form).data))
        assert not saved.getexif()
        assert b"Camera of Ada" not in to_media(image, "a.jpg", form).data
        assert "exif" not in saved.info


def test_alpha_is_kept() -> None:
    """What is see-through opens as RGBA, also with a palette."""
    assert open_image(samples.png()).mode == "RGBA"
    palette = samples.photo().convert("P")
    file = BytesIO()
    palette.save(file, "PNG", transparency=palette.getpixel((0, 0)))
    image = open_image(samples.media(file.getvalue(), Kind.IMAGE, "image/png", "p.png"))
    assert (image.mode, image.getpixel((60, 46))) == ("RGBA", (0, 0, 255, 255))


def test_animation_gives_its_first_frame() -> None:
    """Of a GIF that turns from red over green to blue, red is shown."""
    assert open_image(samples.gif()).getpixel((5, 5)) == (255, 0, 0)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I", "I;16", "F"])
def test_greys_keep_their_range(mode: str) -> None:
    """Black stays black and white stays white in 1, 8, 16 and 32 bits."""
    image = Image.new("L", (4, 1))
    image.putpixel((3, 0), 255)
    if mode in ("I", "I;16", "F"):
        image = image.convert("F").point(lambda value: value * (65_535 / 255)).convert(mode)
    else:
        image = image.convert(mode)
    file = BytesIO()
    image.save(file, "TIFF" if mode in ("F", "I") else "PNG")
    found = open_image(samples.media(file.getvalue(), Kind.IMAGE, "image/png", "g.png")).convert("RGB")
    assert [found.getpixel((0, 0)), found.getpixel((3, 0))] == [(0, 0, 0), (255, 255, 255)]


def test_sixteen_bit_greys_are_scaled_not_cut() -> None:
    """A 16-bit gradient is still a gradient: its middle is half bright."""
    middle = open_image(samples.png_grey16()).getpixel((32, 0))
    assert near(middle, (129, 129, 129))


def test_colour_profile_is_followed() -> None:
    """A picture with a profile of its own is brought to sRGB before the profile is dropped."""
    image = open_image(with_profile(swapped_profile()))
    assert near(image.getpixel((2, 46)), (0, 0, 255))
    assert not image.info


def test_colour_profile_of_a_palette_is_followed() -> None:
    """The profile of a picture with a palette counts as well, also where something is see-through."""
    palette = samples.photo().convert("P", palette=Image.Palette.ADAPTIVE)
    for more in ({}, {"transparency": palette.getpixel((60, 46))}):
        file = BytesIO()
        palette.save(file, "PNG", icc_profile=swapped_profile(), **more)
        image = open_image(samples.media(file.getvalue(), Kind.IMAGE, "image/png", "p.png"))
        assert image.mode == ("RGBA" if more else "RGB")
        assert near(image.convert("RGB").getpixel((2, 46)), (0, 0, 255))


@pytest.mark.parametrize(("mode", "white"), [("I;16", 4095), ("I;16", 1023), ("F", 4095), ("F", 300.0)])
def test_greys_of_fewer_bits_than_their_file_has_are_no_night(mode: str, white: float) -> None:
    """An X-ray of 12 bits in a file of 16 is seen, not black."""
    file = BytesIO()
    image = Image.new("F", (4, 1))
    image.putpixel((3, 0), white)
    image.convert(mode).save(file, "TIFF")
    found = open_image(samples.media(file.getvalue(), Kind.IMAGE, "image/tiff", "x-ray.tiff")).convert("L")
    assert found.getpixel((0, 0)) == 0
    assert found.getpixel((3, 0)) > 70  # type: ignore[operator]


def test_what_is_too_long_for_jpeg_comes_as_png() -> None:
    """JPEG counts to 65,535: a longer strip keeps its size in another format."""
    made = to_media(Image.new("RGB", (70_000, 2)), "strip.jpg", "JPEG")
    assert (made.mime, made.name) == ("image/png", "strip.png")


def test_broken_profile_is_left_out() -> None:
    """A profile that cannot be read changes no colour."""
    image = open_image(with_profile(b"not a profile"))
    assert image.getpixel((2, 46)) == (255, 0, 0)


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (12_000, 12_000)])
def test_bombs_are_refused_before_they_are_decoded(width: int, height: int) -> None:
    """A tiny file that unpacks to gigabytes gets a sentence, and no memory is asked for."""
    with pytest.raises(BadInput, match="smaller version"):
        open_image(huge_png(width, height))


def test_pixel_limit_is_the_callers() -> None:
    """The limit given counts, not the library's warning."""
    assert opened(huge_png(10_000, 10_000), pixels=100_000_000).size == (10_000, 10_000)
    with pytest.raises(BadInput, match="64 x 48 pixels"):
        open_image(samples.webp(), pixels=3000)


@pytest.mark.parametrize("build", samples.IMAGES)
@pytest.mark.parametrize("share", [0.1, 0.5])
def test_cut_files_are_refused(build: samples.Build, share: float) -> None:
    """Half a file of any format is a sentence, not a crash; half a GIF or TIFF holds its first frame."""
    whole = build()
    half = samples.media(whole.data[: int(len(whole.data) * share)], whole.kind, whole.mime, whole.name)
    if build in (samples.gif, samples.tiff) and share == 0.5:
        assert open_image(half).size == open_image(whole).size
        return
    with pytest.raises(BadInput, match=whole.name):
        open_image(half)


def test_no_picture_is_refused() -> None:
    """Text under a picture's name is a sentence."""
    with pytest.raises(BadInput, match="no picture"):
        open_image(samples.txt())


def test_to_media_lays_jpeg_on_white() -> None:
    """JPEG knows no transparency: what was see-through turns white, not black."""
    made = to_media(open_image(samples.png()), "alpha.png", "JPEG")
    assert (made.name, made.mime, made.kind) == ("alpha.jpg", "image/jpeg", Kind.IMAGE)
    assert near(Image.open(BytesIO(made.data)).getpixel((32, 40)), (255, 255, 255))


def test_names_and_formats() -> None:
    """A photo's successor is a JPEG, a drawing's a PNG, and the name says what was done."""
    assert named("cat.heic", ".png", "grey") == "cat-grey.png"
    assert named("", ".png") == "file.png"
    assert format_like(samples.jpg(), samples.photo()) == "JPEG"
    assert format_like(samples.jpg(), samples.photo(mode="RGBA")) == "PNG"
    assert format_like(samples.png(), samples.photo()) == "PNG"
