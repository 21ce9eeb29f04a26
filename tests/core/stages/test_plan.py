"""What a controller writes is mended where its meaning is clear, rejected where not, and never run wired wrongly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.events import Refused, Rejected, Trace
from core.ports import Draft
from core.registry import Registry
from core.stages.plan import Checker
from core.types import Artifact, ArtifactRef, Kind, Task, TaskRef

TYPES = {name: type_ for name, type_ in Registry.discover().types.items() if not type_.internal}


def file(name: str, kind: Kind) -> Artifact:
    """Return a file that is not there."""
    return Artifact(sha256=name, kind=kind, mime="", name=name, size=1)


PHOTO, SECOND = file("photo.jpg", Kind.IMAGE), file("second.jpg", Kind.IMAGE)
PDF, SONG, NOTES = file("bill.pdf", Kind.DOCUMENT), file("song.mp3", Kind.AUDIO), file("notes.txt", Kind.TEXT)


def draft(number: int, type_: str, /, **args: Any) -> Draft:
    """Return a draft as a controller yields it."""
    return Draft(id=number, type=type_, args=args)


def planned(*drafts: Draft, files: Sequence[Artifact] = (), trace: Trace | None = None) -> list[Task | Rejected]:
    """Return all that a round of drafts comes to."""
    trace = trace or Trace(artifacts=dict(enumerate(files)))
    checker = Checker(TYPES, trace, own=len(files), most=20)
    found = [outcome for one in drafts for outcome in checker.offer(one)]
    return [*found, *checker.close()]


def tasks(*drafts: Draft, files: Sequence[Artifact] = ()) -> list[Task]:
    """Return the tasks of a plan in which nothing is rejected."""
    found = planned(*drafts, files=files)
    assert not [one for one in found if isinstance(one, Rejected)], found
    return [one for one in found if isinstance(one, Task)]


def why(*drafts: Draft, files: Sequence[Artifact] = ()) -> str:
    """Return why a plan is rejected as a whole."""
    found = planned(*drafts, files=files)
    assert all(isinstance(one, Rejected) for one in found), found
    return " ".join(one.why for one in found if isinstance(one, Rejected))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Summarization", "summarization"),
        ("summarisation", "summarization"),
        ("text_to_speech", "text-to-speech"),
        ("TTS", "text-to-speech"),
        ("Automatic Speech Recognition", "automatic-speech-recognition"),
        ("visual-question-answerin", "visual-question-answering"),
        ("sentiment-analysis", "text-classification"),
    ],
)
def test_names_that_are_almost_right_are_understood(written: str, meant: str) -> None:
    """Spelling, spaces and the field's other names do not matter."""
    args = {"text": "hello", "audio": "<attachment-0>", "image": "<attachment-1>", "question": "what?"}
    assert tasks(draft(0, written, **args), files=[SONG, PHOTO])[0].type == meant


@pytest.mark.parametrize("written", ["image", "poetry", "", "text-to-taste", "media-probe", "x" * 10_000])
def test_names_that_mean_nothing_known_are_rejected(written: str) -> None:
    """Nothing is guessed from afar, and the house's own errands cannot be asked for."""
    assert "There is no task called" in why(draft(0, written, text="hello"))


def test_two_directions_are_never_confused() -> None:
    """text-to-image is near image-to-text in letters, not in meaning."""
    assert tasks(draft(0, "text-to-images", prompt="a cat"))[0].type == "text-to-image"


def test_argument_names_are_mended() -> None:
    """Another word for an argument is taken; what fits nothing is left out."""
    task = tasks(draft(0, "text-to-image", text="a cat", volume=11))[0]
    assert task.args == {"prompt": "a cat"}


def test_none_is_nothing() -> None:
    """An optional argument that is null is not given."""
    assert tasks(draft(0, "summarization", text="long", sentences=None))[0].args == {"text": "long"}


@pytest.mark.parametrize(("written", "meant"), [(3, 3), ("3", 3), ("3 sentences", 3), (-5, 1), (2.0, 2)])
def test_numbers_are_read_and_moved_into_their_bounds(written: object, meant: int) -> None:
    """A number may stand in words."""
    assert tasks(draft(0, "summarization", text="long", sentences=written))[0].args["sentences"] == meant


