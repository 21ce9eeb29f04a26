"""What a thread in Slack shows of the work: who is at it, who goes first, what waits for a decision."""

from __future__ import annotations

import pytest

from adapters.press import Verb
from core.events import Answered, Approved, Held, Said, Waiting, fold
from tests.adapters.slack.talk import Talk, done, step, the_answer, watched

pytestmark = pytest.mark.anyio


async def test_an_agents_session_shows_who_is_at_work(talk: Talk) -> None:
    """It is at work from the first sign to the end, and has a title."""
    mouth, asked = talk.mouth(), await talk.asked("What is this?")
    handle = await mouth.open(asked)
    session = talk.slack.agents.sessions[talk.room.id, asked.origin.conversation]
    assert (session.status, session.title) == ("processing", "What is this?")
    await mouth.finish(asked, handle, fold([Answered("A cat.")]))
    assert session.status == "active"


async def test_where_there_are_no_sessions_the_thread_has_a_status(talk: Talk) -> None:
    """It is cleared at the end; what a workspace lacks is asked for once."""
    talk.slack.without("agents.sessions.setStatus")
    mouth = talk.mouth()
    for _ in range(2):
        asked = await talk.asked()
        handle = await mouth.open(asked)
        assert talk.slack.agents.status(talk.room, asked.origin.conversation)
        await mouth.finish(asked, handle, fold([Answered("A cat.")]))
        assert not talk.slack.agents.status(talk.room, asked.origin.conversation)
    assert len(talk.calls("agents.sessions.setStatus")) == 1


async def test_an_app_that_is_no_agent_has_no_sessions(talk: Talk) -> None:
    """It is asked for once; the thread's status serves as well, and says who goes first."""
    talk.slack.app.agent = False
    mouth = talk.mouth()
    for _ in range(2):
        asked = await talk.asked()
        handle = await mouth.open(asked)
        await mouth.show(asked, handle, fold([Waiting(2, 30.0)]))
        assert "2 before you" in talk.slack.agents.status(talk.room, asked.origin.conversation)
        await mouth.finish(asked, handle, fold([Answered("A cat.")]))
    assert len(talk.calls("agents.sessions.setStatus")) == 1


async def test_without_any_status_there_is_the_card(talk: Talk) -> None:
    """A workspace that shows none is answered as any other."""
    talk.slack.without("agents.sessions.setStatus", "assistant.threads.setStatus")
    mouth, asked = talk.mouth(), await talk.asked()
    handle = await mouth.open(asked)
    await mouth.show(asked, handle, fold([Waiting(2, 30.0)]))
    assert "2 before you, about 30 s" in talk.said(asked)[0].shown
    await mouth.finish(asked, handle, fold([Answered("A cat.")]))
    assert "A cat." in the_answer(talk, asked).shown


async def test_a_plan_that_is_held_waits_for_a_decision(talk: Talk) -> None:
    """The question stands there with its buttons, nobody is shown to be at work; then it goes on."""
    mouth, asked = talk.mouth(), await talk.asked()
    way = [*step()[:1], Held("This takes 5 minutes. Shall I?", seconds=300.0)]
    handle = await watched(mouth, asked, way)
    card = next(one for one in talk.said(asked) if "Shall I?" in one.shown)
    verbs = [part["value"].split("/")[1] for part in card.parts() if part.get("type") == "button"]
    assert verbs == [Verb.RUN, Verb.CHANGE, Verb.CANCEL]
    session = talk.slack.agents.sessions[talk.room.id, asked.origin.conversation]
    assert session.status == "active"
    way += [Approved("Ada"), *step()[1:], done()]
    await mouth.show(asked, handle, fold(way))
    assert session.status == "processing"
    await mouth.finish(asked, handle, fold([*way, Answered("Here.")]))
    assert "Here." in the_answer(talk, asked).shown


async def test_where_we_may_not_write_the_author_is_told(talk: Talk) -> None:
    """Who asks where the app is not a member gets the answer directly, and only once."""
    asked = await talk.asked()
    del talk.room.members[talk.slack.bot]
    handle = await watched(talk.mouth(), asked, [*step(), Said("One ")])
    assert await talk.mouth().open(asked) == handle
    await talk.mouth().finish(asked, handle, fold([*step(), done(), Answered("One two.")]))
    assert talk.said(asked) == []
    said = talk.slack.said(talk.ada.dm)
    assert ["One two." in one.shown for one in said] == [True]
    assert "This answers “hello”" in said[0].shown
