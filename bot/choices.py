"""Which models people can choose from: for a step that was done already, and by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.concierge import Alternative
from core.contract import Fit
from core.errors import BadInput
from core.events import Trace
from core.figures import Figures
from core.ports import Executor, Offer, Rules
from core.registry import Registry
from core.stages.policy import ANYTHING, Policy, permitted
from core.stages.select import ranked
from core.types import Request, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What selection would take, by the rules that hold where somebody asks."""

    registry: Registry
    executor: Executor
    rules: Rules
    policy: Policy = ANYTHING
    figures: Figures = field(default_factory=Figures)

    async def others(self, request: Request, trace: Trace, task: int) -> Sequence[Alternative]:
        """Return the models that could do a step now, best first, but for the one that did it."""
        used = trace.results.get(task) or trace.selections.get(task)
        found: dict[str, Alternative] = {}
        for offer in await self._able(request, trace, task):
            if used is None or offer.model.id != used.model:
                found.setdefault(offer.model.id, _alternative(offer))
        return tuple(found.values())

    async def check(self, request: Request, trace: Trace, task: int, model: str) -> None:
        """Raise BadInput with a sentence where a model cannot do a step now."""
        if any(offer.model.id == model for offer in await self._able(request, trace, task)):
            return
        policy, type_ = await self._policy(request), trace.tasks[task].type
        named = [offer for offer in self.executor.offers() if (offer.type, offer.model.id) == (type_, model)]
        why = next(filter(None, map(policy.objection, named)), "")
        raise BadInput(f"“{model}” cannot do {type_} here{f': it is {why}' if why else ' now'}.")

    def named(self, typed: str) -> Sequence[str]:
        """Return the models whose names hold what somebody has typed, those that can run now first."""
        able = {offer.model.id for offer in self.executor.offers() if not self._internal(offer.type)}
        known = {card.model.id for card in self.registry.cards if not card.type.internal}
        word = typed.strip().lower()
        return sorted(
            (name for name in able | known if word in name.lower()),
            key=lambda name: (name not in able, not name.lower().startswith(word), name.lower()),
        )

    async def _able(self, request: Request, trace: Trace, task: int) -> Sequence[Offer]:
        step = Task(id=task, type=trace.tasks[task].type, args=trace.tasks[task].args)
        offers = permitted(step, trace, self.executor.offers(), request.mode, await self._policy(request))
        suited = ranked(step, offers, request.mode, self.figures)
        return [offer for offer in suited if offer.fit(step.args) is not Fit.NONE]

    async def _policy(self, request: Request) -> Policy:
        return self.policy.under(await self.rules.read(*request.origin.scopes))

    def _internal(self, type_: str) -> bool:
        return type_ in self.registry.types and self.registry.types[type_].internal


def _alternative(offer: Offer) -> Alternative:
    return Alternative(model=offer.model.id, place=offer.place, about=offer.model.about, here=offer.present)
