"""``/jarvis-admin``: a form in which the admins of a workspace see and decide."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import anyio
from slack_bolt.context.ack.async_ack import AsyncAck

from adapters.concierge import Administration
from adapters.slack.asking import Asker
from adapters.slack.blocks import (
    SECTION_CHARS,
    Piece,
    about_of,
    button,
    choice,
    field,
    filled,
    header,
    modal,
    mrkdwn,
    option,
    pick,
    row,
    small,
)
from adapters.slack.connection import Connection
from adapters.slack.errands import Errands
from adapters.slack.people import People
from adapters.slack.place import is_direct, scopes_of
from adapters.slack.presses import LOADING, VIEW_SECONDS, asker_in
from adapters.slack.replies import plain
from core.bylaws import Bylaw
from core.errors import JarvisError
from core.types import Mode

ADMIN = "/jarvis-admin"
FORM = "jarvis/admin"
SHOW = "jarvis/show/"
"""How the id of a button starts that shows something; what follows says what."""

NOT_ADMIN = "Only admins of this workspace, and people named by whoever runs JARVIS, can do that."
MOMENT = "One moment …"
TITLE = "JARVIS here"

KNOW_SECONDS = 1.2
"""In which Slack should say whether somebody is an admin; then the form opens before it does, and waits."""

LINES = 60
WORKSPACE, CHANNEL = "workspace", "channel"
_PLACE = re.compile(r"\bslack/[TE][A-Z0-9]+(?:/([CG][A-Z0-9]+))?\b")
_PERSON = re.compile(r"\b[UW][A-Z0-9]{8,}\b")


class Admin:
    """Shows the form and does what it says."""

    def __init__(self, connection: Connection, house: Administration, people: People, errands: Errands) -> None:
        """Have ``house`` do it."""
        self._connection = connection
        self._house = house
        self._people = people
        self._errands = errands

    async def on_command(self, team: str, body: Mapping[str, Any], ack: AsyncAck) -> None:
        """Open the form for an admin, at once because Slack's leave to do so ends soon; others read why not."""
        asker = Asker(team=team, channel=str(body.get("channel_id") or ""), user=str(body.get("user_id") or ""))
        may: bool | None = None
        with anyio.move_on_after(KNOW_SECONDS):
            may = await self._people.is_admin(team, asker.user)
        if may is False:
            await ack(text=NOT_ADMIN, response_type="ephemeral")
            return
        client = await self._connection.client(team)
        with anyio.fail_after(VIEW_SECONDS - KNOW_SECONDS):
            loading = modal(TITLE, LOADING, [small(MOMENT)])
            opened = await client.views_open(trigger_id=str(body.get("trigger_id") or ""), view=loading)
        await ack()
        self._errands.start(self._fill, asker, str(opened["view"]["id"]))

    async def _fill(self, asker: Asker, view: str) -> None:
        may = await self._people.is_admin(asker.team, asker.user)
        made = await self._form(asker) if may else modal(TITLE, LOADING, [small(NOT_ADMIN)])
        await self._update(asker.team, view, made)

    async def _update(self, team: str, view: str, made: Piece) -> None:
        await (await self._connection.client(team)).views_update(view_id=view, view=made)

    # ------------------------------------------------------------ the form

    async def _form(self, asker: Asker, said: Sequence[str] = ()) -> Piece:
        channel, *wider = scopes_of(asker.team, asker.channel)
        scopes = tuple(wider) if is_direct(asker.channel) else (channel, *wider)
        now = [
            await self._house.show_mode(*scopes),
            *await self._house.show_bylaws(*scopes),
            *await self._house.show_rules(*scopes[:2]),
        ]
        pieces = [
            *told(said),
            row([button(one.capitalize(), f"{SHOW}{one}") for one in ("status", "usage", "audit")], "show"),
            header("As it is"),
            *told(now),
            header("Decide"),
            _where(asker.channel),
            choice("mode", "Where models may run", [option(one, one) for one in Mode], needed=False),
            choice("bylaw", "What else", [option(one, one) for one in Bylaw], needed=False),
            field("value", "Its value; empty leaves it to the wider place. Lists: +ID, -ID", needed=False),
            pick("person", "Whom it is about, for blocked", "users_select"),
            pick("place", "Which channel, for channels", "conversations_select"),
            field("deny", "Keep out", example="a model's id, or author: licence: task: with a name", needed=False),
            field("undo", "Keep out no longer", needed=False),
            field("prefer", "Goes first", example="TASK=MODEL; TASK= takes that back", needed=False),
        ]
        return modal(TITLE, FORM, pieces, about={"channel": asker.channel}, submit="Decide")

    async def on_form(self, team: str, body: Mapping[str, Any], ack: AsyncAck) -> None:
        """Do what the form says, and show how it is then, or what is wrong by field."""
        view, asker = body["view"], asker_in(team, body)
        with anyio.move_on_after(VIEW_SECONDS) as limit:
            if not await self._people.is_admin(team, asker.user):
                await ack(response_action="errors", errors={"where": NOT_ADMIN})
                return
        if limit.cancelled_caught:
            await ack(response_action="errors", errors={"where": "Slack takes too long. Please try again."})
            return
        said: list[str] = []
        for name in ("mode", "bylaw", "deny", "undo", "prefer"):
            try:
                said += [await self._decide(asker, view, name)] if filled(view, name) else []
            except JarvisError as error:
                await ack(response_action="errors", errors={"value" if name == "bylaw" else name: error.message})
                return
        await ack(response_action="update", view=await self._form(asker, said or ["Nothing was decided."]))

    async def _decide(self, asker: Asker, view: Mapping[str, Any], name: str) -> str:
        channel, workspace, *_ = scopes_of(asker.team, asker.channel)
        scope = channel if filled(view, "where") == CHANNEL else workspace
        value, house, by = filled(view, name), self._house, asker.user
        match name:
            case "mode":
                return await house.set_mode(scope, value, by=by)
            case "bylaw":
                return await house.set_bylaw(scope, Bylaw(value), _value(view, Bylaw(value)), by=by)
            case "deny":
                return await house.deny(value, scope=scope, by=by)
            case "undo":
                return await house.undo(value, scope=scope, by=by)
            case _:
                return await house.prefer(value, scope=scope, by=by)

    # ------------------------------------------------------------ what the form shows

    async def on_show(self, team: str, body: Mapping[str, Any], action: Mapping[str, Any]) -> None:
        """Show something above the form; what was filled in stays as it was."""
        self._errands.start(self._show, asker_in(team, body), body["view"], str(action.get("action_id")))

    async def _show(self, asker: Asker, view: Mapping[str, Any], action: str) -> None:
        if not await self._people.is_admin(asker.team, asker.user):
            return
        channel, *wider = scopes_of(asker.team, str(about_of(view).get("channel") or ""))
        match action.removeprefix(SHOW):
            case "status":
                lines = await self._house.overview(channel, *wider)
            case "usage":
                lines = await self._house.spent(*wider)
            case _:
                lines = await self._house.audit(channel, wider[0])
        await self._update(asker.team, str(view["id"]), await self._form(asker, lines or ["There is nothing yet."]))


