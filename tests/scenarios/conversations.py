"""What people asked of HuggingGPT, from the question to the posted answer: the whole house, in any mode.

The weights of our own models are random, and what is far away says always the same, so what they say is noise: held
is which experts were asked what, where they ran, what kind of thing came of it, that media play, and that the answer
tells who did what. A file of tests imports these and defines ``home``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO

import av
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image

from adapters.fetch import Fetcher
from core.events import Finished, PlanClosed, Started, State
from core.ports import Draft, Say
from core.types import Artifact, ArtifactRef, Kind, Media, TaskRef
from tests import samples
from tests.fakes import ScriptedController
from tests.played import playable
from tests.scenarios.house import Heard, Home

INVOICE = "18301/102/T0305"
SIX = (
    Draft(id=0, type="openpose-control", args={"image": "<attachment-0>"}),
    Draft(id=1, type="image-to-text", args={"image": "<attachment-0>"}),
    Draft(id=2, type="object-detection", args={"image": "<attachment-0>"}),
    Draft(
        id=3, type="openpose-text-to-image", args={"image": "<resource-0>", "prompt": "<resource-1> a girl, reading"}
    ),
    Draft(id=4, type="image-to-text", args={"image": "<resource-3>"}),
    Draft(id=5, type="text-to-speech", args={"text": "<resource-4>"}),
)
S5 = "Draw a girl reading a book in the pose of the boy in example.jpg, then describe the new picture in your voice"


def snap(name: str, hue: int = 0) -> Media:
    """Return a photo; another hue, other bytes."""
    image = samples.photo(128, 96)
    image.paste((hue, 255 - hue, hue), (40, 30, 90, 70))
    return samples.picture(image, name)


def opened(media: Media) -> Image.Image:
    """Return a picture."""
    return Image.open(BytesIO(media.data)).convert("RGB")


def named(heard: Heard) -> bool:
    """Whether the answer names the model of every step."""
    return all(f"`{result.model}`" in heard.text for result in heard.trace.results.values())


def boxes(heard: Heard, number: int, label: str) -> int:
    """Count what a detector found."""
    found = heard.trace.results[number].outputs["objects"]
    assert isinstance(found, list)
    return sum(isinstance(row, dict) and row["label"] == label for row in found)


async def plays(home: Home, heard: Heard) -> dict[Kind, Media]:
    """Play all files of an answer, and return the last of each kind."""
    assert heard.trace.answer is not None
    files = [await home.media(file) for file in heard.trace.answer.artifacts]
    for file in files:
        playable(file)
    assert len(heard.end.files) == len(files)
    return {file.kind: file for file in files}


async def test_s1_people_are_counted_by_their_boxes(home: Home) -> None:
    """Three experts look; the number is the detector's boxes, and a picture comes back with them drawn on it."""
    photo = snap("street.png")
    async with home.talk() as talk:
        heard = await talk.say("How many people are in this picture?", photo)
    assert set(heard.types) == {"image-to-text", "object-detection", "visual-question-answering"}
    assert not any(task.needs() for task in heard.trace.tasks.values())
    people = boxes(heard, heard.number("object-detection"), "person")
    assert f"**{people} {'person' if people == 1 else 'people'}**, counted from the boxes" in heard.text
    assert named(heard)
    drawn = (await plays(home, heard))[Kind.IMAGE]
    size = opened(drawn).size  # small pictures are enlarged, for the labels to be read
    assert size[0] * 96 == size[1] * 128
    assert opened(drawn).tobytes() != opened(photo).resize(size).tobytes()


async def test_s2_one_sentence_is_judged_and_translated_at_once(home: Home) -> None:
    """Both tasks take the sentence itself, and Tamil letters come out as they went in."""
    async with home.talk() as talk:
        heard = await talk.say("What is the sentiment of 'I love you', and say it in Tamil")
        tamil = await talk.say("What is the sentiment of 'நான் உன்னை காதலிக்கிறேன்'?")
    assert heard.types == ["text-classification", "translation"]
    assert all(task.args["text"] == "I love you" for task in heard.trace.tasks.values())
    assert heard.trace.tasks[1].args["language"] == "Tamil"
    assert "In Tamil" in heard.text
    assert named(heard)
    assert "“நான் உன்னை காதலிக்கிறேன்”" in tamil.text


@pytest.mark.parametrize("build", [*samples.AUDIOS, *samples.VIDEOS], ids=lambda build: build.__name__)
async def test_s3_every_recording_is_written_down(home: Home, build: samples.Build) -> None:
    """MP3, where the public demonstration failed, voice messages, and the sound of films."""
    file = build()
    async with home.talk() as talk:
        heard = await talk.say("Transcribe this", file)
    assert heard.types == ["automatic-speech-recognition"]
    assert heard.trace.state(0) is State.DONE
    assert f"`{heard.trace.artifacts[0].name}`" in heard.text
    assert named(heard)


