"""The part of ``/jarvis-admin`` that is not about models: who may ask, how much, what is shown, what is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

import discord
from discord import app_commands

from adapters.concierge import Administration
from adapters.discord.choices import WHERE, channel_of
from adapters.discord.place import scopes_of
from adapters.discord.replies import named_in, tell_lines
from core.bylaws import Bylaw
from core.types import Safety

Command: TypeAlias = app_commands.Command[Any, ..., None]
Count: TypeAlias = app_commands.Range[int, 0, 1_000_000]
Dollars: TypeAlias = app_commands.Range[float, 0.0, 1_000_000.0]

ELSEWHERE = "as elsewhere"
LEVELS = [app_commands.Choice(name=one, value=one) for one in (*Safety, ELSEWHERE)]
DECISIONS = [app_commands.Choice(name=one, value=one) for one in ("allow", "deny")]
ACCESS = (Bylaw.CHANNELS, Bylaw.ROLES, Bylaw.BLOCKED)
LIMITS = (
    Bylaw.REQUESTS_PER_PERSON,
    Bylaw.REQUESTS_PER_CHANNEL,
    Bylaw.SECONDS_PER_PERSON,
    Bylaw.DOLLARS_PER_PERSON,
    Bylaw.APPROVE_SECONDS,
    Bylaw.APPROVE_DOLLARS,
)
LIFTABLE = [app_commands.Choice(name=one.replace("-", " "), value=one) for one in LIMITS]

EMPTY = {
    Bylaw.CHANNELS: "Where no channel is allowed by name, I answer in all of them.",
    Bylaw.ROLES: "Where no role is allowed by name, everybody may ask.",
}


def bylaw_commands(house: Administration) -> list[Command]:
    """Return the commands; each shows what holds when it is told nothing."""
    return [_access(house), _limits(house), _safety(house), _retention(house)]


def _access(house: Administration) -> Command:
    @app_commands.command(name="access", description="Show or set who may ask, and in which channels")
    @app_commands.describe(
        decision="A channel or role that is allowed excludes the others; a person who is denied is not answered",
        channel="Where I answer",
        role="Who may ask",
        person="Somebody in particular",
    )
    @app_commands.choices(decision=DECISIONS)
    async def access(
        interaction: discord.Interaction,
        decision: str = "allow",
        channel: app_commands.AppCommandChannel | None = None,
        role: discord.Role | None = None,
        person: discord.Member | discord.User | None = None,
    ) -> None:
        sign = "+" if decision == "allow" else "-"
        news = {Bylaw.CHANNELS: f"{sign}{channel.id}"} if channel else {}
        news |= {Bylaw.ROLES: f"{sign}{role.id}"} if role else {}
        news |= {Bylaw.BLOCKED: f"{'-' if decision == 'allow' else '+'}{person.id}"} if person else {}
        await _decide(house, interaction, ACCESS, news)

    return access


def _limits(house: Administration) -> Command:
    @app_commands.command(name="limits", description="Show or set how much may be asked in a day; 0 is no limit")
    @app_commands.describe(
        requests_per_person="Requests of one person in a day",
        requests_per_channel="Requests in one channel in a day",
        seconds_per_person="Seconds of our own devices for one person in a day",
        dollars_per_person="US dollars for one person in a day",
        approve_seconds="A plan that is expected to take longer asks first",
        approve_dollars="A plan that is expected to cost more asks first",
        lift="A limit that shall be as it is elsewhere",
        where="This server, or this channel only",
    )
    @app_commands.choices(where=WHERE, lift=LIFTABLE)
    async def limits(  # noqa: PLR0913, PLR0917 - the options of the command
        interaction: discord.Interaction,
        requests_per_person: Count | None = None,
        requests_per_channel: Count | None = None,
        seconds_per_person: Count | None = None,
        dollars_per_person: Dollars | None = None,
        approve_seconds: Count | None = None,
        approve_dollars: Dollars | None = None,
        lift: str | None = None,
        where: str = "server",
    ) -> None:
        told = (
            requests_per_person,
            requests_per_channel,
            seconds_per_person,
            dollars_per_person,
            approve_seconds,
            approve_dollars,
        )
        news = {bylaw: f"{value:.15g}" for bylaw, value in zip(LIMITS, told, strict=True) if value is not None}
        news |= {Bylaw(lift): ""} if lift else {}
        await _decide(house, interaction, LIMITS, news, where)

    return limits


def _safety(house: Administration) -> Command:
    @app_commands.command(name="safety", description="Show or set what becomes of pictures and films that seem unsafe")
    @app_commands.describe(
        level="strict withholds them, blur hides them behind a spoiler, off shows them",
        where="This server, or this channel only",
    )
    @app_commands.choices(level=LEVELS, where=WHERE)
    async def safety(interaction: discord.Interaction, level: str | None = None, where: str = "server") -> None:
        news = {Bylaw.SAFETY: "" if level == ELSEWHERE else level} if level else {}
        await _decide(house, interaction, [Bylaw.SAFETY], news, where)

    return safety


def _retention(house: Administration) -> Command:
    @app_commands.command(name="retention", description="Show or set after how many days all is deleted")
    @app_commands.describe(
        days="Days after which requests, answers and files are deleted; 0 keeps them",
        lift="Have it as it is elsewhere",
        where="This server, or this channel only",
    )
    @app_commands.choices(where=WHERE)
    async def retention(
        interaction: discord.Interaction,
        days: app_commands.Range[int, 0, 36_500] | None = None,
        lift: bool = False,  # noqa: FBT001, FBT002 - an option of the command
        where: str = "server",
    ) -> None:
        news = {Bylaw.RETENTION_DAYS: "" if lift else str(days)} if lift or days is not None else {}
        await _decide(house, interaction, [Bylaw.RETENTION_DAYS], news, where)

    return retention


async def _decide(
    house: Administration,
    interaction: discord.Interaction,
    about: Collection[Bylaw],
    news: Mapping[Bylaw, str],
    where: str = "server",
) -> None:
    """Set what is told for the server or this channel, and say what comes of it.

    Told nothing, say what holds of what the command is ``about``.
    """
    channel, server, *wider = scopes_of(interaction.guild_id, channel_of(interaction))
    scope, by = server if where == "server" else channel, str(interaction.user.id)
    said: list[str] = []
    for bylaw, value in news.items():
        said.append(await house.set_bylaw(scope, bylaw, value, by=by))
        said += [EMPTY[bylaw]] if bylaw in EMPTY else []
    shown = said or await house.show_bylaws(channel, server, *wider, bylaws=about)
    await tell_lines(interaction, named_in(shown, interaction.guild))
