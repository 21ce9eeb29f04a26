from __future__ import annotations

import re
from dataclasses import replace

import pytest

from core.catalogue.snapshot import snapshot
from core.contract import Model
from core.controllers.embedded import EmbeddedController
from core.controllers.rules.abilities import Advice
from core.controllers.rules.data.aspects import ASPECTS
from core.events import (
    Failed,
    Finished,
    PlanClosed,
    Planned,
    Received,
    Refused,
    Rejected,
    Skipped,
    Trace,
    fold,
)
from core.ports import Brief, Draft, Say
from core.types import Arg, Artifact, ArtifactRef, Kind, Mode, Place, Result, Task, TaskRef
from tests.core.controllers.briefs import MakeBrief, artifact, turn

pytestmark = pytest.mark.anyio


async def planned(brief: Brief) -> tuple[list[Draft], str]:
    """Return a plan's drafts, and its words."""
    pieces = [piece async for piece in EmbeddedController().plan(brief)]
    drafts = [piece for piece in pieces if isinstance(piece, Draft)]
    return drafts, "".join(piece.text for piece in pieces if isinstance(piece, Say))


async def answered(brief: Brief, trace: Trace) -> str:
    """Return the answer to a trace."""
    pieces = [piece async for piece in EmbeddedController().respond(brief, trace)]
    return "".join(piece.text for piece in pieces if isinstance(piece, Say))


def steps(drafts: list[Draft]) -> list[tuple[str, dict[str, object]]]:
    """Return types and arguments."""
    return [(draft.type, dict(draft.args)) for draft in drafts]


# ---------------------------------------------------------------- plans


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
        (Mode.REMOTE, "connect a device that runs local models, and ask in mode hybrid"),
        (Mode.HYBRID, "connect a device that runs local models."),
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


# ---------------------------------------------------------------- answers


def result(task: int, model: str, **outputs: object) -> Finished:
    """Return the event of a result."""
    return Finished(Result(task=task, outputs=outputs, seconds=0.1, model=model, place=Place.EMBEDDED))  # type: ignore[arg-type]


def speech(name: str = "speech.wav") -> Artifact:
    """Return a recording that an expert made."""
    return Artifact(sha256="5" * 64, kind=Kind.AUDIO, mime="audio/wav", name=name, size=9)


INVOICE = Received(0, artifact("invoice.png"))
READ = Planned(Task(id=0, type="image-to-text", args={"image": ArtifactRef(0)}))
SAY = Planned(Task(id=1, type="text-to-speech", args={"text": TaskRef(0)}))
LINES = [{"text": "INVOICE NO: 18301/102/T0305", "score": 0.97}]


async def test_the_answer_names_text_file_model_confidence_and_audio(brief: MakeBrief) -> None:
    """All facts of a run are in the answer."""
    read = result(0, "rapidocr/PP-OCRv6-small", text="INVOICE NO: 18301/102/T0305", lines=LINES)
    trace = fold([INVOICE, READ, SAY, PlanClosed(), read, result(1, "espeak-ng", audio=speech())])
    words = await answered(brief("Read this for me", "invoice.png"), trace)
    for fact in ("18301/102/T0305", "invoice.png", "rapidocr/PP-OCRv6-small", "97 %", "speech.wav", "espeak-ng"):
        assert fact in words


async def test_a_transcript_that_is_long_is_told_and_handed_over(brief: MakeBrief) -> None:
    """What was heard stands in the answer, and the file with the times beside it is named."""
    asked = Planned(Task(id=0, type="automatic-speech-recognition", args={"audio": ArtifactRef(0)}))
    file = artifact("talk-transcript.txt")
    chunks = [{"text": "Good morning.", "start": 0.0, "end": 2.0}]
    heard = result(0, "openai/whisper-tiny", text="Good morning.", chunks=chunks, file=file)
    trace = fold([Received(0, artifact("talk.mp3")), asked, PlanClosed(), heard])
    words = await answered(brief("Transcribe this", "talk.mp3"), trace)
    assert "I heard this in `talk.mp3`" in words
    assert "Good morning." in words
    assert "The transcript with times is attached: `talk-transcript.txt` (`openai/whisper-tiny`)." in words


