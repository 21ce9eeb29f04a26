"""A trace in a terminal: what a person sees of it."""

import io

from rich.console import Console

from adapters.render import steps
from adapters.terminal.format import answer, clean, line, news, picture, size
from core.events import (
    Answered,
    Event,
    Failed,
    Finished,
    Planned,
    Progressed,
    Refused,
    Rejected,
    Selected,
    Skipped,
    Started,
    Trace,
    fold,
)
from core.types import Place, Result, Selection, Task, TaskRef

PLAN: list[Event] = [
    Planned(Task(id=0, type="image-to-text")),
    Planned(Task(id=1, type="text-to-speech", args={"text": TaskRef(0)})),
    Planned(Task(id=2, type="text-classification")),
    Selected(Selection(task=0, model="rapidocr", place=Place.EMBEDDED, why="")),
    Started(0),
    Progressed(0, 0.5, "page 1"),
]


def drawn(trace: Trace) -> list[str]:
    """The lines of a picture as they stand on a wide screen."""
    console = Console(file=io.StringIO(), width=200, color_system=None)
    console.print(picture(trace))
    assert isinstance(console.file, io.StringIO)
    return [text.rstrip() for text in console.file.getvalue().splitlines()]


def test_the_plan_is_a_tree_of_what_waits_for_what() -> None:
    """A step stands below the one it needs, with state, model, place and progress."""
    lines = drawn(fold(PLAN))
    assert lines[0] == "Plan"
    assert lines[1].startswith("├── ")
    assert lines[1].endswith("image-to-text  rapidocr  embedded  50%  page 1")
    assert lines[2:] == ["│   └── · text-to-speech", "└── · text-classification"]


def test_ends_are_told_apart() -> None:
    """Done, failed and skipped steps have signs of their own, and say how long or why."""
    result = Result(task=2, outputs={}, seconds=1.234, model="vader", place=Place.EMBEDDED)
    lines = drawn(fold([*PLAN, Failed(0, "It is blank."), Skipped(1, 0), Finished(result), Answered("So.")]))
    assert lines[1] == "├── ✗ image-to-text  rapidocr  embedded  It is blank."
    assert lines[2].startswith("│   └── – text-to-speech  Not run")
    assert lines[3] == "└── ✓ text-classification  vader  embedded  1.23 s"


def test_talk_without_a_plan_leaves_no_picture() -> None:
    """While a plan is made a word says so; where there was none, nothing stays on the screen."""
    assert drawn(Trace())[0].endswith("Planning")
    assert drawn(fold([Answered("Hello")])) == []


def test_what_did_not_work_out_is_shown() -> None:
    """Refused files and rejected tasks are part of the picture."""
    lines = drawn(fold([Refused(0, "a.exe", "I cannot use it."), Rejected("teleport", "There is no such task.")]))
    assert lines[1:] == ["a.exe cannot be used: I cannot use it.", "teleport: There is no such task."]


def test_news_are_told_once() -> None:
    """Where nobody watches, a line is written when a step changes its state, not when it makes progress."""
    running, further = fold(PLAN), fold([*PLAN, Progressed(0, 0.9)])
    assert list(news(Trace(), running)) == ["▸ image-to-text  rapidocr  embedded  50%  page 1"]
    assert list(news(running, further)) == []
    failed = fold([Failed(0, "No."), Rejected("x", "y")], further)
    assert list(news(further, failed)) == ["✗ image-to-text  rapidocr  embedded  No.", "x: y"]


def test_a_remembered_result_says_so() -> None:
    """A cached result is not passed off as quick work."""
    result = Result(task=0, outputs={}, seconds=0.0, model="m", place=Place.LOCAL, cached=True)
    trace = fold([Planned(Task(id=0, type="t")), Finished(result)])
    assert line(steps(trace)[0]) == "✓ t  m  local  remembered"


def test_who_did_it_for_us_is_said() -> None:
    """Where hosted inference was asked."""
    done = Result(task=0, outputs={}, seconds=2.0, model="m", place=Place.REMOTE, providers=("together",))
    (step,) = steps(fold([Planned(Task(id=0, type="t")), Finished(done)]))
    assert line(step) == "✓ t  m  remote: together  2.00 s"


def test_nothing_takes_over_the_terminal() -> None:
    """Escape sequences from a model or a file never reach the screen; the words around them do."""
    wicked = "a\x1b[2Jb\x9b31mc\rd\n\te"
    assert clean(wicked) == "a[2Jb31mcd\n\te"
    console = Console(file=io.StringIO(), color_system=None)
    console.print(answer(wicked))
    console.print(picture(fold([*PLAN, Failed(0, wicked)])))
    assert isinstance(console.file, io.StringIO)
    assert "\x1b" not in console.file.getvalue()


def test_sizes_are_said_in_units() -> None:
    """Bytes are rounded to the unit that fits."""
    assert [size(count) for count in (5, 21_400, 21_400_000, 2_100_000_000)] == ["5 B", "21 kB", "21 MB", "2 GB"]
