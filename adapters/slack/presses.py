"""Buttons and the forms that they open. What they mean stands in their ids: no restart forgets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import anyio

from adapters.another import NO_OTHER, fitting, named, open_steps, redone, told
from adapters.concierge import Concierge
from adapters.press import Press, Verb
from adapters.slack.asides import NOT_YOURS
from adapters.slack.asking import Asker, Asking
from adapters.slack.blocks import (
    VALUE_CHARS,
    Piece,
    about_of,
    button,
    choice,
    field,
    filled,
    modal,
    option,
    row,
    small,
    words,
)
from adapters.slack.connection import Connection
from adapters.slack.details import details
from adapters.slack.errands import LOST, Errands
from adapters.slack.people import People
from adapters.slack.place import anew
from adapters.slack.replies import tell
from adapters.slack.takeback import take_back
from core.errors import BadInput, JarvisError, StoreFailed, words_for
from core.types import Request

GONE = "I do not remember this request any more."

CHANGE = "jarvis/change"
MODEL = "jarvis/model"
LOADING = "jarvis/loading"
"""What the forms are called."""

TASK = "task-"
"""How the field of a step is called; its number follows."""

STEPS = 20
"""Steps in one form."""

VIEW_SECONDS = 2.5
"""In which a form must be open: Slack's leave to open one ends after three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button that somebody pressed."""

    asker: Asker
    press: Press
    trigger: str  # with which a form may be opened
    at: str  # unique to this press
    chosen: str = ""  # from a list
    view: str = ""  # the form that it is in


class Presses:
    """Acts on what is pressed and filled in."""

    def __init__(
        self, connection: Connection, concierge: Concierge, people: People, asking: Asking, errands: Errands
    ) -> None:
        """Act through ``concierge`` and ``asking``."""
        self._connection = connection
        self._concierge = concierge
        self._people = people
        self._asking = asking
        self._errands = errands

    async def on_action(self, team: str, body: Mapping[str, Any], action: Mapping[str, Any]) -> None:
        """Act on a press; whatever goes wrong is told to who pressed. Raises StoreFailed."""
        pressed = pressed_in(team, body, action)
        if pressed is None:
            return
        try:
            await self._press(pressed)
        except StoreFailed:
            raise
        except JarvisError as error:
            self._tell(pressed.asker, error.message)
        except LOST as error:
            self._tell(pressed.asker, words_for(error))

    async def _press(self, pressed: Pressed) -> None:  # noqa: C901 - one arm a button is the point
        press, asker = pressed.press, pressed.asker
        if press.verb is not Verb.DETAILS and not await self._may(asker, press.author):
            self._tell(asker, NOT_YOURS)
            return
        match press.verb:
            case Verb.STOP | Verb.CANCEL:
                self._tell(asker, await self._concierge.stop(press.request, by=self._asking.name(asker)))
            case Verb.RUN:
                self._tell(asker, await self._concierge.approve(press.request, by=self._asking.name(asker)))
            case Verb.AGAIN:
                await self._again(pressed)
            case Verb.CHANGE:
                await self._open_change(pressed)
            case Verb.UP | Verb.DOWN:
                self._tell(asker, await self._concierge.rate(press.request, good=press.verb is Verb.UP))
            case Verb.STEP:
                await self._open_models(pressed)
            case Verb.MODEL:
                await self._redo(asker, press.request, int(press.more), pressed.chosen, why=f"model-{pressed.at}")
            case Verb.DETAILS:
                await self._open_details(pressed)
            case Verb.DELETE:
                self._errands.start(take_back, self._connection, self._concierge, press.request)

    async def _may(self, asker: Asker, author: str) -> bool:
        """Whether somebody may act on what ``author`` asked."""
        if asker.user == author:
            return True
        with anyio.move_on_after(VIEW_SECONDS):
            return await self._people.is_admin(asker.team, asker.user)
        return False

    async def _again(self, pressed: Pressed) -> None:
        request = await self._known(pressed.press.request)
        trace = await self._concierge.trace(request.id)
        await self._asking.again(pressed.asker, request, trace, why=f"again-{pressed.at}")

    async def _known(self, number: str) -> Request:
        request = await self._concierge.request(number)
        if request is None:
            raise BadInput(GONE)
        return request

    # ------------------------------------------------------------ forms

    async def _open_change(self, pressed: Pressed) -> None:
        request = await self._known(pressed.press.request)
        question = field("text", "What shall I do instead?", example="Draw it in blue.", text=request.text, lines=True)
        await self._open(pressed, modal("Change the request", CHANGE, [question], about=_about(pressed), submit="Ask"))

    async def _open_models(self, pressed: Pressed) -> None:
        """Open a form at once: which models there are takes longer than Slack's leave to open it."""
        view = await self._open(pressed, modal("Another model", LOADING, [small("One moment …")]))
        self._errands.start(self._fill_models, pressed, view)

    async def _fill_models(self, pressed: Pressed, view: str) -> None:
        number = pressed.press.request
        trace = await self._concierge.trace(number)
        found = [step for step in open_steps(trace) if pressed.chosen in {"", str(step.task)}]
        pieces: list[Piece] = []
        for step in found[:STEPS]:
            others = fitting(await self._concierge.alternatives(number, step.task), VALUE_CHARS)
            options = [option(f"{one.model} · {told(one)}", one.model) for one in others]
            if options:
                pieces.append(choice(f"{TASK}{step.task}", f"{named(step)}, now {step.model}", options, needed=False))
        about = _about(pressed)
        made = modal("Another model", MODEL, pieces or [words(NO_OTHER)], about=about, submit="Run" if pieces else "")
        await self._update(pressed.asker.team, view, made)

    async def _open_details(self, pressed: Pressed) -> None:
        view = await self._open(pressed, modal("Details", LOADING, [small("One moment …")]))
        self._errands.start(self._fill_details, pressed, view)

    async def _fill_details(self, pressed: Pressed, view: str) -> None:
        trace = await self._concierge.trace(pressed.press.request)
        press = Press(
            verb=Verb.STEP, request=pressed.press.request, author=pressed.press.author, more=pressed.press.more
        )
        other = [row([button("Another model", str(press), str(press))])] if open_steps(trace) else []
        made = modal("Details", LOADING, [*details(trace), *other], about=_about(pressed))
        await self._update(pressed.asker.team, view, made)

    async def _open(self, pressed: Pressed, view: Piece) -> str:
        """Open a form, or where one is open put it in its place; returns its id."""
        if pressed.view:
            await self._update(pressed.asker.team, pressed.view, view)
            return pressed.view
        client = await self._connection.client(pressed.asker.team)
        with anyio.fail_after(VIEW_SECONDS):
            opened = await client.views_open(trigger_id=pressed.trigger, view=view)
        return str(opened["view"]["id"])

    async def _update(self, team: str, number: str, view: Piece) -> None:
        await (await self._connection.client(team)).views_update(view_id=number, view=view)

    # ------------------------------------------------------------ what was filled in

    async def on_change(self, team: str, body: Mapping[str, Any]) -> Mapping[str, str]:
        """Ask what was written in the form; returns what is wrong with it, by field. Raises StoreFailed."""
        view = body["view"]
        about, asker = about_of(view), asker_in(team, body)
        press = Press.read(str(about.get("press")))
        if press is None:
            return {"text": GONE}
        try:
            if not await self._may(asker, press.author):
                return {"text": NOT_YOURS}
            request = await self._known(press.request)
            trace = await self._concierge.trace(request.id)
            text = filled(view, "text")
            await self._asking.again(asker, request, trace, why=f"changed-{view['id']}", text=text)
            if trace.held is not None and not trace.over:  # what is asked instead takes its place
                await self._concierge.stop(request.id, by=self._asking.name(asker))
        except StoreFailed:
            raise
        except JarvisError as error:
            return {"text": error.message}
        return {}

    async def on_model(self, team: str, body: Mapping[str, Any]) -> Mapping[str, str]:
        """Run a step by another model; returns what is wrong with the choice, by field. Raises StoreFailed."""
        view = body["view"]
        about, asker = about_of(view), asker_in(team, body)
        press = Press.read(str(about.get("press")))
        fields = [str(piece.get("block_id", "")) for piece in view.get("blocks") or ()]
        asked = [(name, model) for name in fields if name.startswith(TASK) and (model := filled(view, name))]
        if press is None or not fields:
            return {}
        if len(asked) != 1:
            return {fields[0]: "Choose one model for one step."}
        name, model = asked[0]
        try:
            if not await self._may(asker, press.author):
                return {name: NOT_YOURS}
            await self._redo(asker, press.request, int(name.removeprefix(TASK)), model, why=f"model-{view['id']}")
        except StoreFailed:
            raise
        except JarvisError as error:
            return {name: error.message}
        return {}

    async def _redo(self, asker: Asker, number: str, task: int, model: str, *, why: str) -> None:
        request = await self._known(number)
        trace = await self._concierge.trace(number)
        asked = redone(request, trace, anew(request.origin, why), self._asking.author(asker))
        await self._concierge.redo(asked, task=task, model=model)

    def _tell(self, asker: Asker, said: str) -> None:
        async def told_so() -> None:
            await tell(self._connection, asker.team, asker.channel, asker.user, said, thread=asker.thread)

        self._errands.start(told_so)


