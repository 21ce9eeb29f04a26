"""What Slack lets us do in a workspace, line by line."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from adapters.slack.connection import Connection
from adapters.slack.errands import LOST, reason
from adapters.slack.membership import GONE, NO_SOCKET, REFUSED
from adapters.slack.needs import SCOPES
from adapters.slack.place import is_direct
from core.errors import NotAvailable


async def checked(connection: Connection, team: str, channel: str = "") -> list[str]:
    """Return what works in a workspace and what is missing, a sentence each."""
    name, scopes, why = await who(connection, team)
    if why:
        return [why]
    lines = [f"Slack lets me in as {name}.", scopes_told(scopes)]
    lines.append(
        "I listen over sockets that I open myself."
        if connection.access.app_token
        else "Slack sends me events over HTTP; each is checked by its signature."
    )
    lines.append(await upload_trouble(connection, team) or "I can send files.")
    return [*lines, await _place(connection, team, channel)] if channel else lines


async def who(connection: Connection, team: str = "") -> tuple[str, frozenset[str] | None, str]:
    """Return what we are called, the scopes that we have where Slack tells, and a sentence where it lets us not in."""
    try:
        said = await (await connection.client(team)).auth_test()
    except LOST as error:
        why = reason(error)
        if isinstance(error, SlackApiError) and why in GONE:
            return "", None, REFUSED
        return "", None, f"Slack cannot be reached: {why}."
    except NotAvailable as error:
        return "", None, error.message
    return str(said.get("user") or "JARVIS"), granted(said.headers), ""


async def upload_trouble(connection: Connection, team: str = "") -> str:
    """Try what comes first when a file is sent; Slack drops a file that is never finished. Returns what is wrong."""
    try:
        await (await connection.client(team)).files_getUploadURLExternal(filename="check.txt", length=1)
    except LOST as error:
        return f"I cannot send files: {reason(error)}."
    return ""


async def socket_trouble(connection: Connection) -> str:
    """Try whether Slack gives us a socket; returns what is wrong."""
    try:
        await (await connection.client("")).apps_connections_open(app_token=connection.access.app_token)
    except LOST as error:
        why = reason(error)
        return NO_SOCKET.format(why=why) if isinstance(error, SlackApiError) else f"Slack cannot be reached: {why}."
    return ""


def granted(headers: object) -> frozenset[str] | None:
    """Return the scopes that a token has, as Slack tells with each answer; None where it does not."""
    pairs = headers.items() if hasattr(headers, "items") else ()
    told = next((value for name, value in pairs if str(name).lower() == "x-oauth-scopes"), None)
    if told is None:
        return None
    text = ",".join(told) if isinstance(told, list) else str(told)
    return frozenset(part.strip() for part in text.split(",") if part.strip())


def missing(scopes: frozenset[str]) -> list[str]:
    """Return the scopes that we use and do not have."""
    return [scope for scope in SCOPES if scope not in scopes]


def scopes_told(scopes: frozenset[str] | None) -> str:
    """Return what to say about scopes."""
    if scopes is None:
        return "Slack does not tell which scopes I have."
    lacking = missing(scopes)
    if not lacking:
        return "I have all scopes that I use."
    return (
        f"I lack these scopes: {', '.join(lacking)}. Paste the manifest (python -m bot slack-manifest) into the app's "
        "page again and reinstall the app."
    )


async def _place(connection: Connection, team: str, channel: str) -> str:
    if is_direct(channel):
        return "Here I hear everything."
    try:
        found = await (await connection.client(team)).conversations_info(channel=channel)
        member = bool(found["channel"].get("is_member"))
    except SlackApiError:
        member = False
    return (
        "In this channel I hear mentions, and follow-ups in my threads."
        if member
        else "I am not in this channel: /invite me, or I answer you in our direct conversation."
    )
