"""Cards, receipts and sheets: Discord takes whatever is shown, and nothing that somebody said is markup."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.another import fitting, open_steps
from adapters.concierge import Alternative
from adapters.discord import format as formats
from adapters.discord.markup import PAPER
from adapters.discord.swapping import models, with_steps
from adapters.discord.whispered import overlong, whisper
from adapters.press import Press, Verb
from adapters.sheets import sheets
from adapters.uploads import NOTHING, Uploads
from core.events import (
    Answered,
    Event,
    Failed,
    Finished,
    Held,
    Planned,
    Progressed,
    Received,
    Selected,
    Started,
    Waiting,
    fold,
)
from core.types import Artifact, ArtifactRef, Kind, Place, Result, Selection, Task, TaskRef
from tests.fakes import request
from tests.simulators.discord.preview import invented, page
from tests.simulators.discord.rules import check_message

pytestmark = pytest.mark.anyio

ASKED = request("draw", platform="discord", author="123456789012345678")
EVIL = "**@everyone** `x` [a](https://b.example) <@1> ||" + "ж" * 500
FILE = Artifact(sha256="s", kind=Kind.IMAGE, mime="image/png", name=f"{EVIL}.png", size=3)


def large(count: int) -> list[Event]:
    """A plan of many steps with long words everywhere."""
    events: list[Event] = [Received(0, FILE)]
    for number in range(count):
        needs = {"image": TaskRef(number - 1)} if number else {"image": ArtifactRef(0)}
        events += [
            Planned(Task(id=number, type="openpose-text-to-image", args={**needs, "text": EVIL})),
            Selected(Selection(task=number, model=EVIL, place=Place.REMOTE, why=EVIL)),
            Started(number),
            Progressed(number, 0.5, EVIL),
        ]
    return events


def payload(view: formats.Layout) -> dict[str, Any]:
    """A message of a layout."""
    parts: list[Any] = view.to_components()  # type: ignore[no-untyped-call]
    return {"components": parts, "flags": 1 << 15}


async def test_every_stage_of_a_large_plan_is_taken() -> None:
    """32 steps with the longest words: card, receipt, details and whisper stay within all limits."""
    events = large(32)
    for count in range(0, len(events), 9):
        check_message(payload(formats.card(ASKED, fold(events[:count]))), {}, 1)
    for end in (Answered(EVIL * 100), Failed(None, EVIL), Failed(3, EVIL)):
        trace = fold([*events, end])
        uploads = Uploads(files={}, bundles=(), remarks=(EVIL,) * 9, text=overlong(trace))
        files = {"files[0]": ("answer.md", b"x")} if uploads.text else {}
        for view in (formats.receipt(ASKED, trace), formats.details(trace)):
            check_message(payload(view), {}, 1)
        check_message(payload(whisper(ASKED, trace, uploads)), files, 1)


async def test_questions_and_lists_are_taken() -> None:
    """Held and waiting cards of 32 steps, lists with the longest words: all stay within the limits."""
    events, step = large(32), Press.on(Verb.STEP, ASKED)
    for last in (Held(EVIL * 3, 9e9, 9e9), Waiting(99_999, 9e9)):
        trace = fold([*events, last])
        check_message(payload(formats.card(ASKED, trace)), {}, 1)
        check_message(payload(whisper(ASKED, trace, NOTHING)), {}, 1)
    trace = fold([*events, Answered(EVIL)])
    check_message(payload(with_steps(formats.details(trace), step, trace)), {}, 1)
    names = [*(f"{number}/{EVIL}" for number in range(9)), *(f"maker/model-{number}" for number in range(40))]
    others = fitting([Alternative(model=name, place=Place.REMOTE, about=EVIL, here=False) for name in names * 2], 100)
    assert len(others) == 25
    check_message(payload(models(step, open_steps(trace)[0], others)), {}, 1)


async def test_what_others_say_is_no_markup() -> None:
    """Names of files and models, reasons and notes are shown as they were said."""
    (line,) = formats.lines(fold(large(1)))
    assert "**@everyone**" not in line
    assert r"\*\*@everyone\*\*" in line


@pytest.mark.parametrize("length", [0, 1, 1_999, 2_000, 2_001, 7_000, 9_000, 100_000])
async def test_answers_of_any_length_are_taken(length: int) -> None:
    """Texts are split, very long ones go along as a file, and buttons stand below the last message only."""
    trace = fold([Answered("word " * (length // 5) + "x" * (length % 5), (FILE,) * 25)])
    made = sheets(ASKED, trace, PAPER, [[FILE] * 10, [FILE] * 10, [FILE] * 5], [EVIL])
    for sheet in made:
        count = len(sheet.files) + bool(sheet.whole)
        row: Any = formats.answer_row(sheet.buttons).to_components() if sheet.buttons else []
        uploads = {f"files[{number}]": ("a", b"x") for number in range(count)}
        check_message({"content": sheet.text, "components": row}, uploads, 1)
    assert [bool(sheet.buttons) for sheet in made] == [False] * (len(made) - 1) + [True]
    assert sum(len(sheet.files) for sheet in made) == 25
    assert bool([sheet for sheet in made if sheet.whole]) == (length > 8_000)


async def test_steps_say_what_they_wait_for_where_they_run_and_why() -> None:
    """Model, place and whom it asked there, time, reason, progress and inputs of a step are on the card."""
    asked = ("fal-ai", "groq")
    done = Result(task=0, outputs={}, seconds=1.25, model="blip", place=Place.REMOTE, providers=asked)
    trace = fold(
        [
            Received(0, Artifact(sha256="s", kind=Kind.IMAGE, mime="image/png", name="cat.png", size=3)),
            Planned(Task(id=0, type="image-to-text", args={"image": ArtifactRef(0)})),
            Planned(Task(id=1, type="text-to-speech", args={"text": TaskRef(0)})),
            Selected(Selection(task=0, model="blip", place=Place.REMOTE, why="Most downloads.")),
            Selected(Selection(task=1, model="espeak-ng", place=Place.EMBEDDED, why="The only one.")),
            Finished(done),
            Started(1),
            Progressed(1, 0.25, "sentence 1 of 4"),
        ]
    )
    assert formats.lines(trace) == [
        "✅ **1 · image-to-text** ← cat.png\n-# blip · ☁️ cloud: groq (asked before: fal-ai) · 1.2 s · Most downloads.",
        "⏳ **2 · text-to-speech** ← 1\n-# espeak-ng · 📦 embedded · ▰▰▱▱▱▱▱▱▱▱ 25% · sentence 1 of 4 · The only one.",
    ]


def test_a_button_says_what_it_is_after_any_restart() -> None:
    """What is written into a custom id is read back, and nothing else is taken for one of ours."""
    press = Press(verb=Verb.STOP, request="a" * 32, author="1" * 20)
    assert Press.read(str(press)) == press
    assert len(str(press)) <= 100
    assert [Press.read(other) for other in ("", "jarvis/fly/1/2", "other/stop/1/2", "jarvis/stop/1")] == [None] * 4


async def test_the_preview_draws_every_stage() -> None:
    """The page that shows cards without Discord knows every component that is used, and escapes what it shows."""
    drawn = page(await invented())
    assert drawn.count('class="message"') == len(await invented())
    assert "component of type" not in drawn
    assert "62%" in drawn
    assert "3 before you, about 40 s" in drawn
    assert "Run it?" in drawn
    assert "xinsir/controlnet-openpose-sdxl" in drawn
