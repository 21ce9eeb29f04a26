"""Hears Slack."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial

import anyio
import structlog
from anyio.abc import TaskGroup
from slack_sdk.errors import SlackApiError

from adapters.base import Hear
from adapters.concierge import Administration, Concierge
from adapters.slack.admin import Admin
from adapters.slack.app import Routes, bolt_app
from adapters.slack.asides import Asides
from adapters.slack.asking import Asking
from adapters.slack.catchup import CatchingUp
from adapters.slack.commands import Commands
from adapters.slack.connection import Connection
from adapters.slack.door import Address, listen_at_address, listen_on_sockets
from adapters.slack.errands import LOST, Errands, reason
from adapters.slack.home import Home
from adapters.slack.leaving import Leaving
from adapters.slack.listener import Listener
from adapters.slack.membership import GONE, REFUSED
from adapters.slack.people import People
from adapters.slack.presses import Presses
from adapters.slack.socket import PAUSE_SECONDS
from adapters.slack.subscribed import Subscribed
from adapters.slack.welcome import Welcome
from core.errors import BadSetting
from core.ports import Memory

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How we listen."""

    address: Address = field(default_factory=Address)
    sockets: int = 1
    admins: Collection[str] = ()  # ids of people who may decide for their workspace besides its admins


class SlackEar:
    """Listens over sockets where there is an app token, else at an address of our own."""

    def __init__(
        self,
        connection: Connection,
        concierge: Concierge,
        administration: Administration,
        memory: Memory,
        manner: Manner | None = None,
        welcome: Welcome | None = None,
    ) -> None:
        """Listen on ``connection``.

        ``concierge`` and ``administration`` do what is asked besides, ``memory`` knows what was heard last, ``welcome``
        lets several workspaces install the app.
        """
        self._connection = connection
        self._concierge = concierge
        self._administration = administration
        self._memory = memory
        self._manner = manner or Manner()
        self._welcome = welcome
        self._people = People(connection, self._manner.admins)
        self._team = ""  # the workspace that we are in, where there is but one

    async def listen(self, hear: Hear) -> None:
        """Listen until cancelled. Raises BadSetting where Slack does not let us in."""
        if self._welcome is None:
            await self._let_in()
        async with anyio.create_task_group() as group:
            await self._open(group, hear)

    async def _open(self, group: TaskGroup, hear: Hear) -> None:
        app, errands = bolt_app(self._connection, self._welcome.flow if self._welcome else None), Errands(group)
        routes = self._routes(errands, hear)
        routes.attach(app)
        on_session = CatchingUp(self._connection, self._memory, routes.listener, errands, self._teams).begin
        access = self._connection.access
        if access.app_token:
            group.start_soon(listen_on_sockets, app, access.app_token, self._manner.sockets, on_session)
        if self._welcome is not None or not access.app_token:
            at = partial(listen_at_address, app, self._manner.address, events=not access.app_token)
            group.start_soon(partial(at, on_session=on_session))

    def _routes(self, errands: Errands, hear: Hear) -> Routes:
        asking = Asking(self._connection, self._people, errands, hear)
        asides = Asides(self._connection, self._concierge, self._memory, self._people, asking, errands)
        listener = Listener(self._connection, self._concierge, self._memory, self._people, asides, errands, hear)
        subscribed = Subscribed()
        return Routes(
            listener=listener,
            home=Home(self._connection, self._concierge),
            commands=Commands(self._connection, self._concierge, self._people, asking, subscribed, errands),
            subscribed=subscribed,
            presses=Presses(self._connection, self._concierge, self._people, asking, errands),
            leaving=Leaving(
                self._connection, self._administration, errands, self._welcome.forget if self._welcome else None
            ),
            admin=Admin(self._connection, self._administration, self._people, errands),
            errands=errands,
        )

    async def _teams(self) -> list[str]:
        """Return the workspaces that we are in."""
        return [self._team] if self._welcome is None else await self._welcome.teams()

    async def _let_in(self) -> None:
        """Learn who we are, as soon as Slack says so."""
        while True:
            try:
                said = await (await self._connection.client("")).auth_test()
                self._team = str(said.get("team_id") or "")
                await self._connection.me(self._team)
            except LOST as error:
                if isinstance(error, SlackApiError) and reason(error) in GONE:
                    raise BadSetting(REFUSED) from error
                log.warning("cannot reach Slack", why=reason(error))
                await anyio.sleep(PAUSE_SECONDS)
            else:
                return