def test_a_number_where_text_belongs_is_text() -> None:
    """Models write numbers without quotes."""
    assert tasks(draft(0, "text-to-speech", text=42))[0].args == {"text": "42"}


@pytest.mark.parametrize(
    "written", ["<resource-0>, <resource-1>", "<resource-0> and <resource-1>", ["<resource-0>", "<resource-1>"]]
)
def test_several_references_join(written: object) -> None:
    """Lists in JSON and lists in words mean the same."""
    plan = [draft(n, "image-to-text", image=f"<attachment-{n}>") for n in (0, 1)]
    last = tasks(*plan, draft(2, "text-to-speech", text=written), files=[PHOTO, SECOND])[2]
    assert last.args == {"text": (TaskRef(0), TaskRef(1))}


def test_one_task_for_each_file() -> None:
    """Where an argument takes one picture and three are given, there are three tasks, and what follows gets all."""
    plan = [
        draft(0, "object-detection", image=["<attachment-0>", "<attachment-1>", "<attachment-2>"]),
        draft(1, "text-to-speech", text="<resource-0>"),
    ]
    found = tasks(*plan, files=[PHOTO, SECOND, file("third.jpg", Kind.IMAGE)])
    assert [task.type for task in found] == ["object-detection"] * 3 + ["text-to-speech"]
    assert found[3].needs() == {task.id for task in found[:3]}


def test_files_of_any_kind_are_looked_at_one_by_one() -> None:
    """Where a text counts as a file, several files are not joined to one text, and a file's name is no text."""
    asked = draft(0, "file-information", file=["<attachment-0>", "<attachment-1>", "<attachment-2>"])
    found = tasks(asked, files=[SONG, NOTES, PDF])
    assert [task.args for task in found] == [{"file": ArtifactRef(number)} for number in range(3)]
    named = tasks(draft(0, "file-information", file="notes.txt"), files=[SONG, NOTES])
    assert named[0].args == {"file": ArtifactRef(1)}


def test_the_output_that_fits_is_chosen() -> None:
    """A detector gives boxes and a picture: who needs a picture gets that."""
    plan = [draft(0, "object-detection", image="<attachment-0>"), draft(1, "depth-estimation", image="<resource-0>")]
    assert tasks(*plan, files=[PHOTO])[1].args == {"image": TaskRef(0, "image")}


def test_a_picture_where_text_belongs_is_read_first() -> None:
    """A reader is planned between the two; for sound it is a listener."""
    found = tasks(draft(0, "summarization", text="<attachment-0>"), files=[PDF])
    assert [task.type for task in found] == ["image-to-text", "summarization"]
    assert found[1].args == {"text": TaskRef(found[0].id)}
    heard = tasks(draft(0, "translation", text="<attachment-0>", language="fr"), files=[SONG])
    assert [task.type for task in heard] == ["automatic-speech-recognition", "translation"]


def test_words_about_a_picture_where_the_picture_belongs_mean_the_picture() -> None:
    """A detector that is pointed at a caption looks at what the caption is about."""
    plan = [draft(0, "image-to-text", image="<attachment-0>"), draft(1, "object-detection", image="<resource-0>")]
    assert tasks(*plan, files=[PHOTO])[1].args == {"image": ArtifactRef(0)}


@pytest.mark.parametrize(
    "written", ["<attachment-7>", "<resource-0>", "<resource-9>", "example.jpg", "the picture", None]
)
def test_the_only_file_there_is_is_meant(written: object) -> None:
    """A reference to nothing, or a made-up name, can only mean the one picture of the message."""
    assert tasks(draft(0, "image-to-text", image=written), files=[PHOTO, SONG])[0].args == {"image": ArtifactRef(0)}


def test_with_two_files_nothing_is_guessed() -> None:
    """A reference to nothing is rejected where it could mean either picture."""
    assert "<resource-9> is not there" in why(draft(0, "image-to-text", image="<resource-9>"), files=[PHOTO, SECOND])


