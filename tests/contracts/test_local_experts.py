"""What every expert on our own devices must hold: run by the real pool, with tiny models, on good input and odd."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import anyio
import pytest

pytest.importorskip("torch")

from core.contract import Card, Take
from core.errors import JarvisError
from core.executors.device import Device
from core.executors.pool import Pool
from core.ports import Job
from core.types import Kind, Media, Place, Value
from tests import samples
from tests.core.experts.odd import ODD
from tests.played import playable
from tests.tiny.zoo import hub_cache, registry

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PICKY = {"tiny/stable-diffusion-checked"}
"""Models that refuse everything, made for tests of their own."""

CARDS = [card for card in registry().cards if card.place is Place.LOCAL and card.model.id not in PICKY]


def _kind_of(card: Card) -> type:
    """Return the class whose code deals with input: the eight that paint after a control image are one."""
    controlled = card.type.name.endswith("-text-to-image")
    return card.make.__mro__[1] if controlled else card.make


EACH_KIND = list({_kind_of(card): card for card in reversed(CARDS)}.values())
"""A model for each class: odd input meets the same code in the others."""

TEXT = "Angela Merkel visited Paris in the summer. The weather was good and she bought a blue car."

SPECIAL: Mapping[str, Any] = {
    "labels": ["cat", "dog"],
    "sentences": ["A dog runs.", "The sun is shining."],
    "language": "French",
    "source": "English",
    "question": "Who visited Paris?",
    "table": [{"name": "Ada", "age": "36"}, {"name": "Bob", "age": "41"}],
}
"""Arguments that a sample of their kind would not do for."""

READERS = {"LayoutAnswers", "LineReader"}
"""Experts that find nothing on a picture without writing on it, and maybe nothing there."""

OF_MODEL: Mapping[str, Mapping[str, Any]] = {
    "tiny/opus-mt-en-de": {"language": "German"},
    "tiny/tapas": {"question": "Who is 36?"},
    "tiny/bert-nli": {"labels": ["young", "old"]},
}
"""Arguments that one model needs."""

SAMPLES: Mapping[Kind, Callable[[], Value]] = {
    Kind.TEXT: lambda: TEXT,
    Kind.IMAGE: samples.jpg,
    Kind.AUDIO: samples.ogg,
    Kind.VIDEO: samples.mp4,
    Kind.DOCUMENT: samples.pdf,
    Kind.NUMBER: lambda: 1,
}

SMALL: Mapping[str, Value] = {"steps": 2, "seed": 7}
"""Arguments that keep generators short."""

ODD_TEXTS: Mapping[str, str] = {
    "empty": "",
    "blank": " \n\t ",
    "emoji": "😀👍🏽\N{ZERO WIDTH JOINER}🐕",
    "other scripts": "நான் உன்னை காதலிக்கிறேன் 我爱你 أحبك",
    "control characters": "a\x00b\x1b[31mc\ud83d",
    "long": "All work and no play makes Jack a dull boy. " * 2300,
}

ODD_SOUNDS: Mapping[str, Callable[[], Media]] = {
    "silence": lambda: samples.wav(2.0, volume=0.0),
    "an instant": lambda: samples.wav(0.01),
    "stereo": lambda: samples.wav(1.0, channels=2),
    "96 kHz": lambda: samples.wav(1.0, rate=96_000),
    "8 kHz": lambda: samples.wav(1.0, rate=8000),
    "a film's": samples.mp4,
    "a silent film's": lambda: samples.mp4(silent=True),
    "no sound at all": lambda: samples.media(b"RIFF nothing", Kind.AUDIO, "audio/wav", "broken.wav"),
}

ODD_FILMS: Mapping[str, Callable[[], Media]] = {
    "without frames": samples.mp4_without_frames,
    "one frame": lambda: samples.mp4(frames=1),
    "upright": samples.mp4_upright,
    "narrow": lambda: samples.mp4(size=(16, 200)),
    "broken": lambda: samples.media(b"\x00\x00\x00\x18ftypmp42", Kind.VIDEO, "video/mp4", "broken.mp4"),
}


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[Pool]:
    """Two children with all tiny models within reach."""
    cache = await asyncio.to_thread(hub_cache)
    environment = {"HF_HUB_CACHE": str(cache), "HF_HUB_OFFLINE": "1"}
    devices = [Device(memory=4_000_000_000)]
    async with Pool(
        registry(),
        place=Place.LOCAL,
        preload=["core.local.preload"],
        devices=devices,
        models=100,
        environment=environment,
    ) as pool:
        yield pool


def name_of(card: Card) -> str:
    """Return how a case is called in a report."""
    return f"{card.type.name}-{card.model.id.partition('/')[2]}"


each_expert = pytest.mark.parametrize("card", CARDS, ids=name_of)


def inputs_of(card: Card) -> dict[str, Any]:
    """Return good input: all that is required, and what keeps it short."""
    wanted = {take.name: _sample(take) for take in card.type.takes if take.required}
    short = {name: value for name, value in SMALL.items() if card.type.take(name)}
    written = {"image": samples.invoice()} if card.make.__name__ in READERS else {}
    special = {**written, **OF_MODEL.get(card.model.id, {})}
    return {**wanted, **short, **special}


def _sample(take: Take) -> Any:
    value: Any = SPECIAL.get(take.name) if take.name in SPECIAL else SAMPLES[take.kinds[0]]()
    return [value] if take.many and not isinstance(value, list) else value


async def run(pool: Pool, card: Card, **inputs: Any) -> Mapping[str, Value]:
    """Run a job that must come to its end."""
    job = Job(id="1", type=card.type.name, model=card.model.id, inputs=inputs, seconds=100)
    with anyio.fail_after(110):
        return await pool.run(job, lambda *_: None)


def look(outputs: Mapping[str, Value]) -> None:
    """Look at what came: media open and play, tables are rows, scores are between 0 and 1."""
    for value in outputs.values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, Media):
                playable(part)
            elif isinstance(part, dict) and "score" in part:
                assert part["score"] is None or -1.0 <= part["score"] <= 1.0  # type: ignore[operator]


async def result_or_sentence(pool: Pool, card: Card, **odd: Any) -> None:
    """Run with one argument replaced: there is a result, or words for whoever sent it."""
    try:
        look(await run(pool, card, **{**inputs_of(card), **odd}))
    except JarvisError as error:
        words = error.message
        assert words.rstrip("”)").endswith((".", "?", "!")), words
        assert "details are in the log" not in words, words
        assert "stopped" not in words, words


def argument(card: Card, kind: Kind) -> str | None:
    """Return the first required argument of a kind."""
    return next((take.name for take in card.type.takes if take.required and take.kinds[0] is kind), None)


def cards_taking(kind: Kind) -> list[Any]:
    """Return the experts that require something of a kind."""
    return [pytest.param(card, id=name_of(card)) for card in EACH_KIND if argument(card, kind)]


@each_expert
async def test_good_input_gives_what_is_declared(pool: Pool, card: Card) -> None:
    """The pool holds the outputs against the declaration; here they are opened and played."""
    if card.make.__name__ in READERS:
        await result_or_sentence(pool, card)  # with random weights it may find nothing
    else:
        look(await run(pool, card, **inputs_of(card)))


@pytest.mark.parametrize("odd", ODD_TEXTS)
@pytest.mark.parametrize("card", cards_taking(Kind.TEXT))
async def test_odd_texts_give_a_result_or_a_sentence(pool: Pool, card: Card, odd: str) -> None:
    """Nothing a person can type ends in “something went wrong”."""
    name = argument(card, Kind.TEXT)
    assert name is not None
    take = card.type.take(name)
    many = take is not None and take.many
    await result_or_sentence(pool, card, **{name: [ODD_TEXTS[odd]] if many else ODD_TEXTS[odd]})


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("card", cards_taking(Kind.IMAGE))
async def test_odd_pictures_give_a_result_or_a_sentence(pool: Pool, card: Card, odd: str) -> None:
    """Nor does any picture that a camera, a scanner or a joker can make."""
    await result_or_sentence(pool, card, image=ODD[odd])


@pytest.mark.parametrize("odd", ODD_SOUNDS)
@pytest.mark.parametrize("card", cards_taking(Kind.AUDIO))
async def test_odd_sounds_give_a_result_or_a_sentence(pool: Pool, card: Card, odd: str) -> None:
    """Nor does any recording."""
    await result_or_sentence(pool, card, audio=ODD_SOUNDS[odd]())


@pytest.mark.parametrize("odd", ODD_FILMS)
@pytest.mark.parametrize("card", cards_taking(Kind.VIDEO))
async def test_odd_films_give_a_result_or_a_sentence(pool: Pool, card: Card, odd: str) -> None:
    """Nor does any film."""
    await result_or_sentence(pool, card, video=ODD_FILMS[odd]())


@each_expert
async def test_a_cancelled_job_leaves_its_model_usable(pool: Pool, card: Card) -> None:
    """Whatever a cancel hits, the next job has its result, from the same child unless that had to be killed."""
    with anyio.move_on_after(0.02):
        await run(pool, card, **inputs_of(card))
    await result_or_sentence(pool, card)
