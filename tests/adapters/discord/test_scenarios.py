"""The scenarios that people tried with HuggingGPT, spoken on Discord, with made-up experts of every type.

What runs is the real client, worker and orchestrator; rules plan, and once more a scripted language model through the
real openai client.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from core.controllers.embedded import EmbeddedController
from core.limits import Limits
from tests.adapters.discord.house import House
from tests.adapters.discord.look import answered
from tests.adapters.scenes import MP3, OTHER, PDF, PHOTO, THIRD, Script, looking_twice, thinking
from tests.simulators.discord import Channel, Message, Person, Simulator
from tests.simulators.discord.people import File
from tests.simulators.mind import EXPERTS, mind
from tests.simulators.openai import plan, stage
from tests.zoo import REGISTRY, Zoo

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@dataclass
class Talk:
    """Somebody who talks with the bot directly, turn by turn."""

    discord: Simulator
    ada: Person
    zoo: Zoo
    house: House
    answers: list[Message] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)  # of the language model

    async def say(self, text: str, *files: File, to: Message | None = None) -> Message:
        """Say something and return the last message of the answer."""
        count = len(answered(self.discord))
        await self.ada.say(self.ada.dm, text, files, to=to)
        self.answers = await self.discord.until(lambda: answered(self.discord, count=count + 1), 30)
        return self.answers[-1]

    @property
    def ran(self) -> list[str]:
        """The types of the tasks that ran so far."""
        return [job.type for job in self.zoo.ran]

    async def details(self) -> str:
        """Press the button of the first card, once it is folded, and return what it tells."""
        card = next(one for one in self.discord.said(self.room) if one.v2)
        await self.discord.until(lambda: any(part.get("label") == "Details" for part in card.parts()))
        return (await self.ada.click(card, "Details")).said

    @property
    def room(self) -> Channel:
        return self.ada.dm

    def words(self) -> str:
        """Everything that was answered so far."""
        return "\n".join(one.text for one in self.discord.said(self.room) if not one.v2)


@pytest.fixture(params=["rules", "model"])
async def talk(discord: Simulator, ada: Person, request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    """A house in which the rules plan and answer, or a language model does."""
    if request.param == "model":
        async with spoken(discord, ada, mind) as talk:
            yield talk
            stages = {stage(body) for body in talk.calls}
            assert "plan" in stages
            assert ("respond" in stages) == (EXPERTS in talk.words()), talk.words()
    else:
        zoo = Zoo()
        house = House(discord, EmbeddedController(), zoo, REGISTRY, limits=Limits())
        async with house.open():
            yield (talk := Talk(discord, ada, zoo, house))
    assert not talk.zoo.wrong
    assert not discord.rest.refusals


@asynccontextmanager
async def spoken(discord: Simulator, ada: Person, script: Script) -> AsyncIterator[Talk]:
    """A house in which a language model plans and answers, by ``script``."""
    zoo = Zoo()
    async with (
        thinking(script) as (controller, calls),
        House(discord, controller, zoo, REGISTRY, limits=Limits()).open() as house,
    ):
        yield Talk(discord, ada, zoo, house, calls=calls)


def names(message: Message) -> list[str]:
    """The names of a message's files."""
    return [file["filename"] for file in message.attachments]


async def test_s1_how_many(talk: Talk) -> None:
    """A count comes from the detector, with the picture that shows its boxes."""
    answer = await talk.say("How many zebras are in this picture?", PHOTO)
    assert "object-detection" in talk.ran
    assert "2" in talk.words()
    assert names(answer)


async def test_s2_two_things_at_once(talk: Talk) -> None:
    """Sentiment and translation; Tamil stays Tamil."""
    await talk.say("What is the sentiment of 'I love you', and say it in Tamil")
    assert {"text-classification", "translation"} <= set(talk.ran)
    assert "நான் உன்னை காதலிக்கிறேன்" in talk.words()


async def test_s3_a_recording(talk: Talk) -> None:
    """An MP3 is transcribed."""
    await talk.say("Transcribe this", MP3)
    assert talk.ran == ["automatic-speech-recognition"]


async def test_a_voice_message_is_a_request(talk: Talk) -> None:
    """What is spoken into the telephone is written down, without a word beside it."""
    await talk.ada.voice(talk.room, b"OggS\x00\x02" + b"\x00" * 22 + b"\x01\x13OpusHead" + b"\x00" * 60)
    await talk.discord.until(lambda: answered(talk.discord), 30)
    assert talk.ran == ["automatic-speech-recognition"]


async def test_s4_words_over_a_picture(talk: Talk) -> None:
    """The text goes over the very picture that was made."""
    answer = await talk.say('Draw a dancing cat and put "I LOVE YOU" over it')
    assert talk.ran == ["text-to-image", "text-overlay"]
    assert names(answer)


async def test_s5_pose_picture_description_voice(talk: Talk) -> None:
    """Pose, new picture, its description, spoken; every step is on the card."""
    answer = await talk.say(
        "Draw a girl reading a book in the pose of the boy in a.jpg, then describe the new picture in your voice", PHOTO
    )
    assert {"openpose-control", "openpose-text-to-image", "image-to-text", "text-to-speech"} <= set(talk.ran)
    assert "openpose-text-to-image" in await talk.details()
    if len(talk.ran) > 4:
        card = next(one for one in talk.discord.said() if one.v2)
        assert [file["filename"] for file in card.attachments] == ["plan.png"]
    assert any(name.endswith(".wav") for name in names(answer))


