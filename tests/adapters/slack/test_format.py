"""What is shown of traces and of other people's words: nobody is called, nothing is lost, all of it fits."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from html import unescape
from typing import Any, NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.render import steps
from adapters.sheets import sheets
from adapters.slack.format import PAPER, Layout, Look, card, going, sheet_layout, step_output
from adapters.slack.markup import JOINER, calm, escaped, literal, markdown, plain, settled
from adapters.slack.stream import Stream
from core.events import (
    Answered,
    Cancelled,
    Event,
    Failed,
    Finished,
    Held,
    Planned,
    Refused,
    Said,
    Selected,
    Started,
    Trace,
    fold,
)
from core.types import Artifact, Kind, Place, Result, Selection, Task
from tests.fakes import request
from tests.simulators.slack.blocks import check_blocks
from tests.simulators.slack.mentions import TOKEN
from tests.simulators.slack.posting import MOST_BLOCK_TEXT
from tests.simulators.slack.streams import add, shown
from tests.simulators.slack.world import Stream as Streamed
from tests.simulators.slack.world import texts, walk

CALLS = [
    "<!channel>",
    "<!here|here>",
    "<!everyone>",
    "<!subteam^S1|team>",
    "<@U0ABC>",
    "<@W1|ada>",
    "<!CHANNEL>",
    "<#C1>",
]
TOKENS = ["@channel", "@here", "<", "!", "channel>", "@", "U0ABC>", "`", "```\n", " ", "\n", "&lt;", "a", "ß", "<b>"]
PARTS = st.sampled_from([*CALLS, *TOKENS])
WORDS = st.lists(PARTS, max_size=12).map("".join)
CODED = st.lists(st.sampled_from(["`", "```", "\n", " ", "<b>", "x", "~~~", "`<i>`"]), max_size=20).map("".join)
MENTION = re.compile(r"<(!(channel|here|everyone|group|subteam)|@\w|#C)|@(channel|here|everyone)\b", re.IGNORECASE)
ASKED = request("Draw it", platform="slack")


@given(WORDS | st.text())
@example("<<!channel>>")
@example("<! channel>")
@example("`<@!channel>`")
def test_nobody_is_mentioned(text: str) -> None:
    """Neither in Markdown nor in small print nor where there is no markup, whatever the text; calming twice is once."""
    for safe in (calm(text), markdown(text), escaped(text), literal(text, 200), plain(text, 200), calm(calm(text))):
        assert not MENTION.search(safe)
        assert not TOKEN.search(safe)


@given(WORDS | st.text())
def test_it_still_reads_the_same(text: str) -> None:
    """Nothing but joiners, which nobody sees, is added; and escapes show as what was written."""
    bare = text.replace(JOINER, "")
    assert calm(text).replace(JOINER, "") == bare
    assert unescape(escaped(bare).replace(JOINER, "")) == unescape(bare.replace("&", "&amp;"))
    assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", escaped(text))


@pytest.mark.parametrize("code", ["<!DOCTYPE html>", "<!-- a -->", "a < b && c > d", "List<int> x", "me@here.example"])
def test_code_is_left_alone(code: str) -> None:
    """What looks like a mention and is none stays as it is."""
    text = f"```html\n{code}\n```"
    assert calm(text) == text or code.startswith("me@here")
    assert markdown(text) == calm(text)
    assert markdown(f"Say `{code}` <b>") == f"Say {calm(f'`{code}`')} &lt;b>"


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("a < b & c > d", "a &lt; b & c > d"),
        ("> quoted <b>bold</b>", "> quoted &lt;b>bold&lt;/b>"),
        ("See <https://a.example/?x=1&y=2>.", "See <https://a.example/?x=1&y=2>."),
        ("See <https://evil.example|bank.example>.", "See &lt;https://evil.example|bank.example>."),
        ("~~~\n<b>\n~~~\n<b>", "~~~\n<b>\n~~~\n&lt;b>"),
        ("a ` b <i>\nc ` <i>", "a ` b &lt;i>\nc ` &lt;i>"),
    ],
)
def test_slack_reads_none_of_its_tokens_in_markdown(text: str, sent: str) -> None:
    """What stands in angle brackets shows as it was written; addresses, quotes and code stay what they are."""
    assert markdown(text) == sent


@pytest.mark.parametrize("part", ["`", "```", "```\n", "<", "<!", "<@ ", "@", "~~~\n`", "<!a|", "` <", "<https://"])
def test_nothing_that_a_model_writes_keeps_us_busy(part: str) -> None:
    """However often it repeats itself."""
    text, began = part * 50_000, time.process_time()
    for show in (markdown, escaped, settled):
        show(text)
    assert time.process_time() - began < 2


@given(WORDS | st.text(), st.integers(1, 100))
def test_what_is_literal_is_one_line_and_fits(text: str, most: int) -> None:
    """Small print has no markup of its own, plain text no more letters than fit."""
    assert len(plain(text, most)) <= most
    line = literal(text, most)
    assert "\n" not in line
    assert not re.search(r"[*~`]", line)


@given(WORDS | CODED, WORDS | CODED)
def test_what_is_settled_stays(text: str, more: str) -> None:
    """Whatever a text grows by, what was sure stays its beginning, and what follows begins with no blank."""
    sure, grown = settled(markdown(text.lstrip())), markdown((text + more).lstrip())
    assert grown.startswith(sure)
    rest = settled(grown)[len(sure) :]
    assert not rest[:1].isspace()


# ---------------------------------------------------------------- layouts

FILE = Artifact(sha256="a", kind=Kind.AUDIO, mime="audio/wav", name="speech.wav", size=9)


class Plot(NamedTuple):
    """What happens to a request, in few words."""

    steps: int
    words: str
    often: int  # how many times the words are said everywhere
    ended: str
    end: str

    def trace(self) -> Trace:
        """Return the request somewhere on its way, or over."""
        said = self.words * self.often
        return fold([event for number in range(self.steps) for event in self._step(number, said)] + self._end(said))

    def _step(self, number: int, said: str) -> list[Event]:
        result = Result(task=number, outputs={"t": said, "f": FILE}, seconds=1.0, model=said, place=Place.REMOTE)
        ended: dict[str, list[Event]] = {"done": [Finished(result)], "failed": [Failed(number, said)], "": []}
        chosen = Selection(task=number, model=f"a/{said}", place=Place.LOCAL, why=said)
        planned = Planned(Task(id=number, type=said or "task", args={"text": said}))
        return [planned, Selected(chosen), Started(number), *ended[self.ended]]

    def _end(self, said: str) -> list[Event]:
        ends: dict[str, list[Event]] = {
            "": [],
            "said": [Said(said)],
            "answered": [Answered(said)],
            "long": [Answered(said * 30)],
            "stopped": [Cancelled(said)],
            "failed": [Failed(None, said)],
            "held": [Held(said)],
        }
        return ends[self.end]


PLOTS = st.builds(
    Plot,
    steps=st.sampled_from([0, 1, 3, 60]),
    words=WORDS | st.text(max_size=100) | st.just("x") | st.just("<!channel> "),
    often=st.sampled_from([1, 1, 500]),
    ended=st.sampled_from(["", "done", "failed"]),
    end=st.sampled_from(["", "said", "answered", "long", "stopped", "failed", "held"]),
)


def taken(layout: Layout) -> None:
    """Slack takes it, and notifies nobody."""
    blocks = list(layout.blocks)
    check_blocks(blocks)
    assert blocks
    assert sum(map(len, texts(blocks))) <= MOST_BLOCK_TEXT
    assert 0 < len(layout.text) < 40_000
    for part in walk(blocks):
        for name in ("text", "title", "value", "accessibility_label", "url"):
            assert not TOKEN.search(part[name] if isinstance(part.get(name), str) else "")
    assert not TOKEN.search(layout.text)


@settings(deadline=None, max_examples=40)
@given(PLOTS, st.sampled_from(Look))
def test_every_card_and_answer_is_taken(plot: Plot, look: Look) -> None:
    """Whatever happens, and in whichever look."""
    trace = plot.trace()
    taken(card(ASKED, trace, look))
    taken(card(ASKED, trace, look, beside=True))
    taken(going(trace, look))
    for number, page in enumerate(sheets(ASKED, trace, PAPER, (), ["a.wav is <!here>."])):
        taken(sheet_layout(ASKED, trace, page, look, first=number == 0))


@settings(deadline=None, max_examples=40)
@given(st.lists(PLOTS, min_size=1, max_size=3))
def test_every_stream_is_taken(plots: list[Plot]) -> None:
    """Whatever is said after whatever was said before."""
    ours, theirs = Stream("1.2"), Streamed(0.0, "plan")
    asked = replace(ASKED, id="r" * 32)
    for plot in plots:
        news = ours.news(asked, plot.trace())
        add(theirs, {"chunks": news}, must=False)
    assert not any(TOKEN.search(str(value)) for task in theirs.tasks.values() for value in task.values())
    assert not TOKEN.search(theirs.markdown)
    check_blocks(shown(theirs))


def test_details_are_said_once() -> None:
    """Slack adds what is said of a step to what was said before, so nothing is said twice."""
    ours, theirs = Stream("1.2"), Streamed(0.0, "plan")
    result = Result(task=0, outputs={"text": "Short."}, seconds=2.0, model="a/b", place=Place.LOCAL)
    events: list[Event] = [
        Planned(Task(id=0, type="summarization")),
        Selected(Selection(task=0, model="a/b", place=Place.LOCAL, why="Small.")),
        Started(0),
        Finished(replace(result, providers=("x",))),
    ]
    for count in range(1, 5):
        for _ in range(2):
            add(theirs, {"chunks": ours.news(ASKED, fold(events[:count]))}, must=False)
    (task,) = theirs.tasks.values()
    assert task["details"] == "a/b · 🖥️ own device · Small."
    assert task["output"] == "2.0 s · by x · Short."
    assert task["sources"][0]["url"] == "https://huggingface.co/a/b"


def test_another_model_on_the_way_is_said() -> None:
    """Where a step goes on with another one, both stand there in their order."""
    ours, theirs = Stream("1.2"), Streamed(0.0, "plan")
    events: list[Event] = [Planned(Task(id=0, type="summarization"))]
    for model in ("a/b", "c/d"):
        events += [Selected(Selection(task=0, model=model, place=Place.LOCAL, why="")), Started(0)]
        add(theirs, {"chunks": ours.news(ASKED, fold(events))}, must=False)
    (task,) = theirs.tasks.values()
    assert task["details"] == "a/b · 🖥️ own device → c/d · 🖥️ own device"


def test_a_file_that_cannot_be_used_is_told_once() -> None:
    """In the card until the answer says it; below the answer only where that does not."""
    refused = Refused(0, "cat.png", "cat.png is empty.")
    assert "cat.png is empty." in str(card(ASKED, fold([refused]), Look.RICH))
    for said in ("`cat.png` is empty.", "It is a cat."):
        trace = fold([refused, Answered(said)])
        (page,) = sheets(ASKED, trace, PAPER, (), ())
        shown_there = str(sheet_layout(ASKED, trace, page, Look.RICH, first=True).blocks)
        assert shown_there.replace("`", "").count("cat.png is empty.") == 1


def test_no_card_shows_what_is_for_machines() -> None:
    """Boxes and tables are left out of a step's line; words and labels stay."""
    outputs: dict[str, Any] = {"text": "HELLO", "regions": [{"text": "HELLO", "box": {"xmin": 1}}]}
    result = Result(task=0, outputs=outputs, seconds=1.0, model="a/b", place=Place.LOCAL)
    (step,) = steps(fold([Planned(Task(id=0, type="image-to-text")), Finished(result)]))
    assert step_output(step) == "1.0 s · HELLO"
