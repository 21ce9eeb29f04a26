from collections.abc import Mapping
from dataclasses import replace

import anyio
import pytest

from core.errors import ExpertFailed, OutOfMemory, Unsuited, WorkerDied
from core.events import Answered, Finished, PlanClosed, Planned, Progressed, Said, Started, State, Trace, fold
from core.limits import Limits
from core.ports import Job, OnProgress, Say
from core.types import Artifact, ArtifactRef, Attachment, Kind, Media, Place, Stage, TaskRef, Turn, Value
from storage.memory import MemoryStore
from tests.fakes import FunctionExecutor, Piece, ScriptedController, echo, heard, mind, no_files, request, task, traced

pytestmark = pytest.mark.anyio


async def test_plain_talk_is_answered_by_the_planner_alone() -> None:
    """Words without tasks are the answer: the controller is not asked a second time."""
    controller = ScriptedController([Say("Hello, "), Say("I am JARVIS.")])
    events = await heard(mind(controller), request())
    assert events == [
        Said("Hello, "),
        Said("I am JARVIS."),
        PlanClosed(0, "Hello, I am JARVIS."),
        Answered("Hello, I am JARVIS."),
    ]
    assert controller.asked == 0


async def test_a_chain_hands_each_output_to_the_next() -> None:
    """A reference becomes the output of the task it names."""
    plan = [task(0, text="a"), task(1, text="<resource-0>"), task(2, text="see <resource-1>!")]
    trace = await traced(mind(ScriptedController(plan)), request())
    assert trace.results[2].outputs == {"text": "<see <<a>>!>"}
    assert trace.answer == Answered("0=<a>; 1=<<a>>; 2=<see <<a>>!>")


async def test_tasks_start_while_the_plan_still_streams() -> None:
    """The first task is done before the second is even planned."""
    events = await heard(mind(ScriptedController([task(0), 0.2, task(1)])), request())
    kinds = [(type(event), getattr(getattr(event, "task", None), "id", None)) for event in events]
    assert kinds.index((Finished, None)) < kinds.index((Planned, 1))


async def test_independent_tasks_run_at_the_same_time() -> None:
    """Four tasks of 0.2 seconds overlap."""
    executor = FunctionExecutor(seconds=0.2)
    await traced(mind(ScriptedController([task(number) for number in range(4)]), executor), request())
    assert max(began for began, _ in executor.spans.values()) < min(ended for _, ended in executor.spans.values())


async def test_any_number_of_outputs_joins() -> None:
    """A parameter that takes many gets a list; a text that takes one gets the lines of all."""
    plan = [
        *[task(number) for number in range(3)],
        task(3, "picture", texts=["<resource-0>", "<resource-1>", "<resource-2>"]),
        task(4, text="<resource-0>, <resource-1> and <resource-2>"),
    ]
    executor = FunctionExecutor()
    trace = await traced(mind(ScriptedController(plan), executor), request())
    inputs = {job.id.rpartition("/")[2]: job.inputs for job in executor.ran}
    assert inputs["3"] == {"texts": ["<t0>", "<t1>", "<t2>"]}
    assert inputs["4"] == {"text": "<t0>\n<t1>\n<t2>"}
    assert trace.tasks[4].args == {"text": (TaskRef(0), TaskRef(1), TaskRef(2))}


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


async def test_a_forward_reference_waits_for_its_task() -> None:
    """The order in which a controller writes its tasks does not matter."""
    trace = await traced(mind(ScriptedController([task(0, text="<resource-1>"), task(1, text="a")])), request())
    assert trace.results[0].outputs == {"text": "<<a>>"}


async def test_ids_that_repeat_are_renumbered() -> None:
    """Two drafts with one id are two tasks."""
    trace = await traced(mind(ScriptedController([task(0, text="a"), task(0, text="b")])), request())
    assert {number: result.outputs["text"] for number, result in trace.results.items()} == {0: "<a>", 1: "<b>"}


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


async def test_leaving_the_block_cancels_the_running_job() -> None:
    """Cancellation reaches the executor before the block is left."""
    executor = FunctionExecutor(seconds=60)
    with anyio.fail_after(5):
        async with mind(ScriptedController([task(0)]), executor).answer(request(), Trace(), no_files) as events:
            async for event in events:
                if isinstance(event, Started):
                    await anyio.sleep(0.01)
                    break
    assert executor.cancelled == ["test:1/0"]


