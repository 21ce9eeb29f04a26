"""What the rules plan."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from core.catalogue.snapshot import snapshot
from core.contract import Model
from core.controllers.embedded import EmbeddedController
from core.controllers.rules.abilities import Advice
from core.controllers.rules.data.aspects import ASPECTS
from core.ports import Brief, Say
from core.types import Mode
from tests.core.controllers.briefs import MakeBrief, turn
from tests.core.controllers.embedded import planned, steps

pytestmark = pytest.mark.anyio


async def test_an_invoice_is_read_aloud(brief: MakeBrief) -> None:
    """A picture with "Read this for me" ends in speech."""
    drafts, words = await planned(brief("Read this for me", "invoice.png"))
    assert steps(drafts) == [
        ("image-to-text", {"image": "<attachment-0>"}),
        ("text-to-speech", {"text": "<resource-0>"}),
    ]
    assert not words


async def test_who_are_you_is_answered_at_once(brief: MakeBrief) -> None:
    """A question about the bot needs no task."""
    drafts, words = await planned(brief("Hi, who are you?"))
    assert not drafts
    assert "JARVIS" in words


async def test_independent_wishes_stay_independent(brief: MakeBrief) -> None:
    """Sentiment and translation of one sentence both take the sentence, not each other's result."""
    drafts, _ = await planned(brief("What is the sentiment of 'I love you', and say it in Tamil", everything=True))
    assert steps(drafts) == [
        ("text-classification", {"text": "I love you"}),
        ("translation", {"text": "I love you", "language": "Tamil"}),
    ]


async def test_what_nothing_can_run_is_said_and_the_rest_is_planned(brief: MakeBrief) -> None:
    """A missing step is named with the way to enable it; steps before it still run."""
    drafts, words = await planned(brief("Translate this letter to French", "letter.jpg"))
    assert [draft.type for draft in drafts] == ["image-to-text"]
    assert "**translation**" in words
    assert "HF_TOKEN" in words


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (Mode.LOCAL, "ask in mode hybrid, which uses hosted ones as well"),
        (
            Mode.REMOTE,
            "let own devices run models (`./scripts/local` installs what that needs), and ask in mode hybrid",
        ),
        (Mode.HYBRID, "let own devices run models (`./scripts/local` installs what that needs)."),
    ],
)
@pytest.mark.parametrize("text", ["Translate this letter to French", "Paint a picture of a red car"])
async def test_nobody_is_told_to_set_up_what_is_set_up(brief: MakeBrief, mode: Mode, said: str, text: str) -> None:
    """Where there is a token, what helps is a device or another mode; a fresh machine hears of the token."""
    asked = replace(brief(text, "letter.jpg"), mode=mode)
    rules = EmbeddedController(Advice(hosted=True))
    words = "".join([piece.text async for piece in rules.plan(asked) if isinstance(piece, Say)])
    assert said in words
    assert "HF_TOKEN" not in words
    assert "HF_TOKEN" in (await planned(asked))[1]


@pytest.mark.parametrize("text", ["help", "asdkjh qwoeiu zxmcn", "", "Who was the first man on the moon?"])
async def test_a_model_that_is_away_is_no_model_that_is_missing(brief: MakeBrief, text: str) -> None:
    """Rules that stand in for a language model do not tell people to connect one."""
    rules = EmbeddedController(Advice(mind=True))
    words = "".join([piece.text async for piece in rules.plan(brief(text)) if isinstance(piece, Say)])
    assert words
    assert words == words.strip()
    assert "OPENAI_API_KEY" not in words
    assert "connect" not in words
    assert "OPENAI_API_KEY" in (await planned(brief(text)))[1]


async def test_a_missing_file_is_asked_for(brief: MakeBrief) -> None:
    """No task is planned without its file."""
    drafts, words = await planned(brief("make this picture black and white"))
    assert not drafts
    assert words == "Please attach the picture."


