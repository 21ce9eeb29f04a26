"""Who serves what is known beforehand: from the catalogue, then from the Hub, within the bounds of the settings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
import pytest
from structlog.testing import capture_logs

from core.contract import Card, Model
from core.errors import NotAvailable
from core.executors.hosted import Hosted
from core.ports import Job
from core.registry import Registry
from core.remote.availability import Availability
from core.remote.routes import CHAT, HF, SERVES, askable
from core.remote.terms import Terms
from core.types import Place
from tests import samples
from tests.core.executors.pools import silent
from tests.core.hosted.far import TOKEN, Far, far, told
from tests.simulators.faults import Fault
from tests.simulators.hub import Hub
from tests.simulators.providers import Served
from tests.simulators.repository import Repository

pytestmark = pytest.mark.anyio


def cards(task: str, *models: Model) -> list[Card]:
    """Return what asks hosted inference for a task with these models."""
    registry = Registry.discover(catalogue={task: models})
    return [card for card in registry.cards if card.place is Place.REMOTE]


def row(model: str, *providers: tuple[str, str], status: str = "live") -> dict[str, Any]:
    """Return what the Hub tells about a model: providers, each with a task."""
    told = [{"provider": name, "id": f"own/{name}", "task": task, "status": status} for name, task in providers]
    return {"model": model, "providers": told}


def asked(availability: Availability, card: Card) -> list[str]:
    """Return the providers that would be asked, in order."""
    return [route.provider for route in availability.routes(card)]


def test_the_table_of_providers_is_the_librarys() -> None:
    """It can ask each provider for exactly what the table says; a new version may do more, and then this tells."""
    from huggingface_hub.inference._providers import PROVIDERS

    experts = {card.make for card in Registry.discover(catalogue={}).cards} | set(Registry.discover().runs.values())
    wanted = {task for expert in experts for task in getattr(expert, "tasks", ())}
    table = {name: frozenset(tasks) - {CHAT, "fill-mask"} for name, tasks in PROVIDERS.items()}
    assert {name: tasks for name, tasks in table.items() if tasks} == SERVES
    assert all(any(askable(name, task) for name in PROVIDERS) for task in wanted)


def test_the_catalogue_is_enough_for_talk_and_for_hugging_face() -> None:
    """Others call models by names of their own, which only the Hub knows."""
    talker = cards("conversational", Model(id="a/talker", providers=("groq", "cerebras")))[0]
    painter = cards("text-to-image", Model(id="a/painter", providers=("fal-ai", HF)))[0]
    availability = Availability([talker, painter])
    assert asked(availability, talker) == ["groq", "cerebras"]
    assert asked(availability, painter) == [HF]
    assert availability.routes(painter)[0].id == "a/painter"


def test_what_the_hub_tells_counts_from_then_on() -> None:
    """Also that nobody serves a model any more."""
    (card,) = cards("text-to-image", Model(id="a/painter", providers=(HF,)))
    availability = Availability([card])
    availability.learn([row("a/painter", ("fal-ai", "text-to-image"), ("nscale", "text-to-image"))])
    assert asked(availability, card) == ["fal-ai", "nscale"]
    assert availability.routes(card)[0].id == "own/fal-ai"
    availability.learn([row("a/painter")])
    assert asked(availability, card) == []


def test_only_what_is_asked_for_here_and_can_be_asked_counts() -> None:
    """A provider that serves the model for another task, or in a way that the library does not know, is passed over."""
    (card,) = cards("text-to-image", Model(id="a/painter"))
    availability = Availability([card])
    told = row("a/painter", ("fal-ai", "image-to-image"), ("groq", "text-to-image"), ("unheard-of", "text-to-image"))
    availability.learn([told, {"model": "a/painter2"}, None, {"providers": []}])
    assert asked(availability, card) == []


def test_a_provider_in_trouble_comes_last_and_one_on_trial_not_at_all() -> None:
    """By the Hub's own tests."""
    (card,) = cards("text-to-image", Model(id="a/painter"))
    availability = Availability([card])
    providers = [
        *row("a", ("fal-ai", "text-to-image"), status="error")["providers"],
        *row("a", ("replicate", "text-to-image"), status="staging")["providers"],
        *row("a", ("nscale", "text-to-image"))["providers"],
    ]
    availability.learn([{"model": "a/painter", "providers": providers}])
    assert asked(availability, card) == ["nscale", "fal-ai"]


