"""Stage 2, model selection: which of the models that can run now does a task, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.contract import Fit
from core.errors import NotAvailable
from core.figures import Figures
from core.ports import Offer
from core.stages.placement import order
from core.stages.policy import ALLOWED, Policy, allowed
from core.types import Mode, Place, Request, Selection, Task, Wish

TRIES = 3
"""Models of one place that are tried for a task: after as many failures at hosted inference the trouble is the
place's, after as many downloads in vain it is the Hub's, and after as many faults of models it is the input's."""


def ranked(task: Task, offers: Collection[Offer], mode: Mode, figures: Figures) -> Sequence[Offer]:
    """Return the candidates for ``task`` among permitted ``offers``, best first.

    What would refuse comes last, and what a person asked for first. Then what failed too often lately goes behind, and
    what does not speak the language. What was made for just this comes before all else, save the planner's wish; then
    the mode's order of places and downloads decide (the paper's rule); then what is loaded, what people liked, and what
    was faster here. Models whose weights would have to be fetched come after all that are here, then those that are no
    giants for the device: nobody likes to wait for gigabytes. In hybrid mode :mod:`core.stages.placement` says where.
    """

    def trust(offer: Offer) -> tuple[bool, ...]:
        unwell, fit = figures.of(offer.type, offer.model.id, offer.place).unwell, offer.fit(task.args)
        wished = _wished(task, offer)
        asked = wished and task.wish is not None and task.wish.firm
        return fit is Fit.NONE, not asked, unwell, not _speaks(task, offer), not wished, fit is not Fit.MADE

    def rank(offer: Offer) -> tuple[bool, bool, int, bool, float, float]:
        figure = figures.of(offer.type, offer.model.id, offer.place)
        return (
            not offer.present,
            not offer.easy,
            -(offer.model.downloads or 0),
            not offer.ready,
            -figure.liking,
            figure.seconds if figure.seconds is not None else float("inf"),
        )

    def nearness(offer: Offer) -> int:
        return places.index(offer.place) if offer.present else len(places)

    suited = [offer for offer in offers if offer.type == task.type]
    within = sorted(suited, key=lambda offer: (*trust(offer), *rank(offer)))
    places = order(within).places if mode is Mode.HYBRID else ALLOWED[mode]
    return sorted(within, key=lambda offer: (*trust(offer), nearness(offer)))


def worth_fetching(task: Task, candidates: Sequence[Offer]) -> Offer | None:
    """Return the model to have here the next time, where one that came with the installation steps in for it now."""
    best = candidates[0] if candidates else None
    if best is None or best.place is not Place.EMBEDDED or _wished(task, best) or best.fit(task.args) is Fit.MADE:
        return None
    absent = (one for one in candidates if one.place is Place.LOCAL and not one.present and one.easy)
    return next((one for one in absent if one.fit(task.args) is not Fit.NONE), None)


def asked_for(task: Task, offers: Collection[Offer], request: Request) -> Wish | None:
    """Return the model that a person asked for, for this step or for whatever it can do, if it is among ``offers``."""
    firm = task.wish if task.wish and task.wish.firm else None
    if firm is None and request.model and request.step is None:
        firm = Wish(model=request.model, why="You asked for it.", firm=True)
    found = firm and any((offer.type, offer.model.id) == (task.type, firm.model) for offer in offers)
    return firm if found else None


def unserved(model: str, types: Collection[str], offers: Collection[Offer], mode: Mode, policy: Policy) -> str:
    """Say why a model that a person asked for does none of the tasks of these ``types``; empty where it does one."""
    named = [offer for offer in offers if offer.model.id == model]
    fit = [offer for offer in named if offer.type in types]
    if allowed(fit, mode, policy):
        return ""
    if not named:
        return "It cannot run here now, so I took other models."
    if not fit:
        return "It does none of the steps of this plan, so I took other models."
    objection = next(filter(None, map(policy.objection, fit)), f"not used in mode {mode}")
    return f"I took other models: it is {objection}."


