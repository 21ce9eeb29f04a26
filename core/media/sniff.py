"""What a file is, by its content. A signature is all that is read here: whether the rest holds is the probe's work."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

import filetype

from core.errors import BadInput
from core.types import Kind

SUPPORTED = (
    "pictures (jpg, png, webp, gif, bmp, tiff, heic, avif), PDF, "
    "sound (wav, mp3, m4a, aac, ogg, opus, flac, wma, aiff, amr, caf), "
    "video (mp4, mov, mkv, webm, avi, wmv, flv, mpg, ts, 3gp) and text (txt, md, csv, json)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A kind of file that is taken in. The first ending is the usual one."""

    mime: str
    kind: Kind
    endings: tuple[str, ...]


FORMATS = {
    mime: Format(mime=mime, kind=Kind(kind), endings=tuple(endings.split()))
    for mime, kind, endings in (
        ("image/jpeg", "image", ".jpg .jpeg .jfif"),
        ("image/png", "image", ".png .apng"),
        ("image/webp", "image", ".webp"),
        ("image/gif", "image", ".gif"),
        ("image/bmp", "image", ".bmp"),
        ("image/tiff", "image", ".tiff .tif"),
        ("image/heic", "image", ".heic .heif"),
        ("image/avif", "image", ".avif"),
        ("application/pdf", "document", ".pdf"),
        ("audio/wav", "audio", ".wav"),
        ("audio/mpeg", "audio", ".mp3"),
        ("audio/mp4", "audio", ".m4a .m4b .m4r"),
        ("audio/ogg", "audio", ".ogg .opus .oga"),
        ("audio/flac", "audio", ".flac"),
        ("audio/aac", "audio", ".aac"),
        ("audio/aiff", "audio", ".aiff .aif .aifc"),
        ("audio/amr", "audio", ".amr .awb"),
        ("audio/x-caf", "audio", ".caf"),
        ("audio/webm", "audio", ".webm"),
        ("audio/x-matroska", "audio", ".mka"),
        ("audio/x-ms-wma", "audio", ".wma"),
        ("audio/x-msvideo", "audio", ".avi"),
        ("audio/x-flv", "audio", ".flv"),
        ("audio/mp2p", "audio", ".mpg"),
        ("audio/mp2t", "audio", ".ts"),
        ("video/webm", "video", ".webm"),
        ("video/x-matroska", "video", ".mkv .mk3d"),
        ("video/mp4", "video", ".mp4 .m4v .3gp .3g2 .f4v"),
        ("video/quicktime", "video", ".mov .qt"),
        ("video/ogg", "video", ".ogv"),
        ("video/x-msvideo", "video", ".avi .divx"),
        ("video/x-ms-wmv", "video", ".wmv .asf"),
        ("video/x-flv", "video", ".flv"),
        ("video/mpeg", "video", ".mpg .mpeg .vob"),
        ("video/mp2t", "video", ".ts .m2ts .mts"),
        ("text/plain", "text", ".txt"),
        ("text/markdown", "text", ".md"),
        ("text/csv", "text", ".csv"),
        ("application/json", "text", ".json"),
    )
}

_ALIASES = {
    "audio/x-wav": "audio/wav",
    "audio/x-flac": "audio/flac",
    "image/apng": "image/png",
    "video/x-m4v": "video/mp4",
    "video/3gpp": "video/mp4",
}
_HINTS = (
    (re.compile("sheet|excel|[.](?:xlsx?|ods|numbers)$"), "Saved as CSV, or as a PDF, it would work."),
    (
        re.compile("word|officedocument|opendocument|powerpoint|rtf|postscript|[.](?:docx?|pptx?|odt|pages|key)$"),
        "Saved as a PDF it would work.",
    ),
    (re.compile("svg|photoshop|x-icon|image/"), "Saved as PNG it would work."),
    (re.compile("zip|x-tar|rar|7z|xz|zstd|x-bzip2"), "Please send the files that are in it."),
    (re.compile("audio/|[.](?:ac3|ape|au|dsf|dts|mka|mp2|ra|snd|tta|voc|w64|wv)$"), "Saved as MP3 it would work."),
    (re.compile("video/|[.](?:dv|m2v|mxf|nut|rmv?b?|swf|y4m)$"), "Saved as MP4 it would work."),
)
_MPEG_AUDIO = (b"\xe2", b"\xe3", b"\xf2", b"\xf3", b"\xfa", b"\xfb")
"""Second byte of a frame of MP3: of versions 2.5 (8 to 12 kHz), 2 and 1, with a check sum and without."""

