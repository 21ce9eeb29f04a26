"""A wish that is meant once more: "and in this one?", "do the same with the second"."""

from __future__ import annotations

import re

from core.controllers.rules.wiring.picking import ORDINALS
from core.ports import Brief

_SAME = re.compile(
    r"(?:and )?(?:(?:now )?(?:what|how) about|and (?:now )?(?:in|for|with|on|this|that|here)"
    r"|(?:now |(?:can|could) you |please )?(?:do )?(?:the )?same|again|(?:and )?now)\b.{0,40}$",
    re.IGNORECASE,
)

_ORDINAL = re.compile(rf"\b(?:{'|'.join(ORDINALS)})\b", re.IGNORECASE)


def repeated(brief: Brief, text: str) -> str:
    """Return the wish before, where a message only names what it is for now: a new file, or another of several."""
    if not _SAME.match(text.strip()):
        return text
    before = next((turn.text for turn in reversed(brief.turns) if turn.role == "user" and turn.text.strip()), text)
    if brief.own:
        return before
    other = _ORDINAL.search(text)
    return _ORDINAL.sub(other.group(), before, count=1) if other and _ORDINAL.search(before) else text
