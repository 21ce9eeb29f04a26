"""An executor in this process whose pictures are looked at: what says "red" is unsafe."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from core.contract import Model
from core.experts.image_safety import TYPE
from core.ports import Job, Offer, OnProgress
from core.types import Media, Place, Value
from tests.fakes import FunctionExecutor

RED, BLUE = "red", "blue"


@dataclass
class Watched(FunctionExecutor):
    """Has classifiers that take for unsafe what says "red", unless they raise what stands for them here."""

    classifiers: Mapping[str, Exception | None] = field(default_factory=lambda: {"eye": None})
    place: Place = Place.LOCAL
    present: bool = True
    warmed: list[str] = field(default_factory=list)

    def offers(self) -> Collection[Offer]:
        eyes = [
            Offer(type=TYPE.name, model=Model(id=name), place=self.place, present=self.present)
            for name in self.classifiers
        ]
        return [*super().offers(), *eyes]

    async def run(self, job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        if job.type != TYPE.name:
            return await super().run(job, on_progress)
        self.ran.append(job)
        if trouble := self.classifiers[job.model]:
            raise trouble
        image = job.inputs["image"]
        assert isinstance(image, Media)
        return {"label": "nsfw", "score": 0.97 if RED.encode() in image.data else 0.03}

    async def warm(self, type: str, model: str) -> None:  # noqa: A002 - the port says so
        self.warmed.append(f"{type}/{model}")

    @property
    def looks(self) -> list[str]:
        """The classifiers that were asked, in order."""
        return [job.model for job in self.ran if job.type == TYPE.name]
