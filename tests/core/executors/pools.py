"""Pools of toy experts, jobs for them, and a look at what they leave behind."""

import os
from pathlib import Path
from typing import Any

from core.executors.pool import Pool
from core.ports import Job
from core.registry import Registry

TOYS = "tests.core.executors.toys"


def toy_pool(**settings: Any) -> Pool:
    """Return a pool of the toys, with settings as of Pool and short waits."""
    return Pool(Registry.discover(TOYS), packages=[TOYS], **{"grace": 0.3, **settings})


def echo(text: str = "hello", *, model: str = "toy/echo", **more: Any) -> Job:
    """Return a job that says something again; ``seconds`` is how long the expert takes over it."""
    fields: dict[str, Any] = {"owner": "somebody", "seconds": more.pop("deadline", 20.0)}
    wait = {"seconds": more.pop("wait")} if "wait" in more else {}
    return Job(id="1", type="echo", model=model, inputs={"text": text, **wait}, **{**fields, **more})


def bad(how: str, *, model: str = "toy/bad", deadline: float = 20.0, **inputs: str) -> Job:
    """Return a job that goes wrong."""
    inputs = {"how": how, **inputs}
    return Job(id="1", type="misbehave", model=model, inputs=inputs, seconds=deadline, owner="somebody")


def silent(fraction: float | None, note: str) -> None:
    """Take no notice of progress."""


def alive(pid: int) -> bool:
    """Whether a process exists and is no zombie."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def descendants(pid: int) -> set[int]:
    """All processes that come from ``pid``."""
    found: set[int] = set()
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, children.read_text().split()):
            found |= {child} | descendants(child)
    return found


def open_files() -> int:
    """How many files this process has open."""
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - only counted