async def test_an_exception_in_the_block_comes_out_as_itself() -> None:
    """The listener's own error is not wrapped in a group."""

    async def listen() -> None:
        async with mind(ScriptedController([task(0), 60.0])).answer(request(), Trace(), no_files) as events:
            async for _ in events:
                raise KeyError("mine")

    with pytest.raises(KeyError):
        await listen()


async def test_a_listener_that_is_slow_slows_no_progress_into_memory() -> None:
    """Progress that nobody takes is dropped; everything that matters arrives."""

    async def chatty(job: Job, on: OnProgress) -> Mapping[str, Value]:
        for step in range(10_000):
            on(step / 10_000, "")
        return await echo(job, on)

    orchestrator = mind(ScriptedController([task(0)]), FunctionExecutor(chatty), limits=Limits(events=8))
    events = []
    async with orchestrator.answer(request(), Trace(), no_files) as stream:
        await anyio.sleep(0.1)
        events = [event async for event in stream]
    assert sum(isinstance(event, Progressed) for event in events) <= 8
    assert isinstance(events[-1], Answered)


async def test_notes_are_made_of_whole_characters() -> None:
    """Half an emoji in what an expert tells of its progress breaks nobody's page."""

    async def noting(job: Job, on: OnProgress) -> Mapping[str, Value]:
        on(0.5, "drawing \ud83d")
        return await echo(job, on)

    events = await heard(mind(ScriptedController([task(0)]), FunctionExecutor(noting)), request())
    assert [event.note for event in events if isinstance(event, Progressed)] == ["drawing \ufffd"]


async def test_an_interrupted_request_goes_on_where_it_stopped() -> None:
    """From every prefix of the events the end is the same, and no finished task runs again."""
    plan: list[Piece] = [task(0, text="a"), task(1, text="<resource-0>"), task(2, text="<resource-1>"), Say("on it")]
    whole = [event for event in await heard(mind(ScriptedController(plan)), request()) if not isinstance(event, Said)]
    end = fold(whole)
    for cut in range(len(whole) + 1):
        executor, before = FunctionExecutor(), fold(whole[:cut])
        trace = await traced(mind(ScriptedController(plan), executor), request(), before)
        assert {number: result.outputs for number, result in trace.results.items()} == {
            number: result.outputs for number, result in end.results.items()
        }
        assert trace.answer == end.answer
        assert len(executor.ran) == 3 - len(before.results)


async def test_attachments_come_in_and_are_numbered() -> None:
    """Each attachment is fetched, kept and given to the tasks that refer to it; a bad one is refused in words."""
    files = (Attachment(name="a.txt", address="alpha"), Attachment(name="empty.txt", address=""))
    controller = ScriptedController([task(0, text="<attachment-0>"), task(1, text="<attachment-1>")])
    trace = await traced(mind(controller), request(attachments=files))
    assert trace.results[0].outputs == {"text": "<alpha>"}
    assert trace.artifacts[0].kind is Kind.TEXT
    assert "empty" in trace.refused[1].why
    assert "empty.txt" in trace.rejected[0].why


async def test_the_window_and_its_files_are_recalled() -> None:
    """Earlier turns reach the controller; their files are numbered after the request's own, newest first."""
    store = MemoryStore()
    orchestrator = mind(controller := ScriptedController([task(0, "look", image="<attachment-1>")]), store=store)
    await store.inbox.accept(request("first", message="0"))
    sha256 = await orchestrator.blobs.put(b"old picture")
    old = Artifact(sha256=sha256, kind=Kind.IMAGE, mime="image/png", name="old.png", size=11)
    await store.memory.remember(
        request().origin.thread, Turn(request="test:0", role="user", author="ada", text="first", artifacts=(old,))
    )
    now = request("again", attachments=(Attachment(name="a.txt", address="alpha"),))
    await store.inbox.accept(now)
    trace = await traced(orchestrator, now)
    assert trace.recalled == {1}
    assert trace.tasks[0].args == {"image": ArtifactRef(1)}
    assert trace.results[0].outputs == {"text": "saw old picture"}
    assert [turn.text for turn in controller.briefs[0].turns] == ["first"]


