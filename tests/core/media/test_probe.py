import random
import time
from dataclasses import replace
from io import BytesIO
from typing import Any

import av
import numpy as np
import pytest

from core.errors import BadInput
from core.limits import Limits
from core.media.probe import Bounds, probe
from core.types import Kind, Media
from tests import samples
from tests.core.media.odd_films import film

WIDE = Bounds(
    pixels=Limits().pixels, seconds=Limits().media_seconds, pages=Limits().pages, chars=Limits().document_chars
)


def refusal(media: Media, bounds: Bounds = WIDE) -> str:
    """Return the sentence with which a file is refused."""
    with pytest.raises(BadInput) as refused:
        probe(media, bounds)
    return refused.value.message


def cut(media: Media, share: float) -> Media:
    """Return the beginning of a file."""
    return replace(media, data=media.data[: int(len(media.data) * share)])


@pytest.mark.parametrize("build", samples.ALL)
def test_every_format_is_what_it_is(build: samples.Build) -> None:
    """Kind and MIME type follow the content, whatever was guessed before."""
    sample = build()
    kind, facts = probe(replace(sample, kind=Kind.TEXT, mime="?/?"), WIDE)
    assert (kind, facts["mime"]) == (sample.kind, sample.mime)


def test_facts() -> None:
    """The facts are those of the content: upright size, frames, pages, length."""
    assert probe(samples.jpg(), WIDE)[1] | {"mime": ""} == {
        "mime": "", "width": 48, "height": 64, "frames": 1, "animated": False
    }  # fmt: skip
    assert probe(samples.gif(), WIDE)[1]["frames"] == 3
    assert probe(samples.gif(), WIDE)[1]["animated"] is True
    assert probe(samples.tiff(), WIDE)[1]["pages"] == 3
    assert probe(samples.pdf(), WIDE)[1]["pages"] == 2
    assert probe(samples.pdf_scanned(), WIDE)[1]["words"] == 0
    assert probe(samples.wav(2.5), WIDE)[1]["seconds"] == 2.5
    assert probe(samples.mp4(), WIDE)[1] == {
        "mime": "video/mp4", "width": 64, "height": 48, "codec": "h264", "rate": 10.0, "seconds": 2.0,
        "sound": True, "sound_codec": "aac", "hertz": 48_000, "channels": 1,
    }  # fmt: skip
    assert probe(samples.txt(encoding="utf-16"), WIDE)[1]["chars"] == len(samples.POEM)


@pytest.mark.parametrize("build", samples.ALL)
@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_cut_files_are_refused(build: samples.Build, share: float) -> None:
    """A file that ends too early is refused; of text nobody can tell, and a GIF plays up to its end."""
    half = cut(build(), share)
    if half.kind is Kind.TEXT or (build is samples.gif and share == 0.6):
        probe(half, WIDE)
        return
    if build is samples.webm_audio and share == 0.6:  # a tenth of a second more or less of sound
        half = cut(half, 0.7)
    assert half.name in refusal(half)


