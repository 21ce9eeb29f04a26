"""What Slack lets us do in a workspace, line by line."""

from __future__ import annotations

from slack_sdk.errors import SlackApiError

from adapters.slack.errands import LOST, reason
from adapters.slack.line import Line
from adapters.slack.needs import SCOPES
from adapters.slack.place import is_direct


async def checked(line: Line, team: str, channel: str = "") -> list[str]:
    """Return what works here and what is missing."""
    try:
        said = await (await line.client(team)).auth_test()
    except LOST as error:
        return [f"Slack does not let me in: {reason(error)}."]
    lines = [f"Slack lets me in as {said.get('user', 'JARVIS')}.", scopes_told(granted(said.headers))]
    lines.append(
        "I listen over a socket that I open myself."
        if line.access.app_token
        else "Slack sends me events over HTTP; each is checked by its signature."
    )
    if channel:
        lines.append(await _place(line, team, channel))
        lines.append(await _upload(line, team))
    return lines


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


async def _place(line: Line, team: str, channel: str) -> str:
    if is_direct(channel):
        return "Here I hear everything."
    try:
        found = await (await line.client(team)).conversations_info(channel=channel)
        member = bool(found["channel"].get("is_member"))
    except SlackApiError:
        member = False
    return (
        "In this channel I hear mentions, and follow-ups in my threads."
        if member
        else "I am not in this channel: /invite me, or I answer you in our direct conversation."
    )


async def _upload(line: Line, team: str) -> str:
    """Try what comes first when a file is sent; a file that is never finished is dropped by Slack."""
    try:
        await (await line.client(team)).files_getUploadURLExternal(filename="check.txt", length=1)
    except LOST as error:
        return f"I cannot send files: {reason(error)}."
    return "I can send files."
