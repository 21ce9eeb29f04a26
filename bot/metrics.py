"""Figures about requests and tasks in the form Prometheus reads: a consumer of events, nothing else."""

from __future__ import annotations

import time
from collections import Counter as Tally
from collections import OrderedDict
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from core.events import (
    EPHEMERAL,
    Answered,
    Cancelled,
    Event,
    Failed,
    Finished,
    Posted,
    Refused,
    Rejected,
    Skipped,
    State,
    Trace,
)
from core.types import Request, Result

OPEN = 10_000
"""Requests remembered at most: a worker that loses its lease never sees how a request ends."""

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900)
"""Upper bounds of the buckets, from an embedded expert's milliseconds to the longest request."""

UNKNOWN = "unknown"
"""What stands for a type, model or place that a resumed request settled before this process took it over."""


class Metrics:
    """The figures of one process. ``clock`` gives Unix seconds, as in ``Request.accepted_at``."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """Start at nothing, in a registry of its own."""
        self._clock = clock
        self._open: OrderedDict[str, Trace] = OrderedDict()
        self._registry = own = CollectorRegistry()
        expert = ("task", "model", "place")
        self._requests = Counter("jarvis_requests", "Requests that ended.", ("platform", "outcome"), registry=own)
        self._request_seconds = Histogram(
            "jarvis_request_seconds", "From acceptance to the end.", ("outcome",), buckets=SECONDS, registry=own
        )
        self._first_sign = Histogram(
            "jarvis_first_sign_seconds", "From acceptance to the first message of ours.", buckets=SECONDS, registry=own
        )
        self._tasks = Counter("jarvis_tasks", "Tasks that ended.", (*expert, "outcome"), registry=own)
        self._task_seconds = Histogram(
            "jarvis_task_seconds",
            "What an expert took; cached results do not count.",
            expert,
            buckets=SECONDS,
            registry=own,
        )
        self._rejected = Counter("jarvis_rejected", "Proposed tasks that cannot be run.", registry=own)
        self._refused = Counter("jarvis_refused", "Attachments that cannot be used.", registry=own)
        self._under_way = Gauge("jarvis_requests_under_way", "Requests being answered.", registry=own)
        self._queue = Gauge("jarvis_tasks_under_way", "Tasks not settled yet.", ("state",), registry=own)

    def observe(self, request: Request, event: Event) -> None:
        """Count one event of a request."""
        if isinstance(event, EPHEMERAL) or (isinstance(event, Posted) and event.final):
            return
        trace = self._open.get(request.id, Trace())
        self._count(request, trace, event)
        self._open[request.id] = trace.plus(event)
        if self._open[request.id].over or len(self._open) > OPEN:
            self._open.pop(request.id if self._open[request.id].over else next(iter(self._open)))

    def text(self) -> bytes:
        """Return all figures in Prometheus' text format."""
        at_work = [trace for trace in self._open.values() if trace.held is None]
        states = Tally(trace.state(task) for trace in at_work for task in trace.tasks)
        for state in (State.WAITING, State.RUNNING):
            self._queue.labels(state).set(states[state])
        self._under_way.set(len(at_work))
        return generate_latest(self._registry)

    def _count(self, request: Request, trace: Trace, event: Event) -> None:
        match event:
            case Posted() if not trace.posted:
                self._first_sign.observe(self._since(request))
            case Finished(result):
                self._finished(trace, result)
            case Failed(int() as task):
                self._settled(trace, task, "failed")
            case Skipped(task):
                self._settled(trace, task, "skipped")
            case Rejected():
                self._rejected.inc()
            case Refused():
                self._refused.inc()
            case Answered():
                self._ended(request, "answered")
            case Failed(None):
                self._ended(request, "failed")
            case Cancelled():
                self._ended(request, "cancelled")
            case _:
                pass

    def _finished(self, trace: Trace, result: Result) -> None:
        labels = (_type(trace, result.task), result.model, result.place)
        self._tasks.labels(*labels, "cached" if result.cached else "done").inc()
        if not result.cached:
            self._task_seconds.labels(*labels).observe(result.seconds)

    def _settled(self, trace: Trace, task: int, outcome: str) -> None:
        chosen = trace.selections.get(task)
        model, place = (chosen.model, chosen.place) if chosen else (UNKNOWN, UNKNOWN)
        self._tasks.labels(_type(trace, task), model, place, outcome).inc()

    def _ended(self, request: Request, outcome: str) -> None:
        # Every terminal has a platform of its own; together they are one.
        platform = request.origin.platform.partition("-")[0]
        self._requests.labels(platform, outcome).inc()
        self._request_seconds.labels(outcome).observe(self._since(request))

    def _since(self, request: Request) -> float:
        return max(0.0, self._clock() - request.accepted_at)


def _type(trace: Trace, task: int) -> str:
    return trace.tasks[task].type if task in trace.tasks else UNKNOWN
