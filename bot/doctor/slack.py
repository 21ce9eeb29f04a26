"""Slack: whether it lets us in, the scopes that it grants, and whether files can be sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from bot.doctor.finding import Finding, broken, note, ok
from bot.extras import lacking
from bot.settings import Settings
from bot.slack import is_set_up, slack_access, slack_installations
from core.amounts import counted
from core.errors import JarvisError

if TYPE_CHECKING:
    from adapters.slack.connection import Connection

SEVERAL = "set up for several workspaces: each that installs the app gives a token of its own."
AGAIN = "Slack refuses the token of this workspace: somebody there has to install the app again."

WORKSPACES = 20
"""That are looked at, where several have installed the app."""


async def slack(settings: Settings) -> AsyncIterator[Finding]:
    """Check that Slack accepts the tokens, where any are set."""
    if not is_set_up(settings):
        yield ok("Slack", "not set up; the README says how in numbered steps.")
        return
    try:
        from adapters.slack.connection import Connection
    except ModuleNotFoundError as error:
        yield broken("Slack", lacking(error, "slack"))
        return
    try:
        connection = Connection(slack_access(settings))
    except JarvisError as error:
        yield broken("Slack", error.message)
        return
    try:
        async for finding in _asked(connection):
            yield finding
    finally:
        await connection.close()
    async for finding in _workspaces(settings):
        yield finding


async def _workspaces(settings: Settings) -> AsyncIterator[Finding]:
    """Tell how many workspaces have installed the app, and of some what they lack."""
    from adapters.slack.connection import Connection

    installations = slack_installations(settings)
    if installations is None:
        return
    connection = Connection(slack_access(settings), installations.token)
    try:
        teams = await installations.teams()
        yield ok("Slack workspaces", f"{counted(len(teams), 'workspace')} installed the app.")
        for team in teams[:WORKSPACES]:
            if said := await _lacks(connection, team):
                yield note(f"Slack {team}", said)
    except JarvisError as error:
        yield note("Slack workspaces", error.message)
    finally:
        await connection.close()
        await installations.close()


async def _lacks(connection: Connection, team: str) -> str:
    """Return what a workspace lacks."""
    from adapters.slack.checkup import missing, scopes_told, who
    from adapters.slack.membership import REFUSED

    _, scopes, why = await who(connection, team)
    if why:
        return AGAIN if why == REFUSED else why
    return scopes_told(scopes) if scopes is not None and missing(scopes) else ""


async def _asked(connection: Connection) -> AsyncIterator[Finding]:
    from adapters.slack.checkup import missing, scopes_told, socket_trouble, upload_trouble, who

    if connection.access.bot_token:
        name, scopes, why = await who(connection)
        if why:
            yield broken("Slack", why)
            return
        yield ok("Slack", f"lets me in as {name}.")
        lacking = scopes is not None and bool(missing(scopes))
        yield (note if lacking else ok)("Slack scopes", scopes_told(scopes))
        trouble = await upload_trouble(connection)
        yield note("Slack files", trouble) if trouble else ok("Slack files", "can be sent.")
    else:
        yield ok("Slack", SEVERAL)
    if not connection.access.app_token:
        yield ok("Slack events", "come over HTTP; each is checked by its signature.")
        return
    trouble = await socket_trouble(connection)
    yield broken("Slack sockets", trouble) if trouble else ok("Slack sockets", "Socket Mode is on.")