_SIGNATURES = tuple(
    (re.compile(pattern, re.DOTALL), mime)
    for pattern, mime in (
        (rb"\x1a\x45\xdf\xa3.{0,60}?\x42\x82.{1,8}?webm", "video/webm"),
        (rb"\x1a\x45\xdf\xa3.{0,60}?\x42\x82.{1,8}?matroska", "video/x-matroska"),
        (rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9", "video/x-ms-wmv"),
        (rb"RIFF....AVI ", "video/x-msvideo"),
        (rb"FLV\x01", "video/x-flv"),
        (rb"\x00\x00\x01\xba", "video/mpeg"),
        (rb"\x00\x00\x01[\xb0-\xbf]", "video/mpv"),  # pictures without a container, and so without times
        (rb"....(?:moov|mdat|wide|pnot)", "video/quicktime"),  # of cameras that were older than its signature
        (rb"FORM....AIF[FC]", "audio/aiff"),
        (rb"#!AMR(?:-WB)?\n", "audio/amr"),
        (rb"caff\x00[\x01\x02]", "audio/x-caf"),
    )
)
"""Of containers that hold sound as well as film; what is in them the probe finds out."""

_PACKETS = ((188, 0), (192, 4), (204, 0))
"""Bytes of a packet of MPEG-TS, and where its first mark stands: broadcast, camcorders and discs, satellites."""

_MARK, _MARKS = 0x47, 3

_HEIF = (b"mif1", b"msf1", b"heix", b"hevc", b"heim", b"heis", b"avis")  # brands: pictures, and rows of them
_LATE_PDF = re.compile(rb"^(?:\xef\xbb\xbf)?%PDF-\d\.\d\s", re.MULTILINE)  # behind what a server or a mail said
_ASCII_FORMATS = (b"%PDF-", b"%!PS", b"{\\rtf")  # formats that may consist of readable characters only
_WRITTEN_PICTURE = re.compile(  # nothing that matched is tried in another way: many comments must not take for ever
    rb"(?:<\?xml[^>]*+>|(?><!--.*?-->)|<!DOCTYPE[^>]*+>|\s)*+<svg\b", re.DOTALL | re.IGNORECASE
)
_AMBIGUOUS = {".ts", ".mts"}  # TypeScript, which is text
_MEDIA_ENDINGS = {
    end for known in FORMATS.values() if known.kind is not Kind.TEXT for end in known.endings
} - _AMBIGUOUS
_HEAD = 8192  # bytes that are looked at
_ADTS = 7  # bytes of the header of a frame of AAC
_SHORT = 24  # bytes: longer files of other kinds have control characters


def sniff(data: bytes, name: str) -> Format:
    """Return what ``data`` says it is; ``name`` only serves the sentences. Raises BadInput for what is not taken in."""
    if not data:
        raise BadInput(f"{name} is empty.")
    head = data[:_HEAD]
    if _LATE_PDF.search(head[:1024]) and b"%%EOF" in data[-1024:]:
        return FORMATS["application/pdf"]
    if _WRITTEN_PICTURE.match(head.removeprefix(codecs.BOM_UTF8)):
        raise _unsupported(name, "image/svg+xml")
    if looks_like_text(head) and not head.lstrip().startswith(_ASCII_FORMATS):
        return _text(name)
    mime = _signature(_behind_tag(data))
    if mime not in FORMATS:
        raise _unsupported(name, mime)
    return FORMATS[mime]


def looks_like_text(head: bytes) -> bool:
    """Tell whether a file's first bytes are text: with a byte order mark, UTF-8, or at least without control bytes."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        return True
    if any(byte < 0x20 and byte not in b"\t\n\v\f\r\x1b" for byte in head):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return len(head) > _SHORT or filetype.guess(head) is None
    return True


def safe_name(name: str, form: Format) -> str:
    """Return a file name without folders, control or reserved characters, that ends as its content demands."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/")
    path = PurePosixPath(PurePosixPath(name).name or "file")
    ending = path.suffix.lower()
    stem = path.stem if ending in form.endings or ending in _MEDIA_ENDINGS | {".txt"} else path.name
    stem = "".join("_" if char in '<>:"|?*' else char for char in stem if unicodedata.category(char)[0] != "C")
    return (stem.strip(". ")[:80] or "file") + (ending if ending in form.endings else form.endings[0])


