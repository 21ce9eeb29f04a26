"""What fails, breaks, hangs or knows no end costs what depends on it, and is told in words."""

from collections.abc import Mapping

import anyio
import pytest

from core.errors import ExpertFailed, OutOfMemory, Unsuited, WorkerDied
from core.events import State
from core.limits import Limits
from core.ports import Job, OnProgress, Say
from core.types import Artifact, Media, Place, Value
from tests.fakes import FunctionExecutor, Piece, ScriptedController, echo, mind, request, task, traced

pytestmark = pytest.mark.anyio


async def test_a_failure_skips_only_what_depends_on_it() -> None:
    """The others finish, and the answer says what failed and what was skipped because of it."""

    async def half(job: Job, on: OnProgress) -> Mapping[str, Value]:
        if job.inputs["text"] == "bad":
            raise ExpertFailed("I cannot spell this.")
        return await echo(job, on)

    plan = [task(0, text="bad"), task(1, text="<resource-0>"), task(2, text="<resource-1>"), task(3, text="good")]
    trace = await traced(mind(ScriptedController(plan), FunctionExecutor(half)), request())
    assert [trace.state(number) for number in range(4)] == [State.FAILED, State.SKIPPED, State.SKIPPED, State.DONE]
    assert trace.answer is not None
    assert (
        trace.answer.text == "3=<good>; 0 failed: I cannot spell this.; 1 skipped because of 0; 2 skipped because of 1"
    )


async def test_a_bug_in_an_expert_is_no_traceback() -> None:
    """An exception that is not ours becomes a general sentence."""

    async def broken(job: Job, on: OnProgress) -> Mapping[str, Value]:
        raise ZeroDivisionError("division by zero: secret")

    trace = await traced(mind(ScriptedController([task(0)]), FunctionExecutor(broken)), request())
    assert trace.failures == {0: "Something went wrong inside JARVIS. The details are in its log."}


async def test_a_crashed_worker_hands_the_job_to_the_next_candidate() -> None:
    """The second selection says why there is one."""

    async def moody(job: Job, on: OnProgress) -> Mapping[str, Value]:
        if job.model == "first":
            raise WorkerDied("first crashed.")
        return await echo(job, on)

    executor = FunctionExecutor(moody, models={"word": ("first", "second")})
    trace = await traced(mind(ScriptedController([task(0)]), executor), request())
    assert trace.results[0].model == "second"
    assert trace.selections[0].why == "first crashed."


async def test_the_last_candidate_fails_with_words() -> None:
    """When nothing is left to fail over to, the task fails and the request does not."""

    async def dead(job: Job, on: OnProgress) -> Mapping[str, Value]:
        raise WorkerDied("It crashed.")

    trace = await traced(mind(ScriptedController([task(0)]), FunctionExecutor(dead)), request())
    assert trace.failures == {0: "It crashed."}
    assert trace.answer is not None


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ([task(0, text="<resource-7>")], "<resource-7>"),
        ([task(0, text="<resource-0>")], "<resource-0>"),
        ([task(0, text="<resource-1>"), task(1, text="<resource-0>")], "itself waits"),
        ([task(0, text="<attachment-3>")], "<attachment-3> is not there"),
        ([task(0, "nonsense")], "“nonsense”"),
        ([task(0, "nowhere")], "“nowhere”"),
        ([task(0, "media-probe", file="x")], "“media-probe”"),
        ([task(0, "picture", texts=[])], "needs a text"),
        ([task(0, "look", image="/etc/passwd")], "no file of this talk"),
        ([task(0), task(1, "look", image="<resource-0>")], "does not give"),
        ([task(0, text="x", number="many")], "is a number"),
        ([task(0, text={"a": "b"})], "text, a number, a reference"),
    ],
)
async def test_a_plan_that_cannot_work_is_rejected_in_words(plan: list[Piece], words: str) -> None:
    """Cycles, dangling references, unknown tasks and wrong kinds end as words; nothing waits for ever."""
    with anyio.fail_after(5):
        trace = await traced(mind(ScriptedController(plan)), request())
    assert len(trace.rejected) >= 1
    assert words in trace.rejected[0].why
    assert trace.answer is not None
    assert "rejected" in trace.answer.text


async def test_a_plan_has_a_largest_size() -> None:
    """What is over the limit is rejected, the rest runs."""
    controller = ScriptedController([task(number) for number in range(40)])
    trace = await traced(mind(controller, limits=Limits(tasks=8)), request())
    assert len(trace.results) == 8
    assert len(trace.rejected) == 32


async def test_a_controller_that_breaks_midway_loses_only_the_rest() -> None:
    """Tasks that were planned before the fault are run and answered."""
    trace = await traced(mind(ScriptedController([task(0), RuntimeError("gone")])), request())
    assert trace.results[0].outputs == {"text": "<t0>"}
    assert trace.rejected[0].what == "the rest of the plan"
    assert trace.answer is not None


