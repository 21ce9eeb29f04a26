"""Kill -9 anywhere: the restarted process finishes the request, repeats nothing finished, and posts one answer."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import time
from collections import Counter
from pathlib import Path

import anyio
import pytest

from core.events import Approved, Event, Finished, Held, fold
from core.spending import costs_of
from migrations import upgrade
from storage.payloads import unpack_event
from tests.crash import victim
from tests.crash.lives import Start
from tests.crash.platform import messages

pytestmark = pytest.mark.crash

HALF = 26.0
"""Seconds that half of the plan is expected to take, as long as nothing was measured."""

STEPS = 58
"""Chances to die on the way of one request: a few fewer than any way has, since events share transactions at will."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a migrated database."""
    folder = tmp_path_factory.mktemp("empty")
    anyio.run(upgrade, f"sqlite+aiosqlite:///{folder / 'jarvis.db'}")
    (folder / "platform").mkdir()
    return folder


@pytest.fixture
def folder(empty: Path, tmp_path: Path) -> Path:
    """Return a fresh folder for one life and its resurrections."""
    return Path(shutil.copytree(empty, tmp_path / "life"))


def journal(folder: Path) -> dict[str, list[Event]]:
    """Read every request's events the way another process finds them."""
    found: dict[str, list[Event]] = {}
    with sqlite3.connect(folder / "jarvis.db") as database:
        for request, body in database.execute("SELECT request, body FROM events ORDER BY request, number"):
            found.setdefault(request, []).append(unpack_event(body))
    return found


def ran(folder: Path) -> Counter[str]:
    """Count how often each job was run."""
    log = folder / "ran"
    return Counter(line.split()[1] for line in log.read_text().splitlines()) if log.exists() else Counter()


def finished(folder: Path) -> set[str]:
    """Name the jobs whose results are in the journal."""
    return {
        f"{request}/{event.result.task}"
        for request, events in journal(folder).items()
        for event in events
        if isinstance(event, Finished)
    }


def spent(folder: Path) -> list[int]:
    """Tell how many tasks of each request are counted."""
    with sqlite3.connect(folder / "jarvis.db") as database:
        return [tasks for (tasks,) in database.execute("SELECT tasks FROM spent ORDER BY request")]


def ended_well(folder: Path, requests: int = 1) -> None:
    """Check the end: each request has one message, with the whole answer and its file."""
    posted = messages(folder / "platform")
    assert len(posted) == requests
    for message in posted.values():
        assert message["final"]
        assert message["text"] == victim.ANSWER
    assert len((folder / "platform" / "log").read_text().splitlines()) <= requests
    for events in journal(folder).values():
        assert fold(events).answer is not None
    assert spent(folder) == [costs_of(fold(events)).tasks for events in journal(folder).values()]


@pytest.mark.parametrize("step", range(1, STEPS + 1))
def test_killed_at_any_step_the_request_is_finished_once(start: Start, folder: Path, step: int) -> None:
    """What the journal holds as finished is not run again, and one whole answer is posted."""
    first = start(victim.main, str(folder), step)
    first.join(30)
    assert first.exitcode == -signal.SIGKILL
    done, before = finished(folder), ran(folder)
    second = start(victim.main, str(folder), victim.NEVER)
    second.join(30)
    assert second.exitcode == 0
    ended_well(folder)
    after = ran(folder)
    assert {job: after[job] for job in done} == {job: before[job] for job in done}


@pytest.mark.parametrize("step", range(4, STEPS, 4))
def test_killed_around_a_plan_that_is_held_nothing_is_lost(start: Start, folder: Path, step: int) -> None:
    """Before the question, while it rests, or right after somebody approved: it goes on, and asks for nothing twice."""
    first = start(victim.main, str(folder), step, 1, 0.0, HALF)
    first.join(30)
    assert first.exitcode == -signal.SIGKILL
    done, before = finished(folder), ran(folder)
    second = start(victim.main, str(folder), victim.NEVER, 1, 0.0, HALF)
    second.join(30)
    assert second.exitcode == 0
    ended_well(folder)
    after = ran(folder)
    assert {job: after[job] for job in done} == {job: before[job] for job in done}
    decisions = [event for events in journal(folder).values() for event in events if isinstance(event, Held | Approved)]
    assert [type(event) for event in decisions] == [Held, Approved]


@pytest.mark.parametrize("seed", range(6))
def test_killed_again_and_again_all_requests_are_finished_once(start: Start, folder: Path, seed: int) -> None:
    """Ten requests at once survive one random death after another, from outside."""
    dice = random.Random(seed)
    deaths = 0
    for life in range(100):
        before, done = ran(folder), finished(folder)
        process = start(victim.main, str(folder), victim.NEVER, 10, 0.2)  # a second of work at least
        process.join(dice.uniform(0.05, 0.5) if life < 8 else 60)
        if process.exitcode is None:
            deaths += 1
            process.kill()
        process.join(30)
        assert {job: ran(folder)[job] for job in done} == {job: before[job] for job in done}
        if process.exitcode == 0:
            break
        time.sleep(victim.LEASE / 2)
    assert deaths
    ended_well(folder, 10)