def _behind_tag(data: bytes) -> bytes:
    """Return the first bytes; of a recording that is no MP3 those behind the MP3's tag that some programs add."""
    size = sum((byte & 0x7F) << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=False))
    behind = data[size + 10 : size + 10 + _HEAD] if data.startswith(b"ID3") else b""
    return behind if behind.startswith(b"fLaC") or _is_aac(behind) else data[:_HEAD]


def _is_aac(head: bytes) -> bool:
    """Tell whether frames of AAC follow one another (ADTS): each says how long it is, and begins like the first."""
    if len(head) < _ADTS or not _begins_aac(head):
        return False
    size = (head[3] & 0x03) << 11 | head[4] << 3 | head[5] >> 5
    return size >= _ADTS and (len(head) < size + 2 or _begins_aac(head[size:]))


def _begins_aac(head: bytes) -> bool:
    return head[0] == 0xFF and head[1] & 0xF6 == 0xF0


def _is_packets(head: bytes) -> bool:
    """Tell whether a file consists of packets that begin with the mark of MPEG-TS."""
    rows = (head[first::size] for size, first in _PACKETS)
    return any(len(row) >= _MARKS and set(row) == {_MARK} for row in rows)


def _text(name: str) -> Format:
    """Which text it is only its name can tell; but a name that promises a picture, sound or PDF is a lie."""
    ending = PurePosixPath(name).suffix.lower()
    if ending in _MEDIA_ENDINGS:
        raise BadInput(f"{name} is no {ending[1:]} file: it holds text. Under its true name it would be read as text.")
    texts = (form for form in FORMATS.values() if form.kind is Kind.TEXT)
    return next((form for form in texts if ending in form.endings), FORMATS["text/plain"])


def _signature(head: bytes) -> str:
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF:
        return "image/avif" if b"avif" in head[8:40] or b"avis" in head[8:40] else "image/heic"
    if head[:1] == b"\xff" and head[1:2] in _MPEG_AUDIO:
        return "audio/mpeg"
    if _is_aac(head):
        return "audio/aac"
    known = next((mime for pattern, mime in _SIGNATURES if pattern.match(head)), "")
    if known or _is_packets(head):
        return known or "video/mp2t"
    found = filetype.guess(head)
    if found is None:
        return "video/mp4" if head[4:8] == b"ftyp" else ""  # brands of MP4 are many
    mime = str(found.mime)
    return "" if mime == "audio/aac" else _ALIASES.get(mime, mime)  # two bytes are enough for it there


def _unsupported(name: str, mime: str) -> BadInput:
    told = f"{mime} {PurePosixPath(name).suffix.lower()}"  # old files of all offices have one signature, or a ZIP's
    hint = next((hint for pattern, hint in _HINTS if pattern.search(told)), "")
    what = f"{name} ({mime})" if mime else name
    return BadInput(" ".join(f"I cannot use {what}. {hint} I take {SUPPORTED}.".split()))
