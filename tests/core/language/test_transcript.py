import pytest

from core.errors import ExpertFailed
from core.language.transcript import LONG, Phrase, as_file, clock, ordered, phrases, transcript
from core.types import Kind, Media


def test_text_and_rows() -> None:
    """What was said is told as one text, and phrase by phrase with its seconds; phrases of signs only are left out."""
    made = transcript([Phrase("Hello there.", 0, 1.234), Phrase("...", 2, 3), Phrase("Bye.", 3.5, 4)], "a.mp3")
    assert made == {
        "text": "Hello there. Bye.",
        "chunks": [
            {"text": "Hello there.", "start": 0, "end": 1.23},
            {"text": "Bye.", "start": 3.5, "end": 4},
        ],
    }


def test_long_talks_come_as_a_file_too() -> None:
    """The file holds every phrase with the time it begins at, and is named after the recording."""
    said = [Phrase(f"Sentence number {number} of a long talk.", number * 30, number * 30 + 5) for number in range(150)]
    file = transcript(said, "talk.of.ada.mp3")["file"]
    assert isinstance(file, Media)
    assert (file.kind, file.mime, file.name) == (Kind.TEXT, "text/plain", "talk.of.ada-transcript.txt")
    lines = file.data.decode().splitlines()
    assert lines[1] == "[0:00:30] Sentence number 1 of a long talk."
    assert lines[149] == "[1:14:30] Sentence number 149 of a long talk."
    assert "file" not in transcript(said[:10], "talk.mp3")
    assert len(str(transcript(said, "talk.mp3")["text"])) > LONG


@pytest.mark.parametrize("said", [[], [Phrase(" ♪ ...", 0, 1)]])
def test_nobody_speaks(said: list[Phrase]) -> None:
    """Without words there is a sentence, not an empty transcript."""
    with pytest.raises(ExpertFailed, match=r"I hear no speech in rain\.mp3"):
        transcript(said, "rain.mp3")


def test_times_never_go_back() -> None:
    """Missing times, times behind the end and times that jump back are put right."""
    heard = [("a", None, 2.0), ("b", 1.0, None), ("c", 8.0, 12.0), ("d", None, None)]
    assert list(ordered(heard, 10)) == [
        Phrase("a", 0, 2),
        Phrase("b", 2, 10),
        Phrase("c", 10, 10),
        Phrase("d", 10, 10),
    ]
    assert list(ordered([("a", 1.0, 0.5)], 10)) == [Phrase("a", 1, 1)]


def test_words_become_phrases() -> None:
    """A pause ends a phrase, and so does its length."""
    words = [Phrase("how", 0, 0.2), Phrase("are", 0.3, 0.5), Phrase("you", 0.6, 0.8), Phrase("fine", 2, 2.4)]
    assert list(phrases(words)) == [Phrase("how are you", 0, 0.8), Phrase("fine", 2, 2.4)]
    rushed = [Phrase("word", number * 0.5, number * 0.5 + 0.5) for number in range(100)]
    assert all(phrase.end - phrase.start <= 8 for phrase in phrases(rushed))
    assert " ".join(phrase.text for phrase in phrases(rushed)).count("word") == 100
    assert list(phrases([])) == []
    assert list(phrases([Phrase("你", 0, 0.2), Phrase("好", 0.2, 0.4)], "")) == [Phrase("你好", 0, 0.4)]


@pytest.mark.parametrize(("seconds", "written"), [(0, "00:00"), (59.9, "00:59"), (61, "01:01"), (3723, "1:02:03")])
def test_clock(seconds: float, written: str) -> None:
    """Times are written as players show them."""
    assert clock(seconds) == written


def test_times_of_a_long_talk_stand_below_each_other() -> None:
    """Beyond an hour all lines of a transcript's file tell the hours, the first ones, too."""
    talk = [Phrase(f"sentence {number}", number * 4.0, number * 4.0 + 3) for number in range(1_800)]
    lines = as_file(talk, "talk.m4a").data.decode().splitlines()
    assert (lines[0], lines[-1]) == ("[0:00:00] sentence 0", "[1:59:56] sentence 1799")
    assert {line.index("]") for line in lines} == {8}
    assert as_file(talk[:10], "talk.m4a").data.startswith(b"[00:00] ")
