from __future__ import annotations

import pytest

from core.rules import ALLOW, DENY, Rule, Topic
from tests.stores import AnyStore

pytestmark = pytest.mark.anyio


def rule(name: str, value: str = DENY, *, topic: Topic = Topic.MODEL, scope: str = "") -> Rule:
    """Return a rule; a denial of a model unless told otherwise."""
    return Rule(topic=topic, name=name, value=value, scope=scope)


async def test_rules_come_back_the_first_scopes_first(store: AnyStore) -> None:
    """Only those of the scopes that were asked for, in their order; all where none is named."""
    wide, near, far = rule("a"), rule("b", scope="web//main"), rule("c", scope="slack")
    for one in (wide, far, near):
        await store.rules.set(one, by="ada")
    assert await store.rules.read("web//main", "web/", "web", "") == [near, wide]
    assert await store.rules.read("web") == []
    assert await store.rules.read() == [wide, far, near]


async def test_a_rule_about_the_same_is_replaced(store: AnyStore) -> None:
    """What was denied is allowed from then on; another topic or another scope makes another rule."""
    others = [rule("x", topic=Topic.AUTHOR), rule("x", "v1", topic=Topic.PIN), rule("x", scope="web")]
    for one in (*others, rule("x"), rule("x", ALLOW)):
        await store.rules.set(one, by="ada")
    assert await store.rules.read("", "web") == [others[0], rule("x", ALLOW), others[1], others[2]]


async def test_a_rule_can_be_taken_back(store: AnyStore) -> None:
    """An empty value leaves nothing, also where there was nothing."""
    await store.rules.set(rule("x"), by="ada")
    for _ in range(2):
        await store.rules.set(rule("x", ""), by="bob")
    assert await store.rules.read("") == []
