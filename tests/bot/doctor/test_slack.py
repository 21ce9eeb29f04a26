"""The doctor at Slack: good tokens, bad ones, none; scopes, upload and sockets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from slack_sdk.oauth.installation_store import Installation

from adapters.slack.needs import SCOPES
from bot.doctor.finding import Finding, Health
from bot.doctor.slack import AGAIN, slack
from bot.settings import Settings, read_settings
from migrations import upgrade
from storage.engine import open_engine
from storage.installations import Installations
from tests.simulators.slack import Simulator

pytestmark = pytest.mark.anyio


async def found(settings: Settings) -> dict[str, Finding]:
    """What the doctor finds, by name."""
    return {finding.name: finding async for finding in slack(settings)}


def at(here: Simulator, **changes: Any) -> Settings:
    """Settings for this Slack."""
    given = {"slack_bot_token": here.bot_token, "slack_app_token": here.app.app_token, "slack_api_base": here.api}
    return read_settings(**(given | changes))


async def test_good_tokens_find_all_well() -> None:
    """It lets us in, grants what we use, takes files, and gives a socket."""
    async with Simulator() as here:
        findings = await found(at(here))
    assert {finding.health for finding in findings.values()} == {Health.OK}
    assert findings["Slack scopes"].words == "I have all scopes that I use."


async def test_what_is_missing_is_named() -> None:
    """Scopes by name with what to do, and what does not work without them."""
    async with Simulator() as here:
        here.scopes("files:write", "users:read")
        findings = await found(at(here))
    assert findings["Slack scopes"].health is Health.NOTE
    assert "files:write, users:read" in findings["Slack scopes"].words
    assert "slack-manifest" in findings["Slack scopes"].words
    assert findings["Slack files"].words == "I cannot send files: missing_scope."
    assert {"files:write", "users:read"} <= set(SCOPES)


async def test_bad_tokens_are_told_and_never_shown() -> None:
    """Each ends in what to do."""
    async with Simulator() as here:
        bot = await found(at(here, slack_bot_token="xoxb-wrong-wrong"))
        app = await found(at(here, slack_app_token="xapp-wrong-wrong"))
    assert bot["Slack"].health is Health.BROKEN
    assert "SLACK_BOT_TOKEN" in bot["Slack"].words
    assert app["Slack sockets"].health is Health.BROKEN
    assert "SLACK_APP_TOKEN" in app["Slack sockets"].words
    assert "wrong" not in str((bot, app))


async def test_of_several_workspaces_those_that_lack_something_are_named(tmp_path: Path) -> None:
    """Scopes that they did not grant, and tokens that they took back; all others are only counted."""
    told = {"slack_bot_token": "", "slack_client_id": "1.2", "slack_client_secret": "s", "data_dir": tmp_path}
    async with Simulator() as here:
        settings = at(here, **told)
        await upgrade(settings.database)
        store = Installations(open_engine(settings.database), settings.slack_client_id)
        well, poor, gone = (here.team(name) for name in ("Well", "Poor", "Gone"))
        tokens = {well.id: here.install(well), poor.id: here.install(poor, frozenset({"chat:write"}))}
        for team in (well, poor, gone):
            token = tokens[team.id].value if team.id in tokens else "xoxb-taken-back"
            made = Installation(
                app_id="A1", user_id="U1", team_id=team.id, bot_token=token, bot_id="B1", bot_user_id="U2"
            )
            await store.store.async_save(made)
        await store.close()
        findings = await found(settings)
    assert findings["Slack workspaces"].words == "3 workspaces installed the app."
    assert "I lack these scopes: app_mentions:read" in findings[f"Slack {poor.id}"].words
    assert findings[f"Slack {gone.id}"].words == AGAIN
    assert f"Slack {well.id}" not in findings


async def test_without_tokens_nobody_is_asked() -> None:
    """Slack is optional; half of what it needs is named."""
    assert (await found(read_settings()))["Slack"].health is Health.OK
    half = (await found(read_settings(slack_bot_token="xoxb-1-2-3")))["Slack"]
    assert half.health is Health.BROKEN
    assert "SLACK_APP_TOKEN" in half.words


async def test_slack_away_is_told() -> None:
    """When nobody answers, that is a sentence."""
    away = {"slack_bot_token": "xoxb-x", "slack_app_token": "xapp-x", "slack_api_base": "http://127.0.0.1:9/api"}
    assert "cannot be reached" in (await found(read_settings(**away)))["Slack"].words
