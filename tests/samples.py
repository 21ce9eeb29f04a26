"""Sample files of every kind JARVIS takes in, made on the spot: small, with known content, the same each time."""

from __future__ import annotations

import ctypes
import math
import struct
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias

import av
import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from core.types import Kind, Media

Build: TypeAlias = Callable[[], Media]
"""A builder of one sample."""

INVOICE_LINES = (
    "INVOICE",
    "INVOICE NO: 18301/102/T0305",
    "Date: 14 March 2024",
    "Customer: Ada Lovelace",
    "Consulting        1,200.00",
    "Travel               34.50",
    "TOTAL: 1,234.50 EUR",
)
POEM = "The quick brown fox jumps over the lazy dog.\nZwölf Boxkämpfer jagen Viktor über den Sylter Deich."

_GPS = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)}


def media(data: bytes, kind: Kind, mime: str, name: str) -> Media:
    """Return a sample as an expert would get it."""
    return Media(data=data, kind=kind, mime=mime, name=name)


def save(folder: Path, sample: Media) -> Path:
    """Write a sample below ``folder`` under its own name."""
    path = folder / sample.name
    path.write_bytes(sample.data)
    return path


# ---------------------------------------------------------------- pictures


def photo(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Return a picture whose left half is red and right half blue, with a white dot in the upper left corner."""
    image = Image.new("RGB", (width, height), (0, 0, 255))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, (width - 1) // 2, height), fill=(255, 0, 0))
    draw.ellipse((width // 16, height // 12, width // 4, height // 3), fill="white")
    return image.convert(mode)


def noise(width: int, height: int, mode: str = "RGB", seed: int = 7) -> Image.Image:
    """Return what no format can pack well: every point has a colour of its own."""
    points = np.random.default_rng(seed).integers(0, 256, (height, width, len(mode)), np.uint8)
    return Image.fromarray(points, mode)


def _encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, format=form, **options)
    return file.getvalue()


def picture(image: Image.Image, name: str = "picture.png") -> Media:
    """Return any Pillow picture as a PNG."""
    return media(_encoded(image, "PNG"), Kind.IMAGE, "image/png", name)


def png() -> Media:
    """64 x 48 with alpha: the lower half is see-through."""
    image = photo(mode="RGBA")
    image.paste((0, 0, 0, 0), (0, 24, 64, 48))
    return media(_encoded(image, "PNG"), Kind.IMAGE, "image/png", "alpha.png")


def jpg() -> Media:
    """Stored 64 x 48, lying on its side with EXIF saying so, and with a place in it: upright it is 48 x 64."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to show
    exif[0x0110] = "Camera of Ada"
    exif.get_ifd(0x8825).update(_GPS)
    return media(_encoded(photo(), "JPEG", exif=exif, quality=95), Kind.IMAGE, "image/jpeg", "photo.jpg")


def jpg_cmyk() -> Media:
    """Return a JPEG in printing colours."""
    return media(_encoded(photo(mode="CMYK"), "JPEG", quality=95), Kind.IMAGE, "image/jpeg", "print.jpg")


def png_grey16() -> Media:
    """Return a 16-bit grey gradient, 64 x 48, black to white."""
    row = np.linspace(0, 65_535, 64).astype(np.uint16)
    return picture(Image.fromarray(np.tile(row, (48, 1))), "deep.png")


def webp() -> Media:
    """64 x 48."""
    return media(_encoded(photo(), "WEBP"), Kind.IMAGE, "image/webp", "photo.webp")


def gif() -> Media:
    """Three frames, red, green and blue, 64 x 48, 0.1 s each."""
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("red", "lime", "blue")]
    data = _encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100, loop=0)
    return media(data, Kind.IMAGE, "image/gif", "blink.gif")


def bmp() -> Media:
    """64 x 48."""
    return media(_encoded(photo(), "BMP"), Kind.IMAGE, "image/bmp", "photo.bmp")


def tiff(texts: Sequence[str] = ("Page one", "Page two", "Page three")) -> Media:
    """Return a TIFF of one written page for each text, 600 x 200."""
    first, *rest = (written([text], (600, 200)) for text in texts)
    data = _encoded(first, "TIFF", save_all=True, append_images=rest, compression="tiff_lzw")
    return media(data, Kind.IMAGE, "image/tiff", "scan.tiff")