async def test_failures_and_what_was_left_out_are_named(brief: MakeBrief) -> None:
    """A failed step is told with its reason, a skipped one with its cause."""
    trace = fold([INVOICE, READ, SAY, PlanClosed(), Failed(0, "The picture is empty."), Skipped(1, 0)])
    words = await answered(brief("Read this for me", "invoice.png"), trace)
    assert "**image-to-text** failed: The picture is empty." in words
    assert "**text-to-speech** was left out, because **image-to-text** gave no result" in words


async def test_a_model_that_could_not_be_taken_keeps_its_name(brief: MakeBrief) -> None:
    """It is no part of the plan that failed; a task that there is not is."""
    model, task = (
        Rejected("no/such-model", "It cannot run here now."),
        Rejected("levitation", "There is no such task.", 3),
    )
    words = await answered(brief("Read this", "invoice.png"), fold([INVOICE, PlanClosed(), model, task]))
    assert "`no/such-model`: It cannot run here now." in words
    assert "I could not plan **levitation**: There is no such task." in words


async def test_refused_files_are_named_with_the_reason(brief: MakeBrief) -> None:
    """The sentence for the sender reaches the sender."""
    words = await answered(brief("Read this"), fold([Refused(0, "virus.exe", "This type of file is not supported.")]))
    assert words == "`virus.exe` cannot be used: This type of file is not supported."


async def test_counts_come_from_boxes_and_are_summed(brief: MakeBrief) -> None:
    """How many zebras in two pictures: counted from the tables, each and together; other labels do not count."""
    files = [Received(0, artifact("a.jpg")), Received(1, artifact("b.jpg"))]
    tasks = [Planned(Task(id=n, type="object-detection", args={"image": ArtifactRef(n)})) for n in (0, 1)]
    boxes = [
        [{"label": "zebra", "score": 0.9}] * 2 + [{"label": "tree", "score": 0.8}],
        [{"label": "zebra", "score": 0.7}],
    ]
    found = [result(n, "detr", objects=boxes[n]) for n in (0, 1)]
    trace = fold([*files, *tasks, PlanClosed(), *found])
    words = await answered(brief("How many zebras in these pictures together?", "a.jpg", "b.jpg"), trace)
    assert "**3 zebras** (2 in `a.jpg`, 1 in `b.jpg`)" in words


async def test_disagreeing_experts_are_said_to_disagree(brief: MakeBrief) -> None:
    """A model that answers four where the boxes make one is not hidden."""
    tasks = [
        Planned(Task(id=0, type="object-detection", args={"image": ArtifactRef(0)})),
        Planned(Task(id=1, type="visual-question-answering", args={"image": ArtifactRef(0), "question": "How many?"})),
    ]
    found = [result(0, "detr", objects=[{"label": "person", "score": 0.9}]), result(1, "vilt", answer="four")]
    trace = fold([Received(0, artifact("a.jpg")), *tasks, PlanClosed(), *found])
    words = await answered(brief("How many people are in this picture?", "a.jpg"), trace)
    assert "**1 person**" in words
    assert "disagree" in words
    assert "`vilt` answers 4" in words


async def test_texts_of_experts_cannot_act_as_markdown(brief: MakeBrief) -> None:
    """Recognised text with mentions, links and fences stays inside one code block."""
    evil = "@everyone <@123> [click](http://x)\n```\n# big **bold**"
    trace = fold([INVOICE, READ, PlanClosed(), result(0, "ocr", text=evil, lines=[])])
    words = await answered(brief("What does it say?", "invoice.png"), trace)
    before, block, after = words.split("```")
    assert "@everyone" in block
    assert "**bold**" in block
    assert "@" not in before + after


