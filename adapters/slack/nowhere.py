"""Where Slack lets us say nothing at all: who can mend that is told how, and who asked sees at least a sign."""

from __future__ import annotations

import structlog
from slack_sdk.errors import SlackApiError

from adapters.slack.away import TROUBLE
from adapters.slack.connection import Connection, error_of
from adapters.slack.errands import LOST
from adapters.slack.place import ts_of
from adapters.slack.replies import plain
from core.types import Origin

NOWHERE = "nowhere"
"""The handle of a request that can be answered nowhere."""

SIGN = "no_entry_sign"

SCOPE = (
    "Slack does not let me write here: the app lacks the scope {scope}. Somebody who administers it has to paste its "
    "manifest (python -m bot slack-manifest) into the app's page again, and reinstall it."
)
REFUSED = "Slack does not let me write here ({why}). An admin of this workspace can change that."

log = structlog.get_logger(__name__)


def is_refusal(error: SlackApiError) -> bool:
    """Whether Slack does not want what was asked of it: asking again does not help."""
    return error_of(error) not in TROUBLE


def sentence(error: SlackApiError) -> str:
    """Return what keeps us from writing, and what helps."""
    why = error_of(error)
    if why == "missing_scope":
        return SCOPE.format(scope=error.response.get("needed") or "chat:write")
    return REFUSED.format(why=why)


async def signal(connection: Connection, origin: Origin, author: str, error: SlackApiError) -> None:
    """Tell the log and, as well as Slack allows, who asked: in words that they alone read, else by a sign."""
    why, team, channel = sentence(error), origin.workspace, origin.channel
    log.error("nowhere to answer", team=team, channel=channel, message=origin.message, why=why)
    try:
        await connection.ephemeral(team, channel, author, text=plain(why), thread=origin.conversation)
    except LOST:
        await _mark(connection, origin)


async def _mark(connection: Connection, origin: Origin) -> None:
    try:
        client = await connection.client(origin.workspace)
        await client.reactions_add(channel=origin.channel, timestamp=ts_of(origin), name=SIGN)
    except LOST as error:
        log.warning("nobody could be told", channel=origin.channel, message=origin.message, why=str(error))
