"""An invented request: what happens while it is done, well or badly, for looking at how a platform shows it."""

from __future__ import annotations

from typing import Any

from core.events import (
    Answered,
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
)
from core.types import Artifact, ArtifactRef, Kind, Place, Result, Selection, Task, TaskRef

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
