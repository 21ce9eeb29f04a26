"""The manifest is what the code uses, no more and no less, and Slack takes it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from typer.testing import CliRunner

from adapters.slack.app import Routes
from adapters.slack.manifest import manifest
from adapters.slack.needs import EVENTS, LEGACY_EVENTS, METHODS, SCOPES
from bot.cli.app import app as cli
from tests.simulators.slack.manifest import faults

SOURCE = Path(__file__).parents[3] / "adapters" / "slack"
UPLOAD = ("files.getUploadURLExternal", "files.completeUploadExternal")


class Recorder:
    """Takes listeners as a bolt app does, and writes down for what."""

    def __init__(self) -> None:
        self.asked: dict[str, list[Any]] = {}

    def __getattr__(self, kind: str) -> Any:
        def register(name: Any) -> Any:
            self.asked.setdefault(kind, []).append(name)
            return lambda listener: listener

        return register


def recorded() -> dict[str, list[Any]]:
    """What our listeners listen to, by kind."""
    recorder, nobody = Recorder(), Any
    made = dict.fromkeys(Routes.__dataclass_fields__, nobody)
    Routes(**made).attach(recorder)  # type: ignore[arg-type]
    return recorder.asked


def called() -> Iterator[str]:
    """Every method of Slack's that our code calls."""
    known = {name: name.replace("_", ".") for name in dir(AsyncWebClient) if re.fullmatch(r"[a-z]+_\w+", name)}
    del known["api_call"]
    for file in sorted(SOURCE.glob("*.py")):
        tree = ast.parse(file.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr == "files_upload_v2":
                yield from UPLOAD
            elif isinstance(node, ast.Attribute) and node.attr in known:
                yield known[node.attr]
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in METHODS:
                yield node.value


def test_every_method_that_is_called_has_its_scopes() -> None:
    """Whoever calls another method of Slack's says which scopes it needs; and none is named that nobody calls."""
    found = {name for name in called() if name not in EVENTS}
    assert found <= set(METHODS)
    assert {name for name in METHODS if _used(name)} == set(METHODS)


def _used(name: str) -> bool:
    spelled = re.escape(name.replace(".", "_"))
    texts = (file.read_text() for file in SOURCE.glob("*.py") if file.name not in {"needs.py", "tiers.py"})
    pattern = rf"\b{spelled}\b|[\"']{re.escape(name)}[\"']" + (r"|\bfiles_upload_v2\b" if name in UPLOAD else "")
    return any(re.search(pattern, text) for text in texts)


def test_every_listener_has_its_event() -> None:
    """What we listen to is subscribed to, and what is subscribed to is heard."""
    asked = recorded()
    events = {name for name in asked["event"] if isinstance(name, str)}
    subscribed = {name.partition(".")[0] for name in EVENTS}
    assert events - set(LEGACY_EVENTS) == subscribed
    made = manifest()
    assert made["settings"]["event_subscriptions"]["bot_events"] == sorted(EVENTS)
    assert {one["command"] for one in made["features"]["slash_commands"]} == set(asked["command"])
    assert {one["callback_id"] for one in made["features"]["shortcuts"]} == set(asked["message_shortcut"])
    assert set(made["oauth_config"]["scopes"]["bot"]) == set(SCOPES)


@pytest.mark.parametrize("url", ["", "https://jarvis.example"])
def test_slack_takes_it(url: str) -> None:
    """Fields, lengths and scopes are as Slack wants them, for sockets and for an address."""
    printed = CliRunner().invoke(cli, ["slack-manifest", *(["--url", url] if url else [])])
    assert printed.exit_code == 0
    made = json.loads(printed.output)
    assert faults(made) == []
    assert made["settings"]["socket_mode_enabled"] is not bool(url)
    assert ("redirect_urls" in made["oauth_config"]) is bool(url)
