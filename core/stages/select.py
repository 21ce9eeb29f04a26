"""Stage 2, model selection: which of the models that can run now does a task, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from core.contract import Fit, Model
from core.errors import NotAvailable
from core.events import Trace
from core.figures import Figures
from core.ports import Offer
from core.rules import ALLOW, DENY, Rule, Rulebook, Terms, Topic, bound, use_of
from core.stages.places import order
from core.types import Artifact, ArtifactRef, Mode, Place, Ref, Request, Selection, Task, Wish

ALLOWED = {
    Mode.LOCAL: (Place.LOCAL, Place.EMBEDDED),
    Mode.REMOTE: (Place.REMOTE, Place.EMBEDDED),
    Mode.HYBRID: (Place.LOCAL, Place.REMOTE, Place.EMBEDDED),
}
"""Places a mode may use, the preferred first. Embedded models are the last resort."""

TRIES = 3
"""Models of one place that are tried for a task: after as many failures at hosted inference the trouble is the
place's, and after as many faults of models it is the input's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What may be used here: the settings' word is final, below it the admins' rules count."""

    models: frozenset[str] = frozenset()
    licences: frozenset[str] = frozenset()
    keep_media: bool = False  # files never leave this machine
    pickles: bool = False  # weights that come as pickles will do
    book: Rulebook = field(default_factory=dict)

    def under(self, rules: Iterable[Rule]) -> Policy:
        """Return the policy with the rules of one place, the most particular scope's first."""
        return replace(self, book=bound(rules))

    def allows(self, offer: Offer) -> bool:
        """Whether a model may be used."""
        return not self.objection(offer)

    def objection(self, offer: Offer) -> str:
        """Say why a model must not be used; empty where it may. Licences are compared without regard to case."""
        model, rule = offer.model, use_of(self.book, offer.type, offer.model)
        if model.id in self.models or model.licence.lower() in self.licences:
            return "denied by the settings"
        if rule and rule[1] == DENY:
            return f"denied by an admin, for its {rule[0]}" if rule[0] is not Topic.MODEL else "denied by an admin"
        terms = self.terms(model.id)
        if offer.place is Place.REMOTE and terms.revision:
            return "pinned to a revision, which hosted inference does not promise"
        if offer.place is Place.LOCAL and not terms.trusted and (risk := self._risk(model)):
            return f"{risk}: an admin has to allow it"
        return ""

    def terms(self, model: str) -> Terms:
        """Return what admins settled about running a model."""
        name = model.lower()
        trusted = self.book.get((Topic.MODEL, name)) == ALLOW
        return Terms(revision=self.book.get((Topic.PIN, name), ""), trusted=trusted)

    def preference(self, task: str, offers: Iterable[Offer]) -> Wish | None:
        """Return the model that admins prefer for a task, if it is among ``offers``."""
        model = self.book.get((Topic.PREFERENCE, task))
        found = model and any((offer.type, offer.model.id) == (task, model) for offer in offers)
        return Wish(model=model, why="An admin prefers it here.") if model and found else None

    def _risk(self, model: Model) -> str:
        """Say why a model's weights should not come to this machine unasked."""
        if model.gated:
            return "gated"
        if model.remote_code:
            return "brings code of its own"
        return "its weights are pickles" if model.pickled and not self.pickles else ""


ANYTHING = Policy()


def allowed(offers: Collection[Offer], mode: Mode, policy: Policy = ANYTHING) -> list[Offer]:
    """Return the offers that ``mode`` and ``policy`` permit, at the revisions that they are pinned to."""
    fit = (offer for offer in offers if offer.place in ALLOWED[mode] and policy.allows(offer))
    return [_pinned(offer, policy.terms(offer.model.id).revision) for offer in fit]


def permitted(
    task: Task, trace: Trace, offers: Collection[Offer], mode: Mode, policy: Policy = ANYTHING
) -> Sequence[Offer]:
    """Return the offers that are permitted for a task: where files stay on this machine, none that would send them."""
    found = allowed([offer for offer in offers if offer.type == task.type], mode, policy)
    if policy.keep_media and any(_is_file(ref, trace) for ref in task.references()):
        return [offer for offer in found if offer.place is not Place.REMOTE]
    return found


def _is_file(ref: Ref, trace: Trace) -> bool:
    """Whether a reference stands for a file, or may: what an earlier task will give nobody knows yet."""
    if isinstance(ref, ArtifactRef):
        return True
    result = trace.results.get(ref.task)
    if result is None:
        return True
    outputs = result.outputs.items()
    return any(isinstance(output, Artifact) for name, output in outputs if ref.output in (None, name))


def _pinned(offer: Offer, revision: str) -> Offer:
    if not revision or offer.place is not Place.LOCAL:
        return offer
    return replace(offer, model=replace(offer.model, revision=revision))


def ranked(task: Task, offers: Collection[Offer], mode: Mode, figures: Figures) -> Sequence[Offer]:
    """Return the candidates for ``task`` among permitted ``offers``, best first.

    What would refuse comes last, and what a person asked for first. Then what failed too often lately goes behind, and
    what does not speak the language. What was made for just this comes before all else, save the planner's wish; then
    the mode's order of places and downloads decide (the paper's rule); then what is loaded, what people liked, and what
    was faster here. Models whose weights would have to be fetched come after all that are here, then those that are no
    giants for the device: nobody likes to wait for gigabytes. In hybrid mode :mod:`core.stages.places` orders places.
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


def select(task: Task, candidates: Sequence[Offer], *, after: str = "") -> Selection:
    """Choose the first candidate and say why. ``after`` tells what happened to the one before. Raises NotAvailable."""
    if not candidates:
        raise NotAvailable(after or f"No place can run {task.type} now.")
    best = candidates[0]
    where = order(candidates)
    why = _why(task, candidates)
    if where.why and where.places[0] is best.place:
        why = f"{why} {where.why}"
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
