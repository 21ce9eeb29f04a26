"""The JSON object of ``ask --json``: exactly the promised shape, with paths that exist."""

import json
from pathlib import Path

import pytest

from adapters.terminal.files import Outbound
from adapters.web.answers import row
from bot.cli.report import report
from core.events import Answered, Event, Failed, Finished, Planned, Selected, Skipped, Started, fold
from core.types import Artifact, ArtifactRef, Kind, Place, Result, Selection, Task, TaskRef
from storage.blobs import MemoryBlobs

pytestmark = pytest.mark.anyio


async def test_the_whole_shape(tmp_path: Path) -> None:
    """Answer, tasks, artifacts and events, key by key; references as text, files as objects with a path."""
    blobs = MemoryBlobs()
    sound = Artifact(sha256=await blobs.put(b"wav"), kind=Kind.AUDIO, mime="audio/wav", name="speech", size=3)
    events: list[Event] = [
        Planned(Task(id=0, type="image-to-text", args={"image": ArtifactRef(0)})),
        Planned(Task(id=1, type="text-to-speech", args={"text": (TaskRef(0), "!"), "speed": 1.5})),
        Selected(Selection(task=0, model="ocr", place=Place.EMBEDDED, why="The only one.")),
        Started(0),
        Finished(Result(task=0, outputs={"text": "hi", "rows": [{"n": 1}]}, seconds=0.5, model="o", place=Place.LOCAL)),
        Selected(Selection(task=1, model="espeak", place=Place.EMBEDDED, why="Wished.")),
        Finished(Result(task=1, outputs={"audio": sound}, seconds=0.1, model="espeak", place=Place.EMBEDDED)),
        Answered("It says hi.", (sound,)),
    ]
    made = await report(fold(events), events, Outbound(blobs, tmp_path))
    path = str(tmp_path / f"{sound.sha256[:8]}-speech.wav")
    file = {"kind": "audio", "mime": "audio/wav", "path": path, "sha256": sound.sha256}
    assert made["answer"] == "It says hi."
    assert made["tasks"] == [
        {
            "id": 0,
            "task": "image-to-text",
            "args": {"image": "<attachment-0>"},
            "model": "o",
            "place": "local",
            "why": "The only one.",
            "status": "done",
            "seconds": 0.5,
            "outputs": {"text": "hi", "rows": [{"n": 1}]},
        },
        {
            "id": 1,
            "task": "text-to-speech",
            "args": {"text": ["<resource-0>", "!"], "speed": 1.5},
            "model": "espeak",
            "place": "embedded",
            "why": "Wished.",
            "status": "done",
            "seconds": 0.1,
            "outputs": {"audio": file},
        },
    ]
    assert made["artifacts"] == [file]
    assert Path(path).read_bytes() == b"wav"
    assert [event["event"] for event in made["events"]] == [type(event).__name__ for event in events]  # type: ignore[index, union-attr, call-overload]
    assert set(made) == {"answer", "tasks", "artifacts", "events"}
    assert json.loads(json.dumps(made)) == made


async def test_what_went_wrong_is_in_it(tmp_path: Path) -> None:
    """Failed and skipped tasks say so as the API does, beside why their model; the sentence stands for the answer."""
    events: list[Event] = [
        Planned(Task(id=0, type="a")),
        Planned(Task(id=1, type="b", args={"text": TaskRef(0)})),
        Planned(Task(id=2, type="c")),
        Selected(Selection(task=0, model="m", place=Place.LOCAL, why="The only one.")),
        Failed(0, "It is blank."),
        Skipped(1, 0),
        Failed(None, "I gave up."),
    ]
    made = await report(fold(events), events, Outbound(MemoryBlobs(), tmp_path))
    tasks = made["tasks"]
    assert isinstance(tasks, list)
    told = [(task["status"], task["why"], task.get("error")) for task in tasks if isinstance(task, dict)]
    assert told == [
        ("failed", "The only one.", "It is blank."),
        ("skipped", "", "Not run: it needs the result of a, and there is none."),
        ("cancelled", "", None),
    ]
    for number, task in enumerate(tasks):
        assert isinstance(task, dict)
        same = {"model", "place", "why", "error", "status", "seconds"} & task.keys()
        assert {key: row(fold(events), number)[key] for key in same} == {key: task[key] for key in same}
    assert (made["answer"], made["artifacts"]) == ("I gave up.", [])
