"""Each family of translators is told languages in its own way, and is offered for those that it knows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.contract import Fit, Model
from core.errors import NotAvailable
from core.executors.hosted import Hosted
from core.ports import Job
from core.registry import Registry
from core.remote.terms import Terms
from tests.core.executors.pools import silent
from tests.core.hosted.far import TOKEN
from tests.simulators.providers import Served
from tests.simulators.router import Router

pytestmark = pytest.mark.anyio

MODELS = (
    Model(id="far/t5-small", providers=("hf-inference",), languages=("en", "fr", "ro", "de")),
    Model(id="far/nllb", family="nllb", providers=("hf-inference",)),
    Model(id="far/m2m", family="m2m100", providers=("hf-inference",), languages=("en", "de", "ta")),
    Model(id="far/madlad", providers=("hf-inference",)),
    Model(id="far/opus", family="marian", providers=("hf-inference",), settings={"source": "en", "target": "de"}),
    Model(id="far/mbart", family="mbart", providers=("hf-inference",)),
    Model(id="far/talker", family="hosted", providers=("groq",)),
)


@pytest.fixture(scope="module")
async def world() -> AsyncIterator[tuple[Router, Hosted]]:
    """A place with a model of each family."""
    served = [Served("hf-inference", "translation", one.id) for one in MODELS]
    registry = Registry.discover(catalogue={"translation": MODELS})
    async with Router(served, tokens=[TOKEN]) as router:
        terms = Terms(token=TOKEN, router=router.url, endpoint="http://127.0.0.1:9")
        async with Hosted(registry, terms, slots=1) as place:
            yield router, place


@pytest.mark.parametrize(
    ("model", "language", "text", "codes"),
    [
        ("far/t5-small", "German", "translate English to German: Good morning, Ada.", {}),
        ("far/nllb", "Tamil", "Good morning, Ada.", {"src_lang": "eng_Latn", "tgt_lang": "tam_Taml"}),
        ("far/m2m", "ta", "Good morning, Ada.", {"src_lang": "en", "tgt_lang": "ta"}),
        ("far/madlad", "Tamil", "<2ta> Good morning, Ada.", {}),
        ("far/opus", "German", "Good morning, Ada.", {}),
    ],
)
async def test_a_model_is_told_the_languages(
    world: tuple[Router, Hosted], model: str, language: str, text: str, codes: dict[str, str]
) -> None:
    """The text's own language is seen in it."""
    router, place = world
    router.requests.clear()
    inputs: Any = {"text": "Good morning, Ada.", "language": language}
    job = Job(id="1", type="translation", model=model, inputs=inputs, seconds=20)
    assert (await place.run(job, silent))["text"] == "Hallo von fern."
    (asked,) = router.questions()
    assert asked.json["inputs"] == text
    assert asked.json.get("parameters", {}) == codes


@pytest.mark.parametrize(
    ("model", "language"), [("far/t5-small", "Tamil"), ("far/opus", "Tamil"), ("far/mbart", "de"), ("far/m2m", "fr")]
)
async def test_what_a_model_does_not_know_is_not_sent(world: tuple[Router, Hosted], model: str, language: str) -> None:
    """It says so beforehand, and asked all the same it lets the task go on elsewhere."""
    router, place = world
    router.requests.clear()
    inputs: Any = {"text": "Good morning, Ada.", "language": language}
    offer = next(one for one in place.offers() if one.model.id == model)
    assert offer.fit(inputs) is Fit.NONE
    with pytest.raises(NotAvailable, match="does not translate from English into"):
        await place.run(Job(id="1", type="translation", model=model, inputs=inputs, seconds=20), silent)
    assert not router.requests


def test_what_talks_translates_anything(world: tuple[Router, Hosted]) -> None:
    """As far as anybody knows beforehand; of the others, those that know the language."""
    _, place = world
    fits = {one.model.id for one in place.offers() if one.fit({"text": "x", "language": "Tamil"}) is not Fit.NONE}
    assert fits == {"far/nllb", "far/m2m", "far/madlad", "far/talker"}