async def test_long_texts_are_cut_with_a_note(brief: MakeBrief) -> None:
    """The whole of a long text is not poured into the chat, and nobody takes the cut for the end."""
    text = "word " * 2_000
    words = await answered(
        brief("What does it say?", "invoice.png"), fold([INVOICE, READ, PlanClosed(), result(0, "ocr", text=text)])
    )
    assert len(words) < 2_000
    assert "9,999 characters" in words


async def test_a_file_without_words_gets_hints(brief: MakeBrief) -> None:
    """Only a picture: it is read, and the answer says what else could be asked."""
    drafts, _ = await planned(brief("", "invoice.png"))
    assert [draft.type for draft in drafts] == ["image-to-text"]
    trace = fold([INVOICE, READ, PlanClosed(), result(0, "ocr", text="Total 12 EUR", lines=[])])
    assert "You can also ask me to" in await answered(brief("", "invoice.png"), trace)


async def test_descriptions_that_only_read_say_so(brief: MakeBrief) -> None:
    """Asked to describe a picture, a house that can only read says that it can only read."""
    trace = fold([INVOICE, READ, PlanClosed(), result(0, "rapidocr/PP-OCRv6-small", text="STOP", lines=[])])
    words = await answered(brief("Describe this picture", "invoice.png"), trace)
    assert "only read the text" in words


async def test_a_lone_step_that_fails_is_told_in_its_own_words(brief: MakeBrief) -> None:
    """Where one thing was asked, the reason says it all; task names would only be in the way."""
    trace = fold([INVOICE, READ, PlanClosed(), Failed(0, "I found no text in invoice.png.")])
    assert await answered(brief("What does it say?", "invoice.png"), trace) == "I found no text in invoice.png."


async def test_a_summary_that_is_the_text_itself_is_no_summary(brief: MakeBrief) -> None:
    """A text too short to be made shorter is not repeated as its own summary."""
    short = Planned(Task(id=1, type="summarization", args={"text": TaskRef(0)}))
    trace = fold([INVOICE, READ, short, PlanClosed(), result(0, "ocr", text="A  b."), result(1, "luhn", text="A b.")])
    words = await answered(brief("Summarise it", "invoice.png"), trace)
    assert "The text of `invoice.png` is too short to be made shorter" in words


async def test_an_unclear_label_is_hedged_and_nothing_is_certain(brief: MakeBrief) -> None:
    """A label with half of the weight is no clear case; and no expert is ever wholly sure."""
    judge = Planned(Task(id=0, type="text-classification", args={"text": "fine"}))
    rows = [{"label": "positive", "score": 0.5}, {"label": "negative", "score": 0.4}]
    mixed = fold([judge, PlanClosed(), result(0, "vader", label="positive", scores=rows)])
    assert "not clear, rather **positive**" in await answered(brief("Is 'fine' nice?"), mixed)
    sure = fold([judge, PlanClosed(), result(0, "vader", label="positive", scores=[{"label": "positive", "score": 1}])])
    assert "**positive** (`vader`, 99 % sure)" in await answered(brief("Is 'fine' nice?"), sure)


MADE = {
    "object-detection": ("`a.png` with what was found marked is attached: `made.png` (`m`).", Kind.IMAGE),
    "image-segmentation": ("`a.png` with each segment in its colour is attached: `made.png` (`m`).", Kind.IMAGE),
    "depth-estimation": ("The depth of `a.png` is attached: `made.png` (`m`).", Kind.IMAGE),
    "openpose-control": ("The poses in `a.png` are attached: `made.png` (`m`).", Kind.IMAGE),
    "scribble-control": ("`a.png` as a scribble is attached: `made.png` (`m`).", Kind.IMAGE),
    "text-to-image": ("The picture of “a cat” is attached: `made.png` (`m`, seed 7).", Kind.IMAGE),
    "canny-text-to-image": ("The picture of “a cat” is attached: `made.png` (`m`, seed 7).", Kind.IMAGE),
    "text-to-video": ("The video of “a cat” is attached: `made.mp4` (`m`, seed 7).", Kind.VIDEO),
    "image-to-video": ("The video made of `a.png` is attached: `made.mp4` (`m`, seed 7).", Kind.VIDEO),
    "text-to-audio": ("The sound made for “rain” is attached: `made.wav` (`m`, seed 7).", Kind.AUDIO),
    "audio-to-audio": ("The edited recording is attached: `made.wav` (`m`).", Kind.AUDIO),
}