async def test_s6_read_an_invoice(talk: Talk) -> None:
    """What stands in a picture is spoken."""
    answer = await talk.say("Read example.jpg for me", PHOTO)
    assert talk.ran == ["image-to-text", "text-to-speech"]
    assert "INVOICE NO: 18301/102/T0305" in talk.words()
    assert any(name.endswith(".wav") for name in names(answer))


async def test_s7_every_detail(talk: Talk) -> None:
    """One wish becomes several looks at one picture, in one answer."""
    await talk.say("Describe this image in as much detail as you can", PHOTO)
    assert len(set(talk.ran)) >= 3
    assert len(talk.answers) == 1


async def test_s8_several_turns(talk: Talk) -> None:
    """What was shown before is remembered, and a reply makes that message's picture the input."""
    await talk.say("Describe this picture", PHOTO)
    first = next(one for one in talk.room.messages.values() if one.attachments)
    await talk.say("How many zebras are in it?")
    await talk.say("And in this one?", OTHER)
    await talk.say("Make it a sketch", to=first)
    assert talk.ran.count("object-detection") == 2
    assert names(talk.answers[-1])
    (sketched,) = [job for job in talk.zoo.ran if job.type == "image-to-image"]
    assert getattr(sketched.inputs["image"], "name", "") == "a.jpg"


async def test_s9_several_pictures(talk: Talk) -> None:
    """One look for each picture, and a sum."""
    await talk.say("How many zebras are in these three pictures together?", PHOTO, OTHER, THIRD)
    assert talk.ran.count("object-detection") == 3
    assert "6" in talk.words()


async def test_s10_film_and_voice(talk: Talk) -> None:
    """A film and a voice come together."""
    answer = await talk.say('Make a video of astronauts on a walk, and a voice-over of "One small step"')
    assert {"text-to-video", "text-to-speech"} <= set(talk.ran)
    assert {name.rpartition(".")[2] for name in names(answer)} >= {"mp4", "wav"}


async def test_s11_a_link(talk: Talk) -> None:
    """A link is fetched as if it had been attached; one into the private network gets a sentence."""
    talk.discord.world.files["/attachments/9/9/cat.png"] = OTHER[1]
    await talk.say(f"What is in {talk.discord.cdn}/attachments/9/9/cat.png ?")
    assert talk.ran
    await talk.say("What is in http://127.0.0.1:1/secret.png ?")
    assert "private network" in "\n".join(one.text for one in talk.discord.said(talk.room))


async def test_s12_plain_talk(talk: Talk) -> None:
    """No task, an answer, no card left."""
    await talk.say("Hi, who are you?")
    await talk.discord.until(lambda: len(talk.discord.said(talk.room)) == 1)
    assert talk.ran == []
    assert "JARVIS" in talk.words()


async def test_s13_a_document(talk: Talk) -> None:
    """A question about a PDF."""
    await talk.say("Answer from this document: what is the total?", PDF)
    assert talk.ran == ["document-question-answering"]


async def test_s14_two_pictures(talk: Talk) -> None:
    """Two generations, both pictures in the answer."""
    answer = await talk.say("Generate pictures of a cat and of a dog")
    assert talk.ran == ["text-to-image", "text-to-image"]
    assert len(names(answer)) == 2


async def test_s15_a_second_round(discord: Simulator, ada: Person) -> None:
    """After the results the model asks for a bounded second round; the trace shows it."""
    async with spoken(discord, ada, looking_twice()) as talk:
        await talk.say("Look closely", PHOTO)
        told = await talk.details()
    assert talk.ran == ["object-detection", "image-to-text"]
    assert "round 2" in told
    assert "two zebras" in talk.words()


@pytest.mark.parametrize("second", ["text-to-speech", "summarization"])
async def test_a_language_model_plans_and_answers(discord: Simulator, ada: Person, second: str) -> None:
    """What no rule knows is planned by the model; its words come with what was found put in exactly."""
    tasks = plan(("image-to-text", {"image": "<attachment-0>"}), (second, {"text": "<resource-0>"}))

    def script(body: dict[str, Any]) -> str:
        return tasks if stage(body) != "respond" else "Behold:\n\n<resource-0>"

    async with spoken(discord, ada, script) as talk:
        await talk.say("Was steht da? Mach etwas daraus.", PHOTO)
        card = next(one for one in discord.said() if one.v2)
        await discord.until(lambda: "call" in card.text)
    assert talk.ran == ["image-to-text", second]
    assert "Behold:" in talk.words()
    assert "INVOICE NO" in talk.words()


async def test_a_language_model_just_talks(discord: Simulator, ada: Person) -> None:
    """Plain talk costs one call and leaves one message."""
    async with spoken(discord, ada, lambda _body: plan(reply="I am JARVIS.")) as talk:
        answer = await talk.say("Wer bist du?")
    assert answer.text == "I am JARVIS."
