"""Pools of toy experts, and jobs for them."""

from typing import Any

from core.executors.pool import Pool
from core.ports import Job
from core.registry import Registry

TOYS = "tests.core.executors.toys"


def toy_pool(**settings: Any) -> Pool:
    """Return a pool of the toys, with settings as of Pool and short waits."""
    return Pool(Registry.discover(TOYS), package=TOYS, **{"grace": 0.3, **settings})


def echo(text: str = "hello", *, model: str = "toy/echo", **more: Any) -> Job:
    """Return a job that says something again; ``seconds`` is how long the expert takes over it."""
    fields: dict[str, Any] = {"owner": "somebody", "seconds": more.pop("deadline", 20.0)}
    wait = {"seconds": more.pop("wait")} if "wait" in more else {}
    return Job(id="1", type="echo", model=model, inputs={"text": text, **wait}, **{**fields, **more})


def bad(how: str, *, model: str = "toy/bad", deadline: float = 20.0, **inputs: str) -> Job:
    """Return a job that goes wrong."""
    return Job(id="1", type="misbehave", model=model, inputs={"how": how, **inputs}, seconds=deadline)


def silent(fraction: float | None, note: str) -> None:
    """Take no notice of progress."""
