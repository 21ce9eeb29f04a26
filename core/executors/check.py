"""What an expert gave, held against what its task type promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from core.contract import PROVIDERS, Card, Give
from core.errors import Faulty
from core.executors.sound import Unsound, sound
from core.types import Kind, Media, Value

log = structlog.get_logger()


def checked(card: Card, outputs: Mapping[str, Value]) -> dict[str, Value]:
    """Return the outputs in the order of the declaration, then who was asked. Raises Faulty with a sentence."""
    for give in card.type.gives:
        if give.name not in outputs:
            if give.optional:
                continue
            raise Faulty(f"The model “{card.model.id}” gave no “{give.name}”.")
        if not _fits(give, outputs[give.name]):
            raise Faulty(f"The model “{card.model.id}” gave a “{give.name}” that is no {give.kind}.")
    known = [*(give.name for give in card.type.gives), PROVIDERS]
    unknown = outputs.keys() - set(known)
    if unknown:
        raise Faulty(f"The model “{card.model.id}” gave “{min(unknown)}”, which nobody asked for.")
    try:
        return {name: sound(outputs[name]) for name in known if name in outputs}
    except Unsound as error:
        log.warning("expert.unsound", type=card.type.name, model=card.model.id, why=str(error))
        raise Faulty(f"The model “{card.model.id}” gave something that is no result: {error}.") from None


def _fits(give: Give, value: Any) -> bool:
    match give.kind:
        case Kind.TEXT:
            return isinstance(value, str) or (isinstance(value, Media) and value.kind is Kind.TEXT)
        case Kind.NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool)
        case Kind.TABLE:
            return isinstance(value, list) and not any(isinstance(row, Media) for row in value)
        case _:
            media = value if isinstance(value, list) else [value]
            return bool(media) and all(isinstance(part, Media) and part.kind is give.kind for part in media)
