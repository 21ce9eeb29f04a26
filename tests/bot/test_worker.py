"""The loop from a stored request to a posted answer, with the real store twin and orchestrator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import anyio
import pytest

from bot import answering
from core.errors import BadInput, StoreFailed
from core.events import Answered, Event, Posted, fold
from core.ports import Job, OnProgress
from core.types import Attachment, Mode, Value
from storage.memory import MemoryStore
from tests.bot.wall import Wall, working
from tests.fakes import FunctionExecutor, echo, request, task

pytestmark = pytest.mark.anyio


async def test_a_request_is_answered_journaled_and_remembered() -> None:
    """The answer is on the wall, the journal folds to the same trace, and the window holds both sides."""
    async with working([task(0, text="<attachment-0>")]) as life:
        await life.hear(request(attachments=(Attachment(name="a.txt", address="alpha"),)))
        trace = await life.wall.answer()
        await life.settled()
        assert trace.answer == Answered("0=<alpha>")
        journal = await life.store.journal.read("test:1")
        assert fold(journal).results == trace.results
        assert journal[-1] == Posted("test:1", final=True)
        turns = await life.store.memory.window(request().origin.thread)
        assert [(turn.role, turn.text, len(turn.artifacts)) for turn in turns] == [
            ("user", "hello", 1),
            ("assistant", "0=<alpha>", 0),
        ]


async def test_one_message_delivered_thrice_is_answered_once() -> None:
    """Redelivery is recognised by the platform's message id."""
    async with working([task(0)]) as life:
        assert [await life.hear(request()) for _ in range(3)] == [True, False, False]
        await life.wall.answer()
        await life.settled()
    assert life.wall.opened == ["test:1"]


async def test_the_mode_is_stamped_at_acceptance() -> None:
    """The place's mode is taken unless the request names one, and a later switch changes nothing under way."""
    async with working([task(0)], at_once=0) as life:
        await life.store.modes.set("test/", Mode.REMOTE, by="admin")
        await life.hear(request(message="1"))
        await life.hear(request(message="2", conversation="other"), mode=Mode.HYBRID)
        await life.store.modes.set("test/", Mode.LOCAL, by="admin")
        claims = [await life.store.inbox.claim("x", lease=9, platforms=["test"]) for _ in range(2)]
        assert [claim.request.mode for claim in claims if claim] == [Mode.REMOTE, Mode.HYBRID]


@pytest.mark.parametrize(
    ("text", "attachments", "words"), [("", 0, "empty"), (" \n", 0, "empty"), ("x" * 51, 0, "51"), ("x", 2000, "2,000")]
)
async def test_what_is_too_much_or_too_little_is_told_at_the_door(text: str, attachments: int, words: str) -> None:
    """Nothing is stored, and the sentence names the number."""
    files = tuple(Attachment(name="a", address="a") for _ in range(attachments))
    async with working([]) as life:
        with pytest.raises(BadInput, match=words):
            await life.hear(request(text, attachments=files))
        assert await life.store.waiting() == 0


async def test_a_slow_platform_slows_no_task() -> None:
    """Tasks are done long before the platform has shown its first sign."""
    executor = FunctionExecutor()
    async with working([task(0), task(1, text="<resource-0>")], executor, wall=Wall(slow=0.5)) as life:
        await life.hear(request())
        await anyio.sleep(0.3)
        assert len(executor.ran) == 2
        assert not life.wall.opened
        await life.wall.answer()


async def test_a_platform_that_is_down_gets_the_answer_later() -> None:
    """Posting is tried again without running anything again."""
    executor = FunctionExecutor()
    async with working([task(0)], executor, wall=Wall(broken=1)) as life:
        await life.hear(request())
        await life.wall.answer()
    assert len(executor.ran) == 1


