"""The twin and the database are given the same random history, and must give the same answers."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.errors import JarvisError
from core.events import Finished, Received, Started
from core.types import Artifact, Kind, Place, Result
from migrations import upgrade
from storage.engine import open_engine
from storage.memory import MemoryStore
from storage.store import Store
from tests.stores import AnyStore, asked, said

numbers = st.integers(0, 7)
workers = st.sampled_from(["w1", "w2"])
leases = st.sampled_from([0.0, 900.0])  # over at once, or never
roles = st.sampled_from(["user", "assistant"])


class Twins(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.opening = start_blocking_portal()
        self.portal = self.opening.__enter__()
        url = f"sqlite:///{self.folder.name}/jarvis.db"
        self.portal.call(upgrade, url)
        self.sql = Store(open_engine(url), backlog=5)
        self.twin = MemoryStore(backlog=5)

    def teardown(self) -> None:
        self.portal.call(self.sql.close)
        self.opening.__exit__(None, None, None)
        self.folder.cleanup()

    def both(self, ask: Callable[[AnyStore], Awaitable[Any]]) -> None:
        assert self.portal.call(answer, ask, self.sql) == self.portal.call(answer, ask, self.twin)

    @rule(number=numbers, author=st.sampled_from("ab"), thread=st.sampled_from("tuv"), near=st.booleans())
    def accept(self, number: int, author: str, thread: str, near: bool) -> None:
        request = asked(number, author=author, thread=thread)
        if near:
            request = replace(request, origin=replace(request.origin, channel="near"))
        self.both(lambda store: store.inbox.accept(request))

    @rule(worker=workers, lease=leases)
    def claim(self, worker: str, lease: float) -> None:
        self.both(lambda store: store.inbox.claim(worker, lease=lease, platforms=["web"]))

    @rule(worker=workers, lease=leases)
    def renew(self, worker: str, lease: float) -> None:
        self.both(lambda store: store.inbox.renew(worker, lease=lease))

    @rule(number=numbers, worker=workers, done=st.booleans())
    def settle(self, number: int, worker: str, done: bool) -> None:
        self.both(lambda store: store.inbox.settle(f"r{number}", worker, done=done))

    @rule(number=numbers, worker=workers)
    def park(self, number: int, worker: str) -> None:
        self.both(lambda store: store.inbox.park(f"r{number}", worker))

    @rule(number=numbers, by=st.sampled_from("ab"))
    def approve(self, number: int, by: str) -> None:
        self.both(lambda store: store.inbox.approve(f"r{number}", by))

    @rule(days=st.sampled_from([-1, 1]))
    def expire(self, days: int) -> None:
        self.both(lambda store: store.inbox.expire(time.time() + days * 24 * 3600, "nobody"))

    @rule(number=numbers, by=st.sampled_from("ab"))
    def stop(self, number: int, by: str) -> None:
        self.both(lambda store: store.inbox.stop(f"r{number}", by))

    @rule()
    def queue(self) -> None:
        self.both(lambda store: store.inbox.queue(["web"]))

    @rule(number=numbers, after=st.integers(0, 3), count=st.integers(0, 3))
    def append(self, number: int, after: int, count: int) -> None:
        self.both(lambda store: store.journal.append(f"r{number}", [Started(7)] * count, after=after))

    @rule(number=numbers, role=roles, thread=st.sampled_from("tuv"), text=st.sampled_from(["", "words"]))
    def remember(self, number: int, role: str, thread: str, text: str) -> None:
        origin = asked(0, thread=thread).origin
        self.both(lambda store: store.memory.remember(origin.thread, said(number, text, role=role)))

    @rule(thread=st.sampled_from("tuv"))
    def forget(self, thread: str) -> None:
        self.both(lambda store: store.memory.forget(asked(0, thread=thread).origin.thread))

    @rule(before=st.sampled_from([101.2, 104.2]), near=st.none() | st.sampled_from([0.0, 103.2, 106.2]))
    def prune(self, before: float, near: float | None) -> None:
        places = {} if near is None else {"web//near": near}
        self.both(lambda store: store.archive.prune(before, places))

    @rule(number=numbers, after=st.integers(0, 3), name=st.sampled_from("12"))
    def give(self, number: int, after: int, name: str) -> None:
        self.both(lambda store: store.journal.append(f"r{number}", [Received(0, file(name))], after=after))

    @rule(key=st.sampled_from("kl"), name=st.sampled_from("12"))
    def learn(self, key: str, name: str) -> None:
        self.both(lambda store: store.results.put(key, {"image": file(name)}))

    @rule(number=numbers, key=st.sampled_from("kl"), after=st.integers(0, 3), name=st.sampled_from("12"))
    def finish(self, number: int, key: str, after: int, name: str) -> None:
        result = Result(task=0, outputs={"image": file(name)}, seconds=1.0, model="m", place=Place.LOCAL)
        self.both(lambda store: store.journal.append(f"r{number}", [Finished(result)], after=after))
        self.both(lambda store: store.results.get(key))

    @rule(author=st.sampled_from("ab"))
    def forget_person(self, author: str) -> None:
        self.both(lambda store: store.people.forget("web", author))

    @rule(channel=st.sampled_from(["main", "near"]))
    def forget_place(self, channel: str) -> None:
        self.both(lambda store: store.archive.forget(f"web//{channel}"))

    @rule(number=numbers, after=st.integers(0, 3))
    def read(self, number: int, after: int) -> None:
        self.both(lambda store: store.journal.read(f"r{number}", after=after))

    @rule(thread=st.sampled_from("tuv"), before=st.none() | numbers, limit=st.integers(0, 4))
    def window(self, thread: str, before: int | None, limit: int) -> None:
        request = None if before is None else f"r{before}"
        origin = asked(0, thread=thread).origin
        self.both(lambda store: store.memory.window(origin.thread, before=request, limit=limit))

    @rule(limit=st.integers(0, 3))
    def conversations(self, limit: int) -> None:
        self.both(lambda store: store.memory.conversations("web/", limit=limit))

    @rule()
    def the_same_files_are_loose(self) -> None:
        self.both(loose)

    @rule()
    def the_same_is_counted(self) -> None:
        self.both(lambda store: store.spending.most("web", since=0))
        self.both(lambda store: store.spending.of("web", "a", since=0))

    @invariant()
    def as_many_wait(self) -> None:
        self.both(lambda store: store.waiting())


def file(name: str) -> Artifact:
    """Return a file of this name."""
    return Artifact(sha256=name * 64, kind=Kind.IMAGE, mime="image/png", name="a.png", size=3)


async def loose(store: AnyStore) -> set[str]:
    """Return the files that nothing refers to any more."""
    return set(await store.loose.files(time.time() + 1))


async def answer(ask: Callable[[AnyStore], Awaitable[Any]], store: AnyStore) -> object:
    """Return what the store says, an error of ours included."""
    try:
        return await ask(store)
    except JarvisError as error:
        return type(error), error.message


@pytest.mark.slow
def test_the_twin_answers_as_the_database_does() -> None:
    """After any history of calls, the store in memory and the one in SQL answer alike."""
    machine = settings(max_examples=30, stateful_step_count=40, deadline=None)(Twins)
    machine.TestCase().runTest()
