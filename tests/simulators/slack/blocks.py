"""What Slack refuses in a layout: messages, modals, App Home."""

from __future__ import annotations

from typing import Any

from tests.simulators.slack.refusal import Refused, invalid_blocks
from tests.simulators.slack.world import number

MESSAGE, MODAL, HOME = "message", "modal", "home"
MOST = {MESSAGE: 50, MODAL: 100, HOME: 100}


def fill_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return blocks with an id each, as Slack gives them."""
    return [{**block, "block_id": block.get("block_id") or number("b")[2:7]} for block in blocks]


def check_blocks(blocks: Any, surface: str = MESSAGE) -> None:
    """Raise Refused where blocks are not as Slack takes them."""
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    if len(blocks) > MOST[surface]:
        raise invalid_blocks(f"no more than {MOST[surface]} items allowed [json-pointer:/blocks]")


def check_view(body: Any) -> None:
    """Raise Refused where a view is not as Slack takes it."""
    if not isinstance(body, dict) or not isinstance(body.get("blocks"), list):
        raise Refused("invalid_arguments", "missing required field: blocks [json-pointer:/view]")
    check_blocks(body["blocks"], body.get("type", ""))