async def test_s4_words_are_put_on_the_very_picture_that_was_drawn(home: Home) -> None:
    """The overlay gets the painting itself, and changes nothing but what lies under its letters."""
    async with home.talk() as talk:
        heard = await talk.say("Draw a dancing cat and put I LOVE YOU over it")
    assert heard.types == ["text-to-image", "text-overlay"]
    assert heard.trace.tasks[1].args == {"image": TaskRef(0), "text": "I LOVE YOU"}
    painted = opened(await home.media(heard.made(0, "image")))
    (written,) = (await plays(home, heard)).values()
    assert opened(written).size == painted.size
    assert opened(written).tobytes() != painted.tobytes()
    assert "“I LOVE YOU”" in heard.text
    assert named(heard)


async def test_s6_an_invoice_is_read_aloud(home: Home) -> None:
    """Text is wanted of the model that reads, though others that describe are local; its words are said."""
    async with home.talk() as talk:
        heard = await talk.say("Read invoice.png for me", samples.invoice())
    assert heard.types == ["image-to-text", "text-to-speech"]
    assert heard.trace.results[0].model == "rapidocr/PP-OCRv6-small"
    assert INVOICE in heard.text
    assert Kind.AUDIO in await plays(home, heard)


async def test_s7_all_who_can_see_look_at_once(home: Home) -> None:
    """A detailed description asks five experts that wait for nobody, and tells what each says."""
    async with home.talk() as talk:
        heard = await talk.say("Describe this image in as much detail as you can", snap("place.png", 80))
    seeing = {"image-to-text", "image-classification", "object-detection", "image-segmentation"}
    assert set(heard.types) == seeing | {"visual-question-answering"}
    assert not any(task.needs() for task in heard.trace.tasks.values())
    assert named(heard)
    assert len(heard.end.files) == 2  # boxes, segments
    await plays(home, heard)


async def test_s8_what_was_spoken_of_is_found_again_after_a_restart(home: Home) -> None:
    """A question without a file is about the last one, a new file takes the same question, "the first one" is that."""
    first, second = snap("a.png", 100), snap("b.png", 120)
    async with home.talk("zoo") as talk:
        await talk.say("Look at this picture", first)
        many = await talk.say("How many zebras are in it?")
        again = await talk.say("And in this one?", second)
    async with home.talk_after_restart("zoo") as talk:
        drawn = await talk.say("Make the first one a sketch")

    def looked_at(heard: Heard) -> set[str]:
        refs = [ref for task in heard.trace.tasks.values() for ref in task.references()]
        return {heard.trace.artifacts[ref.number].name for ref in refs if isinstance(ref, ArtifactRef)}

    assert "object-detection" in many.types
    assert looked_at(many) == {"a.png"}
    assert "object-detection" in again.types
    assert looked_at(again) == {"b.png"}
    assert looked_at(drawn) == {"a.png"}
    assert drawn.types[-1] in ("image-to-image", "scribble-control")
    assert Kind.IMAGE in await plays(home, drawn)


async def test_s9_three_pictures_are_counted_together(home: Home) -> None:
    """One detection for each picture, all started before the first is done, and a sum."""
    files = [snap(f"{name}.png", hue) for name, hue in (("one", 140), ("two", 160), ("three", 180))]
    async with home.talk() as talk:
        heard = await talk.say("How many persons in these three pictures together?", *files)
    assert heard.types == ["object-detection"] * 3
    kinds = [type(event) for event in heard.events if isinstance(event, Started | Finished)]
    assert kinds[:3] == [Started] * 3
    total = sum(boxes(heard, number, "person") for number in range(3))
    assert f"**{total} persons**" in heard.text or f"**{total} person**" in heard.text
    assert all(f"in `{file.name}`" in heard.text for file in files)


async def test_nobody_reads_how_others_call_their_files(home: Home) -> None:
    """The same picture again comes from the cache; under another name its result is made and named anew."""
    photo = snap("secret-plan.png", 220)
    async with home.talk() as talk:
        await talk.say("Detect the objects in this picture", photo)
        again = await talk.say("Detect the objects in this picture", photo)
    async with home.talk() as talk:
        other = await talk.say("Detect the objects in this picture", replace(photo, name="mine.png"))
    assert again.trace.results[0].cached
    assert [file.name for file, _ in other.end.files] == ["mine-objects.png"]
    assert "secret" not in other.text


async def test_s10_film_and_voice_come_as_one_file(home: Home) -> None:
    """Both are made at once; asked to, they are laid together into a file that plays with sound."""
    wish = "Make a video of astronauts on a walk, and a voice-over of this text: 'Hello space'"
    async with home.talk() as talk:
        apart = await talk.say(wish)
        one = await talk.say(f"{wish}. Put both into one file.")
    assert apart.types == ["text-to-video", "text-to-speech"]
    assert not any(task.needs() for task in apart.trace.tasks.values())
    assert set(await plays(home, apart)) == {Kind.VIDEO, Kind.AUDIO}
    assert one.types == ["text-to-video", "text-to-speech", "video-conversion"]
    (film,) = (await plays(home, one)).values()
    with av.open(BytesIO(film.data)) as container:
        assert {stream.type for stream in container.streams} == {"video", "audio"}
    assert "seed" in apart.text


