"""Figures: what happened to requests and tasks, as Prometheus reads it."""

from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import OPEN, Metrics
from core.events import (
    Answered,
    Cancelled,
    Event,
    Failed,
    Finished,
    Planned,
    Posted,
    Refused,
    Rejected,
    Said,
    Selected,
    Skipped,
    Started,
)
from core.types import Author, Origin, Place, Request, Result, Selection, Task


def a_request(number: str = "1", platform: str = "web") -> Request:
    """A request that was accepted at second 100."""
    origin = Origin(platform=platform, channel="c", conversation="c", message=number)
    return Request(id=number, origin=origin, author=Author(id="ann"), text="hi", accepted_at=100.0)


def a_result(task: int, *, cached: bool = False) -> Result:
    """A result that took 0.2 seconds."""
    return Result(task=task, outputs={}, seconds=0.2, model="m", place=Place.EMBEDDED, cached=cached)


def chosen(task: int) -> Selected:
    """The selection of a task."""
    return Selected(Selection(task=task, model="m", place=Place.EMBEDDED, why=""))


class Figures:
    """What was measured, by name and the values of the labels in any order."""

    def __init__(self, metrics: Metrics) -> None:
        families = text_string_to_metric_families(metrics.text().decode())
        self._found = {(s.name, *sorted(s.labels.values())): s.value for family in families for s in family.samples}

    def __call__(self, name: str, *labels: str) -> float | None:
        return self._found.get((f"jarvis_{name}", *sorted(labels)))


def observed(*events: Event, at: float = 103.0) -> Figures:
    """What is measured when one request has these events."""
    metrics = Metrics(clock=lambda: at)
    for event in events:
        metrics.observe(a_request(), event)
    return Figures(metrics)


def test_a_request_from_acceptance_to_answer() -> None:
    """An answered request counts once, with its time to the first sign and to the end."""
    found = observed(Posted("h"), Posted("h2"), Said("he"), Answered("hello"), Posted("h", final=True))
    assert found("requests_total", "web", "answered") == 1
    assert found("request_seconds_sum", "answered") == 3.0
    assert found("first_sign_seconds_count") == 1
    assert found("requests_under_way") == 0


def test_how_requests_end() -> None:
    """Failing and being stopped are outcomes of their own; all terminals are one platform."""
    metrics = Metrics(clock=lambda: 101.0)
    metrics.observe(a_request("1", "terminal-ab12"), Failed(None, "no"))
    metrics.observe(a_request("2", "terminal-cd34"), Cancelled("ann"))
    found = Figures(metrics)
    assert found("requests_total", "terminal", "failed") == 1
    assert found("requests_total", "terminal", "cancelled") == 1


def test_how_tasks_end() -> None:
    """Tasks count by type, model, place and outcome; a cached result takes no expert's time."""
    tasks: list[Event] = [Planned(Task(id=number, type="summarization")) for number in range(4)]
    ends: list[Event] = [Finished(a_result(0)), Finished(a_result(1, cached=True)), Failed(2, "no"), Skipped(3, 2)]
    found = observed(*tasks, *map(chosen, range(3)), *ends)
    for outcome in ("done", "cached", "failed"):
        assert found("tasks_total", "summarization", "m", "embedded", outcome) == 1
    assert found("tasks_total", "summarization", "unknown", "unknown", "skipped") == 1
    assert found("task_seconds_count", "summarization", "m", "embedded") == 1


def test_what_is_under_way() -> None:
    """The queue's depth tells tasks that wait from tasks that run, and forgets them when the request ends."""
    under_way: list[Event] = [Planned(Task(id=0, type="t")), Planned(Task(id=1, type="t")), Started(0)]
    found = observed(*under_way)
    assert found("requests_under_way") == 1
    assert (found("tasks_under_way", "running"), found("tasks_under_way", "waiting")) == (1, 1)
    found = observed(*under_way, Cancelled("ann"))
    assert (found("tasks_under_way", "running"), found("tasks_under_way", "waiting")) == (0, 0)


def test_what_was_not_taken() -> None:
    """Refused files and rejected parts of a plan are counted."""
    found = observed(Refused(0, "a.xyz", "no"), Rejected("teleport", "no"))
    assert found("refused_total") == found("rejected_total") == 1


def test_a_resumed_request_counts_what_is_left_of_it() -> None:
    """A task that was planned before this process took over is of an unknown type, and no error."""
    assert observed(Finished(a_result(7)))("tasks_total", "unknown", "m", "embedded", "done") == 1


def test_requests_that_never_end_do_not_pile_up() -> None:
    """Only so many open requests are remembered; the oldest are forgotten first."""
    metrics = Metrics()
    for number in range(OPEN + 10):
        metrics.observe(a_request(str(number)), Posted("h"))
    assert Figures(metrics)("requests_under_way") == OPEN


def test_each_has_a_registry_of_its_own() -> None:
    """Two houses in one process do not count for each other."""
    busy, idle = Metrics(), Metrics()
    busy.observe(a_request(), Answered("hello"))
    assert Figures(busy)("requests_total", "web", "answered") == 1
    assert Figures(idle)("requests_total", "web", "answered") is None