@pytest.mark.parametrize("build", samples.ALL)
def test_noise_never_breaks_it(build: samples.Build) -> None:
    """A file with flipped bytes is taken or refused with a sentence; nothing else happens."""
    sample = build()
    for seed in range(20):
        chance = random.Random(seed)
        data = bytearray(sample.data)
        for _ in range(chance.randrange(1, 60)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            probe(replace(sample, data=bytes(data)), WIDE)
        except BadInput as refused:
            assert refused.message  # noqa: PT017 - both outcomes are right


def test_limits_are_sentences() -> None:
    """Over each limit there is a sentence that names it."""
    assert "2,000" in refusal(samples.webp(), replace(WIDE, pixels=2000))
    assert "too large" in refusal(samples.mp4(), replace(WIDE, pixels=2000))
    assert "is longer than 5 seconds, the most I take" in refusal(samples.wav(10), replace(WIDE, seconds=5))
    assert "2 pages; I read up to 1" in refusal(samples.pdf(), replace(WIDE, pages=1))
    assert "3 pages; I read up to 2" in refusal(samples.tiff(), replace(WIDE, pages=2))
    assert "97 characters; I read up to 50" in refusal(samples.txt(), replace(WIDE, chars=50))
    assert "characters" in refusal(samples.pdf(), replace(WIDE, chars=50))


def test_ten_thousand_pages_are_refused_quickly() -> None:
    """A very long PDF is counted, not read."""
    book = samples.pdf_of(10_000)
    start = time.monotonic()
    assert "10,000 pages" in refusal(book)
    assert time.monotonic() - start < 2


def test_empty_and_locked_files() -> None:
    """What opens but holds nothing, or not for us, is told apart."""
    assert "locked with a password" in refusal(samples.pdf_locked())
    assert "neither sound nor moving pictures" in refusal(samples.mp4_without_frames())
    assert "nothing in it can be played" in refusal(samples.wav(0))
    assert "empty" in refusal(samples.txt(" \n\t "))
    assert "no text file" in refusal(replace(samples.txt(), data=b"\xff\xfea\xd8a\xd8"))


def test_containers_with_sound_only_are_sound() -> None:
    """An MP4 without pictures is a recording; a song with its cover is one as well."""
    kind, facts = probe(samples.mp4_sound_only(), WIDE)
    assert (kind, facts["mime"]) == (Kind.AUDIO, "audio/mp4")
    kind, facts = probe(samples.m4a_with_cover(), WIDE)
    assert (kind, facts["mime"]) == (Kind.AUDIO, "audio/mp4")


def test_streams_without_a_length_are_no_liars() -> None:
    """A WAV written to a pipe states no length; it is taken as long as it is."""
    sample = samples.wav()
    data = sample.data[:4] + b"\xff\xff\xff\xff" + sample.data[8:]
    assert probe(replace(sample, data=data), WIDE)[1]["seconds"] == 1.0


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (samples.POEM, "utf-8", "utf-8-sig"),
        (samples.POEM, "utf-16-le", None),
        (samples.POEM, "utf-32", "utf-32"),
        (samples.POEM * 3, "cp1252", "cp1252"),
        ("Съешь ещё этих мягких французских булок, да выпей чаю.", "cp1251", "cp1251"),
        ("いろはにほへと ちりぬるを 日本語の文章です", "shift_jis", "cp932"),
    ],
)
def test_encodings_are_recognised(text: str, encoding: str, name: str | None) -> None:
    """The encoding found turns the bytes back into the text; UTF-16 needs its mark."""
    sample = samples.txt(text, encoding)
    if name is None:
        assert "cannot use" in refusal(sample)
        return
    facts = probe(sample, WIDE)[1]
    assert facts["encoding"] == name
    assert sample.data.decode(name) == text


def test_the_length_of_a_part_is_its_own() -> None:
    """A part cut out of a long broadcast keeps the clock of the whole: two seconds of it are two seconds."""
    times = [5000 + number / 10 for number in range(20)]
    part = film(times, container="webm", heard=(5000, 5002))
    assert probe(part, WIDE)[1]["seconds"] == pytest.approx(2.0, abs=0.1)


def test_a_guessed_length_refuses_nobody() -> None:
    """An MP3 that spends little at first, and says nowhere how long it is, seems many times as long as it plays."""
    song = samples.media(_bare_mp3(2, 32_000) + _bare_mp3(6, 320_000), Kind.AUDIO, "audio/mpeg", "song.mp3")
    with av.open(BytesIO(song.data), "r") as container:
        assert container.duration is not None
        assert container.duration / 1_000_000 > 30
    assert probe(song, replace(WIDE, seconds=10))[1]["seconds"] == pytest.approx(8, abs=0.3)


def _bare_mp3(seconds: int, bits: int) -> bytes:
    """Return silence at so many bits a second, without a word about itself."""
    file = BytesIO()
    with av.open(file, "w", format="mp3", options={"write_xing": "0", "id3v2_version": "0"}) as output:
        track: Any = output.add_stream("libmp3lame", rate=44_100, layout="mono", bit_rate=bits)
        for _ in range(seconds * 10):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 4410), np.int16), format="s16", layout="mono")
            frame.sample_rate = 44_100
            output.mux(track.encode(frame))
        output.mux(track.encode(None))
    return file.getvalue()
