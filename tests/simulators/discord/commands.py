"""Application commands: what may be registered, and what a person may fill in."""

from __future__ import annotations

import re
from typing import Any

from tests.simulators.discord.refusal import invalid
from tests.simulators.discord.world import snowflake

NAME = re.compile(r"[-_\w]{1,32}")
MENUS = 15
SUB, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, NUMBER, ATTACHMENT = 1, 2, 3, 4, 5, 6, 7, 8, 10, 11


class Commands:
    """The registry: counts how often it was replaced."""

    def __init__(self) -> None:
        self.synced = 0

    def replaced(self, body: list[dict[str, Any]], app: str) -> list[dict[str, Any]]:
        """Return the commands that now exist. Raises Refused."""
        self.synced += 1
        kinds = [command.get("type", 1) for command in body]
        if kinds.count(1) > 100 or kinds.count(2) > MENUS or kinds.count(3) > MENUS:
            raise invalid("_", "APPLICATION_COMMANDS_MAX", "Too many commands")
        if len({(command["name"], kind) for command, kind in zip(body, kinds, strict=True)}) < len(body):
            raise invalid("_", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
        for command in body:
            _check(command)
        return [
            command
            | {
                "id": snowflake(),
                "application_id": app,
                "version": snowflake(),
                "type": command.get("type", 1),
                "default_member_permissions": _text(command.get("default_member_permissions")),
                "description": command.get("description", ""),
            }
            for command in body
        ]


def _text(number: Any) -> str | None:
    return None if number is None else str(number)


def _check(command: dict[str, Any]) -> None:
    if command.get("type", 1) != 1:
        if not 1 <= len(command["name"]) <= 32 or command.get("description"):
            raise invalid("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
        return
    _check_option(command)
    if sum(_letters(option) for option in [command]) > 8000:
        raise invalid("_", "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (8000)")


def _letters(option: dict[str, Any]) -> int:
    own = len(option["name"]) + len(option.get("description", ""))
    own += sum(len(str(one["name"])) + len(str(one["value"])) for one in option.get("choices") or ())
    return own + sum(map(_letters, option.get("options") or ()))


def _check_option(option: dict[str, Any]) -> None:
    if not NAME.fullmatch(option["name"]) or option["name"] != option["name"].lower():
        raise invalid("name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    if not 1 <= len(option.get("description", "")) <= 100:
        raise invalid("description", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    inner = option.get("options") or []
    if len(inner) > 25 or len(option.get("choices") or ()) > 25:
        raise invalid("options", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    required = [bool(one.get("required")) for one in inner]
    if required != sorted(required, reverse=True):
        raise invalid("options", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options come first")
    for one in inner:
        _check_option(one)


def filled(command: dict[str, Any], path: list[str], values: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the options as Discord sends them for what a person filled in; an AssertionError where nobody could."""
    if path:
        inner = next((one for one in command.get("options") or () if one["name"] == path[0]), None)
        assert inner, f"/{command['name']} has no {path[0]}"
        return [{"name": inner["name"], "type": inner["type"], "options": filled(inner, path[1:], values)}]
    known = {one["name"]: one for one in command.get("options") or ()}
    assert all(one["type"] not in {SUB, GROUP} for one in known.values()), f"/{command['name']} needs a subcommand"
    assert set(values) <= set(known), f"unknown options: {set(values) - set(known)}"
    missing = {name for name, one in known.items() if one.get("required")} - set(values)
    assert not missing, f"required: {missing}"
    for name, value in values.items():
        choices = [one["value"] for one in known[name].get("choices") or ()]
        assert not choices or value in choices, f"{value!r} is no choice of {name}: {choices}"
        if known[name]["type"] in {INTEGER, NUMBER}:
            low, high = known[name].get("min_value", value), known[name].get("max_value", value)
            assert low <= value <= high, f"{name} is from {low} to {high}"
    return [{"name": name, "type": known[name]["type"], "value": value} for name, value in values.items()]