async def test_a_controller_that_breaks_at_once_is_a_failure_in_words() -> None:
    """A request without any plan fails with a sentence, never silently."""
    trace = await traced(mind(ScriptedController([RuntimeError("gone")])), request())
    assert trace.failure == "Something went wrong inside JARVIS. The details are in its log."


async def test_a_controller_that_cannot_answer_says_so_in_the_answer() -> None:
    """What the tasks found is not lost: its files are still handed over."""
    controller = ScriptedController([task(0, "picture", texts=["a"])], [[RuntimeError("gone")]])
    trace = await traced(mind(controller), request())
    assert trace.answer is not None
    assert "Something went wrong" in trace.answer.text
    assert len(trace.answer.artifacts) == 1


async def test_silence_is_no_answer() -> None:
    """A controller that says nothing at all still gives the person a sentence."""
    trace = await traced(mind(ScriptedController([], [[]])), request())
    assert trace.answer is not None
    assert trace.answer.text


async def test_further_rounds_are_bounded_and_visible() -> None:
    """The controller may ask for more tasks instead of answering, but only so often."""
    answers: list[list[Piece]] = [
        [task(1, text="<resource-0>")],
        [task(2, text="<resource-1>")],
        [task(3)],
        [Say("never reached")],
    ]
    controller = ScriptedController([task(0, text="a")], answers)
    trace = await traced(mind(controller, limits=Limits(rounds=2)), request())
    assert trace.round_of == {0: 0, 1: 1, 2: 2}
    assert trace.results[2].outputs == {"text": "<<<a>>>"}
    assert trace.rejected[-1].what == "word"
    assert controller.asked == 3


async def test_the_time_of_a_request_is_bounded() -> None:
    """When time runs out, what is done is answered and the rest has failed."""

    async def slow(job: Job, on: OnProgress) -> Mapping[str, Value]:
        await anyio.sleep(60 if job.inputs["text"] == "slow" else 0)
        return await echo(job, on)

    controller = ScriptedController([task(0, text="slow"), task(1, text="quick")])
    executor = FunctionExecutor(slow)
    trace = await traced(mind(controller, executor, limits=Limits(request_seconds=0.3)), request())
    assert [trace.state(0), trace.state(1)] == [State.FAILED, State.DONE]
    assert len(executor.cancelled) == 1
    assert trace.answer is not None


async def test_a_planner_that_hangs_is_a_failure_in_words() -> None:
    """Without any task there is nothing to answer from."""
    trace = await traced(mind(ScriptedController([60.0]), limits=Limits(request_seconds=0.1)), request())
    assert trace.failure == "Planning took too long. Please try again."


async def test_several_files_where_one_is_expected_are_no_result() -> None:
    """A list of one is that one; of more, nobody would look after the others: the next model does it."""

    async def several(job: Job, on: OnProgress) -> Mapping[str, Value]:
        made = await echo(job, on)
        image = made["image"]
        assert isinstance(image, Media)
        return {**made, "image": [image] * (2 if job.model == "first" else 1)}

    executor = FunctionExecutor(several, models={"picture": ("first", "second")})
    trace = await traced(mind(ScriptedController([task(0, "picture", texts=["a"])]), executor), request())
    assert "several files as “image”" in trace.selections[0].why
    assert isinstance(trace.results[0].outputs["image"], Artifact)
    assert trace.answer is not None
    assert trace.answer.artifacts == (trace.results[0].outputs["image"],)


async def test_a_smaller_model_does_it_where_memory_ran_out() -> None:
    """The trace says which model lacked memory, and which did it instead."""

    async def run(job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        if job.model == "big":
            raise OutOfMemory("The model “big” needs more memory.")
        return {"text": "done"}

    executor = FunctionExecutor(run, models={"word": ["big", "small"]})
    trace = await traced(mind(ScriptedController([task(0)]), executor), request())
    assert trace.results[0].model == "small"
    assert trace.selections[0].why == "The model “big” needs more memory."


async def test_a_model_that_is_not_made_for_an_input_leaves_it_to_another() -> None:
    """Nobody holds it against the model; where there is no other, the person reads why."""

    async def run(job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        if job.model == "english":
            raise Unsuited("The model “english” does not speak German.")
        return {"text": "done"}

    orchestrator = mind(ScriptedController([task(0)]), FunctionExecutor(run, models={"word": ["english", "all"]}))
    trace = await traced(orchestrator, request())
    assert trace.results[0].model == "all"
    assert trace.selections[0].why == "The model “english” does not speak German."
    assert orchestrator.figures.of("word", "english", Place.LOCAL).runs == 0
    alone = mind(ScriptedController([task(0)]), FunctionExecutor(run, models={"word": ["english"]}))
    assert (await traced(alone, request())).failures == {0: "The model “english” does not speak German."}