async def test_nonsense_gets_help(brief: MakeBrief) -> None:
    """What is not understood gets a list of what can be done, and how to connect a language model."""
    drafts, words = await planned(brief("asdkjh qwoeiu zxmcn"))
    assert not drafts
    assert "did not understand" in words
    assert "OPENAI_API_KEY" in words


async def test_the_window_is_referred_to_by_number(brief: MakeBrief) -> None:
    """In a conversation, "the first one" is the first picture of the conversation."""
    turns = [turn("user", "look at this", "a.jpg"), turn("user", "and this", "b.jpg")]
    asked = brief("make the first one a sketch", turns=turns)
    drafts, _ = await planned(asked)
    number = next(number for number, file in asked.artifacts.items() if file.name == "a.jpg")
    assert [(draft.type, draft.args["image"]) for draft in drafts] == [("image-to-image", f"<attachment-{number}>")]


async def test_and_in_this_one_repeats_the_wish(brief: MakeBrief) -> None:
    """A new picture with "and in this one?" gets what was wished of the one before."""
    turns = [turn("user", "how many zebras are in this picture?", "a.jpg"), turn("assistant", "3")]
    drafts, _ = await planned(brief("and in this one?", "b.jpg", turns=turns, everything=True))
    assert {draft.type for draft in drafts} >= {"object-detection", "visual-question-answering"}
    assert {draft.args["image"] for draft in drafts} == {"<attachment-0>"}


@pytest.mark.parametrize(
    ("wish", "wanted"),
    [
        ("Make some calm piano music", [("text-to-audio", {"prompt": "some calm piano music"})]),
        ("Make the sound of rain on a roof", [("text-to-audio", {"prompt": "rain on a roof"})]),
        (
            "Make a video of astronauts, and a voice-over of 'Hello space'. Put both into one file.",
            [
                ("text-to-video", {"prompt": "astronauts"}),
                ("text-to-speech", {"text": "Hello space"}),
                ("video-conversion", {"video": "<resource-0>", "audio": "<resource-1>"}),
            ],
        ),
    ],
)
async def test_sound_is_made_as_it_is_described(
    brief: MakeBrief, wish: str, wanted: list[tuple[str, dict[str, object]]]
) -> None:
    """What music or noise is wished for is its description, and sound and film become one file where that is asked."""
    drafts, _ = await planned(brief(wish, everything=True))
    assert steps(drafts) == wanted


@pytest.mark.parametrize(
    "asked",
    [
        "What colour is the car in this picture?",
        "Is the car in this picture blue?",
        "What is the man in this picture holding?",
        "Where is the dog in this picture?",
    ],
)
async def test_one_thing_in_a_picture_is_asked_of_who_answers_questions(brief: MakeBrief, asked: str) -> None:
    """A question about one thing in a picture is a question, not a wish for a description, nor for another colour."""
    drafts, _ = await planned(brief(asked, "a.jpg", everything=True))
    assert steps(drafts) == [("visual-question-answering", {"image": "<attachment-0>", "question": asked})]


async def test_a_thing_in_a_picture_gets_another_colour(brief: MakeBrief) -> None:
    """The colour behind the picture is what shall become of the thing in it."""
    wish = "Make the car in this picture blue"
    drafts, _ = await planned(brief(wish, "a.jpg", everything=True))
    assert steps(drafts) == [("image-to-image", {"image": "<attachment-0>", "prompt": wish})]


async def test_what_was_just_said_can_be_worked_on(brief: MakeBrief) -> None:
    """By "what you just said" is meant the newest answer's text."""
    turns = [turn("user", "hello"), turn("assistant", "The meeting is on Friday at nine in room four.")]
    drafts, _ = await planned(brief("Say aloud what you just said", turns=turns))
    assert steps(drafts) == [("text-to-speech", {"text": "The meeting is on Friday at nine in room four."})]