async def test_a_platform_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often it does not answer, the request is worked on once, and its answer is no apology."""
    monkeypatch.setattr(answering, "PAUSES", (0.01,))
    executor = FunctionExecutor()
    async with working([task(0, text="tea")], executor, wall=Wall(away=20)) as life:
        await life.hear(request())
        trace = await life.wall.answer()
    assert trace.answer == Answered("0=<tea>")
    assert len(executor.ran) == 1
    assert life.wall.opened == ["test:1"]


async def test_stopping_reaches_the_running_job() -> None:
    """The job is cancelled, the end says who stopped it, and nothing is left under way."""
    executor = FunctionExecutor(seconds=60)
    async with working([task(0)], executor, lease=0.3) as life:
        await life.hear(request())
        while not executor.ran:  # noqa: ASYNC110 - as above
            await anyio.sleep(0.005)
        assert await life.store.inbox.stop("test:1", "ada")
        assert (await life.wall.answer()).cancelled == "ada"
        await life.settled()
    assert executor.cancelled == ["test:1/0"]


async def test_stopped_before_it_began_nothing_runs() -> None:
    """A request that was stopped while it waited ends without any task."""
    executor, store = FunctionExecutor(), MemoryStore()
    await store.inbox.accept(request())
    await store.inbox.stop("test:1", "ada")
    async with working([task(0)], executor, store=store) as life:
        assert (await life.wall.answer()).cancelled == "ada"
    assert not executor.ran


async def test_who_loses_the_lease_falls_silent() -> None:
    """When another worker took over, this one stops its job and posts nothing more."""
    executor, store = FunctionExecutor(seconds=60), MemoryStore()
    async with working([task(0)], executor, store=store, lease=0.3) as life:
        await life.hear(request())
        while not executor.ran:  # noqa: ASYNC110 - as above
            await anyio.sleep(0.005)
        store.inbox._tables.requests["test:1"].worker = "another"
        await life.settled()
    assert executor.cancelled == ["test:1/0"]
    assert not life.wall.final


async def test_who_claims_what_it_is_at_begins_anew_afterwards() -> None:
    """A lease that ran out before it was renewed is claimed by whoever held it: there is one answer, and no harm."""
    executor, store = FunctionExecutor(seconds=0.5), MemoryStore()
    async with working([task(0)], executor, store=store, lease=0.3) as life:
        await life.hear(request())
        while not executor.ran:  # noqa: ASYNC110 - as above
            await anyio.sleep(0.005)
        store.inbox._tables.requests["test:1"].leased_until = 0.0
        life.worker.wake()
        await life.wall.answer()
        await life.settled()
    assert executor.cancelled == ["test:1/0"]
    assert len(life.wall.final) == 1


async def test_a_conversation_is_answered_in_order_and_others_beside_it() -> None:
    """Two requests of one conversation never overlap; another conversation does not wait for them."""
    executor = FunctionExecutor(seconds=0.2)
    async with working([task(0)], executor) as life:
        for message, conversation in (("1", "a"), ("2", "a"), ("3", "b")):
            await life.hear(request(message=message, conversation=conversation))
        for message in "123":
            await life.wall.answer(message)
    spans = {name: executor.spans[f"test:{name}/0"] for name in "123"}
    assert spans["1"][1] <= spans["2"][0]
    assert spans["3"][0] < spans["1"][1]


async def test_at_shutdown_what_is_under_way_is_finished() -> None:
    """Within the grace the answer still comes."""
    async with working([task(0)], FunctionExecutor(seconds=0.2)) as life:
        await life.hear(request())
        while not life.worker._claimed:  # noqa: ASYNC110 - as above
            await anyio.sleep(0.005)
    assert life.wall.final["test:1"].answer


async def test_after_the_grace_the_request_is_given_back() -> None:
    """Another worker can claim it at once."""
    async with working([task(0)], FunctionExecutor(seconds=60), grace=0.05) as life:
        await life.hear(request())
        while not life.worker._claimed:  # noqa: ASYNC110 - as above
            await anyio.sleep(0.005)
    claim = await life.store.inbox.claim("next", lease=9, platforms=["test"])
    assert claim is not None
    assert claim.attempt == 2


async def test_a_disk_that_is_full_is_told() -> None:
    """When nothing can be journaled any more, the person still reads why."""

    async def full(request_: str, events: Sequence[Event], *, after: int) -> None:
        if after >= 1:
            raise StoreFailed("There is no space left on the disk.")
        await append(request_, events, after=after)

    async with working([task(0)]) as life:
        append = life.store.journal.append
        life.store.journal.append = full  # type: ignore[method-assign, assignment]
        await life.hear(request())
        assert (await life.wall.answer()).failure == "There is no space left on the disk."


async def test_after_three_attempts_it_says_so() -> None:
    """A request that keeps killing its workers ends in words."""
    store = MemoryStore()
    await store.inbox.accept(request())
    for _ in range(3):
        await store.inbox.claim("dead", lease=0, platforms=["test"])
    async with working([task(0)], store=store) as life:
        assert "3 times" in str((await life.wall.answer()).failure)


async def test_a_hundred_requests_at_once_all_get_their_answer() -> None:
    """None is lost, and at most as many as allowed are under way."""
    most = 0

    async def count(job: Job, on: OnProgress) -> Mapping[str, Value]:
        nonlocal most
        most = max(most, len(life.worker._claimed))
        await anyio.sleep(0.01)
        return await echo(job, on)

    async with working([task(0)], FunctionExecutor(count), at_once=8) as life:
        for number in range(100):
            await life.hear(request(message=str(number), conversation=str(number)))
        for number in range(100):
            await life.wall.answer(str(number))
    assert most == 8
