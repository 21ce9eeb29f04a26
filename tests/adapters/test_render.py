from __future__ import annotations

from typing import Any

from adapters.render import Files, Notice, Step, Text, blocks, calls, notices, steps, words
from core.events import (
    Answered,
    Cancelled,
    Consulted,
    Failed,
    Finished,
    Planned,
    Progressed,
    Refused,
    Rejected,
    Said,
    Selected,
    Skipped,
    Started,
    State,
    fold,
)
from core.types import Artifact, ArtifactRef, Kind, Place, Result, Selection, Task, TaskRef

WAV = Artifact(sha256="b" * 64, kind=Kind.AUDIO, mime="audio/wav", name="speech.wav", size=9)
READ = Task(id=0, type="image-to-text", args={"image": ArtifactRef(0)})
SPEAK = Task(id=1, type="text-to-speech", args={"text": TaskRef(0)})


def test_a_finished_step_tells_everything() -> None:
    """Model, place, reason, seconds, values and files of a finished task are all in its line."""
    trace = fold(
        [
            Planned(READ),
            Planned(SPEAK),
            Selected(Selection(task=1, model="espeak-ng", place=Place.EMBEDDED, why="The only one here.")),
            Started(1),
            Finished(
                Result(
                    task=1,
                    outputs={"audio": WAV, "note": "calm"},
                    seconds=0.5,
                    model="espeak-ng",
                    place=Place.EMBEDDED,
                    cached=True,
                )
            ),
        ]
    )
    assert steps(trace)[1:] == (
        Step(
            task=1,
            type="text-to-speech",
            state=State.DONE,
            args=(("text", "the result of image-to-text"),),
            model="espeak-ng",
            place=Place.EMBEDDED,
            why="The only one here.",
            seconds=0.5,
            cached=True,
            values=(("note", "calm"),),
            files=(WAV,),
        ),
    )


def test_steps_stand_in_the_order_of_their_ids() -> None:
    """A plan reads the same however its tasks came in."""
    assert [step.task for step in steps(fold([Planned(SPEAK), Planned(READ)]))] == [0, 1]


def test_progress_is_shown_only_while_a_task_runs() -> None:
    """A bar that stays at 40 % after the end would lie."""
    running = fold([Planned(READ), Started(0), Progressed(0, 0.4, "page 2 of 5")])
    assert (steps(running)[0].progress, steps(running)[0].note) == (0.4, "page 2 of 5")
    failed = running.plus(Failed(0, "There is no text in it."))
    assert (steps(failed)[0].progress, steps(failed)[0].problem) == (None, "There is no text in it.")


def test_a_skipped_step_says_because_of_which() -> None:
    """A task that was not run names the one whose result it lacks."""
    trace = fold([Planned(READ), Planned(SPEAK), Failed(0, "No."), Skipped(1, because=0)])
    assert "image-to-text" in steps(trace)[1].problem


def test_no_sentence_is_shown_twice() -> None:
    """What the answer itself says about a file or a part of the plan, marked up or not, needs no notice."""
    refused, rejected = Refused(0, "x.exe", "I cannot use x.exe."), Rejected("weather", "There is no such task.")
    told = fold(
        [refused, rejected, Answered("I cannot use `x.exe`.\n\nI could not plan **weather**: There is no such task.")]
    )
    assert [type(block) for block in blocks(told)] == [Text]
    assert len(blocks(fold([refused, rejected, Answered("Done.")]))) == 3
    assert len(blocks(fold([refused, rejected]))) == 2


def test_order_of_blocks() -> None:
    """Steps first, then what was refused, then the answer, then its files."""
    trace = fold(
        [
            Refused(1, "x.exe", "Programs are not read."),
            Rejected("weather", "There is no such task."),
            Planned(READ),
            Answered("Done.", (WAV,)),
        ]
    )
    step, refused, rejected, text, files = blocks(trace)
    assert isinstance(step, Step)
    assert refused == Notice("x.exe cannot be used: Programs are not read.")
    assert rejected == Notice("weather: There is no such task.")
    assert (text, files) == (Text("Done.", whole=True), Files((WAV,)))


def test_every_end_has_words() -> None:
    """An answer, a failure and a stop each leave a text; an unfinished answer is marked as such."""
    assert blocks(fold([Said("Hel")])) == (Text("Hel", whole=False),)
    assert blocks(fold([Failed(None, "The disk is full.")])) == (Text("The disk is full.", whole=True),)
    assert blocks(fold([Said("Hel"), Cancelled("Ann")])) == (Text("Hel\n\nStopped.", whole=True),)
    assert blocks(fold([Cancelled("Ann")])) == (Text("Stopped.", whole=True),)
    assert blocks(fold([])) == ()


def test_values_in_words() -> None:
    """Scores read as percents, text stays text, and what is long is cut."""
    assert words([{"label": "positive", "score": 0.983}, {"label": "negative", "score": 0.017}]) == (
        "positive (98%), negative (2%)"
    )
    assert words("as it is") == "as it is"
    assert (
        words([{"text": "a", "page": 1}, {"text": "b", "page": 1}])
        == '{"text": "a", "page": 1}\n{"text": "b", "page": 1}'
    )
    assert words(0.123456) == "0.1235"
    assert words({"a": [1, 2]}) == '{"a": [1, 2]}'
    assert len(words("x" * 10_000)) == 2_000


def test_of_a_long_table_no_more_is_written_than_is_shown() -> None:
    """A step with a hundred thousand rows is drawn again with each event: what nobody sees is left alone."""
    unwritable: Any = object()
    tables: list[list[Any]] = [
        [{"text": "x" * 3000}, {"text": unwritable}],
        [["x" * 3000], unwritable],
        [1, *["x"] * 3000, unwritable],
    ]
    for rows in tables:
        assert len(words(rows)) == 2_000


def test_a_file_is_named_once() -> None:
    """Most sentences about a file name it themselves; the others get its name in front."""
    trace = fold([Refused(0, "a.png", "a.png is empty."), Refused(1, "b.png", "Pictures are not read.")])
    assert notices(trace) == (Notice("a.png is empty."), Notice("b.png cannot be used: Pictures are not read."))


def test_language_models_are_named_with_what_they_cost() -> None:
    """A line for each call, one for all; what nobody knows is left out."""
    asked = (
        Consulted(role="plan", model="toy", seconds=0.31, tokens_in=1200, tokens_out=80, cost=0.0004),
        Consulted(role="respond", model="toy", seconds=0.2, trouble="The reply broke off."),
    )
    found = calls(fold(asked))
    assert found.lines == (
        "plan: toy, 0.3 s, 1,200 tokens in, 80 out, $0.0004",
        "respond: toy, 0.2 s. The reply broke off.",
    )
    assert found.whole == "2 calls, 0.5 s, $0.0004"


def test_later_rounds_are_told_apart() -> None:
    """A task that was asked for over what others found says so."""
    first, second = Task(id=0, type="word"), Task(id=1, type="word")
    assert [step.round for step in steps(fold([Planned(first), Planned(second, 1)]))] == [0, 1]
