"""The slack-bolt app: what Slack tells, sorted to who acts on it."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import slack_bolt as bolt
import structlog
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.admin import ADMIN, FORM, SHOW, Admin
from adapters.slack.blocks import modal, words
from adapters.slack.commands import ASK, COMMAND, MENU, SHORTCUT, Commands
from adapters.slack.connection import Connection
from adapters.slack.errands import Errands
from adapters.slack.hearing import Heard
from adapters.slack.home import Home
from adapters.slack.leaving import Leaving
from adapters.slack.listener import Listener
from adapters.slack.membership import Homes, Membership
from adapters.slack.presses import CHANGE, LOADING, MODEL, Presses
from adapters.slack.subscribed import Subscribed
from core.errors import JarvisError

ANYTHING = re.compile("")

log = structlog.get_logger(__name__)


def bolt_app(connection: Connection, oauth: AsyncOAuthFlow | None = None) -> AsyncApp:
    """Return the app without any listeners.

    It acknowledges only when a listener has returned, and what a listener raises is not acknowledged at all.
    """
    logging.getLogger(f"{bolt.__name__}.{AsyncApp.__name__}").addFilter(_is_news)
    app = AsyncApp(
        name="jarvis",
        process_before_response=True,
        signing_secret=connection.access.signing_secret,
        client=AsyncWebClient(base_url=connection.access.api),
        before_authorize=Homes(connection).on_act,
        authorize=cast("Any", Membership(connection)),
        oauth_flow=oauth,
        attaching_conversation_kwargs_enabled=False,
    )
    app.error(_failed)
    return app


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a line of the library tells something: that it found our token in the environment, too, does not."""
    return record.msg != warning_client_prioritized_and_token_skipped()


async def _failed(error: Exception) -> None:
    if isinstance(error, JarvisError):
        log.warning("not acknowledged, so that Slack tells again", why=error.message)
    else:
        log.error("listener failed", exc_info=error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """Who acts on what."""

    listener: Listener
    home: Home
    commands: Commands
    presses: Presses
    admin: Admin
    leaving: Leaving
    subscribed: Subscribed
    errands: Errands

    def attach(self, app: AsyncApp) -> None:
        """Be told of everything that the manifest names."""
        app.event("message")(self.on_message)
        app.event("app_mention")(self.on_mention)
        app.event("app_home_opened")(self.on_home)
        app.event("assistant_thread_started")(self.on_conversation)
        app.event("agent_session_stopped")(self.on_stopped)
        app.event("app_uninstalled")(self.on_uninstalled)
        app.event("tokens_revoked")(self.on_revoked)
        app.command(COMMAND)(self.on_command)
        app.command(ADMIN)(self.on_admin)
        app.message_shortcut(SHORTCUT)(self.on_shortcut)
        app.view(ASK)(self.on_asked)
        app.view(CHANGE)(self.on_change)
        app.view(MODEL)(self.on_model)
        app.view(FORM)(self.on_form)
        app.view(LOADING)(self.on_anything)
        app.action(re.compile(f"^{SHOW}"))(self.on_show)
        app.action(ANYTHING)(self.on_action)
        app.event(ANYTHING)(self.on_anything)

    # ------------------------------------------------------------ events

    async def on_message(self, event: Mapping[str, Any], context: AsyncBoltContext) -> None:
        """Hear what was said, changed or deleted."""
        self.subscribed.note(event)
        await self.listener.on_event(context.team_id or "", context.bot_user_id or "", event)

    async def on_mention(self, event: Mapping[str, Any], context: AsyncBoltContext) -> None:
        """Hear a mention: the same message may come as a message, too."""
        self.subscribed.note(event)
        heard = Heard(team=context.team_id or "", channel=str(event.get("channel") or ""), event=event)
        await self.listener.on_message(heard, context.bot_user_id or "")

    async def on_home(self, event: Mapping[str, Any], context: AsyncBoltContext) -> None:
        """Show our page, or offer requests in the conversation."""
        self.errands.start(self.home.on_opened, context.team_id or "", event)

    async def on_conversation(self, event: Mapping[str, Any], context: AsyncBoltContext) -> None:
        """Offer requests where somebody begins a conversation."""
        begun = event.get("assistant_thread") or {}
        channel, thread = str(begun.get("channel_id") or ""), str(begun.get("thread_ts") or "")
        self.errands.start(self.home.suggest, context.team_id or "", channel, thread)

    async def on_stopped(self, event: Mapping[str, Any], context: AsyncBoltContext) -> None:
        """Stop what is under way in a conversation."""
        await self.listener.on_stopped(context.team_id or "", event)

    async def on_uninstalled(self, context: AsyncBoltContext) -> None:
        """Forget a workspace that threw us out."""
        await self.leaving.on_uninstalled(context.team_id or "")

    async def on_revoked(self, event: Mapping[str, Any], context: AsyncBoltContext) -> None:
        """Forget tokens that were taken back."""
        await self.leaving.on_revoked(context.team_id or "", event)

    async def on_anything(self, ack: AsyncAck) -> None:
        """Let Slack know that what means nothing to us has arrived."""
        await ack()

    # ------------------------------------------------------------ commands, buttons and forms

    async def on_command(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Do what a slash command says."""
        await self.commands.on_command(context.team_id or "", body, ack)

    async def on_admin(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Open the form in which admins decide."""
        await self.admin.on_command(context.team_id or "", body, ack)

    async def on_form(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Take what an admin decides."""
        await self.admin.on_form(context.team_id or "", body, ack)

    async def on_show(
        self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        """Show an admin something."""
        await self.admin.on_show(context.team_id or "", body, action)
        await ack()

    async def on_shortcut(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Ask what to do with a message."""
        await self.commands.on_shortcut(context.team_id or "", body)
        await ack()

    async def on_action(
        self, ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], context: AsyncBoltContext
    ) -> None:
        """Act on a button or a list."""
        await self.presses.on_action(context.team_id or "", body, action)
        await ack()

    async def on_asked(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Take what was asked about a message."""
        wrong, said = await self.commands.on_asked(context.team_id or "", body)
        if said:
            await ack(response_action="update", view=modal(MENU, LOADING, [words(said)]))
        else:
            await _close(ack, wrong)

    async def on_change(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Take what shall be done instead."""
        await _close(ack, await self.presses.on_change(context.team_id or "", body))

    async def on_model(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        """Take which model shall do a step."""
        await _close(ack, await self.presses.on_model(context.team_id or "", body))


async def _close(ack: AsyncAck, wrong: Mapping[str, str]) -> None:
    """Close a form, or say what is wrong in it."""
    if wrong:
        await ack(response_action="errors", errors=dict(wrong))
    else:
        await ack()