def told(lines: Sequence[str]) -> list[Piece]:
    """Return lines as paragraphs that hold as many as they can, people and channels by name."""
    pieces: list[str] = []
    for line in lines[:LINES]:
        text = _PLACE.sub(_place, plain(line, SECTION_CHARS // 4))
        text = _PERSON.sub(lambda found: f"<@{found.group()}>", text)
        if pieces and len(pieces[-1]) + len(text) < SECTION_CHARS:
            pieces[-1] += f"\n{text}"
        else:
            pieces.append(text)
    return [mrkdwn(piece) for piece in pieces]


def _place(scope: re.Match[str]) -> str:
    """Return how people call what a decision holds for."""
    return f"<#{scope.group(1)}>" if scope.group(1) else "this workspace"


def _value(view: Mapping[str, Any], bylaw: Bylaw) -> str:
    """Return what a form says a bylaw shall be: who or what was picked joins a list, or with "-" leaves it."""
    written = filled(view, "value").strip()
    picked = filled(view, {Bylaw.BLOCKED: "person", Bylaw.CHANNELS: "place"}.get(bylaw, ""))
    return f"{written or '+'}{picked}" if picked and written in {"", "+", "-"} else written


def _where(channel: str) -> Piece:
    """Return the list of places to decide for."""
    everywhere = option("This workspace", WORKSPACE)
    here = [] if is_direct(channel) else [option("This channel only", CHANNEL)]
    return choice("where", "Where", [everywhere, *here], chosen=everywhere)
