"""Pictures that tasks make are looked at before anybody sees them, and a place decides what becomes of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import anyio
import pytest

from core.catalogue.snapshot import snapshot
from core.contract import Give, Take, TaskType
from core.errors import BadInput, DeadlineExceeded, NotAvailable, WorkerDied
from core.events import Answered, Finished, Flagged, Trace
from core.experts.image_safety import TYPE
from core.figures import Figures
from core.ports import Job, Offer, OnProgress
from core.registry import Registry
from core.safety import UNCHECKED, UNCLASSIFIED, Showing, cleared, showing
from core.stages.execute import Execution
from core.stages.policy import ANYTHING
from core.stages.safety import Guard
from core.types import Artifact, Kind, Mode, Place, Request, Result, Safety, Task, Value
from storage.blobs import MemoryBlobs
from storage.memory import MemoryStore
from tests.fakes import FunctionExecutor, ScriptedController, heard, mind, request, task, traced
from tests.watched import BLUE, RED, Watched

pytestmark = pytest.mark.anyio


MARK = TaskType(
    name="mark",
    summary="Draws on a picture.",
    takes=(Take(name="image", kinds=(Kind.IMAGE,)),),
    gives=(Give(name="image", kind=Kind.IMAGE),),
)


def asked(safety: Safety = Safety.BLUR, mode: Mode = Mode.HYBRID) -> Request:
    """Return a request from a place that is as careful."""
    return replace(request(), safety=safety, mode=mode)


def painted(*words: str) -> ScriptedController:
    """Return a controller that has one picture painted for each word."""
    return ScriptedController([task(number, "picture", texts=[word]) for number, word in enumerate(words)])


def made(trace: Trace, number: int = 0) -> Artifact:
    """Return a task's picture."""
    image = trace.results[number].outputs["image"]
    assert isinstance(image, Artifact)
    return image


@pytest.mark.parametrize("safety", [Safety.STRICT, Safety.BLUR])
async def test_what_is_unsafe_is_flagged_and_what_is_safe_is_not(safety: Safety) -> None:
    """The verdict is part of the story, with label and score; the task itself succeeds."""
    trace = await traced(mind(painted(RED, BLUE), Watched()), asked(safety))
    assert trace.flagged == {made(trace).sha256: Flagged(made(trace).sha256, "nsfw", 0.97)}
    assert set(trace.results) == {0, 1}


async def test_the_verdict_is_there_before_the_picture() -> None:
    """At no moment does a trace hold an unsafe picture that looks safe."""
    events = await heard(mind(painted(RED), Watched()), asked())
    kinds = [type(event) for event in events]
    assert kinds.index(Flagged) < kinds.index(Finished)


async def test_where_everything_is_shown_nothing_is_looked_at() -> None:
    """OFF costs no time."""
    executor = Watched()
    trace = await traced(mind(painted(RED), executor), asked(Safety.OFF))
    assert not executor.looks
    assert not trace.flagged


async def test_words_are_not_looked_at() -> None:
    """What is no picture costs nothing, either."""
    executor = Watched()
    await traced(mind(ScriptedController([task(0, text=RED)]), executor), asked(Safety.STRICT))
    assert not executor.looks


async def test_tasks_go_on_with_what_is_flagged() -> None:
    """Only showing is bound by the verdict."""
    plan = [task(0, "picture", texts=[RED]), task(1, "look", image="<resource-0>")]
    trace = await traced(mind(ScriptedController(plan), Watched()), asked(Safety.STRICT))
    assert trace.results[1].outputs == {"text": "saw red"}


@pytest.mark.parametrize(
    "trouble", [WorkerDied("It crashed."), DeadlineExceeded("Too long."), BadInput("Broken."), ZeroDivisionError("bug")]
)
@pytest.mark.parametrize("safety", [Safety.STRICT, Safety.BLUR])
async def test_what_cannot_be_checked_is_not_taken_for_safe(trouble: Exception, safety: Safety) -> None:
    """A classifier that fails, in whatever way, has not said “safe”."""
    trace = await traced(mind(painted(BLUE), Watched(classifiers={"eye": trouble})), asked(safety))
    assert trace.flagged[made(trace).sha256] == Flagged(made(trace).sha256, UNCHECKED, 0.0)


async def test_the_next_classifier_steps_in() -> None:
    """One that fails costs no verdict while there is another; and it is asked last from then on."""
    executor = Watched(classifiers={"bad": NotAvailable("Its weights cannot be fetched."), "good": None})
    house = mind(painted(RED), executor)
    trace = await traced(house, asked())
    assert executor.looks == ["bad", "good"]
    assert trace.flagged[made(trace).sha256].label == "nsfw"


