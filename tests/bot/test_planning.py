"""Planning without running: checked tasks as data, and sentences for what cannot be planned."""

import pytest

from bot.planning import Planner, files_named, stand_in
from core.errors import BadInput
from core.limits import Limits
from core.ports import Say
from core.types import Artifact, Kind, Mode
from tests.fakes import TOYS, FunctionExecutor, Piece, ScriptedController, task

pytestmark = pytest.mark.anyio


def planner(*script: Piece, everything: bool = False, mode: Mode = Mode.HYBRID) -> Planner:
    """A planner with a scripted controller."""
    return Planner(
        registry=TOYS,
        controller=ScriptedController(script=script),
        offers=FunctionExecutor().offers(),
        mode=mode,
        limits=Limits(tasks=3),
        everything=everything,
    )


async def test_a_plan_has_references_as_people_write_them() -> None:
    """Tasks keep their order, files and earlier results are named as in the paper."""
    drafts = [task(0, "look", image="<attachment-0>"), task(1, "picture", texts=["<resource-0>", "a word"])]
    assert await planner(*drafts).plan("draw", [stand_in("a.png")]) == {
        "tasks": [
            {"id": 0, "task": "look", "args": {"image": "<attachment-0>"}},
            {"id": 1, "task": "picture", "args": {"texts": ["<resource-0>", "a word"]}},
        ],
        "reply": "",
    }


async def test_words_and_refusals_are_the_reply() -> None:
    """What the controller says, and why parts of its plan are no tasks, is told."""
    plan = await planner(Say("Well. "), task(0), task(1, "teleport")).plan("go")
    assert [one["id"] for one in plan["tasks"]] == [0]  # type: ignore[index, union-attr, call-overload]
    assert str(plan["reply"]).startswith("Well.\nteleport: ")


async def test_a_plan_is_bounded() -> None:
    """More tasks than the limit are refused in words."""
    plan = await planner(*map(task, range(5))).plan("go")
    assert len(plan["tasks"]) == 3  # type: ignore[arg-type]
    assert "more than 3 tasks" in str(plan["reply"])


async def test_only_what_can_run_is_offered_unless_everything_is() -> None:
    """A task type without a model is no task of a plan, except when everything is to be planned with."""
    assert (await planner(task(0, "nowhere")).plan("go"))["tasks"] == []
    assert (await planner(task(0, "nowhere"), everything=True).plan("go"))["tasks"] != []
    assert (await planner(task(0), mode=Mode.REMOTE).plan("go"))["tasks"] == []


async def test_an_empty_request_is_refused() -> None:
    """Neither words nor files: a sentence. A file alone is a request."""
    with pytest.raises(BadInput, match="empty"):
        await planner().plan("  ")
    assert await planner(Say("Nice.")).plan("", [stand_in("a.png")]) == {"tasks": [], "reply": "Nice."}


@pytest.mark.parametrize(
    ("name", "kind", "meant", "mime"),
    [
        ("a.png", "image", Kind.IMAGE, "image/png"),
        ("a.png", None, Kind.IMAGE, "image/png"),
        ("A.PDF", None, Kind.DOCUMENT, "application/pdf"),
        ("scan", "pdf", Kind.DOCUMENT, "application/pdf"),
        ("clip.webm", "audio", Kind.AUDIO, "audio/webm"),
        ("clip.webm", None, Kind.VIDEO, "video/webm"),
        ("voice", "audio", Kind.AUDIO, "audio/wav"),
        ("rows", "table", Kind.TABLE, ""),
    ],
)
def test_a_file_can_be_spoken_of_without_being_there(name: str, kind: str | None, meant: Kind, mime: str) -> None:
    """A name and a kind stand in for a file; without a kind the name tells it."""
    assert stand_in(name, kind) == Artifact(sha256="", kind=meant, mime=mime, name=name, size=0)


@pytest.mark.parametrize("wrong", ["a.png", ["a.png"], [{"name": "a.xyz"}], [{"name": "a.png", "kind": "smell"}], 7])
def test_files_spoken_of_wrongly_are_refused(wrong: object) -> None:
    """Anything but a list of names and known kinds is a sentence, never a traceback."""
    with pytest.raises(BadInput):
        files_named(wrong)
