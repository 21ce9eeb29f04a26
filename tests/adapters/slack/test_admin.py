"""The form of admins: who may open it, what it shows, and that what it decides holds, over restarts."""

from __future__ import annotations

import pytest

from adapters.slack.admin import ADMIN, FORM
from adapters.slack.ear import Manner
from core.types import Mode
from tests.adapters.slack.house import House
from tests.adapters.slack.look import answered
from tests.fakes import ScriptedController, task
from tests.simulators.slack import Act, Channel, Person, Simulator, View

pytestmark = pytest.mark.anyio


async def form(slack: Simulator, act: Act) -> View:
    """The form that a command opened, once it is filled."""
    view = act.view
    assert view
    await slack.until(lambda: view.body["callback_id"] == FORM)
    return view


async def test_admins_decide_for_their_workspace(slack: Simulator, ada: Person, room: Channel) -> None:
    """Mode and limits, opened in one life, sent in the next: the form says what is so now, and it holds."""
    house = House(slack, ScriptedController([task(0)]))
    async with house.open():
        view = await form(slack, await ada.command(room, ADMIN))
        assert "The mode" in view.shown or "mode" in view.shown
    async with house.open():
        await ada.submit(view, {"where": "workspace", "mode": "remote", "bylaw": "requests-per-person", "value": "1"})
        assert "The mode is remote" in view.shown
        assert "requests-per-person" in view.shown
        await ada.say(room, f"{slack.mention} one")
        await slack.until(lambda: answered(slack, room))
        refused = await ada.say(room, f"{slack.mention} two")
        (why,) = await slack.until(lambda: slack.said(room, private=True))
    assert why.for_only is ada.user
    assert not slack.said(room, refused)
    assert await house.store.modes.get(f"slack/{slack.workspace.id}") is Mode.REMOTE


async def test_a_channel_may_differ(slack: Simulator, ada: Person, room: Channel) -> None:
    """What is decided for the channel holds there only; what is wrong is told at its field."""
    house = House(slack)
    async with house.open():
        view = await form(slack, await ada.command(room, ADMIN))
        wrong = await ada.submit(view, {"where": "channel", "bylaw": "safety", "value": "wild"})
        assert "wild" in wrong.errors["value"]
        await ada.submit(view, {"where": "channel", "mode": "local"})
    assert await house.store.modes.get(f"slack/{slack.workspace.id}/{room.id}") is Mode.LOCAL
    assert await house.store.modes.get(f"slack/{slack.workspace.id}") is None


async def test_others_read_why_not(slack: Simulator, room: Channel) -> None:
    """Who is no admin gets no form; whom the owner named does."""
    eve, max_ = slack.person("Eve", room), slack.person("Max", room)
    async with House(slack, manner=Manner(admins=(max_.user.id,))).open():
        act = await eve.command(room, ADMIN)
        assert "Only admins" in act.said
        assert act.private
        assert act.view is None
        await form(slack, await max_.command(room, ADMIN))


async def test_status_usage_and_audit_are_shown(slack: Simulator, ada: Person, room: Channel) -> None:
    """Each button shows its lines above the form, people and places as people call them."""
    async with House(slack).open():
        view = await form(slack, await ada.command(room, ADMIN))
        await ada.submit(view, {"where": "workspace", "mode": "hybrid"})
        await ada.submit(view, {"where": "channel", "bylaw": "safety", "value": "strict"})
        for words, told in (
            ("Audit", "for this workspace"),
            ("Audit", f"for <#{room.id}>"),
            ("Usage", "equest"),
            ("Status", ""),
        ):
            before = view.hash
            await ada.press(view, words)
            await slack.until(lambda before=before: view.hash != before)  # type: ignore[misc]
            assert told in view.shown
            assert f"slack/{slack.workspace.id}" not in view.shown
    assert not slack.web.refusals


async def test_people_are_picked(slack: Simulator, ada: Person, room: Channel) -> None:
    """Whom an admin picks is blocked: what they ask is refused in private; with a minus they are let in."""
    bob = slack.person("Bob", room)
    house = House(slack)
    async with house.open():
        view = await form(slack, await ada.command(room, ADMIN))
        await ada.submit(view, {"where": "workspace", "bylaw": "blocked", "person": bob.user.id})
        await bob.say(room, f"{slack.mention} hello")
        (why,) = await slack.until(lambda: slack.said(room, private=True))
        assert why.for_only is bob.user
        await ada.submit(view, {"where": "workspace", "bylaw": "blocked", "value": "-", "person": bob.user.id})
        await bob.say(room, f"{slack.mention} hello again")
        await slack.until(lambda: answered(slack, room))