def heic() -> Media:
    """64 x 48, as telephones take them."""
    import pillow_heif

    pillow_heif.register_heif_opener()
    return media(_encoded(photo(), "HEIF"), Kind.IMAGE, "image/heic", "photo.heic")


def written(lines: Sequence[str], size: tuple[int, int] = (1000, 700), points: float = 40) -> Image.Image:
    """Return black text on white, one line below the other."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(points)
    for number, line in enumerate(lines):
        draw.text((60, 50 + number * points * 2), line, fill="black", font=font)
    return image


def invoice() -> Media:
    """1000 x 700: the picture of an invoice, see ``INVOICE_LINES``."""
    return media(_encoded(written(INVOICE_LINES), "PNG"), Kind.IMAGE, "image/png", "invoice.png")


# ---------------------------------------------------------------- pages


def pdf(page_texts: Sequence[Sequence[str]] = (INVOICE_LINES, ("Second page", "Thank you for your order."))) -> Media:
    """Return an A4 PDF with a text layer, a page for each sequence of lines."""
    document = pypdfium2.PdfDocument.new()
    for lines in page_texts:
        _write_page(document, lines)
    file = BytesIO()
    document.save(file)
    document.close()
    return media(file.getvalue(), Kind.DOCUMENT, "application/pdf", "invoice.pdf")


def _write_page(document: Any, lines: Sequence[str], size: tuple[float, float] = (595, 842)) -> None:
    raw = pypdfium2.raw
    page = document.new_page(*size)
    for number, line in enumerate(lines):
        text = raw.FPDFPageObj_NewTextObj(document, b"Helvetica", ctypes.c_float(18))
        wide = (line + "\0").encode("utf-16-le")
        raw.FPDFText_SetText(text, (ctypes.c_ushort * (len(wide) // 2)).from_buffer_copy(wide))
        raw.FPDFPageObj_Transform(text, 1, 0, 0, 1, 60, size[1] - 80 - number * 36)
        raw.FPDFPage_InsertObject(page, text)
    page.gen_content()
    page.close()


def pdf_locked() -> Media:
    """Return a PDF that asks for a password."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] >>",
        b"<< /Filter /Standard /V 1 /R 2 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b"> /P -4 >>",
    )
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<< /Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<4344> <4344>] >>"
    start = len(data)
    data += b"xref\n0 5\n0000000000 65535 f \n%strailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (table, trailer, start)
    return media(data, Kind.DOCUMENT, "application/pdf", "locked.pdf")


def pdf_scanned() -> Media:
    """Return the invoice's picture as a PDF of one page, without text of its own."""
    data = _encoded(written(INVOICE_LINES), "PDF", resolution=100)
    return media(data, Kind.DOCUMENT, "application/pdf", "scanned.pdf")


