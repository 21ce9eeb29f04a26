"""What may be used: by mode, by what the settings and the admins allow, and where files must stay on this machine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace

from core.contract import Model
from core.events import Trace
from core.ports import Offer
from core.rules import ALLOW, DENY, Rule, Rulebook, Terms, Topic, bound, use_of
from core.types import Artifact, ArtifactRef, Mode, Place, Ref, Task, Wish

ALLOWED = {
    Mode.LOCAL: (Place.LOCAL, Place.EMBEDDED),
    Mode.REMOTE: (Place.REMOTE, Place.EMBEDDED),
    Mode.HYBRID: (Place.LOCAL, Place.REMOTE, Place.EMBEDDED),
}
"""Places a mode may use, the preferred first. Embedded models are the last resort."""


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
