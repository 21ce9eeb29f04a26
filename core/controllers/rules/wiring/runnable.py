"""What of a plan can run here, and words for the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.controllers.rules.abilities import BARE, Advice
from core.controllers.rules.lacks import cannot_edit
from core.controllers.rules.wiring.making import Making
from core.media.wishes import hinted
from core.ports import Brief, Draft
from core.types import Json

_RESOURCE = re.compile(r"<resource-(\d{1,4})>")


def runnable(brief: Brief, making: Making, advice: Advice = BARE) -> tuple[list[Draft], list[str]]:
    """Return the drafts that can run, numbered anew, and sentences about edits that no model here can do.

    Task types that nothing can run are noted as lacking.
    """
    beyond = [draft for draft in making.drafts if _beyond(brief, draft)]
    possible = _without(making.drafts, {draft.id for draft in beyond})
    making.lacking.extend(draft.type for draft in possible if draft.type not in making.offered)
    making.lacking[:] = dict.fromkeys(making.lacking)
    kept = _without(possible, {draft.id for draft in possible if draft.type not in making.offered})
    said = [cannot_edit(str(draft.args["prompt"]), brief.mode, advice) for draft in beyond]
    return _renumbered(kept), list(dict.fromkeys(said))


def _beyond(brief: Brief, draft: Draft) -> bool:
    """Whether an edit holds nothing that the only model here, which does simple edits, can do.

    Of a wish that holds some of it, the expert says itself what it can and cannot do.
    """
    models = brief.models.get("image-to-image", ()) if brief.models is not None else ()
    prompt = draft.args.get("prompt")
    if not models or any(model.id != "simple-edits" for model in models) or draft.type != "image-to-image":
        return False
    return isinstance(prompt, str) and not _RESOURCE.fullmatch(prompt) and not hinted(prompt)


def _without(drafts: Sequence[Draft], lost: set[int]) -> list[Draft]:
    """Return the drafts without the ``lost`` ones and all that need their results."""
    kept: list[Draft] = []
    for draft in drafts:
        if draft.id in lost or _needs(draft) & lost:
            lost.add(draft.id)
        else:
            kept.append(draft)
    return kept


def _needs(draft: Draft) -> set[int]:
    parts = [part for value in draft.args.values() for part in (value if isinstance(value, list) else [value])]
    found = [_RESOURCE.fullmatch(part) for part in parts if isinstance(part, str)]
    return {int(one.group(1)) for one in found if one}


def _renumbered(drafts: Sequence[Draft]) -> list[Draft]:
    numbers = {draft.id: number for number, draft in enumerate(drafts)}

    def anew(value: Json) -> Json:
        if isinstance(value, list):
            return [anew(part) for part in value]
        found = _RESOURCE.fullmatch(value) if isinstance(value, str) else None
        return f"<resource-{numbers[int(found.group(1))]}>" if found else value

    return [
        Draft(id=numbers[draft.id], type=draft.type, args={name: anew(value) for name, value in draft.args.items()})
        for draft in drafts
    ]