def tied(candidates: Sequence[Offer], task: Task) -> Sequence[Offer]:
    """Return the best candidates that no rule of the field's tells apart: same place, as much downloaded, no wish."""
    if not candidates or any(_wished(task, offer) for offer in candidates):
        return ()
    best = candidates[0]
    return [
        offer
        for offer in candidates
        if (offer.place, offer.present, offer.easy, offer.model.downloads, offer.ready)
        == (best.place, best.present, best.easy, best.model.downloads, best.ready)
        and _speaks(task, offer) == _speaks(task, best)
        and offer.fit(task.args) == best.fit(task.args)
    ]


def select(task: Task, candidates: Sequence[Offer], *, after: str = "", figures: Figures | None = None) -> Selection:
    """Choose the first candidate and say why. ``after`` tells what happened to the one before. Raises NotAvailable.

    With ``figures`` it is said, too, which model would have gone first, had it not failed too often lately.
    """
    if not candidates:
        raise NotAvailable(after or f"No place can run {task.type} now.")
    best = candidates[0]
    where = order(candidates)
    why = _why(task, candidates)
    if where.why and where.places[0] is best.place:
        why = f"{why} {where.why}"
    if figures and (resting := _resting(candidates, figures)):
        why = f"{why} “{resting.model.id}” failed too often lately, so it is asked last."
    return Selection(task=task.id, model=best.model.id, place=best.place, why=after or why)


def others(candidates: Sequence[Offer], *, smaller: bool = False, gone: bool = False) -> Sequence[Offer]:
    """Return the candidates after the first one let us down: what fails in one place goes on in the other.

    With ``smaller`` it lacked memory: what needs as much in the same place, or may, is not tried either. With ``gone``
    nothing of its place is.
    """
    first, rest = candidates[0], candidates[1:]
    bound = _weight(first)
    same = [] if gone else [one for one in rest if one.place is first.place]
    if smaller and bound is not None:
        same = [one for one in same if (_weight(one) or bound) < bound]
    elsewhere = [one for one in rest if one.place is not first.place]
    last = [one for one in elsewhere if one.place is Place.EMBEDDED]
    return [*(one for one in elsewhere if one.place is not Place.EMBEDDED), *same, *last]


def _resting(candidates: Sequence[Offer], figures: Figures) -> Offer | None:
    """Return the most downloaded of the unwell candidates that would go before the first one if they were well."""
    best = candidates[0]
    unwell = [one for one in candidates[1:] if figures.of(one.type, one.model.id, one.place).unwell]
    before = [one for one in unwell if _before(one, best)]
    return max(before, key=lambda one: one.model.downloads or 0, default=None)


def _before(one: Offer, other: Offer) -> bool:
    """Whether places or downloads put an offer before another one."""
    if one.place is other.place:
        return (one.model.downloads or 0) > (other.model.downloads or 0)
    return other.place is Place.EMBEDDED


def _weight(offer: Offer) -> int | None:
    """Return the bytes that a model is known to take."""
    return offer.model.memory if offer.model.memory is not None else offer.model.size


def _wished(task: Task, offer: Offer) -> bool:
    return task.wish is not None and offer.model.id == task.wish.model


def _speaks(task: Task, offer: Offer) -> bool:
    """Whether a model speaks the language that the task names; one whose languages are unknown may."""
    language = task.args.get("language")
    known = offer.model.languages
    return not known or not isinstance(language, str) or language.lower() in known


def _why(task: Task, candidates: Sequence[Offer]) -> str:
    best, count = candidates[0], len(candidates)
    if better := worth_fetching(task, candidates):
        return f"It is here already; “{better.model.id}” is being fetched for the next time."
    if _wished(task, best):
        return (task.wish.why if task.wish else "") or "The planner asked for it."
    if best.fit(task.args) is Fit.MADE:
        return "It was made for just this."
    if count == 1:
        return f"The only {best.place} model for {task.type}."
    if best.model.downloads:
        return f"The most downloaded of the {count} candidates that suit best."
    return f"The first of {count} candidates{', and loaded already' if best.ready else ''}."
