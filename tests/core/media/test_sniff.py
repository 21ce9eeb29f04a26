import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.media.sniff import FORMATS, SUPPORTED, safe_name, sniff
from core.types import Kind
from tests import samples


@pytest.mark.parametrize("build", samples.ALL)
def test_every_format_is_known_by_its_content(build: samples.Build) -> None:
    """A file is known under a name that says nothing."""
    sample = build()
    form = sniff(sample.data, "file")
    if build is samples.webm_audio:  # whether WebM holds pictures is not in its signature
        assert form.mime == "video/webm"
    elif build is samples.csv:  # only its name tells one text from another
        assert form.mime == "text/plain"
    else:
        assert (form.kind, form.mime) == (sample.kind, sample.mime)


def test_the_name_does_not_count() -> None:
    """A PNG called .jpg or .txt is a PNG."""
    for name in ("a.jpg", "a.txt", "a.exe", ""):
        assert sniff(samples.png().data, name).mime == "image/png"


@pytest.mark.parametrize("text", ["BMW is a car", "II*", "GIFts for all", "ID3 is a tag", "MZ", "RIFF raff", "{}"])
def test_words_that_look_like_signatures_are_text(text: str) -> None:
    """A text may begin with letters that also begin a picture."""
    assert sniff(text.encode(), "note.txt").kind is Kind.TEXT


def test_a_letter_in_an_old_encoding_is_no_picture() -> None:
    """BMW begins like a bitmap; a text of more than a few bytes has no control characters, a bitmap has."""
    assert sniff("BMW fährt über die Straße, für alle.".encode("cp1252"), "car.txt").mime == "text/plain"
    assert sniff(samples.bmp().data, "car.bmp").mime == "image/bmp"


@pytest.mark.parametrize("second", [0xE2, 0xE3, 0xF2, 0xF3, 0xFA, 0xFB])
def test_mp3_of_every_version(second: int) -> None:
    """Recorders write MP3 at 8 kHz, some with check sums, and none of them a tag before it."""
    assert sniff(bytes((0xFF, second, 0x18, 0xC4)) + bytes(400), "voice").mime == "audio/mpeg"


def test_flac_behind_a_tag_of_mp3() -> None:
    """Some programs tag every recording as if it were MP3; what it is stands behind the tag."""
    assert sniff(b"ID3\x03\0\0\0\0\x01\x02" + bytes(130) + samples.flac().data, "a.flac").mime == "audio/flac"
    assert sniff(b"ID3\x03\0\0\0\0\x01\x02" + bytes(500), "a.mp3").mime == "audio/mpeg"


def test_a_row_of_pictures_is_a_picture() -> None:
    """An animated AVIF has a brand of its own; it is no film."""
    file = io.BytesIO()
    samples.photo().save(file, "AVIF", save_all=True, append_images=[samples.photo().rotate(180)], duration=100)
    assert sniff(file.getvalue(), "a.avif").mime == "image/avif"


def test_a_pdf_may_stand_behind_something_else() -> None:
    """Readers look for a PDF's head in the first kilobyte; a text that speaks of one is a text."""
    assert sniff(b"\n\nHTTP/1.1 200 OK\n" + samples.pdf().data, "a.pdf").mime == "application/pdf"
    assert sniff(b"\xef\xbb\xbf" + samples.pdf().data, "a.pdf").mime == "application/pdf"
    assert sniff(b"Each begins with\n%PDF-1.4\nand ends with EOF.", "notes.txt").mime == "text/plain"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "cp1251", "shift_jis"])
def test_text_in_any_encoding(encoding: str) -> None:
    """Text is text in all usual encodings."""
    words = {"cp1251": "Привет, как дела?", "shift_jis": "いろはにほへと"}.get(encoding, samples.POEM)
    assert sniff(words.encode(encoding), "a.txt").kind is Kind.TEXT


def test_kinds_of_text_are_told_by_name() -> None:
    """A table is a table by name; HTML and scripts are plain text."""
    assert sniff(b"a,b\n1,2", "t.csv").mime == "text/csv"
    assert sniff(b"# hi", "README.md").mime == "text/markdown"
    assert sniff(b"{}", "a.json").mime == "application/json"
    assert sniff(b"<html><script>", "a.html").mime == "text/plain"


def archive() -> bytes:
    """Return a ZIP file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("a.txt", "hello")
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "a.png", "is empty"),
        (b"#!/bin/sh\nrm -rf /\n", "cat.png", "no png file: it holds text"),
        (b'<?xml version="1.0"?>\n<!-- x --><svg xmlns="http://www.w3.org/2000/svg"/>', "a.svg", "PNG it would work"),
        (b"  <SVG/>", "a.txt", "PNG it would work"),
        (archive(), "a.zip", "send the files that are in it"),
        (archive(), "a.png", "I cannot use a.png"),
        (Path("/bin/sh").read_bytes()[:5000], "cat.png", "I cannot use cat.png"),
        (b"MZ" + bytes(range(256)), "setup.exe", "I cannot use setup.exe"),
        (bytes(4000), "a.bin", "I cannot use a.bin"),
        (b"{\\rtf1 hello}", "a.rtf", "PDF it would work"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "letter.doc", "Saved as a PDF it would work"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "prices.xls", "Saved as CSV, or as a PDF, it would"),
        (archive(), "prices.xlsx", "Saved as CSV, or as a PDF, it would work"),
    ],
)
def test_what_is_not_taken_in_gets_a_sentence(data: bytes, name: str, words: str) -> None:
    """Empty, lying and unsupported files are refused with words about what would work."""
    with pytest.raises(BadInput) as refused:
        sniff(data, name)
    assert words in refused.value.message
    assert SUPPORTED in refused.value.message or "text" in words or "empty" in words


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\photos\\cat.JPEG", "cat.jpeg"),
        ("cat.png", "cat.jpg"),
        ("a.tar.gz", "a.tar.gz.jpg"),
        ("\u202egnp.exe", "gnp.exe.jpg"),
        ('a<b>:"|?*.jpg', "a_b______.jpg"),
        ("..", "file.jpg"),
        ("", "file.jpg"),
        ("Übung 1.jpg", "Übung 1.jpg"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    """No folder, no trick with the reading direction, and the ending that the content has."""
    assert safe_name(name, FORMATS["image/jpeg"]) == safe


@given(st.text(max_size=300))
def test_any_name_becomes_a_plain_file_name(name: str) -> None:
    """Whatever people call a file, the result is short, has no separators and ends right."""
    safe = safe_name(name, FORMATS["application/pdf"])
    assert safe.endswith(".pdf")
    assert 4 < len(safe) <= 84
    assert not set(safe) & set('/\\<>:"|?*\0\n')
    assert safe_name(safe, FORMATS["application/pdf"]) == safe


@given(st.binary(max_size=400))
def test_any_bytes_are_a_format_or_a_sentence(data: bytes) -> None:
    """No bytes break the sniffer: what it does not know it refuses, and with nothing else."""
    with suppress(BadInput):
        assert sniff(data, "x") in FORMATS.values()


def test_many_comments_are_passed_by_at_once() -> None:
    """A file of nothing but comments is looked at once, not in all the ways they could be read."""
    comments = b"<!---->" * 1_000
    assert sniff(comments + b"x", "a.txt").mime == "text/plain"
    with pytest.raises(BadInput, match="svg"):
        sniff(b'<?xml version="1.0"?>\n' + comments + b"<!DOCTYPE svg><svg>", "a.svg")