@pytest.fixture
async def site() -> AsyncIterator[str]:
    """A web site with a picture, a document and an article on it."""

    async def picture(_: web.Request) -> web.Response:
        return web.Response(body=snap("cat.png", 200).data, content_type="image/png")

    async def document(_: web.Request) -> web.Response:
        return web.Response(body=samples.pdf().data, content_type="application/pdf")

    async def article(_: web.Request) -> web.Response:
        page = "<!doctype html><title>Foxes</title><script>var x = 1;</script><p>Foxes are <b>red</b>."
        return web.Response(text=page, content_type="text/html")

    app = web.Application()
    app.router.add_get("/article", article)
    app.router.add_get("/cat.png", picture)
    app.router.add_get("/bill.pdf", document)
    async with TestServer(app) as server:
        yield str(server.make_url("/")).rstrip("/")


async def test_s11_a_link_is_as_good_as_a_file(home: Home, site: str) -> None:
    """What lies behind a link is fetched and worked on; private addresses are refused where nobody allowed them."""
    async with home.talk() as talk:
        seen = await talk.say(f"what is in {site}/cat.png ?")
        page = await talk.say(f"What does {site}/article say about foxes?")
        read = await talk.say(f"What is the invoice number in {site}/bill.pdf ?")
    assert seen.trace.artifacts[0].name == "cat.png"
    assert seen.types
    assert seen.trace.state(0) is State.DONE
    assert read.trace.artifacts[0].kind is Kind.DOCUMENT
    assert read.types == ["document-question-answering"]
    assert page.types == ["question-answering"]
    assert (await home.media(page.trace.artifacts[0])).data == b"Foxes\n\nFoxes are red."
    guarded = Fetcher(file_bytes=10**7, allow_private=False)
    async with home.talk(fetcher=guarded) as talk:
        refused = await talk.say(f"what is in {site}/cat.png ?")
    assert not refused.trace.tasks
    assert "`cat.png`" in refused.text


async def test_s12_a_greeting_needs_no_task(home: Home) -> None:
    """Small talk is answered from one round of the controller, and no expert is asked."""
    asked = ScriptedController([Say("I am JARVIS.")])
    async with home.talk(plan=asked) as talk:
        heard = await talk.say("Hi, who are you?")
    assert not heard.trace.tasks
    assert heard.text == "I am JARVIS."
    assert (len(asked.briefs), asked.asked) == (1, 0)
    async with home.talk() as talk:
        assert "JARVIS" in (await talk.say("Hi, who are you?")).text


@pytest.mark.parametrize("build", [samples.pdf, samples.pdf_scanned, samples.invoice], ids=lambda one: one.__name__)
async def test_s13_a_document_is_asked(home: Home, build: samples.Build) -> None:
    """A PDF with text, one of scanned pages and a picture are all asked the question."""
    async with home.talk() as talk:
        heard = await talk.say("Answer from this document: what is the total?", build())
    assert heard.types == ["document-question-answering"]
    assert heard.trace.state(0) is State.DONE, heard.text
    assert heard.trace.tasks[0].args["question"] == "what is the total?"
    assert named(heard)


async def test_s14_two_pictures_are_painted(home: Home) -> None:
    """Two wishes in a sentence are two pictures, at once, each told with the seed that would make it again."""
    async with home.talk() as talk:
        heard = await talk.say("Generate pictures of a cat and of a dog")
    assert [task.args["prompt"] for _, task in sorted(heard.trace.tasks.items())] == ["a cat", "a dog"]
    assert heard.made(0, "image").sha256 != heard.made(1, "image").sha256
    for number in (0, 1):
        assert f"seed {heard.trace.results[number].outputs['seed']}" in heard.text
    assert len(heard.end.files) == 2
    await plays(home, heard)


def paint(number: int, prompt: str) -> Draft:
    """Return a wish for a picture."""
    return Draft(id=number, type="text-to-image", args={"prompt": prompt})


async def test_s15_a_second_round_mends_the_first(home: Home) -> None:
    """Having seen the results the controller asks for more; the trace tells which round planned what."""
    by_script = ScriptedController(
        [paint(0, "a red car")], [[paint(1, "a red car from the side")], [Say("Here it is, from the side.")]]
    )
    async with home.talk(plan=by_script) as talk:
        heard = await talk.say("Draw a red car; it should be seen from the side")
    assert heard.trace.round_of == {0: 0, 1: 1}
    assert [event.round for event in heard.events if isinstance(event, PlanClosed)] == [0, 1]
    assert heard.text.endswith("Here it is, from the side.")
    assert [type(output) for output in (heard.made(0, "image"), heard.made(1, "image"))] == [Artifact] * 2
    await plays(home, heard)


async def test_s15_rounds_are_bounded(home: Home) -> None:
    """A controller that is never content is made to answer."""
    wishes = [[paint(number, f"a car, try {number}")] for number in range(1, 8)]
    async with home.talk(plan=ScriptedController([paint(0, "a car")], wishes)) as talk:
        heard = await talk.say("Draw a car")
    limit = home.house.limits.rounds
    assert max(heard.trace.round_of.values()) <= limit
    assert len(heard.trace.results) <= limit + 1
