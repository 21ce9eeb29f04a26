from __future__ import annotations

import time
from dataclasses import replace

import pytest

from core.bylaws import Bylaw, Decision
from core.events import Answered, Finished, Planned, Received, Started
from core.rules import DENY, Rule, Topic
from core.spending import Costs
from core.types import Artifact, Attachment, Kind, Mode, Place, Request, Result, Task, Turn
from tests.stores import EVERYWHERE, AnyStore, asked, said

pytestmark = pytest.mark.anyio

ONE, TWO, THREE, FOUR = ("1" * 64, "2" * 64, "3" * 64, "4" * 64)


def file(sha256: str) -> Artifact:
    """Return a file of this name."""
    return Artifact(sha256=sha256, kind=Kind.IMAGE, mime="image/png", name="a.png", size=3)


def there(number: int, workspace: str = "g", channel: str = "c", author: str = "ada") -> Request:
    """Return a message in a channel of Discord; it was accepted at 100 plus its number."""
    request = asked(number, platform="discord", author=author)
    return replace(request, origin=replace(request.origin, workspace=workspace, channel=channel))


async def answered(store: AnyStore, request: Request, given: str = "", made: str = "") -> None:
    """Take a request through the store: a file is given, another one made of it and remembered."""
    await store.inbox.accept(request)
    claim = await store.inbox.claim("w", lease=900, platforms=EVERYWHERE)
    assert claim is not None
    assert claim.request.id == request.id
    if given:
        await store.journal.append(request.id, [Received(0, file(given)), Planned(Task(id=0, type="word"))], after=0)
    outputs = {"image": file(made)} if made else {"text": "a word"}
    result = Result(task=0, outputs=outputs, seconds=1.0, model="m", place=Place.LOCAL)
    await store.results.put(f"key {given} {made}", outputs)
    await store.journal.append(request.id, [Finished(result), Answered("done")], after=2)
    turn = Turn(request=request.id, role="user", author="x", text="x", at=request.accepted_at)
    await store.memory.remember(request.origin.thread, replace(turn, artifacts=(file(given),) if given else ()))
    await store.spending.note(request, Costs(tasks=1))
    await store.inbox.settle(request.id, "w", done=True)


async def loose(store: AnyStore) -> set[str]:
    """Return the files that nothing refers to any more."""
    return set(await store.loose.files(time.time() + 1))


async def kept(store: AnyStore, *numbers: int) -> list[int]:
    """Return which of these requests are there."""
    return [number for number in numbers if await store.people.request(f"r{number}")]


async def test_each_place_keeps_for_its_own_time(store: AnyStore) -> None:
    """The most particular scope's time counts, shorter or longer than those around it."""
    places = [("g", "c"), ("g", "d"), ("h", "c")]
    for number, (workspace, channel) in enumerate(places, start=1):
        await answered(store, there(number, workspace, channel))
    assert await store.archive.prune(0.0) == 0
    assert await store.archive.prune(0.0, {"discord/g": 150.0, "discord/g/d": 50.0}) == 1
    assert await kept(store, 1, 2, 3) == [2, 3]
    assert await store.memory.window(there(1).origin.thread) == []
    assert len(await store.memory.window(there(2, "g", "d").origin.thread)) == 1
    assert await store.archive.prune(150.0, {"discord/g": 0.0}) == 1
    assert await kept(store, 2, 3) == [2]


async def test_all_terminals_are_one_platform(store: AnyStore) -> None:
    """A time for terminals counts for each of them."""
    await answered(store, asked(1, platform="web"))
    await store.inbox.accept(asked(2, platform="terminal-x"))
    await store.inbox.claim("w", lease=9, platforms=["terminal-x"])
    await store.inbox.settle("r2", "w", done=True)
    assert await store.archive.prune(0.0, {"terminal": 150.0}) == 1
    assert await kept(store, 1, 2) == [1]


async def test_what_is_under_way_stays(store: AnyStore) -> None:
    """However old it is."""
    await store.inbox.accept(there(1))
    assert await store.archive.prune(150.0) == 0
    assert await store.archive.forget("discord/g") == 0
    assert await kept(store, 1) == [1]
    assert await store.archive.under_way("discord/g") == ["r1"]
    assert await store.archive.under_way("discord/h") == []