def test_the_settings_name_the_providers_and_their_order() -> None:
    """Nobody else is asked."""
    (card,) = cards("text-to-image", Model(id="a/painter"))
    availability = Availability([card], providers=("nscale", "fal-ai"))
    told = row("a/painter", ("fal-ai", "text-to-image"), ("replicate", "text-to-image"), ("nscale", "text-to-image"))
    availability.learn([told])
    assert asked(availability, card) == ["nscale", "fal-ai"]


def test_what_was_learnt_outlives_a_restart(tmp_path: Path) -> None:
    """A file that is broken, or cannot be written, does no harm."""
    (card,) = cards("text-to-image", Model(id="a/painter"))
    file = tmp_path / "data" / "served.json"
    Availability([card], file=file).learn([row("a/painter", ("fal-ai", "text-to-image"))])
    again = Availability([card], file=file)
    assert asked(again, card) == ["fal-ai"]
    assert again.stale() == []
    file.write_text('{"a/painter": 3}')
    assert asked(Availability([card], file=file), card) == []
    Availability([card], file=Path("/proc/nothing/served.json")).learn([row("a/painter")])


async def test_the_hub_is_asked_about_what_is_out_of_date_the_likely_first() -> None:
    """In a few errands, and not again before its time."""
    models = [Model(id=f"a/{number}", downloads=number) for number in range(50)]
    served = Model(id="a/served", providers=(HF,))
    availability = Availability(cards("text-to-image", *models, served))
    errands: list[Sequence[str]] = []

    async def look_up(some: Sequence[str]) -> Sequence[Any]:
        errands.append(some)
        return [row(model, ("fal-ai", "text-to-image")) for model in some]

    await availability.refresh(look_up)
    assert [len(errand) for errand in errands] == [40, 11]
    assert errands[0][:2] == ["a/served", "a/49"]
    await availability.refresh(look_up)
    assert len(errands) == 2


async def test_where_the_hub_does_not_tell_what_was_known_stays() -> None:
    """And it is asked again later."""
    (card,) = cards("text-to-image", Model(id="a/painter", providers=(HF,)))
    availability = Availability([card])

    async def look_up(_: Sequence[str]) -> Sequence[Any]:
        raise NotAvailable("The Hugging Face Hub cannot be reached.")

    await availability.refresh(look_up)
    assert asked(availability, card) == [HF]
    assert availability.stale() == ["a/painter"]


@pytest.mark.parametrize("status", [500, 401])
async def test_the_real_library_asks_a_hub(tmp_path: Path, status: int) -> None:
    """Through a child, with the token; a model that does not exist is served by nobody.

    Of one that the Hub does not tell about now, be it that the token has run out, stays what was known.
    """
    (tmp_path / "config.json").write_text("{}")
    row = {"providerId": "fal-ai/x", "status": "live", "task": "text-to-image"}
    mapping = {"fal-ai": {**row, "adapter": "lora", "adapterWeightsPath": "lora.safetensors"}}
    repositories = [
        Repository(id="org/served", folder=tmp_path, pipeline_tag="text-to-image", providers=mapping),
        Repository(id="org/alone", folder=tmp_path, pipeline_tag="text-to-image"),
    ]
    models = [Model(id=name, providers=(HF,)) for name in ("org/served", "org/alone", "org/gone", "org/later")]
    registry = Registry.discover(catalogue={"text-to-image": models})
    async with Hub(repositories, tokens=[TOKEN]) as hub:
        hub.faults.add(Fault(path="/api/models/org/later", times=None, status=status))
        place = Hosted(registry, Terms(token=TOKEN, endpoint=hub.url, router="http://127.0.0.1:9"), slots=1)
        async with place:
            with anyio.fail_after(30):
                while len(place.availability.stale()) > 1:  # noqa: ASYNC110 - a file's worth of news, no event
                    await anyio.sleep(0.05)
            assert {offer.model.id: offer.model.providers for offer in place.offers()} == {
                "org/served": ("fal-ai",),
                "org/later": (HF,),
            }
            assert place.availability.stale() == ["org/later"]
            card = next(one for one in registry.cards if (one.model.id, one.place) == ("org/served", Place.REMOTE))
            assert [route.weights for route in place.availability.routes(card)] == ["lora.safetensors"]
        assert {one.token for one in hub.requests} == {TOKEN}


