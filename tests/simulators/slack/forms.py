"""What somebody presses, chooses and fills in, as the app is told of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.simulators.slack.world import walk

ONE = {"static_select", "radio_buttons", "overflow"}
SEVERAL = {"multi_static_select", "checkboxes"}
IDS = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
}
TOLD = ("type", "action_id", "text", "value", "style", "url", "icon")
"""What an action says of its element."""
WRITTEN = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}


def pressed(blocks: list[dict[str, Any]], action: str, chosen: str | Sequence[str]) -> dict[str, Any]:
    """Return the action of an element that is found by its action id or its words; ``chosen`` are values."""
    for block in blocks:
        for part in walk(block):
            if part.get("type") == "feedback_buttons" and (side := _side(part, action, chosen)):
                shape = {"type": "feedback_buttons", "action_id": part["action_id"], "text": side["text"]}
                return shape | {"value": side["value"], "block_id": block.get("block_id", "")}
            if "action_id" in part and action in {part["action_id"], _words(part)}:
                return _action(part, chosen) | {"block_id": block.get("block_id", "")}
    raise AssertionError(f"there is no {action!r} in: {blocks}")


def _side(part: dict[str, Any], action: str, chosen: str | Sequence[str]) -> dict[str, Any] | None:
    sides: list[dict[str, Any]] = [part["positive_button"], part["negative_button"]]
    for side in sides:
        if action == _words(side) or (action == part["action_id"] and chosen == side["value"]):
            return side
    return None


def _words(part: dict[str, Any]) -> str | None:
    text = part.get("text")
    return text.get("text") if isinstance(text, dict) else None


def _action(part: dict[str, Any], chosen: str | Sequence[str]) -> dict[str, Any]:
    shape: dict[str, Any] = {key: part[key] for key in TOLD if key in part}
    if part["type"] in ONE:
        return shape | {"selected_option": _options(part, [str(chosen)])[0]}
    if part["type"] in SEVERAL:
        return shape | {"selected_options": _options(part, list(chosen))}
    if part["type"] in IDS:
        return shape | {IDS[part["type"]]: chosen}
    return shape | ({"value": chosen} if chosen else {})


def _options(part: dict[str, Any], chosen: Sequence[str]) -> list[dict[str, Any]]:
    known = {one["value"]: one for one in _known(part)}
    assert set(chosen) <= known.keys(), f"{chosen} is not among {list(known)}"
    return [known[value] for value in chosen]


def _known(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from part.get("options") or ()
    for group in part.get("option_groups") or ():
        yield from group["options"]


def values(
    blocks: list[dict[str, Any]], filled: Mapping[str, Any], *, required: bool = False
) -> dict[str, dict[str, Any]]:
    """Return a view's state: what was filled in by action id or label, and what stood there before."""
    state: dict[str, dict[str, Any]] = {}
    left = set(filled)
    for block in blocks:
        label = _words({"text": block.get("label")})
        for part in _inputs(block):
            names = {part["action_id"], label} & filled.keys()
            left -= names
            value = filled[names.pop()] if names else None
            told = _value(part, value)
            empty = not any(told[key] for key in told if key != "type")
            assert not (required and empty and block["type"] == "input" and not block.get("optional")), (
                f"{label or part['action_id']} must be filled in"
            )
            state.setdefault(block["block_id"], {})[part["action_id"]] = told
    assert not left, f"there is nothing called {left}"
    return state


def _inputs(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in walk(block):
        if "action_id" in part and part.get("type") in ONE | SEVERAL | IDS.keys() | WRITTEN:
            yield part


def _value(part: dict[str, Any], value: Any) -> dict[str, Any]:
    kind = part["type"]
    if kind in WRITTEN:
        text = value if value is not None else part.get("initial_value")
        assert len(text or "") <= part.get("max_length", 3000), "it is too long"
        assert value is None or len(text or "") >= part.get("min_length", 0), "it is too short"
        return {"type": kind, "value": text or None}
    if kind in ONE:
        chosen = _options(part, [value])[0] if value else part.get("initial_option")
        return {"type": kind, "selected_option": chosen}
    if kind in SEVERAL:
        several = _options(part, value) if value is not None else part.get("initial_options") or []
        return {"type": kind, "selected_options": several}
    name = IDS[kind]
    return {"type": kind, name: value if value is not None else part.get(name.replace("selected", "initial"))}