async def test_a_classifier_that_hangs_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer comes, without taking the picture for safe."""

    class Hanging(Watched):
        async def run(self, job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
            if job.type == TYPE.name:
                await anyio.sleep_forever()
            return await super().run(job, on_progress)

    monkeypatch.setattr("core.stages.safety.SECONDS", 0.05)
    trace = await traced(mind(painted(BLUE), Hanging()), asked())
    assert trace.flagged[made(trace).sha256].label == UNCHECKED
    assert trace.answer is not None


@pytest.mark.parametrize(("safety", "label"), [(Safety.STRICT, UNCLASSIFIED), (Safety.BLUR, None)])
async def test_without_any_classifier_only_strict_places_withhold(safety: Safety, label: str | None) -> None:
    """There the safe side counts; elsewhere pictures are shown as if nobody had ever thought of it."""
    trace = await traced(mind(painted(BLUE), FunctionExecutor()), asked(safety))
    flagged = trace.flagged.get(made(trace).sha256)
    assert (flagged.label if flagged else None) == label


async def test_in_local_mode_no_picture_leaves_for_the_check() -> None:
    """A classifier at hosted inference does not count there."""
    executor = Watched(place=Place.REMOTE)
    trace = await traced(mind(painted(RED), executor), asked(Safety.STRICT, Mode.LOCAL))
    assert not executor.looks
    assert trace.flagged[made(trace).sha256].label == UNCLASSIFIED
    await traced(mind(painted(RED), executor), asked(Safety.STRICT, Mode.HYBRID))
    assert executor.looks == ["eye"]


async def test_own_devices_check_in_remote_mode() -> None:
    """The check is the house's own errand, whoever paints."""

    class Elsewhere(Watched):
        def offers(self) -> Collection[Offer]:
            return [
                offer if offer.type == TYPE.name else replace(offer, place=Place.REMOTE) for offer in super().offers()
            ]

    trace = await traced(mind(painted(RED), Elsewhere()), asked(mode=Mode.REMOTE))
    assert trace.flagged[made(trace).sha256].label == "nsfw"


@pytest.mark.parametrize(("present", "warmed"), [(False, ["image-safety/eye"]), (True, [])])
async def test_weights_come_while_the_task_is_at_work(present: bool, warmed: list[str]) -> None:
    """What is here already is not loaded ahead: it would take the painter's place on the device."""
    executor = Watched(present=present)
    await traced(mind(painted(BLUE), executor), asked())
    assert executor.warmed == warmed


@pytest.mark.parametrize(
    ("safety", "present", "looks"),
    [(Safety.BLUR, False, []), (Safety.BLUR, True, ["eye"]), (Safety.STRICT, False, ["eye"])],
)
async def test_nobody_waits_for_weights_over_a_mark_on_a_sent_picture(
    safety: Safety, present: bool, looks: list[str]
) -> None:
    """They are fetched for the next time; only a strict place waits."""
    executor, blobs = Watched(present=present), MemoryBlobs()
    execution = Execution(blobs, executor, MemoryStore().results, {MARK.name: MARK})
    guard = Guard(asked(safety), execution, ANYTHING, Figures())
    marked = replace(CAT, sha256=await blobs.put(RED.encode()))
    result = Result(task=0, outputs={"image": marked}, seconds=0.1, model="toy", place=Place.EMBEDDED)
    await guard.prepare(Task(id=0, type="mark"))
    flags = await guard.flags(Task(id=0, type="mark"), result)
    assert executor.looks == looks
    assert executor.warmed == ([] if present else ["image-safety/eye"])
    assert [flagged.label for flagged in flags] == ["nsfw"] * len(looks)


async def test_the_same_picture_twice_is_flagged_once_and_a_resume_keeps_it() -> None:
    """The journal tells the verdict to whoever goes on."""
    house = mind(painted(RED, RED), Watched())
    trace = await traced(house, asked())
    assert len(trace.flagged) == 1
    again = await traced(house, asked(), replace(trace, answer=None, saying=""))
    assert again.flagged == trace.flagged


async def test_what_is_taken_over_is_looked_at_anew() -> None:
    """It was made when everything was shown; now the place is strict."""
    house = mind(painted(RED), Watched())
    before = await traced(house, asked(Safety.OFF))
    assert not before.flagged
    redoing = replace(asked(Safety.STRICT), id="again", redoes="first")
    trace = await traced(house, redoing, replace(before, answer=None, saying=""))
    assert set(trace.flagged) == {made(trace).sha256}


# ---------------------------------------------------------------- which tasks