async def test_an_adapter_is_put_on_top_of_its_base() -> None:
    """The provider has the base alone: without the adapter's weights it would paint as if nobody had named it."""
    served = (Served("fal-ai", "text-to-image", "org/lora", "fal-ai/flux-lora"),)
    async with far(served, slots=1) as there:
        (news,) = told(served)
        there.place.availability.learn([{**news, "providers": [{**news["providers"][0], "weights": "a.safetensors"}]}])
        await there.run("text-to-image", "org/lora", {"prompt": "a cat"})
        (asked,) = there.router.questions()
    assert [one["path"].endswith("/org/lora/resolve/main/a.safetensors") for one in asked.json["loras"]] == [True]


async def test_an_offer_is_the_same_until_news_come(there: Far) -> None:
    """Its model is the same object, and its providers are those that are asked."""
    first, second = ([id(offer.model) for offer in there.place.offers()] for _ in range(2))
    assert first == second
    found = next(offer for offer in there.place.offers() if offer.model.id == "many/painter")
    assert found.model.providers == ("fal-ai", "replicate", HF)
    assert found.place is Place.REMOTE


async def test_files_stay_here_where_the_settings_say_so() -> None:
    """No picture leaves, whoever asks for it; words may."""
    async with far(slots=1, keep_media=True) as there:
        offered = {offer.type for offer in there.place.offers()}
        assert not offered & {"image-classification", "automatic-speech-recognition", "image-to-video"}
        assert offered >= {"text-to-image", "tabular-classification", "translation"}
        table = {"table": samples.png(), "question": "What is it?"}
        with pytest.raises(NotAvailable, match="stay on this machine"):
            await there.run("tabular-classification", "far/table-question-answering", table)
        with pytest.raises(NotAvailable, match="Nobody serves"):
            await there.run("image-classification", "far/image-classification", {"image": samples.png()})
        assert not there.router.requests
        assert (await there.run("conversational", "talk/writer", {"text": "Hi"}))["text"]


async def test_a_model_that_nobody_serves_gives_a_sentence(there: Far) -> None:
    """Whoever asks for it anyway."""
    job = Job(id="1", type="text-classification", model="odd/unaskable", inputs={"text": "Hi"}, seconds=5)
    with pytest.raises(NotAvailable, match="Nobody serves"):
        await there.place.run(job, silent)


async def test_a_bug_in_looking_up_harms_nobody() -> None:
    """It is in the log, and what was known stays."""
    (card,) = cards("text-to-image", Model(id="a/painter", providers=(HF,)))
    availability = Availability([card])

    async def look_up(_: Sequence[str]) -> Sequence[Any]:
        raise ZeroDivisionError

    with capture_logs() as logs:
        await availability.refresh(look_up)
    assert [one["event"] for one in logs] == ["hosted.not_refreshed"]
    assert asked(availability, card) == [HF]


async def test_what_its_user_raises_leaves_the_place_as_it_is() -> None:
    """Not as a group of errors."""
    registry = Registry.discover(catalogue={})
    with pytest.raises(ZeroDivisionError):
        async with Hosted(registry, Terms(endpoint="http://127.0.0.1:9"), slots=1):
            raise ZeroDivisionError
