"""The four stages for one request, from its text to its answer."""

from collections.abc import Mapping
from dataclasses import replace

import anyio
import pytest

from core.events import Answered, Finished, PlanClosed, Planned, Progressed, Said, Started, Trace, fold
from core.limits import Limits
from core.ports import Job, OnProgress, Say
from core.types import Artifact, ArtifactRef, Attachment, Kind, Stage, TaskRef, Turn, Value
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


async def test_a_forward_reference_waits_for_its_task() -> None:
    """The order in which a controller writes its tasks does not matter."""
    trace = await traced(mind(ScriptedController([task(0, text="<resource-1>"), task(1, text="a")])), request())
    assert trace.results[0].outputs == {"text": "<<a>>"}


async def test_ids_that_repeat_are_renumbered() -> None:
    """Two drafts with one id are two tasks."""
    trace = await traced(mind(ScriptedController([task(0, text="a"), task(0, text="b")])), request())
    assert {number: result.outputs["text"] for number, result in trace.results.items()} == {0: "<a>", 1: "<b>"}


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


@pytest.mark.parametrize(("through", "ran"), [(Stage.PLAN, 0), (Stage.EXECUTE, 1)])
async def test_a_request_may_stop_after_a_stage(through: Stage, ran: int) -> None:
    """Plans can be had without running them, and results without an answer."""
    controller, executor = ScriptedController([task(0)]), FunctionExecutor()
    trace = await traced(mind(controller, executor), request(through=through))
    assert len(trace.tasks) == 1
    assert len(executor.ran) == ran
    assert controller.asked == 0
    assert trace.over


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
