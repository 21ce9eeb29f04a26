from __future__ import annotations

import pytest

from core.bylaws import Bylaw, Decision
from tests.stores import AnyStore

pytestmark = pytest.mark.anyio


def decision(value: str, *, bylaw: Bylaw = Bylaw.REQUESTS_PER_PERSON, scope: str = "") -> Decision:
    """Return a decision; a limit on requests unless told otherwise."""
    return Decision(bylaw=bylaw, value=value, scope=scope)


async def test_decisions_come_back_the_first_scopes_first(store: AnyStore) -> None:
    """Only those of the scopes that were asked for, in their order; all where none is named."""
    wide, near, far = decision("9"), decision("3", scope="discord/g/c"), decision("1", scope="slack")
    for one in (wide, far, near):
        await store.bylaws.set(one, by="ada")
    assert await store.bylaws.read("discord/g/c", "discord/g", "discord", "") == [near, wide]
    assert await store.bylaws.read("discord/g") == []
    assert await store.bylaws.read() == [wide, near, far]


async def test_a_decision_about_the_same_is_replaced(store: AnyStore) -> None:
    """What is about something else, or for another scope, stays."""
    others = [decision("a b", bylaw=Bylaw.BLOCKED), decision("2", scope="discord")]
    for one in (*others, decision("5"), decision("6")):
        await store.bylaws.set(one, by="ada")
    assert await store.bylaws.read("", "discord") == [others[0], decision("6"), others[1]]


async def test_a_decision_can_be_taken_back(store: AnyStore) -> None:
    """An empty value leaves nothing, also where there was nothing."""
    await store.bylaws.set(decision("5"), by="ada")
    for _ in range(2):
        await store.bylaws.set(decision(""), by="bob")
    assert await store.bylaws.read("") == []
