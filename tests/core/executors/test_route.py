from collections.abc import Mapping

import pytest

from core.contract import Model
from core.errors import NotAvailable
from core.executors.route import Route
from core.ports import Job, Offer, OnProgress
from core.types import Place, Value
from tests.core.executors.pools import echo, silent

pytestmark = pytest.mark.anyio


class Named:
    """An executor that answers with its own name."""

    def __init__(self, place: Place, *models: str) -> None:
        self.place = place
        self.models = list(models)
        self.warmed: list[str] = []

    def offers(self) -> list[Offer]:
        return [Offer(type="echo", model=Model(id=model), place=self.place) for model in self.models]

    async def run(self, job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        return {"text": self.place}

    async def warm(self, type: str, model: str) -> None:  # noqa: A002 - the port's word
        self.warmed.append(model)


async def test_a_job_goes_where_its_model_is_offered() -> None:
    """Each executor gets its own models' jobs."""
    route = Route([Named(Place.EMBEDDED, "small"), Named(Place.REMOTE, "big")])
    assert (await route.run(echo(model="small"), silent))["text"] == "embedded"
    assert (await route.run(echo(model="big"), silent))["text"] == "remote"


async def test_one_model_may_be_offered_in_two_places() -> None:
    """A job says where it shall run; one that does not is done by the first."""
    route = Route([Named(Place.LOCAL, "same"), Named(Place.REMOTE, "same")])
    assert [offer.place for offer in route.offers()] == [Place.LOCAL, Place.REMOTE]
    assert (await route.run(echo(model="same"), silent))["text"] == "local"
    assert (await route.run(echo(model="same", place=Place.REMOTE), silent))["text"] == "remote"


async def test_offers_may_come_and_go() -> None:
    """A place that loses a model is not asked for it any more."""
    remote = Named(Place.REMOTE, "big")
    route = Route([remote])
    remote.models.clear()
    assert route.offers() == []
    with pytest.raises(NotAvailable, match="big"):
        await route.run(echo(model="big"), silent)


async def test_warming_reaches_the_right_place() -> None:
    """And a model that nobody offers is nobody's trouble."""
    embedded, remote = Named(Place.EMBEDDED, "small"), Named(Place.REMOTE, "big")
    route = Route([embedded, remote])
    await route.warm("echo", "big")
    await route.warm("echo", "imagined")
    assert (embedded.warmed, remote.warmed) == ([], ["big"])