async def test_only_what_some_place_can_run_is_offered() -> None:
    """Task types without a place are named as missing, the house's own errands not at all."""
    await traced(mind(controller := ScriptedController([Say("x")])), request())
    assert [type_.name for type_ in controller.briefs[0].offered] == ["dear", "look", "picture", "word"]
    assert [type_.name for type_ in controller.briefs[0].missing] == ["nowhere"]


async def test_files_that_nobody_used_up_are_delivered() -> None:
    """A picture that was looked at is an intermediate; the one that nobody looked at belongs to the answer."""
    plan = [task(0, "picture", texts=["a"]), task(1, "look", image="<resource-0>"), task(2, "picture", texts=["b"])]
    trace = await traced(mind(ScriptedController(plan)), request())
    assert trace.answer is not None
    assert trace.answer.artifacts == (trace.results[2].outputs["image"],)


async def test_a_repeatable_task_comes_from_the_cache() -> None:
    """The same picture is looked at once; the second result says that it is cached. Newer code looks again."""
    plan = [task(0, "picture", texts=["a"]), task(1, "look", image="<resource-0>")]
    store, executor = MemoryStore(), FunctionExecutor()
    orchestrator = mind(ScriptedController(plan), executor, store=store)
    first = await traced(orchestrator, request(message="1"))
    second = await traced(orchestrator, request(message="2"))
    assert not first.results[1].cached
    assert second.results[1].cached
    assert [job.type for job in executor.ran].count("look") == 1
    newer = replace(orchestrator, registry=replace(orchestrator.registry, code="of a newer version"))
    assert not (await traced(newer, request(message="3"))).results[1].cached


async def test_a_remembered_file_that_is_gone_is_made_anew() -> None:
    """A store of media that lost a file costs one more run, and not the same broken answer for ever."""
    plan, executor = [task(0, "picture", texts=["a"], seed=7)], FunctionExecutor()
    orchestrator = mind(ScriptedController(plan), executor, store=MemoryStore())
    first = await traced(orchestrator, request(message="1"))
    picture = first.results[0].outputs["image"]
    assert isinstance(picture, Artifact)
    await orchestrator.blobs.delete(picture.sha256)
    second = await traced(orchestrator, request(message="2"))
    assert not second.results[0].cached
    assert await orchestrator.blobs.get(picture.sha256)
    assert (await traced(orchestrator, request(message="3"))).results[0].cached


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


@pytest.mark.parametrize(("through", "ran"), [(Stage.PLAN, 0), (Stage.EXECUTE, 1)])
async def test_a_request_may_stop_after_a_stage(through: Stage, ran: int) -> None:
    """Plans can be had without running them, and results without an answer."""
    controller, executor = ScriptedController([task(0)]), FunctionExecutor()
    trace = await traced(mind(controller, executor), request(through=through))
    assert len(trace.tasks) == 1
    assert len(executor.ran) == ran
    assert controller.asked == 0
    assert trace.over


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


async def test_the_model_of_a_task_that_waits_is_loaded_ahead() -> None:
    """While what it refers to is made, its model is warmed; a task that starts at once needs no warming."""
    warmed: list[str] = []

    class Warming(FunctionExecutor):
        async def warm(self, type: str, model: str) -> None:  # noqa: A002 - the port says so
            warmed.append(type)

    executor = Warming(seconds=0.05)
    plan = [task(0, "picture", texts=["a cat"]), task(1, "look", image="<resource-0>")]
    trace = await traced(mind(ScriptedController(plan), executor), request())
    assert trace.results.keys() == {0, 1}
    assert warmed == ["look"]


async def test_whoever_names_the_seed_gets_the_same_again_from_the_cache() -> None:
    """What is made anew each time is remembered where the seed was named."""
    house = mind(ScriptedController(), store=MemoryStore())
    cached = []
    for number, seed in enumerate(({"seed": 1}, {"seed": 1}, {"seed": 2}, {}, {})):
        plan = [task(0, "picture", texts=["a cat"], **seed)]
        again = replace(house, controller=ScriptedController(plan))
        trace = await traced(again, request(message=str(number)))
        cached.append(trace.results[0].cached)
    assert cached == [False, True, False, False, False]


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
