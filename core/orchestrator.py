"""The mind's one verb: answer a request as a stream of events.

``async with orchestrator.answer(request, trace, fetch) as events`` runs the four stages; leaving the block cancels
everything below it, down to the running job. Give it the trace of an interrupted request and it goes on from there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import anyio
import structlog
from anyio.abc import TaskGroup
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream

from core.errors import ControllerFailed, DeadlineExceeded, JarvisError, words_for
from core.events import Answered, Consulted, Event, Failed, PlanClosed, Planned, Rejected, Said, Trace
from core.figures import Figures
from core.intake import Intake
from core.limits import Limits
from core.ports import Blobs, Brief, Controller, Draft, Executor, Faults, Fetch, Memory, Results, Rules, Say
from core.registry import Registry
from core.stages import respond, select
from core.stages.approval import ANYTHING, Allowance, Gate
from core.stages.briefing import brief
from core.stages.execute import Execution
from core.stages.gather import gather
from core.stages.plan import Checker
from core.stages.policy import ANYTHING as ANY_MODEL
from core.stages.policy import Policy
from core.stages.tasks import Means, Tasks
from core.stages.ties import Ties
from core.story import Story
from core.types import Request, Stage, Task, Turn

log = structlog.get_logger()


async def no_bounds(*_scopes: str) -> Allowance:
    """Allow any plan."""
    return ANYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Orchestrator:
    """Plan, select, execute, respond: for any number of requests at once."""

    registry: Registry
    controller: Controller
    executor: Executor
    blobs: Blobs
    memory: Memory
    results: Results
    rules: Rules
    limits: Limits
    policy: Policy = ANY_MODEL
    figures: Figures = field(default_factory=Figures)
    allowance: Callable[..., Awaitable[Allowance]] = no_bounds  # of a request's scopes, the most particular first

    @asynccontextmanager
    async def answer(
        self, request: Request, trace: Trace, fetch: Fetch
    ) -> AsyncIterator[MemoryObjectReceiveStream[Event]]:
        """Stream what happens from ``trace`` on. The stream ends after Answered, Failed with task None, or Held.

        It is bounded: a listener that stops listening stops the work. An exception in here is an event, too.
        """
        send, receive = anyio.create_memory_object_stream[Event](self.limits.events)
        try:
            async with receive, anyio.create_task_group() as group:
                group.start_soon(self._to_the_end, request, trace, fetch, send)
                yield receive
                group.cancel_scope.cancel()
        except BaseExceptionGroup as raised:
            # The work never raises, so this is what the listener's own block raised.
            raise raised.exceptions[0] from None

    async def _to_the_end(
        self, request: Request, trace: Trace, fetch: Fetch, send: MemoryObjectSendStream[Event]
    ) -> None:
        """Run all stages; whatever goes wrong becomes the last event."""
        async with send:
            if trace.over or trace.held:
                return
            story, scopes = Story(trace, send), request.origin.scopes
            try:
                policy = self.policy.under(await self.rules.read(*scopes))
                gate = Gate(await self.allowance(*scopes), open=trace.approved is not None, paid=story.paid)
                await _Stages(self, request, story, policy, gate).run(fetch)
            except Exception as error:
                if _is_bug(error):
                    log.exception("request failed", request=request.id)
                await story.emit(Failed(None, words_for(error)))


class _Stages:
    """One request on its way through the stages."""

    def __init__(self, mind: Orchestrator, request: Request, story: Story, policy: Policy, gate: Gate) -> None:
        self._mind = mind
        self._request = request
        self._story = story
        execution = Execution(mind.blobs, mind.executor, mind.results, mind.registry.types, mind.registry.code)
        ties = Ties(request.text, mind.controller, story)
        self._tasks = Tasks(request, story, Means(execution, policy, mind.figures, gate), ties)
        self._gate = gate
        self._policy = policy
        self._turns: list[Turn] = []

    async def run(self, fetch: Fetch) -> None:
        """Work, then answer; when time runs out, answer with what is there. Where a task is held, end with that."""
        story, seconds = self._story, self._mind.limits.request_seconds
        with anyio.move_on_after(seconds + self._approved_seconds()) as clock:
            await self._work(fetch)
        if clock.cancelled_caught:
            await self._out_of_time()
        elif held := self._gate.verdict():
            await story.emit(held)
            return
        talk = not story.trace.tasks and story.trace.saying
        if self._request.through is Stage.RESPOND and not talk:
            with anyio.fail_after(seconds):
                await self._rounds()
            if held := self._gate.verdict():
                await story.emit(held)
                return
        await story.emit(Answered(story.trace.saying or respond.WORDLESS, respond.deliverables(story.trace)))

    def _approved_seconds(self) -> float:
        """Return the time that somebody granted beyond the usual: twice what the plan is expected to take."""
        trace = self._story.trace
        if trace.approved is None:
            return 0.0
        return 2 * sum(self._tasks.expected(task) for task in trace.tasks.values() if not trace.settled(task.id))

    async def _work(self, fetch: Fetch) -> None:
        """Stages 1 to 3: tasks run while the plan is still being written."""
        mind, request = self._mind, self._request
        intake = Intake(blobs=mind.blobs, executor=mind.executor, limits=mind.limits, owner=request.origin.thread)
        self._turns = await gather(request, self._story, intake, fetch, mind.memory, mind.limits)
        async with anyio.create_task_group() as group:
            if request.through is not Stage.PLAN:
                self._tasks.resume(group)
            if self._story.trace.rounds == 0:
                await self._converse(group, 0)

    async def _out_of_time(self) -> None:
        """The tasks that are not done have failed."""
        trace = self._story.trace
        if not trace.tasks:
            raise DeadlineExceeded("Planning took too long. Please try again.")
        for number in trace.tasks:
            if not trace.settled(number):
                await self._story.emit(Failed(number, "The time for this request ran out."))

    async def _rounds(self) -> None:
        """Let the controller answer; while it asks for further tasks instead, run them, a bounded number of times."""
        for number in range(self._story.trace.rounds, self._mind.limits.rounds + 2):
            before = set(self._story.trace.tasks)
            async with anyio.create_task_group() as group:
                await self._converse(group, number)
            if self._gate.held or before == set(self._story.trace.tasks):
                return

    async def _converse(self, group: TaskGroup, number: int) -> None:
        """One round with the controller: it says words or drafts tasks, which start while it still goes on.

        Round 0 plans. After the last allowed round its drafts are refused, so that it has to answer.
        """
        mind, story = self._mind, self._story
        faulty: list[Rejected] = []  # held back: the controller may put them right

        async def faults() -> Sequence[Rejected]:
            await self._settle(group, checker.close(), number, faulty)
            return tuple(faulty)

        told = self._brief(rounds=max(0, mind.limits.rounds + 1 - number), faults=faults)
        types = {type_.name: type_ for type_ in told.offered} if told.rounds else {}
        checker = Checker(types, story.trace, own=told.own, round_=number, most=mind.limits.tasks)
        pieces = mind.controller.plan(told) if number == 0 else mind.controller.respond(told, story.trace)
        opening = True
        try:
            async for piece in pieces:
                match piece:
                    case Say(text):
                        await story.emit(Said(respond.joined(story.trace.saying, text) if opening else text))
                        opening = False
                    case Draft():
                        faulty[:] = [one for one in faulty if one.draft != piece.id]
                        await self._settle(group, checker.offer(piece), number, faulty)
                    case Consulted():
                        await story.emit(piece)
        except Exception as error:  # noqa: BLE001 - a broken controller must not cost the tasks that are under way
            await self._controller_failed(error, number)
        for rejected in await faults():
            await story.emit(rejected)
        if number == 0:
            await self._about_wished_model()
        if number == 0 or number in story.trace.round_of.values():
            await story.emit(PlanClosed(number, story.trace.saying))

    async def _about_wished_model(self) -> None:
        """Say so where the model that its author asked for has no part in the plan."""
        model, trace, mind = self._request.model, self._story.trace, self._mind
        types = {task.type for task in trace.tasks.values()}
        if not model or not types or any(rejected.what == model for rejected in trace.rejected):
            return
        if why := select.unserved(model, types, mind.executor.offers(), self._request.mode, self._policy):
            await self._story.emit(Rejected(model, why))

    def _brief(self, *, rounds: int, faults: Faults) -> Brief:
        request, mind = self._request, self._mind
        told = brief(
            request.text,
            self._story.trace.artifacts,
            own=len(request.attachments),
            registry=mind.registry,
            offers=mind.executor.offers(),
            mode=request.mode,
            policy=self._policy,
            turns=self._turns,
        )
        return replace(told, rounds=rounds, faults=faults)

    async def _settle(
        self, group: TaskGroup, checked: Iterator[Task | Rejected], number: int, faulty: list[Rejected]
    ) -> None:
        """Start what passed the checks; what did not is put into ``faulty``."""
        for outcome in checked:
            if isinstance(outcome, Rejected):
                faulty.append(outcome)
                continue
            await self._story.emit(Planned(outcome, number))
            if self._request.through is not Stage.PLAN:
                self._tasks.start(group, outcome)

    async def _controller_failed(self, error: Exception, number: int) -> None:
        """Go on with what there is, and say what is missing."""
        if not isinstance(error, JarvisError):
            log.error("controller failed", request=self._request.id, exc_info=error)
        words, trace = words_for(error), self._story.trace
        if number > 0:
            await self._story.emit(Said(respond.joined(trace.saying, words)))
        elif trace.tasks or trace.saying:
            await self._story.emit(Rejected("the rest of the plan", words))
        else:
            raise ControllerFailed(words) from error


def _is_bug(error: Exception) -> bool:
    expected = (JarvisError, TimeoutError)
    if isinstance(error, ExceptionGroup):
        return error.split(expected)[1] is not None
    return not isinstance(error, expected)
