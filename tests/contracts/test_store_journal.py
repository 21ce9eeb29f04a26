from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import LeaseLost
from core.events import (
    Answered,
    Cancelled,
    Event,
    Failed,
    Finished,
    PlanClosed,
    Planned,
    Posted,
    Received,
    Refused,
    Rejected,
    Selected,
    Skipped,
    Started,
)
from core.types import Artifact, ArtifactRef, Kind, Place, Result, Selection, Task, TaskRef, Wish
from tests.stores import AnyStore

pytestmark = pytest.mark.anyio

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
numbers = st.integers(0, 99)
artifacts = st.builds(
    Artifact, sha256=texts, kind=st.sampled_from(Kind), mime=texts, name=texts, size=st.integers(0, 2**40)
)
references = st.builds(TaskRef, numbers, st.none() | texts) | st.builds(ArtifactRef, numbers)
scalars = texts | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
arguments = st.dictionaries(texts, scalars | references | st.tuples(references, scalars), max_size=3)
values = st.recursive(
    st.none() | scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
)
tasks = st.builds(
    Task, id=numbers, type=texts, args=arguments, wish=st.none() | st.builds(Wish, model=texts, why=texts)
)
results = st.builds(
    Result,
    task=numbers,
    outputs=st.dictionaries(texts, artifacts | values, max_size=3),
    seconds=st.floats(0, 1e6),
    model=texts,
    place=st.sampled_from(Place),
    cached=st.booleans(),
)
selections = st.builds(Selection, task=numbers, model=texts, place=st.sampled_from(Place), why=texts)
events = st.one_of(
    st.builds(Received, numbers, artifacts, st.booleans()),
    st.builds(Refused, numbers, texts, texts),
    st.builds(Planned, tasks, numbers),
    st.builds(Rejected, texts, texts),
    st.builds(PlanClosed, numbers, texts),
    st.builds(Selected, selections),
    st.builds(Started, numbers),
    st.builds(Finished, results),
    st.builds(Failed, st.none() | numbers, texts),
    st.builds(Skipped, numbers, numbers),
    st.builds(Answered, texts, st.lists(artifacts, max_size=2).map(tuple)),
    st.builds(Posted, texts, st.booleans()),
    st.builds(Cancelled, texts),
)


@given(written=st.lists(events, max_size=6), split=st.integers(0, 6))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_what_is_written_is_read(store: AnyStore, written: list[Event], split: int) -> None:
    """Any events come back as they were, in order, however they were cut into batches."""
    request = uuid4().hex
    await store.journal.append(request, written[:split], after=0)
    await store.journal.append(request, written[split:], after=min(split, len(written)))
    assert await store.journal.read(request) == written


async def test_reading_goes_on_from_a_number(store: AnyStore) -> None:
    """Whoever has read some events asks only for those after them."""
    await store.journal.append("r1", [Started(number) for number in range(5)], after=0)
    assert await store.journal.read("r1", after=3) == [Started(3), Started(4)]
    assert await store.journal.read("r1", after=5) == []


async def test_an_unknown_request_has_no_events(store: AnyStore) -> None:
    """Nothing was written, so nothing is read; another request's events are its own."""
    await store.journal.append("r1", [Started(0)], after=0)
    assert await store.journal.read("r2") == []


async def test_the_journal_is_the_fence(store: AnyStore) -> None:
    """A worker that lost its request cannot write over the events of the one who goes on."""
    await store.journal.append("r1", [Started(0), Started(1)], after=0)
    with pytest.raises(LeaseLost):
        await store.journal.append("r1", [Cancelled("old")], after=1)
    assert await store.journal.read("r1") == [Started(0), Started(1)]


async def test_a_batch_is_written_whole_or_not_at_all(store: AnyStore) -> None:
    """When one number of a batch is taken, none of the batch is kept."""
    await store.journal.append("r1", [Posted("new")], after=2)
    with pytest.raises(LeaseLost):
        await store.journal.append("r1", [Started(0), Started(1), Started(2), Started(3)], after=0)
    assert await store.journal.read("r1") == [Posted("new")]


async def test_of_two_writers_at_once_one_wins(open_store: Callable[[], AnyStore]) -> None:
    """Two processes that both believe to go on: for each number exactly one of them is told that it may."""
    stores = (open_store(), open_store())
    lost: list[int] = []

    async def write(store: AnyStore, number: int) -> None:
        try:
            await store.journal.append("r1", [Started(number), Posted(str(number))], after=0)
        except LeaseLost:
            lost.append(number)

    async with anyio.create_task_group() as group:
        for number in range(10):
            group.start_soon(write, stores[number % 2], number)
    assert len(lost) == 9
    (winner,) = set(range(10)) - set(lost)
    assert await stores[0].journal.read("r1") == [Started(winner), Posted(str(winner))]


async def test_a_write_that_began_is_finished_when_its_writer_is_cancelled(store: AnyStore) -> None:
    """Cancelled at any moment, the writer leaves either the whole batch or nothing, and the store goes on working."""
    batch = [Started(0), Started(1), Started(2)]
    for number in range(30):
        with anyio.move_on_after(number * 0.0001):
            await store.journal.append(f"r{number}", batch, after=0)
        assert await store.journal.read(f"r{number}") in ([], batch)
    await store.check()
