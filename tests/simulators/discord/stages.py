"""An invented request, at the stages that a person sees: payloads as they go to Discord."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.discord import format as formats
from adapters.discord.markup import PAPER
from adapters.discord.whispered import whisper
from adapters.sheets import sheets
from adapters.uploads import Uploads
from adapters.words import alt_text
from core.events import (
    Answered,
    Cancelled,
    Event,
    Failed,
    Finished,
    PlanClosed,
    Planned,
    Progressed,
    Received,
    Refused,
    Rejected,
    Selected,
    Skipped,
    Started,
    Trace,
    fold,
)
from core.types import Artifact, ArtifactRef, Kind, Place, Request, Result, Selection, Task, TaskRef
from tests.fakes import request

BOY = Artifact(sha256="a", kind=Kind.IMAGE, mime="image/jpeg", name="example.jpg", size=9)
GIRL = Artifact(sha256="b", kind=Kind.IMAGE, mime="image/png", name="girl.png", size=9)
VOICE = Artifact(sha256="c", kind=Kind.AUDIO, mime="audio/wav", name="speech.wav", size=9)

PLANNED: list[Event] = [
    Received(0, BOY),
    Planned(Task(id=0, type="openpose-control", args={"image": ArtifactRef(0)})),
    Planned(Task(id=1, type="image-to-text", args={"image": ArtifactRef(0)})),
    Planned(Task(id=2, type="openpose-text-to-image", args={"image": TaskRef(0), "text": "a girl reading a book"})),
    Planned(Task(id=3, type="image-to-text", args={"image": TaskRef(2)})),
    Planned(Task(id=4, type="text-to-speech", args={"text": TaskRef(3)})),
    PlanClosed(0),
    Selected(Selection(task=0, model="lllyasviel/Annotators", place=Place.LOCAL, why="The only one for poses here.")),
    Selected(Selection(task=1, model="nlpconnect/vit-gpt2", place=Place.REMOTE, why="Most downloads, and hosted.")),
    Started(0),
    Started(1),
]


def _done(task: int, model: str, place: Place, seconds: float, **outputs: Any) -> Finished:
    return Finished(Result(task=task, outputs=outputs, seconds=seconds, model=model, place=place))


WORKING: list[Event] = [
    *PLANNED,
    _done(0, "lllyasviel/Annotators", Place.LOCAL, 1.24, image=BOY),
    _done(1, "nlpconnect/vit-gpt2", Place.REMOTE, 0.8, text="a boy"),
    Selected(Selection(task=2, model="lllyasviel/sd-controlnet-openpose", place=Place.LOCAL, why="Made for poses.")),
    Started(2),
    Progressed(2, 0.62, "step 19 of 30"),
]
DONE: list[Event] = [
    *WORKING,
    _done(2, "lllyasviel/sd-controlnet-openpose", Place.LOCAL, 11.8, image=GIRL),
    _done(3, "nlpconnect/vit-gpt2", Place.REMOTE, 0.7, text="a girl with a book"),
    _done(4, "espeak-ng", Place.EMBEDDED, 0.2, audio=VOICE),
    Answered(
        "Here is a **girl reading a book** in the pose of the boy.\n\n| step | model |\n|---|---|\n"
        "| pose | Annotators |\n| picture | sd-controlnet-openpose |\n\n"
        "The picture shows *a girl with a book*; I read that aloud.",
        (GIRL, VOICE),
    ),
]
TROUBLE: list[Event] = [
    *PLANNED,
    Refused(1, "virus.exe", "virus.exe is a program; programs are not read."),
    Rejected("weather", "There is no task called “weather”."),
    Failed(0, "There is nobody in this picture whose pose could be found."),
    Skipped(2, because=0),
    Skipped(3, because=2),
    Skipped(4, because=3),
    _done(1, "nlpconnect/vit-gpt2", Place.REMOTE, 0.8, text="a boy"),
]


def stages() -> Iterator[dict[str, Any]]:
    """Yield what a message is made of at each stage."""
    asked = request("Draw a girl reading a book in the pose of the boy", platform="discord")
    for events in ([], PLANNED, WORKING):
        yield _layout(formats.card(asked, fold(events)))
    done, trouble = fold(DONE), fold(TROUBLE)
    yield _layout(formats.receipt(asked, done))
    yield from _answer(asked, done)
    yield _layout(formats.details(trouble))
    yield _layout(formats.receipt(asked, fold([Answered("I could not.")], trouble)))
    yield _layout(formats.receipt(asked, fold([Cancelled("Ada")], fold(WORKING))))
    files = {GIRL.sha256: (b"", GIRL.name, "a girl"), VOICE.sha256: (b"", VOICE.name, "speech")}
    yield _layout(whisper(asked, done, Uploads(files=files, bundles=((GIRL, VOICE),), remarks=())))


def _answer(asked: Request, trace: Trace) -> Iterator[dict[str, Any]]:
    for sheet in sheets(asked, trace, PAPER, [[GIRL, VOICE]], ["film.mp4 has 34.0 MiB, and this place takes 10 MiB."]):
        files = [{"filename": file.name, "description": alt_text(trace, file)} for file in sheet.files]
        row: Any = formats.answer_row(sheet.buttons).to_components() if sheet.buttons else []
        yield {"content": sheet.text, "attachments": files, "components": row}


def _layout(view: formats.Layout) -> dict[str, Any]:
    parts: list[Any] = view.to_components()  # type: ignore[no-untyped-call]
    return {"components": parts, "flags": 1 << 15}