def test_a_file_may_be_called_by_its_name() -> None:
    """The name of an attachment is a reference to it."""
    task = tasks(draft(0, "image-to-text", image="second.jpg"), files=[PHOTO, SECOND])[0]
    assert task.args == {"image": ArtifactRef(1)}


def test_a_text_around_a_reference_to_nothing_is_rejected() -> None:
    """Half a text would be run on the wrong thing."""
    assert "refers to <resource-4>" in why(draft(0, "text-to-speech", text="The total is <resource-4>"))


def test_a_cycle_is_rejected_as_a_whole() -> None:
    """Two tasks that wait for each other mean nothing, and what hangs on them neither."""
    plan = [
        draft(0, "text-to-speech", text="<resource-1>"),
        draft(1, "automatic-speech-recognition", audio="<resource-0>"),
        draft(2, "summarization", text="<resource-1>"),
    ]
    assert "itself waits" in why(*plan)


def test_a_file_that_was_refused_is_named_with_its_fault() -> None:
    """The controller learns why, and can tell."""
    trace = Trace(refused={0: Refused(0, "bad.png", "It is damaged.")})
    found = planned(draft(0, "image-to-text", image="<attachment-0>"), trace=trace)
    assert isinstance(found[0], Rejected)
    assert found[0].why == "bad.png cannot be used: It is damaged."


def test_a_rejected_task_leaves_no_reader_behind() -> None:
    """What was inserted for a task goes with it."""
    found = planned(draft(0, "translation", text="<attachment-0>"), files=[PDF])
    assert [type(one) for one in found] == [Rejected]


REFERENCES = st.one_of(
    st.integers(-1, 6).map(lambda number: f"<resource-{number}>"),
    st.integers(-1, 4).map(lambda number: f"<attachment-{number}>"),
    st.sampled_from(
        ["<resource-0.image>", "<resource-1.nonsense>", "<resource-0>, <resource-1>", "<resource-", "<GENERATED>-0"]
    ),
)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), st.text(max_size=20), REFERENCES
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(sorted({take.name for type_ in TYPES.values() for take in type_.takes} | {"txt", "input", ""}))
TASKS = st.sampled_from([*TYPES, "ocr", "Summarisation", "media-probe", "nothing", "", "text to image"])
DRAFTS = st.builds(
    Draft,
    id=st.integers(-2, 6),
    type=TASKS,
    args=st.dictionaries(NAMES, JSON, max_size=4),
    model=st.none() | st.text(max_size=10),
)


@settings(max_examples=600, deadline=None)
@given(
    drafts=st.lists(DRAFTS, max_size=8), files=st.lists(st.sampled_from([PHOTO, SECOND, PDF, SONG, NOTES]), max_size=3)
)
def test_no_plan_raises_and_none_is_wired_wrongly(drafts: list[Draft], files: list[Artifact]) -> None:
    """Whatever is written: references point back, needed arguments are there, and kinds fit."""
    seen: dict[int, Task] = {}
    for outcome in planned(*drafts, files=files):
        if isinstance(outcome, Rejected):
            assert outcome.why
            continue
        type_ = TYPES[outcome.type]
        assert outcome.needs() <= seen.keys()
        assert {take.name for take in type_.takes if take.required} <= outcome.args.keys()
        for name, arg in outcome.args.items():
            take = type_.take(name)
            assert take is not None
            for part in arg if isinstance(arg, tuple) else (arg,):
                assert kind_of(part, seen, files) in {
                    *take.kinds,
                    *([Kind.TABLE, Kind.NUMBER] if Kind.TEXT in take.kinds else []),
                }
        seen[outcome.id] = outcome


def kind_of(part: object, seen: dict[int, Task], files: Sequence[Artifact]) -> Kind:
    """Return what a part of an argument is."""
    match part:
        case TaskRef(number, output):
            gives = TYPES[seen[number].type].gives
            return next(give.kind for give in gives if output is None or give.name == output)
        case ArtifactRef(number):
            return files[number].kind
        case bool() | int() | float():
            return Kind.NUMBER
        case _:
            return Kind.TEXT
