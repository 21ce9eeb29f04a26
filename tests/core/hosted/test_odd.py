"""Odd input gives a result or a sentence, and nobody's worker dies of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from core.errors import JarvisError
from core.types import Kind
from tests import samples
from tests.core.experts.odd import ODD
from tests.core.hosted.far import Far

pytestmark = pytest.mark.anyio

SEEING: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("object-detection", "far/object-detection", {}),
    ("image-segmentation", "far/image-segmentation", {}),
    ("visual-question-answering", "talk/writer", {"question": "What is it?"}),
    ("image-to-image", "fal/editor", {"prompt": "older"}),
)

TEXTS: Mapping[str, str] = {
    "empty": "",
    "blank": " \n\t ",
    "emoji": "😀👍🏽\N{ZERO WIDTH JOINER}🐕",
    "other scripts": "நான் உன்னை காதலிக்கிறேன் 我爱你 أحبك",
    "control characters": "a\x00b\x1b[31mc\ud83d",
    "long": "All work and no play makes Jack a dull boy. " * 2300,
}

READING: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("text-classification", "far/text-classification", {}),
    ("token-classification", "far/token-classification", {}),
    ("translation", "talk/writer", {"language": "German"}),
    ("text-to-speech", "fal/voice", {}),
)

SOUNDS = {
    "an instant": samples.wav(0.01),
    "96 kHz": samples.wav(1.0, rate=96_000),
    "cut": samples.media(samples.mp3().data[:900], Kind.AUDIO, "audio/mpeg", "cut.mp3"),
    "no sound": samples.media(b"RIFF nothing", Kind.AUDIO, "audio/wav", "broken.wav"),
}


async def sentence(there: Far, task: str, model: str, inputs: Mapping[str, Any]) -> str:
    """Return what a person reads in place of a result; nothing where there is one."""
    try:
        assert await there.run(task, model, inputs)
    except JarvisError as error:
        return error.message
    return ""


@pytest.mark.parametrize("name", ODD)
async def test_pictures(there: Far, name: str) -> None:
    """Of any shape, depth and colours: each is seen."""
    for task, model, more in SEEING:
        assert await there.run(task, model, {"image": ODD[name], **more})


@pytest.mark.parametrize("name", TEXTS)
async def test_texts(there: Far, name: str) -> None:
    """Of any length and letters."""
    deaths = [slot.deaths for slot in there.place.status().slots]
    for task, model, more in READING:
        said = await sentence(there, task, model, {"text": TEXTS[name], **more})
        assert "log" not in said
        if name in ("other scripts", "control characters"):
            assert not said
    assert [slot.deaths for slot in there.place.status().slots] == deaths


@pytest.mark.parametrize("name", SOUNDS)
async def test_sounds(there: Far, name: str) -> None:
    """Of any rate and length, and what is none."""
    for task, model in (
        ("automatic-speech-recognition", "fal/whisper"),
        ("audio-classification", "far/audio-classification"),
        ("audio-to-audio", "far/audio-to-audio"),
    ):
        assert "log" not in await sentence(there, task, model, {"audio": SOUNDS[name]})
