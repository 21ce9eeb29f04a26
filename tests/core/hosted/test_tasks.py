"""Each task that is asked of hosted inference, through real child processes and the real client libraries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import BadInput, ExpertFailed
from core.media.images import open_image
from core.types import Kind, Media
from tests import samples
from tests.core.hosted.far import Far

pytestmark = pytest.mark.anyio

Holds = Callable[[dict[str, Any]], bool]

CAT, SPEECH, POEM = samples.png(), samples.wav(), "Ada wrote to Charles."


def _is(kind: Kind, mime: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, Media) and (value.kind, value.mime) == (kind, mime) and bool(value.data)


_picture, _film = _is(Kind.IMAGE, "image/png"), _is(Kind.VIDEO, "video/mp4")
_sound = _is(Kind.AUDIO, "audio/wav")

CASES: tuple[tuple[str, str, dict[str, Any], Holds], ...] = (
    ("text-classification", "far/text-classification", {"text": "I love you"}, lambda o: o["label"] == "POSITIVE"),
    (
        "token-classification",
        "far/token-classification",
        {"text": POEM},
        lambda o: (
            [(row["entity"], row["word"], row["start"]) for row in o["entities"]]
            == [("PER", "Ada", 0), ("PER", "Charles.", 13)]
        ),
    ),
    (
        "zero-shot-classification",
        "far/zero-shot-classification",
        {"text": POEM, "labels": ["sport", "letters"]},
        lambda o: o["label"] == "letters" and [row["label"] for row in o["scores"]] == ["letters", "sport"],
    ),
    (
        "sentence-similarity",
        "far/sentence-similarity",
        {"text": POEM, "sentences": ["one", "two"]},
        lambda o: o["scores"] == [{"label": "one", "score": 0.9}, {"label": "two", "score": 0.8}],
    ),
    (
        "sentence-similarity",
        "deep/vectors",
        {"text": "zebra zoo", "sentences": ["ink pink", "a zebra in a zoo"]},
        lambda o: o["scores"][0]["label"] == "a zebra in a zoo" and 0 < o["scores"][1]["score"] < 1,
    ),
    (
        "question-answering",
        "far/question-answering",
        {"question": "Who got a letter?", "context": POEM},
        lambda o: o["answer"] == "Charles" and o["passages"][0]["text"] == POEM,
    ),
    ("question-answering", "talk/writer", {"question": "Who?", "context": POEM}, lambda o: o["passages"] == []),
    ("summarization", "far/summarization", {"text": POEM}, lambda o: o["text"] == POEM[:20].strip()),
    ("summarization", "talk/writer", {"text": POEM, "sentences": 2}, lambda o: o["text"] == "Hello from far away."),
    (
        "translation",
        "far/translation",
        {"text": POEM, "language": "German"},
        lambda o: o["text"] == "Hallo von fern.",
    ),
    ("translation", "talk/writer", {"text": POEM, "language": "ta"}, lambda o: o["text"] == "Hello from far away."),
    ("conversational", "talk/writer", {"text": "Hi"}, lambda o: o["text"] == "Hello from far away."),
    ("text-generation", "talk/writer", {"text": "Write."}, lambda o: o["text"] == "Hello from far away."),
    ("text-generation", "far/continuer", {"text": "Once"}, lambda o: o["text"] == "and so on."),
    ("text2text-generation", "talk/writer", {"text": "Correct: i is."}, lambda o: bool(o["text"])),
    (
        "image-classification",
        "far/image-classification",
        {"image": CAT},
        lambda o: o["label"] == "cat" and len(o["scores"]) == 3,
    ),
    (
        "image-safety",
        "far/image-classification",
        {"image": CAT},
        lambda o: o == {"label": "fox", "score": 0.1667},
    ),
    (
        "zero-shot-image-classification",
        "far/zero-shot-image-classification",
        {"image": CAT, "labels": ["fox"]},
        lambda o: [row["label"] for row in o["scores"]] == ["fox", "something else"],
    ),
    (
        "object-detection",
        "far/object-detection",
        {"image": CAT},
        lambda o: len(o["objects"]) == 1 and o["objects"][0]["box"]["xmax"] <= 64 and _picture(o["image"]),
    ),
    (
        "image-segmentation",
        "far/image-segmentation",
        {"image": CAT},
        lambda o: (
            [(row["label"], row["share"]) for row in o["segments"]] == [("road", 0.5), ("sky", 0.5)]
            and _picture(o["image"])
        ),
    ),
    ("image-to-text", "far/image-to-text", {"image": CAT}, lambda o: o == {"text": "a cat on a mat", "lines": []}),
    (
        "image-to-text",
        "talk/writer",
        {"image": samples.pdf()},
        lambda o: o["text"] == "Hello from far away.\n\nHello from far away.",
    ),
    (
        "visual-question-answering",
        "far/visual-question-answering",
        {"image": CAT, "question": "What colour is it?"},
        lambda o: o["answer"] == "red" and o["scores"][1] == {"label": "blue", "score": 0.2},
    ),
    (
        "visual-question-answering",
        "talk/writer",
        {"image": CAT, "question": "What colour is it?"},
        lambda o: o == {"answer": "Hello from far away."},
    ),
    (
        "document-question-answering",
        "far/document-question-answering",
        {"image": samples.invoice(), "question": "What is the total?"},
        lambda o: o == {"answer": "154.06", "evidence": []},
    ),
    ("text-to-image", "far/text-to-image", {"prompt": "a cat", "seed": 7}, lambda o: o["seed"] == 7),
    ("text-to-image", "fal/painter", {"prompt": "a cat", "width": 512}, lambda o: _picture(o["image"])),
    ("text-to-image", "rep/painter", {"prompt": "a cat"}, lambda o: _picture(o["image"])),
    ("text-to-image", "wave/painter", {"prompt": "a cat"}, lambda o: _picture(o["image"])),
    ("text-to-image", "tog/painter", {"prompt": "a cat", "steps": 4}, lambda o: _picture(o["image"])),
    ("text-to-image", "ns/painter", {"prompt": "a cat"}, lambda o: _picture(o["image"])),
    ("image-to-image", "far/image-to-image", {"image": CAT, "prompt": "older"}, lambda o: _picture(o["image"])),
    ("image-to-image", "fal/editor", {"image": CAT, "prompt": "older"}, lambda o: _picture(o["image"])),
    ("text-to-video", "fal/filmer", {"prompt": "waves"}, lambda o: _film(o["video"]) and o["seed"] >= 0),
    ("text-to-video", "tog/filmer", {"prompt": "waves"}, lambda o: _film(o["video"])),
    ("text-to-video", "nov/filmer", {"prompt": "waves"}, lambda o: _film(o["video"])),
    ("image-to-video", "fal/animator", {"image": CAT}, lambda o: _film(o["video"])),
    ("image-to-video", "wave/animator", {"image": CAT, "prompt": "wind"}, lambda o: _film(o["video"])),
    (
        "automatic-speech-recognition",
        "far/automatic-speech-recognition",
        {"audio": SPEECH},
        lambda o: o["text"] == "hello from afar" and o["chunks"][0]["end"] == pytest.approx(1.0, abs=0.1),
    ),
    (
        "automatic-speech-recognition",
        "far/whisper",
        {"audio": samples.mp4(), "language": "English"},
        lambda o: o["text"] == "hello from afar" and [row["start"] for row in o["chunks"]] == [0.0, 0.5],
    ),
    (
        "automatic-speech-recognition",
        "deep/whisper",
        {"audio": samples.ogg()},
        lambda o: o["text"] == "hello from deep inside" and len(o["chunks"]) == 2,
    ),
    ("automatic-speech-recognition", "fal/whisper", {"audio": SPEECH}, lambda o: o["text"] == "hello from fal"),
    ("automatic-speech-recognition", "rep/whisper", {"audio": SPEECH}, lambda o: o["text"] == "hello from replicate"),
    ("text-to-speech", "far/text-to-speech", {"text": "Hello."}, lambda o: _sound(o["audio"])),
    ("text-to-speech", "deep/voice", {"text": "Hello."}, lambda o: _sound(o["audio"])),
    ("text-to-speech", "fal/voice", {"text": "Hello."}, lambda o: _sound(o["audio"])),
    ("audio-to-audio", "far/audio-to-audio", {"audio": SPEECH}, lambda o: _sound(o["audio"])),
    ("audio-classification", "far/audio-classification", {"audio": SPEECH}, lambda o: o["label"] == "speech"),
)


@pytest.mark.parametrize(("task", "model", "inputs", "holds"), CASES, ids=[f"{case[0]}-{case[1]}" for case in CASES])
async def test_a_task_is_done_far_away(there: Far, task: str, model: str, inputs: dict[str, Any], holds: Holds) -> None:
    """The outputs are those of the task type, as an expert of our own gives them."""
    outputs = await there.run(task, model, inputs)
    assert holds(outputs), outputs


def test_every_task_that_is_offered_was_tried(world: Far) -> None:
    """No expert that asks hosted inference is without a case above, and all models served were offered."""
    offered = {(offer.type, offer.model.id) for offer in world.place.offers()}
    tried = {(task, model) for task, model, *_ in CASES}
    assert {task for task, _ in offered} - {"tabular-classification"} == {task for task, _ in tried}
    assert tried <= offered
    assert ("text-classification", "odd/unaskable") not in offered  # the library cannot ask that provider for it


async def test_a_large_picture_is_sent_small_and_its_boxes_are_those_of_the_large_one(there: Far) -> None:
    """What is sent is 1,600 pixels long at most; boxes come back in pixels of the picture."""
    large = samples.picture(samples.photo(3200, 2400), "large.png")
    outputs: Any = await there.run("object-detection", "far/object-detection", {"image": large, "threshold": 0.9})
    (sent,) = there.router.questions()
    seen = open_image(Media(data=sent.body, kind=Kind.IMAGE, mime="image/jpeg", name="sent.jpg"))
    assert max(seen.size) == 1600
    assert outputs["objects"][0]["box"] == {"xmin": 20, "ymin": 20, "xmax": 120, "ymax": 120}


async def test_of_a_film_a_few_pictures_are_judged(there: Far) -> None:
    """Each is a question of its own: no provider takes films."""
    film = samples.mp4(frames=80)
    assert await there.run("image-safety", "far/image-classification", {"image": film}) == {
        "label": "fox",
        "score": 0.1667,
    }
    sent = [
        Media(data=one.body, kind=Kind.IMAGE, mime="image/jpeg", name="sent.jpg") for one in there.router.questions()
    ]
    assert len(sent) == 8
    assert {open_image(one).size for one in sent} == {(128, 96)}  # no smaller: see core.media.views


async def test_what_a_person_names_reaches_the_provider(there: Far) -> None:
    """Size, steps and seed are sent in the provider's own words, and the seed is told."""
    wish = {"prompt": "a cat", "negative_prompt": "dogs", "width": 640, "height": 480, "steps": 9, "seed": 5}
    outputs = await there.run("text-to-image", "fal/painter", wish)
    (asked,) = there.router.questions()
    assert asked.json["image_size"] == {"width": 640, "height": 480}
    assert (asked.json["num_inference_steps"], asked.json["seed"], outputs["seed"]) == (9, 5, 5)
    assert asked.json["negative_prompt"] == "dogs"


@pytest.mark.parametrize(
    ("task", "model", "inputs", "words"),
    [
        ("text-classification", "far/text-classification", {"text": " … "}, "no text to judge"),
        ("text-to-image", "fal/painter", {"prompt": " "}, "prompt is empty"),
        ("translation", "talk/writer", {"text": "Hi", "language": " "}, "language to translate into"),
        ("visual-question-answering", "talk/writer", {"image": CAT, "question": "?"}, "question with a few words"),
        ("automatic-speech-recognition", "fal/whisper", {"audio": samples.mp4(silent=True)}, "has no sound"),
    ],
)
async def test_what_cannot_be_asked_is_not_sent(
    there: Far, task: str, model: str, inputs: dict[str, Any], words: str
) -> None:
    """Odd input gives a sentence, and nobody far away hears of it."""
    with pytest.raises((BadInput, ExpertFailed), match=words):
        await there.run(task, model, inputs)
    assert not there.router.requests


async def test_silence_is_not_sent(there: Far) -> None:
    """A recording in which nobody speaks costs no question."""
    with pytest.raises(ExpertFailed, match="no speech"):
        await there.run("automatic-speech-recognition", "fal/whisper", {"audio": samples.wav(volume=0.0)})
    assert not there.router.requests
