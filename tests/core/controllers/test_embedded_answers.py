"""What the templates answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.events import (
    Failed,
    Finished,
    PlanClosed,
    Planned,
    Received,
    Refused,
    Rejected,
    Skipped,
    fold,
)
from core.types import Arg, Artifact, ArtifactRef, Kind, Place, Result, Task, TaskRef
from tests.core.controllers.briefs import MakeBrief, artifact
from tests.core.controllers.embedded import answered, planned

pytestmark = pytest.mark.anyio


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


async def test_what_a_file_is_stands_in_one_sentence_under_its_name(brief: MakeBrief) -> None:
    """The expert's words follow the file's name, which cannot act as Markdown."""
    looked = Planned(Task(id=0, type="file-information", args={"file": ArtifactRef(0)}))
    told = result(0, "file-facts", text="A recording (MP3), 3 seconds long.", facts=[{"seconds": 3.0}])
    trace = fold([Received(0, artifact("my_*song*.mp3")), looked, PlanClosed(), told])
    words = await answered(brief("How long is it?", "my_*song*.mp3"), trace)
    assert words == "`my_*song*.mp3` is a recording (MP3), 3 seconds long (`file-facts`)."


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


@pytest.mark.parametrize("score", ["high", "0.9", None, {"a": 1}, [0.5]])
@pytest.mark.parametrize("task", ["image-classification", "image-segmentation", "object-detection"])
async def test_a_score_that_is_no_number_costs_no_answer(brief: MakeBrief, task: str, score: object) -> None:
    """An expert of another package fills its table with whatever it likes: what it found is told all the same."""
    asked = Planned(Task(id=0, type=task, args={"image": ArtifactRef(0)}))
    row = {"label": "cat", "score": score, "share": score}
    found = result(0, "their/model", **({"label": "cat"} if task == "image-classification" else {}), rows=[row])
    words = await answered(brief("What is this?", "a.png"), fold([INVOICE, asked, PlanClosed(), found]))
    assert "their/model" in words


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
