"""The terminal as a platform, with a worker behind it: what is said is answered, on the screen and in files."""

import re
from pathlib import Path

import pytest

from adapters.terminal.ear import Message
from adapters.terminal.screen import Silent
from bot import reception
from bot.admission import Conditions
from core.bylaws import Charter
from core.errors import ExpertFailed
from core.events import Held, Trace, Waiting, fold
from core.ports import Job, OnProgress, Say
from core.stages.approval import Allowance
from core.types import Mode, Safety, Value
from tests.adapters.terminal.house import PLATFORM, House, a_console, written
from tests.fakes import FunctionExecutor, ScriptedController, request, task
from tests.watched import BLUE, RED, Watched

pytestmark = pytest.mark.anyio


async def test_words_come_out_where_words_belong(tmp_path: Path) -> None:
    """The answer goes to one stream, progress line by line to the other, so that a pipe gets the answer alone."""
    house = House(tmp_path)
    await house.converse([Message(text="hi")])
    assert written(house.out) == "0=<t0>\n"
    assert "✓ word  toy  local" in written(house.progress)


async def test_on_a_terminal_the_plan_moves(tmp_path: Path) -> None:
    """Where somebody watches, the last picture stays: a tree with every step done."""
    house = House(tmp_path, progress=a_console(terminal=True))
    await house.converse([Message(text="hi")])
    last = written(house.progress).rpartition("Plan")[2]
    assert re.search(r"└── ✓ word  toy  local  \d\.\d\d s", last)


async def test_files_are_written_and_named(tmp_path: Path) -> None:
    """An answer's files lie in the folder, and each path stands on a line of its own, whole."""
    controller = ScriptedController(script=[task(0, "picture", texts=["a", "b"])])
    house = House(tmp_path / ("deep/" * 30), controller=controller)
    await house.converse([Message(text="draw")])
    path = Path(written(house.out).splitlines()[-1].removeprefix("image  "))
    assert path.read_bytes() == b"a|b"
    assert path.suffix == ".png"


async def test_files_that_cannot_be_written_cost_no_words(tmp_path: Path) -> None:
    """With a folder that cannot be used, the answer is there and a sentence says why its files are not."""
    (tmp_path / "taken").write_text("")
    house = House(tmp_path / "taken", controller=ScriptedController(script=[task(0, "picture", texts=["a"])]))
    await house.converse([Message(text="draw")])
    assert written(house.out).startswith("0=")
    assert "cannot be written" in written(house.progress)


async def test_attachments_are_read_and_links_found_in_words(tmp_path: Path) -> None:
    """Files named beside a message come first, links typed into it after them, each once."""
    (tmp_path / "note.txt").write_text("a note")
    house = House(tmp_path)
    await house.converse([Message(text="see https://example.org/a.txt.", attach=(str(tmp_path / "note.txt"),))])
    trace = fold(await house.store.journal.read(house.heard[0].id))
    assert [artifact.name for _, artifact in sorted(trace.artifacts.items())] == ["note.txt", "a.txt"]


async def test_what_cannot_be_heard_is_said_and_the_talk_goes_on(tmp_path: Path) -> None:
    """A missing file and an empty message are refused in words; the next message is answered."""
    house = House(tmp_path)
    await house.converse([Message(text="x", attach=("/no/such/file",)), Message(text=" "), Message(text="hi")])
    assert house.refused[0] == "There is no file /no/such/file."
    assert "empty" in house.refused[1]
    assert len(house.heard) == 1


async def test_a_conversation_has_a_window_and_a_new_one_has_none(tmp_path: Path) -> None:
    """The second turn sees the first; a turn in another conversation does not."""
    house = House(tmp_path, controller=ScriptedController(script=[Say("yes")]))
    await house.converse([Message(text="one"), Message(text="two"), Message(text="three", conversation="other")])
    assert [[turn.text for turn in brief.turns] for brief in house.controller.briefs] == [[], ["one", "yes"], []]


async def test_the_mode_of_a_message_counts(tmp_path: Path) -> None:
    """A mode given with a message is the one it is answered in."""
    house = House(tmp_path)
    await house.converse([Message(text="hi", mode=Mode.LOCAL), Message(text="hi")])
    assert [brief.mode for brief in house.controller.briefs] == [Mode.LOCAL, Mode.HYBRID]


