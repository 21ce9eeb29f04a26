"""Who heard what when becomes a transcript: text, rows with times, and a file where it is long."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from core.contract import Outputs
from core.errors import ExpertFailed
from core.types import Json, Kind, Media

LONG = 1_500  # characters; what is longer comes as a file too

_HOUR = 3600  # seconds
_PAUSE = 0.8  # seconds of silence that end a phrase
_PHRASE = 8.0  # seconds after which a phrase ends with its word


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is said from ``start`` to ``end``, in seconds."""

    text: str
    start: float
    end: float


def transcript(phrases: Sequence[Phrase], recording: str, joint: str = " ") -> Outputs:
    """Return what speech recognition gives: ``text``, ``chunks`` and, of a long talk, a text file with times.

    Raises ExpertFailed where nothing was said in the recording, whose name is told.
    """
    said = [phrase for phrase in phrases if any(map(str.isalnum, phrase.text))]
    if not said:
        raise ExpertFailed(no_speech(recording))
    text = joint.join(phrase.text for phrase in said).strip()
    rows: list[Json] = [
        {"text": phrase.text.strip(), "start": round(phrase.start, 2), "end": round(phrase.end, 2)} for phrase in said
    ]
    outputs: Outputs = {"text": text, "chunks": rows}
    return {**outputs, "file": as_file(said, recording)} if len(text) > LONG else outputs


def no_speech(recording: str) -> str:
    """Return the sentence for a recording in which nobody speaks."""
    return f"I hear no speech in {recording}."


def as_file(phrases: Sequence[Phrase], recording: str) -> Media:
    """Return a text file: a line for each phrase, the time it begins at before it, as wide as the last one's."""
    hours = any(phrase.start >= _HOUR for phrase in phrases)
    lines = (f"[{clock(phrase.start, hours=hours)}] {phrase.text.strip()}\n" for phrase in phrases)
    name = f"{recording.rpartition('.')[0] or recording}-transcript.txt"
    return Media(data="".join(lines).encode(), kind=Kind.TEXT, mime="text/plain", name=name)


def clock(seconds: float, *, hours: bool = False) -> str:
    """Write a time as a player shows it: 1:02:03, or 02:03 within the first hour, if not 0:02:03 with ``hours``."""
    minutes, rest = divmod(int(seconds), 60)
    hour, minutes = divmod(minutes, 60)
    return f"{hour}:{minutes:02}:{rest:02}" if hour or hours else f"{minutes:02}:{rest:02}"


def ordered(heard: Iterable[tuple[str, float | None, float | None]], seconds: float) -> Iterator[Phrase]:
    """Yield phrases whose times never go back and end with the recording; a time that is not known is its neighbour's.

    Recognisers guess times: some are missing, some lie behind the end.
    """
    before = 0.0
    for text, start, end in heard:
        begun = min(max(before, before if start is None else start), seconds)
        before = max(begun, min(seconds if end is None else end, seconds))
        yield Phrase(text, begun, before)


def phrases(words: Iterable[Phrase], joint: str = " ") -> Iterator[Phrase]:
    """Put words together, ``joint`` between them, until there is a pause or the phrase is long enough."""
    phrase: Phrase | None = None
    for word in words:
        if phrase is None or word.start - phrase.end >= _PAUSE or word.end - phrase.start > _PHRASE:
            if phrase is not None:
                yield phrase
            phrase = word
        else:
            phrase = replace(phrase, text=f"{phrase.text}{joint}{word.text}", end=word.end)
    if phrase is not None:
        yield phrase
