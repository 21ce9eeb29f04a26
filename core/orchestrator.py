"""The mind's one verb: answer a request as a stream of events.

``async with orchestrator.answer(request, trace, fetch) as events`` runs the four stages; leaving the block cancels
everything below it, down to the running job. Give it the trace of an interrupted request and it goes on from there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import anyio
import structlog
from anyio.abc import TaskGroup
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from core import window
from core.errors import ControllerFailed, DeadlineExceeded, JarvisError, NotAvailable, WorkerDied, words_for
from core.events import (
    Answered,
    Consulted,
    Event,
    Failed,
    Finished,
    PlanClosed,
    Planned,
    Progressed,
    Received,
    Rejected,
    Said,
    Selected,
    Skipped,
    Started,
    Trace,
)
from core.figures import Figures
from core.intake import Intake
from core.limits import Limits
from core.ports import Blobs, Brief, Controller, Draft, Executor, Fetch, Memory, Results, Say
from core.registry import Registry
from core.stages import respond, select
from core.stages.briefing import brief
from core.stages.execute import Execution
from core.stages.plan import Checker
from core.types import Artifact, Request, Stage, Task, Turn

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Orchestrator:
    """Plan, select, execute, respond: for any number of requests at once."""

    registry: Registry
    controller: Controller
    executor: Executor
    blobs: Blobs
    memory: Memory
    results: Results
    limits: Limits
    policy: select.Policy = select.ANYTHING
    figures: Figures = field(default_factory=Figures)

    @asynccontextmanager
    async def answer(
        self, request: Request, trace: Trace, fetch: Fetch
    ) -> AsyncIterator[MemoryObjectReceiveStream[Event]]:
        """Stream what happens from ``trace`` on. The stream ends after Answered, or Failed with task None.

        It is bounded: a listener that stops listening stops the work. An exception in here is an event, too.
        """
        send, receive = anyio.create_memory_object_stream[Event](self.limits.events)
        try:
            async with receive, anyio.create_task_group() as group:
                group.start_soon(_Run(self, request, trace, fetch, send).to_the_end)
                yield receive
                group.cancel_scope.cancel()
        except BaseExceptionGroup as raised:
            # The work never raises, so this is what the listener's own block raised.
            raise raised.exceptions[0] from None


class _Run:
    """One request on its way. It folds its own events, so that every stage sees what has happened."""

    def __init__(
        self, mind: Orchestrator, request: Request, trace: Trace, fetch: Fetch, send: MemoryObjectSendStream[Event]
    ) -> None:
        self.mind = mind
        self.request = request
        self.trace = trace
        self.fetch = fetch
        self.send = send
        self.turns: list[Turn] = []
        self.settled = {number: anyio.Event() for number in trace.tasks}
        for number, event in self.settled.items():
            if trace.settled(number):
                event.set()

    async def to_the_end(self) -> None:
        """Run all stages; whatever goes wrong becomes the last event."""
        async with self.send:
            if self.trace.over:
                return
            try:
                await self.stages()
            except Exception as error:
                if _is_bug(error):
                    log.exception("request failed", request=self.request.id)
                await self.emit(Failed(None, words_for(error)))

    async def stages(self) -> None:
        seconds = self.mind.limits.request_seconds
        with anyio.move_on_after(seconds) as clock:
            await self.work()
        if clock.cancelled_caught:
            await self.out_of_time()
        talk = not self.trace.tasks and self.trace.saying
        if self.request.through is Stage.RESPOND and not talk:
            with anyio.fail_after(seconds):
                await self.rounds()
        await self.emit(Answered(self.trace.saying or respond.WORDLESS, respond.deliverables(self.trace)))

    async def work(self) -> None:
        """Stages 1 to 3: tasks run while the plan is still being written."""
        await self.gather()
        async with anyio.create_task_group() as group:
            for task in self.trace.tasks.values():
                if not self.trace.settled(task.id):
                    self.start(group, task)
            if self.trace.rounds == 0:
                await self.converse(group, 0)

    async def out_of_time(self) -> None:
        """Answer with what is there: the tasks that are not done have failed."""
        if not self.trace.tasks:
            raise DeadlineExceeded("Planning took too long. Please try again.")
        for number in self.trace.tasks:
            if not self.trace.settled(number):
                await self.emit(Failed(number, "The time for this request ran out."))

    async def gather(self) -> None:
        """Bring the attachments in, all at once, and recall the window with its files."""
        known = {*self.trace.artifacts, *self.trace.refused}
        mind, thread = self.mind, self.request.origin.thread
        intake = Intake(blobs=mind.blobs, executor=mind.executor, limits=mind.limits, owner=thread)

        async def take(number: int) -> None:
            await self.emit(await intake.take(number, self.request.attachments[number], self.fetch))

        async with anyio.create_task_group() as group:
            for number in range(len(self.request.attachments)):
                if number not in known:
                    group.start_soon(take, number)
            await self.recall()
        number = len(self.request.attachments)
        for artifact in _files(self.turns)[: self.mind.limits.window_files]:
            if number not in known:
                await self.emit(Received(number, artifact, recalled=True))
            number += 1

    async def recall(self) -> None:
        limits = self.mind.limits
        turns = await self.mind.memory.window(
            self.request.origin.thread, before=self.request.id, limit=limits.window_turns
        )
        self.turns = window.fit(turns, turns=limits.window_turns, chars=limits.window_chars)

    def brief(self) -> Brief:
        return brief(
            self.request.text,
            self.trace.artifacts,
            own=len(self.request.attachments),
            registry=self.mind.registry,
            offers=self.mind.executor.offers(),
            mode=self.request.mode,
            policy=self.mind.policy,
            turns=self.turns,
        )

    async def rounds(self) -> None:
        """Let the controller answer; while it asks for further tasks instead, run them, a bounded number of times."""
        for number in range(self.trace.rounds, self.mind.limits.rounds + 2):
            before = set(self.trace.tasks)
            async with anyio.create_task_group() as group:
                await self.converse(group, number)
            if before == set(self.trace.tasks):
                return

    async def converse(self, group: TaskGroup, number: int) -> None:
        """One round with the controller: it says words or drafts tasks, which start while it still goes on.

        Round 0 plans. After the last allowed round its drafts are refused, so that it has to answer.
        """
        mind = self.mind
        faulty: list[Rejected] = []  # held back: the controller may put them right

        async def faults() -> Sequence[Rejected]:
            await self.settle(group, checker.close(), number, faulty)
            return tuple(faulty)

        told = replace(self.brief(), rounds=max(0, mind.limits.rounds + 1 - number), faults=faults)
        types = {type_.name: type_ for type_ in told.offered} if told.rounds else {}
        checker = Checker(types, self.trace, own=told.own, round_=number, most=mind.limits.tasks)
        pieces = mind.controller.plan(told) if number == 0 else mind.controller.respond(told, self.trace)
        opening = True
        try:
            async for piece in pieces:
                match piece:
                    case Say(text):
                        await self.emit(Said(respond.joined(self.trace.saying, text) if opening else text))
                        opening = False
                    case Draft():
                        faulty[:] = [one for one in faulty if one.draft != piece.id]
                        await self.settle(group, checker.offer(piece), number, faulty)
                    case Consulted():
                        await self.emit(piece)
        except Exception as error:  # noqa: BLE001 - a broken controller must not cost the tasks that are under way
            await self.controller_failed(error)
        for rejected in await faults():
            await self.emit(rejected)
        if number == 0 or any(round_ == number for round_ in self.trace.round_of.values()):
            await self.emit(PlanClosed(number, self.trace.saying))

    async def settle(
        self, group: TaskGroup, checked: Iterator[Task | Rejected], number: int, faulty: list[Rejected]
    ) -> None:
        """Start what passed the checks; what did not is put into ``faulty``."""
        for outcome in checked:
            if isinstance(outcome, Rejected):
                faulty.append(outcome)
                continue
            await self.emit(Planned(outcome, number))
            self.start(group, outcome)

    async def controller_failed(self, error: Exception) -> None:
        if not isinstance(error, JarvisError):
            log.error("controller failed", request=self.request.id, exc_info=error)
        if not self.trace.tasks and not self.trace.saying:
            raise ControllerFailed(words_for(error)) from error
        await self.emit(Rejected("the rest of the plan", words_for(error)))

    def start(self, group: TaskGroup, task: Task) -> None:
        self.settled.setdefault(task.id, anyio.Event())
        if self.request.through is not Stage.PLAN:
            group.start_soon(self.task, task)

    async def task(self, task: Task) -> None:
        """Await what the task refers to, then run it; its failure is its own and its dependents' alone."""
        for number in sorted(task.needs()):
            await self.settled[number].wait()
        missing = next((number for number in sorted(task.needs()) if number not in self.trace.results), None)
        try:
            if missing is not None:
                await self.emit(Skipped(task.id, missing))
            else:
                await self.execute(task)
        except JarvisError as error:
            await self.emit(Failed(task.id, error.message))
        except Exception as error:
            log.exception("task failed", request=self.request.id, task=task.id, type=task.type)
            await self.emit(Failed(task.id, words_for(error)))
        self.settled[task.id].set()

    async def execute(self, task: Task) -> None:
        """Select a model and run the task; where a place lets us down, go on with the next candidate."""
        mind = self.mind
        execution = Execution(mind.blobs, mind.executor, mind.results, mind.registry.types)
        permitted = select.allowed(mind.executor.offers(), self.request.mode, mind.policy)
        candidates = list(select.ranked(task, permitted, self.request.mode, mind.figures))
        trouble = ""
        while True:
            selection = select.select(task, candidates, after=trouble)
            await self.emit(Selected(selection))
            if task.id not in self.trace.started:
                await self.emit(Started(task.id))
            try:
                result = await execution.run(
                    task,
                    selection,
                    self.trace,
                    job=f"{self.request.id}/{task.id}",
                    owner=self.request.origin.thread,
                    revision=candidates[0].model.revision,
                    on=lambda fraction, note: self.tell(Progressed(task.id, fraction, note)),
                )
            except (WorkerDied, NotAvailable) as error:
                mind.figures.note(task.type, selection.model, seconds=None)
                candidates.pop(0)
                trouble = error.message
                continue
            if not result.cached:
                mind.figures.note(task.type, selection.model, seconds=result.seconds)
            await self.emit(Finished(result))
            return

    async def emit(self, event: Event) -> None:
        self.trace = self.trace.plus(event)
        await self.send.send(event)

    def tell(self, event: Progressed) -> None:
        """Tell progress, unless the listener is behind: then the next one will do."""
        self.trace = self.trace.plus(event)
        try:
            self.send.send_nowait(event)
        except (anyio.WouldBlock, anyio.BrokenResourceError, anyio.ClosedResourceError):
            return


def _is_bug(error: Exception) -> bool:
    expected = (JarvisError, TimeoutError)
    if isinstance(error, ExceptionGroup):
        return error.split(expected)[1] is not None
    return not isinstance(error, expected)


def _files(turns: list[Turn]) -> list[Artifact]:
    """Return the window's files, newest first, each once."""
    found: Mapping[str, Artifact] = {
        artifact.sha256: artifact for turn in reversed(turns) for artifact in reversed(turn.artifacts)
    }
    return list(found.values())