def pressed_in(team: str, body: Mapping[str, Any], action: Mapping[str, Any]) -> Pressed | None:
    """Return what was pressed; None where it is none of our buttons."""
    chosen = str((action.get("selected_option") or {}).get("value") or "")
    said = (str(action.get(name) or "") for name in ("value", "action_id"))
    press = next((press for one in (*said, chosen) if (press := Press.read(one))), None)
    if press is None:
        return None
    return Pressed(
        asker=asker_in(team, body),
        press=press,
        trigger=str(body.get("trigger_id") or ""),
        at=str(action.get("action_ts") or body.get("trigger_id") or "").replace(".", "-"),
        chosen="" if Press.read(chosen) else chosen,
        view=str((body.get("view") or {}).get("id") or ""),
    )


def _about(pressed: Pressed) -> dict[str, str]:
    """Return what a form that was opened by a button has to bring back."""
    return {"press": str(pressed.press), "channel": pressed.asker.channel, "thread": pressed.asker.thread}


def asker_in(team: str, body: Mapping[str, Any]) -> Asker:
    """Return who did something, and where."""
    user, container = body.get("user") or {}, body.get("container") or {}
    about = about_of(body.get("view") or {})
    message = body.get("message") or {}
    thread = message.get("thread_ts") or container.get("thread_ts") or message.get("ts") or about.get("thread") or ""
    channel = (body.get("channel") or {}).get("id") or container.get("channel_id") or about.get("channel") or ""
    name = str(user.get("name") or user.get("username") or "")
    return Asker(team=team, channel=str(channel), user=str(user.get("id") or ""), name=name, thread=str(thread))
