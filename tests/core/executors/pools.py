"""Pools of toy experts, jobs for them, and a look at what they leave behind."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.contract import Model
from core.executors.hosted import Hosted
from core.executors.pool import Pool
from core.ports import Job
from core.registry import Registry
from core.remote.routes import HF
from core.remote.terms import Terms

TOYS = "tests.core.executors.toys"
DISTANT = "tests.core.executors.distant"


def toy_pool(**settings: Any) -> Pool:
    """Return a pool of the toys, with settings as of Pool and short waits."""
    return Pool(Registry.discover(TOYS), packages=[TOYS], **{"grace": 0.3, **settings})


def distant_pool() -> Hosted:
    """Return a place for hosted inference whose experts are the toys; nobody is there to be asked."""
    rows: dict[str, list[Model]] = {}
    for card in Registry.discover(TOYS).cards:
        served = replace(card.model, family=card.model.id, providers=(HF,))
        rows.setdefault(card.type.name, []).append(served)
    registry = Registry.discover(DISTANT, catalogue=rows)
    terms = Terms(router="http://127.0.0.1:9", endpoint="http://127.0.0.1:9")
    return Hosted(registry, terms, packages=[DISTANT], slots=1, grace=0.3)


def echo(text: str = "hello", *, model: str = "toy/echo", **more: Any) -> Job:
    """Return a job that says something again; ``seconds`` is how long the expert takes over it."""
    fields: dict[str, Any] = {"owner": "somebody", "seconds": more.pop("deadline", 20.0)}
    wait = {"seconds": more.pop("wait")} if "wait" in more else {}
    return Job(id="1", type="echo", model=model, inputs={"text": text, **wait}, **{**fields, **more})


def bad(how: str, *, model: str = "toy/bad", deadline: float = 20.0, **inputs: str) -> Job:
    """Return a job that goes wrong."""
    inputs = {"how": how, **inputs}
    return Job(id="1", type="misbehave", model=model, inputs=inputs, seconds=deadline, owner="somebody")


def crowd(text: str, *, model: str = "toy/crowd", deadline: float = 20.0, **inputs: Any) -> Job:
    """Return a job that tells how many ran with it."""
    return Job(id="1", type="crowd", model=model, inputs={"text": text, **inputs}, seconds=deadline, owner=text)


async def company(pool: Pool, job: Job) -> Any:
    """Run a crowd's job; return how many ran together, or the error."""
    try:
        return (await pool.run(job, silent))["jobs"]
    except Exception as error:  # noqa: BLE001 - looked at by the test
        return error


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


def belongings() -> tuple[set[int], int]:
    """What a leak would show in: processes and open files, those in memory included."""
    return descendants(os.getpid()), open_files()