async def test_a_file_is_loose_when_the_last_who_held_it_is_gone(store: AnyStore) -> None:
    """Two people sent the same picture: it survives until both are gone; results are remembered on."""
    await answered(store, there(1), ONE, TWO)
    await answered(store, there(2, "h", author="bob"), ONE, THREE)
    assert await loose(store) == set()
    await store.archive.prune(0.0, {"discord/g": 150.0})
    assert await loose(store) == set()
    await store.people.forget("discord", "bob")
    assert await loose(store) == {ONE, THREE}
    await store.archive.prune(0.0, {"slack": time.time() + 1})
    assert await loose(store) == {ONE, TWO, THREE}, "results belong to no place: they go with the shortest time of all"


async def test_a_file_that_is_held_again_is_not_loose(store: AnyStore) -> None:
    """Whoever sends it again keeps it; and when that is gone, it is loose again."""
    await answered(store, there(1), ONE)
    await store.archive.prune(150.0)
    assert await loose(store) == {ONE}
    await answered(store, there(2), ONE)
    assert await loose(store) == set()
    await store.archive.prune(150.0)
    assert await loose(store) == {ONE}
    await store.loose.gone([ONE])
    assert await loose(store) == set()


async def test_a_result_that_is_found_anew_lets_its_old_file_go(store: AnyStore) -> None:
    """What is remembered under the same key takes the place of what was, whether it has a file or none."""
    await store.results.put("key", {"image": file(ONE)})
    await store.results.put("key", {"image": file(TWO)})
    assert await loose(store) == {ONE}
    assert await store.results.get("key") == {"image": file(TWO)}
    await store.results.put("key", {"text": "no picture"})
    assert await loose(store) == {ONE, TWO}
    await store.results.put("key", {"image": file(TWO)})
    assert await loose(store) == {ONE}


async def test_who_is_forgotten_leaves_no_files_and_no_remembered_results(store: AnyStore) -> None:
    """Nor a name in what was spent; yet it still counts against the limits of that person."""
    await answered(store, there(1), ONE, TWO)
    await answered(store, there(2, author="bob"), THREE, FOUR)
    await answered(store, there(3))
    assert await store.people.forget("discord", "ada") == 2
    assert await loose(store) == {ONE, TWO}
    assert await store.results.get(f"key {ONE} {TWO}") is None
    assert await store.results.get("key  ") is None
    assert await store.results.get(f"key {THREE} {FOUR}") is not None
    assert [one.person for one in await store.spending.most("", since=0)] == ["bob"]
    assert len(await store.spending.of("discord", "ada", since=0)) == 2


async def test_who_is_pruned_is_counted_without_a_name(store: AnyStore) -> None:
    """Sums stay, names go."""
    await answered(store, replace(there(1), accepted_at=time.time() - 9))
    await store.archive.prune(time.time())
    assert await store.spending.most("", since=0) == []
    assert await store.spending.of("discord", "ada", since=0) == []
    assert (await store.spending.total("discord/g", since=0)).costs.tasks == 1


async def test_an_uploaded_file_is_held_from_acceptance_on(store: AnyStore) -> None:
    """It waits with its request, however long the queue is."""
    upload = Attachment(name="a.png", address=f"blob:{ONE}")
    await store.loose.add(ONE, 1.0)
    assert await loose(store) == {ONE}
    await store.inbox.accept(replace(there(1), attachments=(upload,)))
    assert await loose(store) == set()
    await store.inbox.claim("w", lease=9, platforms=EVERYWHERE)
    await store.inbox.settle("r1", "w", done=True)
    await store.archive.prune(150.0)
    assert await loose(store) == {ONE}


async def test_a_file_is_loose_from_its_time_on(store: AnyStore) -> None:
    """The oldest first, not more than asked for."""
    for name, at in ((ONE, 30.0), (TWO, 10.0), (THREE, 20.0)):
        await store.loose.add(name, at)
    assert await store.loose.files(5.0) == []
    assert await store.loose.files(20.0) == [TWO, THREE]
    assert await store.loose.files(50.0, limit=1) == [TWO]
    await store.loose.add(TWO, 60.0)
    assert await store.loose.files(50.0) == [THREE, ONE]