@pytest.mark.parametrize("type_", MADE)
async def test_a_file_is_handed_over_with_what_it_is(brief: MakeBrief, type_: str) -> None:
    """The sentence says what was made of what, by which model, and with which seed it would come again."""
    sentence, kind = MADE[type_]
    args: dict[str, Arg] = {"text": "rain"} if type_ == "text-to-audio" else {"image": ArtifactRef(0)}
    args |= {"prompt": "a cat"} if "seed" in sentence and type_ not in ("text-to-audio", "image-to-video") else {}
    made = replace(artifact(sentence.split("`")[-4]), kind=kind)
    seed = {"seed": 7} if "seed" in sentence else {}
    task = Planned(Task(id=0, type=type_, args=args))
    trace = fold([Received(0, artifact("a.png")), task, PlanClosed(), result(0, "m", file=made, **seed)])
    assert (await answered(brief("go", "a.png"), trace)).endswith(sentence)


async def test_what_a_picture_shows_is_not_what_is_written_on_it(brief: MakeBrief) -> None:
    """A description is called one, also where it is read aloud; text that was read keeps its name."""
    described = result(0, "blip", text="a dog on a lawn", lines=[])
    trace = fold([INVOICE, READ, SAY, PlanClosed(), described, result(1, "vits", audio=speech())])
    words = await answered(brief("Describe this aloud", "invoice.png"), trace)
    assert "I see this in `invoice.png` (`blip`)" in words
    assert "The description of `invoice.png`, read aloud, is attached" in words


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


async def test_segments_are_told_by_their_share(brief: MakeBrief) -> None:
    """The parts of a thing count together, the largest thing comes first."""
    task = Planned(Task(id=0, type="image-segmentation", args={"image": ArtifactRef(0)}))
    segments = [{"label": "sky", "share": 0.4}, {"label": "car", "share": 0.3}, {"label": "car", "share": 0.2}]
    trace = fold([INVOICE, task, PlanClosed(), result(0, "m", segments=segments)])
    words = await answered(brief("Segment this", "invoice.png"), trace)
    assert words.startswith("`invoice.png` consists of car (50 % of it), sky (40 % of it) (`m`).")


async def test_a_doubtful_sound_is_said_to_be_doubtful(brief: MakeBrief) -> None:
    """A best label with a third of the weight is named with the others, in a sentence."""
    task = Planned(Task(id=0, type="audio-classification", args={"audio": ArtifactRef(0)}))
    rows = [{"label": "yes", "score": 0.34}, {"label": "no", "score": 0.33}]
    received = Received(0, replace(artifact("a.mp3"), kind=Kind.AUDIO))
    words = await answered(
        brief("?", "a.mp3"), fold([received, task, PlanClosed(), result(0, "m", label="yes", scores=rows)])
    )
    assert words.startswith("`a.mp3` sounds like **yes**, but that is not clear (`m`, 34 % sure; no 33 %).")


async def test_questions_about_the_world_say_what_is_missing(brief: MakeBrief) -> None:
    """Rules know nothing of the world, and say so without naming inner task types."""
    drafts, words = await planned(brief("what is the capital of France?"))
    assert not drafts
    assert words.startswith("I cannot answer that by myself")
    assert "**" not in words
