from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.format import answered, asked, boxed, literal, markup, player
from core.events import Answered, Failed, Finished, Flagged, Planned, Progressed, Refused, Said, Selected, Started, fold
from core.types import Artifact, Kind, Place, Result, Selection, Task

PICTURE = Artifact(sha256="a" * 64, kind=Kind.IMAGE, mime="image/png", name='ed"ge <b>.png', size=9)
PLAN = (
    Planned(Task(id=0, type="canny-control", args={"image": "x"})),
    Selected(Selection(task=0, model="canny", place=Place.EMBEDDED, why="The only one here.")),
    Started(0),
)


def test_a_running_step_turns_its_wheel() -> None:
    """While a task runs its step is pending and tells what it does now."""
    (step,) = answered(fold([*PLAN, Progressed(0, 0.25, "tile 1 of 4")]))
    assert step["metadata"]["status"] == "pending"
    assert step["metadata"]["log"] == "canny · embedded"
    assert "25% tile 1 of 4" in step["content"]


def test_a_finished_step_shows_everything() -> None:
    """Model, place, reason, seconds and the intermediate picture are inside the step."""
    done = Finished(Result(task=0, outputs={"image": PICTURE}, seconds=1.25, model="canny", place=Place.EMBEDDED))
    step, answer = answered(fold([*PLAN, done, Answered("Done.", (PICTURE,))]))
    for part in ("canny", "embedded", "The only one here", "1.25 s", "<img "):
        assert part in step["content"]
    assert step["metadata"]["duration"] == 1.25
    assert step["metadata"]["status"] == "done"
    assert "Done." in answer["content"]
    assert "<img " in answer["content"]


def test_a_remembered_step_took_no_time() -> None:
    """It says that it is remembered in place of the seconds, closed and open."""
    done = Finished(Result(task=0, outputs={}, seconds=0.001, model="canny", place=Place.EMBEDDED, cached=True))
    (step,) = answered(fold([*PLAN, done]))
    assert step["metadata"]["log"] == "canny · embedded · remembered"
    assert "duration" not in step["metadata"]
    assert "**Time** none: remembered from an earlier run" in step["content"]


def test_a_step_says_who_did_it_for_us() -> None:
    """Where others were asked, closed and open."""
    asked = ("fal-ai", "together")
    done = Finished(Result(task=0, outputs={}, seconds=1.25, model="m", place=Place.REMOTE, providers=asked))
    (step,) = answered(fold([*PLAN, done]))
    assert step["metadata"]["log"] == "m · remote · together (asked before: fal-ai)"
    assert "**By** together (asked before: fal\\-ai)" in step["content"]


def test_what_is_flagged_has_to_be_opened_in_the_step_and_in_the_answer() -> None:
    """Nobody sees it unasked, and the reason stands where it is opened; the name in it is no markup."""
    done = Finished(Result(task=0, outputs={"image": PICTURE}, seconds=1.25, model="canny", place=Place.EMBEDDED))
    flagged = Flagged(PICTURE.sha256, "<nsfw>", 0.97)
    for message in answered(fold([*PLAN, flagged, done, Answered("Done.", (PICTURE,))])):
        closed = message["content"].index("<details")
        assert closed < message["content"].index("<img ") < message["content"].index("</details>")
        assert "a classifier takes it for unsafe (&lt;nsfw&gt;, 97%)" in message["content"]
        assert message["content"].count("<img ") == 1
        assert "ge <b>" not in message["content"]


def test_what_fails_says_why() -> None:
    """A failed step, a refused file and a failed request are sentences."""
    step, notice, text = answered(
        fold([*PLAN, Failed(0, "Too dark."), Refused(1, "x.exe", "No programs."), Failed(None, "Sorry.")])
    )
    assert "Too dark" in step["content"]
    assert "No programs" in notice["content"]
    assert text["content"] == "Sorry."


def test_an_answer_that_is_still_written_shows_it() -> None:
    """Before anything is known there is a sign of life, and an unfinished answer ends in one."""
    assert answered(fold([]))[0]["content"] == "…"
    assert answered(fold([Said("Hel")]))[0]["content"] == "Hel …"


def test_a_file_to_save_says_what_sort_it_is() -> None:
    """By its ending, if it has one; whatever it holds is text."""
    assert ">PDF</small> bill.pdf</a>" in player("/x", "bill.pdf", "application/pdf")
    assert ">LONGE</small> a.longending</a>" in player("/x", "a.longending", "")
    assert ">Makefile</a>" in player("/x", "Makefile", "")
    assert ">&lt;B&gt;</small> a.&lt;b&gt;</a>" in player("/x", "a.<b>", "")


def test_a_step_says_how_it_ended_before_it_is_opened() -> None:
    """In words where it is not done, so that neither colour nor sign has to tell."""
    failed = answered(fold([*PLAN, Failed(0, "Too dark.")]))[0]["metadata"]
    assert failed["log"] == "canny · embedded · failed"
    assert failed["title"] == '<span class="state failed">✗</span> **canny\\-control**'


@pytest.mark.parametrize(
    ("mime", "tag"),
    [
        ("image/png", "<img "),
        ("audio/wav", "<audio controls"),
        ("video/mp4", "<video controls"),
        ("video/x-msvideo", "<a class"),
        ("audio/amr", "<a class"),
        ("image/svg+xml", "<a "),
        ("application/pdf", "<a "),
        ("", "<a "),
    ],
)
def test_each_kind_has_its_player(mime: str, tag: str) -> None:
    """What a browser can show is shown; the rest is a link to save it."""
    assert tag in player("/x", "x", mime)


def test_names_cannot_become_markup() -> None:
    """A file's name is text, whatever it holds."""
    assert '"ge' not in player("/x", PICTURE.name, PICTURE.mime)
    assert "<b>" not in player("/x", PICTURE.name, PICTURE.mime)


def test_what_a_person_writes_is_shown_as_written() -> None:
    """Markdown and HTML in a question are characters."""
    assert asked("<b>*hi*</b>", ())["content"] == r"\<b\>\*hi\*\</b\>"
    assert literal("plain words, 42.") == "plain words, 42."


def test_tags_in_an_answer_are_words() -> None:
    """What looks like a tag in an answer is shown, not swallowed or obeyed; code and emphasis stay as they are."""
    assert markup("**0**=<t0> <script>") == "**0**=&lt;t0> &lt;script>"
    assert markup("`a < b` <c>") == "`a < b` &lt;c>"
    assert markup("```\n<html>\n``` <b>") == "```\n<html>\n``` &lt;b>"
    assert markup("```\n<html>") == "```\n<html>"


@given(st.text(alphabet="`~ab\n<>"))
def test_nothing_leaves_its_box(text: str) -> None:
    """Text that a file or a model gave cannot close the box around it."""
    opening, *inside, closing = boxed(text).split("\n")
    fence = opening.removesuffix("text")
    assert closing == fence
    assert all(fence not in line for line in inside)
