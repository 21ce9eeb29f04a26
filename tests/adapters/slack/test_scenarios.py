"""The scenarios that people tried with HuggingGPT, spoken on Slack, with made-up experts of every type; rules plan.

What runs is the real bolt app, worker and orchestrator. Turns of one talk stand in one thread.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from core.controllers.embedded import EmbeddedController
from core.limits import Limits
from core.ports import Controller
from tests.adapters.scenes import MP3, OTHER, PDF, PHOTO, THIRD, looking_twice, thinking
from tests.adapters.slack.house import House
from tests.adapters.slack.look import answered
from tests.simulators.slack import Act, File, Message, Person, Simulator
from tests.simulators.slack.people import Upload
from tests.zoo import REGISTRY, Zoo

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@dataclass
class Talk:
    """Somebody who talks with the bot directly, turn by turn."""

    slack: Simulator
    ada: Person
    zoo: Zoo
    asked: list[Message] = field(default_factory=list)

    async def say(self, text: str, *files: Upload | File) -> Message:
        """Say something and return the message of the answer."""
        count = len(answered(self.slack, self.ada.dm))
        thread = self.asked[0] if self.asked else ""
        self.asked.append(await self.ada.say(self.ada.dm, text, files, thread=thread))
        found: list[Message] = await self.slack.until(lambda: answered(self.slack, self.ada.dm, count + 1), 30)
        return found[-1]

    @property
    def ran(self) -> list[str]:
        """The types of the tasks that ran so far."""
        return [job.type for job in self.zoo.ran]

    def words(self) -> str:
        """Everything that was answered so far."""
        return "\n".join(one.shown for one in self.slack.said(self.ada.dm))

    async def files(self, count: int = 1) -> list[str]:
        """Return the kinds of the files that came with the answers, once there are so many."""
        said = self.slack.said
        names: list[str] = await self.slack.until(
            lambda: len(found := [file.name for one in said(self.ada.dm) for file in one.files]) >= count and found
        )
        return [name.rpartition(".")[2] for name in names]

    async def details(self) -> str:
        """Press the button of the last answer, and return what it tells."""
        act: Act = await self.ada.press(answered(self.slack, self.ada.dm)[-1], "Details")
        await self.slack.until(lambda: act.view and "One moment" not in act.view.shown)
        return act.view.shown if act.view else ""


@asynccontextmanager
async def talking(slack: Simulator, ada: Person, controller: Controller) -> AsyncIterator[Talk]:
    """A house in which a controller plans."""
    zoo = Zoo()
    async with House(slack, controller, zoo, REGISTRY, limits=Limits()).open():
        yield Talk(slack, ada, zoo)
    assert not zoo.wrong
    assert not slack.web.refusals
    assert not any(one.notified for one in slack.said())


@pytest.fixture
async def talk(slack: Simulator, ada: Person) -> AsyncIterator[Talk]:
    """A house in which the rules plan and answer."""
    async with talking(slack, ada, EmbeddedController()) as talk:
        yield talk


@pytest.mark.parametrize(
    ("text", "files", "ran", "words", "kinds"),
    [
        ("How many zebras are in this picture?", [PHOTO], {"object-detection"}, "2", {"png"}),
        (
            "What is the sentiment of 'I love you', and say it in Tamil",
            [],
            {"text-classification", "translation"},
            "நான் உன்னை காதலிக்கிறேன்",
            set(),
        ),
        ("Transcribe this", [MP3], {"automatic-speech-recognition"}, "", set()),
        ('Draw a dancing cat and put "I LOVE YOU" over it', [], {"text-to-image", "text-overlay"}, "", {"png"}),
        (
            "Draw a girl reading a book in the pose of the boy in a.jpg, then describe the new picture in your voice",
            [PHOTO],
            {"openpose-control", "openpose-text-to-image", "image-to-text", "text-to-speech"},
            "",
            {"wav"},
        ),
        ("Read example.jpg for me", [PHOTO], {"image-to-text", "text-to-speech"}, "18301/102/T0305", {"wav"}),
        ("How many zebras are in these three pictures together?", [PHOTO, OTHER, THIRD], set(), "6", set()),
        (
            'Make a video of astronauts on a walk, and a voice-over of "One small step"',
            [],
            {"text-to-video", "text-to-speech"},
            "",
            {"mp4", "wav"},
        ),
        ("Answer from this document: what is the total?", [PDF], {"document-question-answering"}, "", set()),
        ("Generate pictures of a cat and of a dog", [], {"text-to-image"}, "", {"png"}),
    ],
    ids=["s1", "s2", "s3", "s4", "s5", "s6", "s9", "s10", "s13", "s14"],
)
async def test_one_turn(talk: Talk, text: str, files: list[Upload], ran: set[str], words: str, kinds: set[str]) -> None:
    """The right experts run, their words stand in the answer, and their files below it."""
    await talk.say(text, *files)
    assert ran <= set(talk.ran)
    assert words in talk.words()
    if kinds:
        assert kinds <= set(await talk.files(len(kinds)))


async def test_s7_every_detail(talk: Talk) -> None:
    """One wish becomes several looks at one picture, in one answer."""
    await talk.say("Describe this image in as much detail as you can", PHOTO)
    assert len(set(talk.ran)) >= 3
    assert len(answered(talk.slack, talk.ada.dm)) == 1


async def test_s8_several_turns(talk: Talk) -> None:
    """What was shown before in a thread is remembered."""
    await talk.say("Describe this picture", PHOTO)
    await talk.say("How many zebras are in it?")
    await talk.say("And in this one?", OTHER)
    assert talk.ran.count("object-detection") == 2


async def test_s11_a_link(talk: Talk) -> None:
    """One into the private network gets a sentence."""
    await talk.say("What is in http://127.0.0.1:1/secret.png ?")
    assert "private network" in talk.words()


async def test_s12_plain_talk(talk: Talk) -> None:
    """No task, an answer, no card left."""
    await talk.say("Hi, who are you?")
    await talk.slack.until(lambda: len(talk.slack.said(talk.ada.dm)) == 1)
    assert talk.ran == []
    assert "JARVIS" in talk.words()


async def test_a_clip_is_a_request(talk: Talk) -> None:
    """What is spoken into the telephone is written down, without a word beside it."""
    await talk.say("", talk.ada.clip(MP3[1]))
    assert talk.ran == ["automatic-speech-recognition"]


async def test_s15_a_second_round(slack: Simulator, ada: Person) -> None:
    """After the results a language model asks for a bounded second round; the details show it."""
    async with thinking(looking_twice()) as (controller, _), talking(slack, ada, controller) as talk:
        await talk.say("Look closely", PHOTO)
        told = await talk.details()
    assert talk.ran == ["object-detection", "image-to-text"]
    assert "round 2" in told
    assert "two zebras" in talk.words()
