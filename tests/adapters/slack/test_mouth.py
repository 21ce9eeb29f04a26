"""An answer in Slack: long ones in pieces, files beside it, nobody called by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

import anyio
import pytest

from adapters.slack.ours import about_of
from adapters.slack.takeback import take_back
from core.events import Answered, Cancelled, Failed, Held, Refused, Said, fold
from core.types import Request
from tests.adapters.slack.talk import STREAMS, Talk, done, step, the_answer, watched

if TYPE_CHECKING:
    from adapters.concierge import Concierge

pytestmark = pytest.mark.anyio


async def test_a_slow_slack_is_waited_for(talk: Talk) -> None:
    """Where it says "later", it is later; no answer is lost, and no call repeated before it may be."""
    limits = talk.slack.web.limits
    mouth, asked = talk.mouth(), await talk.asked()
    handle = await mouth.open(asked)
    limits.storm.add("chat.update")

    async def finish() -> None:
        await mouth.finish(asked, handle, fold([Answered("Here.")]))

    async with anyio.create_task_group() as group:
        group.start_soon(finish)
        await talk.slack.until(lambda: limits.refused["chat.update"])
        assert limits.refused["chat.update"] == 1
        limits.storm.clear()
    assert "Here." in the_answer(talk, asked).shown
    times = [at for at, name, _ in talk.slack.web.calls if name == "chat.update"]
    assert times[1] - times[0] >= 1.0


async def test_a_long_answer_comes_in_pieces_and_in_order(talk: Talk) -> None:
    """Every word is there, in messages that Slack takes."""
    mouth, asked = talk.mouth(), await talk.asked()
    text = "\n\n".join(f"Paragraph {number} has some words in it. " * 10 for number in range(80)).strip()
    way = [*step(), Said(text[:500]), Said(text[500:])]
    handle = await watched(mouth, asked, way)
    last = await mouth.finish(asked, handle, fold([*way, done(), Answered(text)]))
    said = talk.said(asked)
    assert len(said) > 2
    texts = [block["text"] for one in said for block in one.blocks if block["type"] == "markdown"]
    assert "".join("".join(texts).split()) == "".join(text.split())
    assert last.endswith(said[-1].ts)
    assert said[-1].element("🔁 Again")
    assert talk.slack.web.refusals == []


async def test_a_longer_one_comes_as_a_file_too(talk: Talk) -> None:
    """The last message says so."""
    mouth, asked = talk.mouth(), await talk.asked()
    text = "word " * 12_000
    await mouth.finish(asked, await mouth.open(asked), fold([Answered(text)]))
    await talk.slack.until(lambda: any(one.files for one in talk.said(asked)))
    (file,) = [file for one in talk.said(asked) for file in one.files]
    assert (file.name, file.data.decode()) == ("answer.md", text.strip())
    assert any("answer.md" in one.shown for one in talk.said(asked) if not one.files)


# ---------------------------------------------------------------- files


async def test_files_stand_together_with_words_for_who_cannot_see_them(talk: Talk) -> None:
    """One message has them all, with titles and what they are."""
    mouth, asked = talk.mouth(), await talk.asked()
    files = [await talk.file(), await talk.file("song.wav", b"RIFF+" * 300_000)]
    happened = [*step(), done(audio=files[0], more=files[1]), Answered("Here.", tuple(files))]
    await mouth.finish(asked, await mouth.open(asked), fold(happened))
    await talk.slack.until(lambda: any(one.files for one in talk.said(asked)))
    (shared,) = [one for one in talk.said(asked) if one.files]
    assert [(file.name, file.alt) for file in shared.files] == [
        ("speech.wav", "text-to-speech: Hello"),
        ("song.wav", "text-to-speech: Hello"),
    ]
    assert shared.files[1].data == b"RIFF+" * 300_000


async def test_where_files_are_not_allowed_the_answer_says_so(talk: Talk) -> None:
    """The words come all the same, with a sentence about the missing scope."""
    talk.slack.scopes("files:write")
    mouth, asked, file = talk.mouth(), await talk.asked(), await talk.file()
    await mouth.finish(asked, await mouth.open(asked), fold([*step(), done(audio=file), Answered("Here.", (file,))]))
    assert "Here." in the_answer(talk, asked).shown
    assert "files:write" in the_answer(talk, asked).shown


async def test_an_answer_is_taken_back_with_its_files(talk: Talk) -> None:
    """Nothing of it stays, in the thread or at the file host; what else stands in the thread does."""
    mouth, asked, file = talk.mouth(), await talk.asked(), await talk.file()
    other = await talk.asked("and this?", root=talk.room.messages[asked.origin.message])
    for request in (asked, other):
        over = fold([*step(), done(audio=file), Answered("word " * 3_000, (file,))])
        await mouth.finish(request, await mouth.open(request), over)
    await talk.slack.until(lambda: len([one for one in talk.said(asked) if one.files]) == 2)

    class Desk:
        async def request(self, number: str) -> Request:
            return {asked.id: asked, other.id: other}[number]

    await take_back(talk.connections[0], cast("Concierge", Desk()), asked.id)
    left = talk.said(asked)
    assert {about[0] for one in left if (about := about_of(one.json()))} == {other.id}
    assert [file.deleted for one in left for file in one.files] == [False]
    assert sorted(file.deleted for file in talk.slack.world.files.values()) == [False, True]


async def test_where_files_are_not_allowed_a_long_answer_comes_in_messages(talk: Talk) -> None:
    """Not a word of it is lost."""
    talk.slack.scopes("files:write")
    mouth, asked = talk.mouth(), await talk.asked()
    text = " ".join(f"word{number}" for number in range(8_000))
    await mouth.finish(asked, await mouth.open(asked), fold([Answered(text)]))
    said = "\n".join(one.shown for one in talk.said(asked))
    assert re.findall(r"word\d+", said) == text.split()
    assert talk.said(asked)[-1].element("🔁 Again")


# ---------------------------------------------------------------- nobody is called

NAMES = ["<!channel>", "<!here>", "<!everyone>", "<!subteam^S0ABC|team>", "@channel", "@here @everyone", "`<!channel>`"]


@pytest.mark.parametrize("streams", [True, False])
async def test_nobody_is_called_whatever_a_model_or_a_file_says(talk: Talk, streams: bool) -> None:
    """Mentions are broken in answers, plans, problems, names and files, streamed or not."""
    if not streams:
        talk.slack.without(STREAMS)
    mouth = talk.mouth()
    for name in [*NAMES, f"<@{talk.ada.user.id}>", f"```\n<@{talk.ada.user.id}>\n```"]:
        asked = await talk.asked()
        file = await talk.file(f"{name}.wav".replace("/", ""))
        text = f"He said {name} to {name} all"
        way: list[Any] = [
            Refused(0, name, f"{name} is not read."),
            *step(model=f"a/{name}"),
            *step(1, kind="image-to-text"),
            done(audio=file, text=name, model=f"a/{name}"),
            Failed(1, name),
            *(Said(part) for part in (text if streams else [text])),
        ]
        handle = await watched(mouth, asked, way)
        await mouth.finish(asked, handle, fold([*way, Answered(text, (file,))]))
        stopped = await talk.asked()
        await mouth.finish(stopped, await mouth.open(stopped), fold([*step(), Said(name), Cancelled(name)]))
        held = await talk.asked()
        await watched(mouth, held, [*step(), Held(f"{name}?")])
    said = [one for one in talk.room.messages.values() if one.author.bot]
    assert len(said) > 20
    assert {one.ts: one.notified for one in said if one.notified} == {}
    assert not any(call.get("link_names") for call in talk.calls("chat.postMessage") + talk.calls("chat.update"))
