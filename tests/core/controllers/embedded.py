"""What the controller without a language model makes of a brief: for its tests."""

from __future__ import annotations

from core.controllers.embedded import EmbeddedController
from core.events import Trace
from core.ports import Brief, Draft, Say


async def planned(brief: Brief) -> tuple[list[Draft], str]:
    """Return a plan's drafts, and its words."""
    pieces = [piece async for piece in EmbeddedController().plan(brief)]
    drafts = [piece for piece in pieces if isinstance(piece, Draft)]
    return drafts, "".join(piece.text for piece in pieces if isinstance(piece, Say))


async def answered(brief: Brief, trace: Trace) -> str:
    """Return the answer to a trace."""
    pieces = [piece async for piece in EmbeddedController().respond(brief, trace)]
    return "".join(piece.text for piece in pieces if isinstance(piece, Say))


def steps(drafts: list[Draft]) -> list[tuple[str, dict[str, object]]]:
    """Return types and arguments."""
    return [(draft.type, dict(draft.args)) for draft in drafts]