def test_all_that_show_something_are_known_by_their_declaration() -> None:
    """Nobody keeps a list of names: generators imagine, and what draws on a person's own picture does not."""
    types = Registry.discover(catalogue=snapshot()).types
    showing_ = {name for name, type_ in types.items() if type_.shows}
    imagining = {name for name, type_ in types.items() if type_.imagines}
    assert {"text-to-image", "text-to-video", "image-to-video", "image-to-image", "canny-text-to-image"} <= imagining
    assert {"text-overlay", "object-detection", "video-conversion", "image-segmentation"} <= showing_ - imagining
    assert not {"image-to-text", "text-to-speech", "summarization", "image-safety", "media-probe"} & showing_


# ---------------------------------------------------------------- what is shown

CAT = Artifact(sha256="a" * 64, kind=Kind.IMAGE, mime="image/png", name="cat.png", size=1)
DOG = replace(CAT, sha256="b" * 64, name="dog.png")


async def flagged_trace(*flagged: Flagged) -> Trace:
    """Return an answered trace of two pictures, of which some are flagged."""
    trace = await traced(mind(painted(RED, BLUE)), asked(Safety.OFF))
    results = {number: replace(trace.results[number], outputs={"image": file}) for number, file in ((0, CAT), (1, DOG))}
    answer = Answered("Here they are.", (CAT, DOG))
    return replace(trace, results=results, answer=answer, flagged={one.sha256: one for one in flagged})


@pytest.mark.parametrize(
    ("safety", "spoilers", "how"),
    [
        (Safety.OFF, True, Showing.SHOWN),
        (Safety.BLUR, True, Showing.BLURRED),
        (Safety.BLUR, False, Showing.WITHHELD),
        (Safety.STRICT, True, Showing.WITHHELD),
    ],
)
async def test_a_place_decides_how_a_flagged_file_is_shown(safety: Safety, spoilers: bool, how: Showing) -> None:
    """What is not flagged is shown everywhere."""
    trace = await flagged_trace(Flagged(CAT.sha256, "nsfw", 0.97))
    assert showing(asked(safety), trace, CAT, spoilers=spoilers) is how
    assert showing(asked(safety), trace, DOG, spoilers=spoilers) is Showing.SHOWN


@pytest.mark.parametrize(
    ("flagged", "words"),
    [
        (Flagged(CAT.sha256, "nsfw", 0.97), "cat.png is not shown here: a classifier takes it for unsafe (nsfw, 97%)."),
        (Flagged(CAT.sha256, UNCHECKED, 0.0), "cat.png is not shown here: it could not be checked"),
        (Flagged(CAT.sha256, UNCLASSIFIED, 0.0), "cat.png is not shown here: no model here can tell unsafe pictures"),
    ],
)
async def test_what_is_withheld_is_nowhere_in_the_trace_and_a_sentence_says_why(flagged: Flagged, words: str) -> None:
    """Neither among the steps' files nor the answer's; not even its hash, by which files can be asked for."""
    trace = cleared(asked(Safety.STRICT), await flagged_trace(flagged))
    assert CAT.sha256 not in repr(trace)
    assert DOG.sha256 in repr(trace)
    assert trace.answer is not None
    assert trace.answer.artifacts == (DOG,)
    assert trace.answer.text.startswith("Here they are.\n\n" + words)
    assert words in str(trace.results[0].outputs["image"])
    assert cleared(asked(Safety.STRICT), trace) == trace


async def test_what_is_blurred_stays_and_is_marked() -> None:
    """Platforms hide what is flagged in the trace they get."""
    trace = await flagged_trace(Flagged(CAT.sha256, "nsfw", 0.97))
    assert cleared(asked(Safety.BLUR), trace) is trace
    assert cleared(asked(Safety.OFF), trace) == replace(trace, flagged={})  # it was flagged where others decided


async def test_an_unanswered_trace_is_cleared_as_well() -> None:
    """While the request is under way its steps are shown already."""
    trace = replace(await flagged_trace(Flagged(CAT.sha256, "nsfw", 0.97)), answer=None, saying="Here")
    shown = cleared(asked(Safety.STRICT), trace)
    assert CAT.sha256 not in repr(shown)
    assert (shown.answer, shown.saying) == (None, "Here")


async def test_a_failed_task_is_not_looked_at() -> None:
    """Where there is no picture there is no verdict."""

    async def broken(job: Job, on: OnProgress) -> Mapping[str, Value]:
        raise BadInput("I cannot paint this.")

    executor = Watched(broken)
    events = await heard(mind(painted(RED), executor), asked())
    assert not any(isinstance(event, Flagged) for event in events)
    assert not executor.looks
