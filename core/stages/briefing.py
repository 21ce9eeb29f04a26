"""What a controller is told: only what some place can run now, in the request's mode, is offered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from core.contract import Model
from core.ports import Brief, Offer
from core.registry import Registry
from core.stages.policy import ANYTHING, Policy, allowed
from core.types import Artifact, Mode, Turn


def brief(  # noqa: PLR0913 - named, and each is a fact of its own
    text: str,
    artifacts: Mapping[int, Artifact],
    *,
    own: int,
    registry: Registry,
    offers: Collection[Offer],
    mode: Mode,
    policy: Policy = ANYTHING,
    turns: Sequence[Turn] = (),
) -> Brief:
    """Return the brief of a request; ``own`` of the ``artifacts`` came with it, the rest is the window's."""
    models: dict[str, list[Model]] = {}
    for offer in allowed(offers, mode, policy):
        models.setdefault(offer.type, []).append(offer.model)
    named = [type_ for type_ in registry.types.values() if not type_.internal]
    return Brief(
        text=text,
        artifacts=artifacts,
        own=own,
        turns=turns,
        offered=[type_ for type_ in named if type_.name in models],
        missing=[type_ for type_ in named if type_.name not in models],
        models=dict(sorted(models.items())),
        mode=mode,
    )
