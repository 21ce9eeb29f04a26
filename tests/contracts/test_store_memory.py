from __future__ import annotations

from dataclasses import replace

import pytest

from core.ports import Conversation
from core.types import Artifact, Kind
from tests.stores import AnyStore, asked, said

pytestmark = pytest.mark.anyio

THREAD = asked(1, thread="t").origin.thread


async def texts(store: AnyStore, *, before: str | None = None, limit: int = 50) -> list[str]:
    """Return what the window says."""
    return [turn.text for turn in await store.memory.window(THREAD, before=before, limit=limit)]


async def test_the_window_is_oldest_first_and_of_the_newest(store: AnyStore) -> None:
    """With more turns than the limit it is the oldest that are left out."""
    for number in range(5):
        await store.memory.remember(THREAD, said(number, f"turn {number}"))
    assert await texts(store, limit=3) == ["turn 2", "turn 3", "turn 4"]
    assert await texts(store, limit=0) == []


async def test_equal_times_keep_the_order_of_writing(store: AnyStore) -> None:
    """Clocks that tie change nothing."""
    for number in (3, 1, 2):
        await store.memory.remember(THREAD, said(number, f"turn {number}", at=5.0))
    assert await texts(store) == ["turn 3", "turn 1", "turn 2"]


async def test_a_turn_comes_back_whole(store: AnyStore) -> None:
    """Files and all."""
    photo = Artifact(sha256="ab", kind=Kind.IMAGE, mime="image/png", name="photo.png", size=3)
    turn = replace(said(1, "line one\nline \x00 two"), artifacts=(photo,))
    await store.memory.remember(THREAD, turn)
    assert await store.memory.window(THREAD) == [turn]


async def test_the_same_request_and_role_again_replaces(store: AnyStore) -> None:
    """The user's line, written at acceptance, keeps its place when its files are added."""
    await store.inbox.accept(asked(1, thread="t"))
    await store.memory.remember(THREAD, said(1, "answer"))
    await store.memory.remember(THREAD, said(1, "question with a file", role="user"))
    assert await texts(store) == ["question with a file", "answer"]


async def test_before_a_request_are_only_the_turns_of_earlier_ones(store: AnyStore) -> None:
    """A question sees the answers to those accepted before it, even written later, and never those after it."""
    for number in (1, 2, 3):
        await store.inbox.accept(asked(number, thread="t"))
    await store.memory.remember(THREAD, said(3, "answer 3"))
    await store.memory.remember(THREAD, said(1, "answer 1"))
    assert await texts(store, before="r1") == []
    assert await texts(store, before="r2") == ["question 1", "answer 1"]
    assert await texts(store, before="r3") == ["question 1", "answer 1", "question 2"]
    assert await texts(store, before="r3", limit=2) == ["answer 1", "question 2"]
    assert await texts(store) == ["question 1", "answer 1", "question 2", "question 3", "answer 3"]


async def test_before_an_unknown_request_is_everything_but_its_own(store: AnyStore) -> None:
    """A request that never went through the inbox counts as the newest."""
    await store.memory.remember(THREAD, said(1, "one"))
    await store.memory.remember(THREAD, said(2, "two"))
    assert await texts(store, before="r2") == ["one"]
    assert await texts(store, before="r9") == ["one", "two"]


async def test_conversations_are_newest_first_with_their_first_words(store: AnyStore) -> None:
    """The list shows when something was last said and what was said first."""
    await store.inbox.accept(asked(1, thread="t"))
    await store.inbox.accept(asked(2, thread="u"))
    await store.memory.remember(THREAD, said(1, "the newest words", at=500.0))
    other = asked(2, thread="u").origin.thread
    assert await store.memory.conversations("web//main/") == [
        Conversation(thread=THREAD, title="question 1", at=500.0),
        Conversation(thread=other, title="question 2", at=102.0),
    ]
    assert [one.thread for one in await store.memory.conversations("web//main/", limit=1)] == [THREAD]


async def test_conversations_that_tie_are_listed_by_writing(store: AnyStore) -> None:
    """With equal times the one written to last is the newest."""
    for name in ("b", "c", "a"):
        await store.memory.remember(f"web/{name}", said(1, name, at=5.0))
    assert [one.title for one in await store.memory.conversations("web/")] == ["a", "c", "b"]


async def test_a_prefix_is_taken_by_the_letter(store: AnyStore) -> None:
    """Nobody sees conversations of somebody whose name merely looks alike: case, wildcards, accents."""
    for thread in ("web/ada/1", "web/Ada/1", "web/a_a/1", "web/a%/1", "web/adam/1", "web/adä/1", "we"):
        await store.memory.remember(thread, said(1, "words"))
    assert [one.thread for one in await store.memory.conversations("web/ada/")] == ["web/ada/1"]
    assert [one.thread for one in await store.memory.conversations("web/a_a")] == ["web/a_a/1"]
    assert [one.thread for one in await store.memory.conversations("web/a%")] == ["web/a%/1"]
    assert len(await store.memory.conversations("")) == 7


async def test_a_title_is_one_short_line(store: AnyStore) -> None:
    """Long texts are cut, line breaks and control letters leave, a wordless turn lends no title."""
    await store.memory.remember(THREAD, said(1, "", role="user"))
    await store.memory.remember(THREAD, said(1, "  first\nline\x00 " + "long " * 50))
    (conversation,) = await store.memory.conversations("web/")
    assert conversation.title.startswith("first line long long")
    assert conversation.title.endswith("lon…")
    assert len(conversation.title) <= 60


async def test_forgetting_leaves_the_other_conversations(store: AnyStore) -> None:
    """A conversation that is forgotten has no turns any more, and is not listed."""
    await store.memory.remember(THREAD, said(1))
    await store.memory.remember(THREAD + "2", said(2))
    await store.memory.forget(THREAD)
    assert await texts(store) == []
    assert [one.thread for one in await store.memory.conversations("web/")] == [THREAD + "2"]
