"""The doctor at Discord: a good token, a bad one, none; intents and the invitation."""

from __future__ import annotations

import pytest

from bot.doctor.discord import discord
from bot.doctor.finding import Finding, Health
from bot.settings import Settings, read_settings
from tests.simulators.discord import Simulator

pytestmark = pytest.mark.anyio


async def found(settings: Settings) -> list[Finding]:
    """What the doctor finds."""
    return [finding async for finding in discord(settings)]


def at(here: Simulator, token: str = "") -> Settings:
    """Settings for this Discord."""
    return read_settings(discord_token=token or here.token, discord_api_base=here.api, discord_gateway=here.gateway.url)


@pytest.mark.parametrize(("content", "health"), [(False, Health.NOTE), (True, Health.OK)])
async def test_a_good_token_gets_intents_and_invitation(content: bool, health: Health) -> None:
    """It says who we are, what the portal grants, and prints a link with exactly the rights that are used."""
    async with Simulator(content=content) as here:
        here.person("Ada")
        well, intents, invitation = await found(at(here))
    assert (well.health, well.words) == (Health.OK, "lets me in as jarvis.")
    assert intents.health is health
    assert f"client_id={here.world.bot.id}" in invitation.words
    assert "permissions=309237763072" in invitation.words
    assert "scope=bot+applications.commands" in invitation.words


async def test_a_bad_token_is_told_and_never_shown() -> None:
    """A token that Discord does not know ends in what to do."""
    async with Simulator() as here:
        (finding,) = await found(at(here, token="wrong"))
    assert finding.health is Health.BROKEN
    assert "DISCORD_TOKEN" in finding.words


async def test_without_a_token_nobody_is_asked() -> None:
    """Discord is optional."""
    (finding,) = await found(read_settings())
    assert finding.health is Health.OK


async def test_discord_away_is_told() -> None:
    """When nobody answers, that is a sentence."""
    (finding,) = await found(read_settings(discord_token="x", discord_api_base="http://127.0.0.1:9/api"))
    assert (finding.health, finding.words) == (Health.BROKEN, "Discord cannot be reached.")