async def test_a_refused_attachment_is_left_to_the_answer(brief: MakeBrief) -> None:
    """Where a file could not be used, the plan neither asks for it again nor says anything else."""
    empty = brief("Read this for me")
    drafts, words = await planned(
        Brief(text=empty.text, artifacts={}, own=1, offered=empty.offered, missing=empty.missing)
    )
    assert not drafts
    assert not words


async def test_nobody_talks_of_a_file_that_could_not_be_had(brief: MakeBrief) -> None:
    """A question about a link that was refused goes to no model for conversation, which cannot know the page."""
    asked = brief("what is in http://10.0.0.1/cat.png ?", everything=True)
    assert [draft.type for draft in (await planned(asked))[0]] == ["conversational"]
    assert await planned(replace(asked, own=1)) == ([], "")


async def test_an_edit_nothing_here_can_do_is_not_planned(brief: MakeBrief) -> None:
    """Where only simple edits can run, painting is refused with what can be done; simple edits are planned."""
    for wish, possible in (("change the colour of the car to blue", False), ("make it black and white", True)):
        asked = replace(brief(wish, "a.jpg"), models={"image-to-image": [Model(id="simple-edits")]})
        drafts, words = await planned(asked)
        assert bool(drafts) is possible
        assert ("I cannot do this to a picture here" in words) is not possible


async def test_where_text_is_wanted_a_model_that_reads_is_wished(brief: MakeBrief) -> None:
    """Models that describe come first where they are local: reading aloud is not for them, describing is."""
    models = {"image-to-text": [Model(id="blip"), Model(id="trocr", family="line-reader"), Model(id="rapidocr")]}
    for wish, wanted in (("Read this for me", "rapidocr"), ("Describe this picture", None)):
        drafts, _ = await planned(replace(brief(wish, "a.jpg", everything=True), models=models))
        assert {draft.model for draft in drafts if draft.type == "image-to-text"} == {wanted}
    drafts, _ = await planned(replace(brief("Read this for me", "a.jpg"), models={"image-to-text": [Model(id="ocr")]}))
    assert {draft.model for draft in drafts} == {None}


async def test_the_model_that_knows_what_is_asked_is_wished(brief: MakeBrief) -> None:
    """The most used model for sounds knows nothing of moods: asked for one, another is wished; else none is."""
    sounds = Model(id="ast", about="527 everyday sounds.", downloads=9)
    moods = Model(id="er", about="Neutral, happy, angry or sad in English speech.", downloads=1)
    models = {"audio-classification": [sounds, moods]}
    for wish, wanted in (("Which emotion is in this recording?", "er"), ("Classify this recording", None)):
        drafts, _ = await planned(replace(brief(wish, "a.mp3", everything=True), models=models))
        assert [(draft.type, draft.model) for draft in drafts] == [("audio-classification", wanted)]


async def test_every_aspect_is_known_to_some_model() -> None:
    """What the rules look for in the words of models about themselves is there in the catalogue that comes along."""
    for task, aspects in ASPECTS.items():
        for _, about in aspects:
            assert any(re.search(rf"\b(?:{about})\b", model.about, re.IGNORECASE) for model in snapshot()[task])


async def test_questions_about_the_world_say_what_is_missing(brief: MakeBrief) -> None:
    """Rules know nothing of the world, and say so without naming inner task types."""
    drafts, words = await planned(brief("what is the capital of France?"))
    assert not drafts
    assert words.startswith("I cannot answer that by myself")
    assert "**" not in words


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Read both aloud", True),
        ("Read these files for me", True),
        ("Lies beide vor", True),
        ("Read these texts for me", False),
        ("Summarise this in two sentences", False),
    ],
)
async def test_who_means_all_files_means_those_of_every_kind(brief: MakeBrief, text: str, *, read: bool) -> None:
    """A picture is read beside a text where both are meant; a text alone is worked on where nothing says so."""
    drafts, _ = await planned(brief(text, "letter.jpg", "notes.txt"))
    assert ("image-to-text" in [draft.type for draft in drafts]) == read
    if read:
        assert drafts[-1].args["text"] == ["<resource-0>", "<attachment-1>"]