async def test_loose_turns_let_go_of_their_files(store: AnyStore) -> None:
    """A turn whose request nobody knows holds its files until it goes."""
    turn = Turn(request="unknown", role="user", author="x", text="x", artifacts=(file(ONE),), at=5.0)
    await store.memory.remember("discord/g/c/t", turn)
    await store.archive.prune(4.0)
    assert await loose(store) == set()
    await store.archive.prune(6.0)
    assert await loose(store) == {ONE}


async def test_a_place_is_forgotten(store: AnyStore) -> None:
    """Its requests, files, results and decisions go, those of other places stay, also of one with a longer name."""
    for number, workspace in enumerate(("g", "ga", "h"), start=1):
        await answered(store, there(number, workspace), str(number) * 64)
    for scope in ("discord/g", "discord/g/c", "discord/ga"):
        await store.modes.set(scope, Mode.LOCAL, by="x")
        await store.rules.set(Rule(topic=Topic.MODEL, name="m", value=DENY, scope=scope), by="x")
        await store.bylaws.set(Decision(bylaw=Bylaw.SAFETY, value="off", scope=scope), by="x")
    assert await store.archive.forget("discord/g") == 1
    assert await kept(store, 1, 2, 3) == [2, 3]
    assert await loose(store) == {ONE}
    assert await store.modes.get("discord/g/c", "discord/g") is None
    assert [rule.scope for rule in await store.rules.read()] == ["discord/ga"]
    assert [one.scope for one in await store.bylaws.read()] == ["discord/ga"]
    assert [one.person for one in await store.spending.most("discord/g", since=0)] == []
    assert await store.inbox.accept(there(1)), "nothing of it is known any more"


async def settled(store: AnyStore, number: int, thread: str) -> None:
    """Take a request all the way through the store."""
    await store.inbox.accept(asked(number, thread=thread))
    await store.inbox.claim("w", lease=900, platforms=EVERYWHERE)
    await store.journal.append(f"r{number}", [Started(0)], after=0)
    await store.memory.remember(asked(number, thread=thread).origin.thread, said(number))
    await store.inbox.settle(f"r{number}", "w", done=True)


async def test_pruning_takes_the_old_and_leaves_the_rest(store: AnyStore) -> None:
    """Old requests go with their events and turns; newer ones, and old ones nobody has answered, stay."""
    await settled(store, 1, "t")
    await settled(store, 9, "t")
    await store.inbox.accept(asked(2, thread="open"))
    assert await store.archive.prune(105.0) == 1
    assert await store.journal.read("r1") == []
    assert await store.journal.read("r9") == [Started(0)]
    window = await store.memory.window(asked(1, thread="t").origin.thread)
    assert [turn.request for turn in window] == ["r9", "r9"]
    assert await store.waiting() == 1
    assert await store.archive.prune(105.0) == 0


async def test_pruning_takes_old_results_and_loose_turns(store: AnyStore) -> None:
    """What belongs to no request grows old too."""
    await store.results.put("key", {"text": "old"})
    await store.memory.remember("web/t", said(1, at=5.0))
    await store.archive.prune(50.0)
    assert await store.results.get("key") == {"text": "old"}
    assert await store.memory.conversations("web/") == []
    await store.archive.prune(1e12)
    assert await store.results.get("key") is None


@pytest.mark.slow
async def test_pruning_goes_through_many(store: AnyStore) -> None:
    """More requests than one transaction takes are pruned all the same, and later turns still lie behind older ones."""
    for number in range(520):
        await settled(store, number, f"t{number}")
    await store.memory.remember(asked(0, thread="t").origin.thread, said(999, "loose", at=2e6))
    assert await store.archive.prune(1e6) == 520
    await store.inbox.accept(asked(1, thread="t", at=2e6))
    window = await store.memory.window(asked(1, thread="t").origin.thread)
    assert [turn.text for turn in window] == ["loose", "question 1"]
