from dataclasses import replace
from typing import Any

import pytest

from core.errors import BadInput
from core.experts.file_information import FileFacts
from core.types import Kind, Media
from tests import samples
from tests.steers import Steered


def told(file: Media | str) -> str:
    """Return the sentence about a file."""
    text = FileFacts().run({"file": file}, Steered())["text"]
    assert isinstance(text, str)
    return text


def facts(file: Media | str) -> dict[str, Any]:
    """Return the facts of a file."""
    rows: Any = FileFacts().run({"file": file}, Steered())["facts"]
    (row,) = rows
    assert isinstance(row, dict)
    return row


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (samples.jpg, "A picture (JPG), 48 × 64 pixels, "),
        (samples.gif, "A picture (GIF), 64 × 48 pixels, animated in 3 frames, "),
        (samples.tiff, "A picture (TIFF), 600 × 200 pixels, with 3 pages, "),
        (samples.pdf, "A document (PDF) with 2 pages, "),
        (samples.mp3, "A recording (MP3), 1 second long, 48 kHz, mono, "),
        (samples.ogg, "A recording (OGG, Opus), 1 second long, 48 kHz, mono, "),
        (
            samples.mov,
            "A video (MOV, H.264), 2 seconds long, 64 × 48 pixels at 10 frames a second, with sound (AAC, 48",
        ),
        (samples.webm, "A video (WEBM, VP9), 2 seconds long, 64 × 48 pixels at 10 frames a second, with sound (Opus, "),
    ],
)
def test_a_sentence_says_what_a_file_is(build: samples.Build, sentence: str) -> None:
    """Each kind of file is told by what people ask of it, and last how large it is."""
    text = told(build())
    assert text.startswith(sentence)
    assert text.endswith((" bytes large.", " kB large."))


@pytest.mark.parametrize("build", samples.ALL)
def test_every_format_has_its_sentence(build: samples.Build) -> None:
    """Whatever is taken in can be told about, and its facts name kind and size."""
    file = build()
    row = facts(file)
    assert row["kind"] == file.kind
    assert row["bytes"] == len(file.data)
    assert told(file).startswith("A ")


def test_a_film_without_sound_and_a_recording_of_two_channels() -> None:
    """Whether it sounds, and how, is said in words."""
    assert "without sound" in told(samples.mp4(silent=True))
    assert "44.1 kHz, stereo" in told(samples.wav(1, rate=44_100, channels=2))
    assert facts(samples.wav(65.5, rate=8000))["seconds"] == 65.5
    assert "1 minute 5.5 seconds long" in told(samples.wav(65.5, rate=8000))


def test_a_text_is_counted() -> None:
    """A text comes as its words: they and the characters are counted."""
    assert told("Zwei Wörter") == "A text of 2 words (11 characters), 12 bytes large in UTF-8."
    assert told("") == "A text of 0 words (0 characters), 0 bytes large in UTF-8."
    assert facts("One")["words"] == 1


def test_the_words_of_a_document_are_counted_where_it_has_any() -> None:
    """A scan has pages only."""
    assert "words (" in told(samples.pdf())
    assert "word" not in told(samples.pdf_scanned())


@pytest.mark.parametrize("build", [samples.jpg, samples.pdf, samples.mp3, samples.mp4])
def test_damaged_files_are_named(build: samples.Build) -> None:
    """What is cut off is said to be damaged, rather than told about as if it were whole."""
    whole = build()
    with pytest.raises(BadInput, match=whole.name):
        told(replace(whole, data=whole.data[: len(whole.data) // 3]))


def test_nothing_of_where_and_when_is_told() -> None:
    """A picture's camera, place and time are its owner's: no fact names them."""
    assert set(facts(samples.jpg())) == {"kind", "bytes", "mime", "width", "height", "frames", "animated"}
    assert facts(samples.jpg())["kind"] == Kind.IMAGE