def pdf_of(count: int, size: tuple[float, float] = (595, 842)) -> Media:
    """Return a PDF of ``count`` empty pages of ``size`` in points."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(count):
        document.new_page(*size).close()
    file = BytesIO()
    document.save(file)
    document.close()
    return media(file.getvalue(), Kind.DOCUMENT, "application/pdf", "blank.pdf")


# ---------------------------------------------------------------- text


def txt(text: str = POEM, encoding: str = "utf-8") -> Media:
    """Return a text file in any encoding."""
    return media(text.encode(encoding), Kind.TEXT, "text/plain", "poem.txt")


def csv() -> Media:
    """Return a small table as text."""
    return media(b"name,apples\nAda,3\nAlan,5\n", Kind.TEXT, "text/csv", "apples.csv")


# ---------------------------------------------------------------- sound and film


def _tone(seconds: float, rate: int, channels: int, volume: float = 0.3) -> Iterator[av.AudioFrame]:
    """Yield a tone of 440 Hz in frames of 1024 samples."""
    times = np.arange(round(seconds * rate)) / rate
    wave = (np.sin(2 * math.pi * 440 * times) * volume * 32_767).astype(np.int16)
    for start in range(0, len(wave), 1024):
        part = np.repeat(wave[start : start + 1024], channels).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono" if channels == 1 else "stereo")
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        yield frame


def sound(  # a file of each container and codec
    container: str = "wav",
    codec: str = "pcm_s16le",
    *,
    seconds: float = 1.0,
    rate: int = 48_000,
    channels: int = 1,
    volume: float = 0.3,
) -> bytes:
    """Return a tone of 440 Hz; ``volume`` 0 is silence."""
    file = BytesIO()
    with av.open(file, "w", format=container) as output:
        stream: Any = output.add_stream(codec, rate=rate, layout="mono" if channels == 1 else "stereo")
        if codec == "wmav2":  # it knows no usual one
            stream.bit_rate = 64_000
        output.start_encoding()  # a header even without sound
        for frame in _tone(seconds, rate, channels, volume):
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return file.getvalue()


def wav(seconds: float = 1.0, rate: int = 48_000, channels: int = 1, volume: float = 0.3) -> Media:
    """Return a tone of 440 Hz as WAV."""
    data = sound(seconds=seconds, rate=rate, channels=channels, volume=volume)
    return media(data, Kind.AUDIO, "audio/wav", "tone.wav")


def mp3() -> Media:
    """One second."""
    return media(sound("mp3", "libmp3lame"), Kind.AUDIO, "audio/mpeg", "tone.mp3")


def m4a() -> Media:
    """One second of AAC."""
    return media(sound("ipod", "aac"), Kind.AUDIO, "audio/mp4", "tone.m4a")


def ogg() -> Media:
    """One second of Opus, as voice messages are."""
    return media(sound("ogg", "libopus"), Kind.AUDIO, "audio/ogg", "voice.ogg")


def flac() -> Media:
    """One second."""
    return media(sound("flac", "flac"), Kind.AUDIO, "audio/flac", "tone.flac")


def webm_audio() -> Media:
    """One second of Opus in WebM, as browsers record."""
    return media(sound("webm", "libopus"), Kind.AUDIO, "audio/webm", "recording.webm")


def film(  # a file of each container and codec
    container: str = "mp4",
    codec: str = "libx264",
    *,
    size: tuple[int, int] = (64, 48),
    frames: int = 20,
    sound_codec: str | None = "aac",
) -> bytes:
    """Return ``frames`` pictures at 10 a second that turn from black to red, with a tone where a codec is given."""
    file = BytesIO()
    with av.open(file, "w", format=container) as output:
        quick = {"preset": "ultrafast"} if codec == "libx264" else {"deadline": "realtime", "cpu-used": "8"}
        video: Any = output.add_stream(codec, rate=10, options=quick)
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        audio: Any = output.add_stream(sound_codec, rate=48_000, layout="mono") if sound_codec else None
        for number in range(frames):
            image = Image.new("RGB", size, (255 * number // max(1, frames - 1), 0, 0))
            output.mux(video.encode(av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")))
        output.mux(video.encode(None))
        if audio:
            for frame in _tone(frames / 10, 48_000, 1):
                output.mux(audio.encode(frame))
            output.mux(audio.encode(None))
    return file.getvalue()


def mp4(size: tuple[int, int] = (64, 48), frames: int = 20, *, silent: bool = False) -> Media:
    """Two seconds of H.264 with AAC."""
    data = film(size=size, frames=frames, sound_codec=None if silent else "aac")
    return media(data, Kind.VIDEO, "video/mp4", "film.mp4")


def mp4_upright() -> Media:
    """Return a film as a telephone held upright takes it: stored 64 x 48, with a note to turn it clockwise."""
    lying = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    turned = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    data = mp4(silent=True).data
    track = data.index(b"tkhd")
    return media(data[:track] + data[track:].replace(lying, turned, 1), Kind.VIDEO, "video/mp4", "upright.mp4")


def mov() -> Media:
    """Two seconds of H.264 with AAC."""
    return media(film("mov"), Kind.VIDEO, "video/quicktime", "film.mov")


def webm() -> Media:
    """Two seconds of VP9 with Opus."""
    return media(film("webm", "libvpx-vp9", sound_codec="libopus"), Kind.VIDEO, "video/webm", "film.webm")


def mp4_without_frames() -> Media:
    """Return an MP4 that announces moving pictures and holds none."""
    file = BytesIO()
    with av.open(file, "w", format="mp4") as output:
        video: Any = output.add_stream("libx264", rate=10)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        output.start_encoding()
    return media(file.getvalue(), Kind.VIDEO, "video/mp4", "nothing.mp4")


def m4a_with_cover() -> Media:
    """Return a song whose cover is stored as if it were film."""
    file = BytesIO()
    with av.open(file, "w", format="mp4") as output:
        track: Any = output.add_stream("aac", rate=48_000, layout="mono")
        cover: Any = output.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 48, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        output.mux(cover.encode(av.VideoFrame.from_ndarray(np.asarray(photo()), format="rgb24")))
        output.mux(cover.encode(None))
        for frame in _tone(1, 48_000, 1):
            output.mux(track.encode(frame))
        output.mux(track.encode(None))
    return media(file.getvalue(), Kind.AUDIO, "audio/mp4", "song.m4a")


def mp4_sound_only() -> Media:
    """Return an MP4 that holds sound and no pictures."""
    return media(sound("mp4", "aac"), Kind.AUDIO, "audio/mp4", "only-sound.mp4")


def as_film(container: str, codec: str, sound_codec: str, mime: str, ending: str) -> Build:
    """Return what builds two seconds of film in another container."""

    def build() -> Media:
        return media(film(container, codec, sound_codec=sound_codec), Kind.VIDEO, mime, f"film{ending}")

    build.__name__ = f"{ending[1:]}_{codec}"
    return build


def as_sound(container: str, codec: str, mime: str, ending: str, rate: int = 48_000) -> Build:
    """Return what builds a second of sound in another container."""

    def build() -> Media:
        return media(sound(container, codec, rate=rate), Kind.AUDIO, mime, f"tone{ending}")

    build.__name__ = f"{ending[1:]}_{codec}"
    return build


OTHER_FILMS: tuple[Build, ...] = (
    as_film("matroska", "libx264", "aac", "video/x-matroska", ".mkv"),
    as_film("avi", "mpeg4", "libmp3lame", "video/x-msvideo", ".avi"),
    as_film("asf", "wmv2", "libmp3lame", "video/x-ms-wmv", ".wmv"),
    as_film("flv", "libx264", "aac", "video/x-flv", ".flv"),
    as_film("mpegts", "libx264", "aac", "video/mp2t", ".ts"),
    as_film("3gp", "libx264", "aac", "video/mp4", ".3gp"),
    as_film("ipod", "libx264", "aac", "video/mp4", ".m4v"),
)
OTHER_SOUNDS: tuple[Build, ...] = (
    as_sound("adts", "aac", "audio/aac", ".aac"),
    as_sound("aiff", "pcm_s16be", "audio/aiff", ".aiff"),
    as_sound("amr", "libopencore_amrnb", "audio/amr", ".amr", 8_000),
    as_sound("caf", "pcm_s16le", "audio/x-caf", ".caf"),
    as_sound("asf", "wmav2", "audio/x-ms-wma", ".wma"),
    as_sound("ogg", "libopus", "audio/ogg", ".opus"),
    as_sound("ipod", "aac", "audio/mp4", ".m4b"),
    as_sound("matroska", "flac", "audio/x-matroska", ".mka"),
    as_sound("mpegts", "aac", "audio/mp2t", ".ts"),
    as_sound("3gp", "aac", "audio/mp4", ".m4a"),
)
"""Formats that people drag into chats besides the usual ones."""

IMAGES: tuple[Build, ...] = (jpg, png, webp, gif, bmp, tiff, heic)
AUDIOS: tuple[Build, ...] = (wav, mp3, m4a, ogg, flac, webm_audio)
VIDEOS: tuple[Build, ...] = (mp4, mov, webm)
DOCUMENTS: tuple[Build, ...] = (pdf,)
TEXTS: tuple[Build, ...] = (txt, csv)
ALL: tuple[Build, ...] = (*IMAGES, *AUDIOS, *VIDEOS, *DOCUMENTS, *TEXTS)
"""One builder for every format that JARVIS takes in."""