async def test_a_failed_step_is_told(tmp_path: Path) -> None:
    """What an expert could not do stands in the progress, with its reason."""

    async def fail(_job: Job, _on_progress: OnProgress) -> dict[str, Value]:
        raise ExpertFailed("The ink ran out.")

    house = House(tmp_path, executor=FunctionExecutor(function=fail))
    await house.converse([Message(text="hi")])
    assert "✗ word  toy  local  The ink ran out." in written(house.progress)


async def test_answering_twice_prints_once(tmp_path: Path) -> None:
    """A worker that tries again after a fault does not repeat itself on the screen."""
    house = House(tmp_path)
    await house.converse([Message(text="hi")])
    request = house.heard[0]
    end = await house.mouth.ended(request.id)
    before = written(house.out)
    handle = await house.mouth.open(request)
    assert await house.mouth.finish(request, handle, end.trace) == handle
    assert written(house.out) == before


async def test_a_silent_screen_shows_nothing_and_the_end_is_known(tmp_path: Path) -> None:
    """For a program nothing is printed, and it gets the trace and the files."""
    controller = ScriptedController(script=[task(0, "picture", texts=["a"])])
    house = House(tmp_path, controller=controller, screen=Silent())
    await house.converse([Message(text="draw")])
    end = await house.mouth.ended(house.heard[0].id)
    assert end.trace.answer is not None
    assert [path.read_bytes() for _, path in end.files] == [b"a"]
    assert written(house.out) + written(house.progress) == ""


async def test_the_last_picture_stays_when_a_failure_comes_late(tmp_path: Path) -> None:
    """A request that fails as a whole ends with the sentence that says why."""
    house = House(tmp_path, controller=ScriptedController(script=[ExpertFailed("I lost my head.")]))
    await house.converse([Message(text="hi")])
    assert written(house.out) == "I lost my head.\n"


@pytest.mark.parametrize(("safety", "saved"), [(Safety.STRICT, 1), (Safety.BLUR, 2), (Safety.OFF, 2)])
async def test_unsafe_pictures_are_not_saved_without_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, safety: Safety, saved: int
) -> None:
    """Where they are withheld there is a sentence in place of the file; else one beside its path."""
    monkeypatch.setattr(reception, "FREE", Conditions(Charter(safety=safety), ()))
    painted = [task(number, "picture", texts=[word]) for number, word in enumerate((RED, BLUE))]
    house = House(tmp_path, controller=ScriptedController(script=painted), executor=Watched())
    await house.converse([Message(text="draw")])
    assert len(list(tmp_path.iterdir())) == saved
    assert ("a classifier takes it for unsafe (nsfw, 97%)" in written(house.out)) is (safety is not Safety.OFF)
    assert ("is not shown here" in written(house.out)) is (safety is Safety.STRICT)


async def test_a_plan_that_is_held_asks_where_somebody_types(tmp_path: Path) -> None:
    """The question is on the screen once, the picture moves no more, and after the answer to it the plan goes on."""
    house = House(tmp_path, progress=a_console(terminal=True), allowance=Allowance(seconds=5))
    async with house.at_work():
        asked = request("hi", platform=PLATFORM)
        await house.reception(asked)
        held = await house.mouth.outcome(asked.id)
        assert isinstance(held, Held)
        before = written(house.progress)
        assert before.rstrip().endswith("This plan would take about 6 seconds. Run it?")
        await house.store.inbox.approve(asked.id, "ada")
        await house.mouth.ended(asked.id)
    assert written(house.progress).count("Run it?") == 1
    assert written(house.out) == "0=<t0>\n"


async def test_how_many_go_first_is_told_once(tmp_path: Path) -> None:
    """Where nobody watches, waiting is one line, not one for each place."""
    house = House(tmp_path)
    for ahead in (3, 2, 1):
        house.mouth._screen.show("r", Trace().plus(Waiting(ahead, 40.0)))
    assert written(house.progress) == "3 before you, about 40 seconds\n"
