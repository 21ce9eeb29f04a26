"""The whole of it as one server.

In a test::

    async with Simulator() as slack:
        ada = slack.person("Ada")
        room = slack.channel("general", ada)
        ...
        await ada.say(room, f"{slack.mention} hello")

What can go wrong: ``slack.web`` has ``broken``, ``lost``, ``errors``, ``slow`` and ``limits.storm``; ``slack.delivery``
has ``copies``, ``disorder``, ``lost``, ``deadline`` and ``waits``; ``slack.socket`` can ``drop``, ``refresh``, be
``deaf`` and ``refusing``; ``slack.files`` has ``broken``, ``cutting``, ``refusing``, ``elsewhere`` and ``seconds``;
``slack.streams.life`` is how long a stream lives; ``slack.scopes`` and ``slack.without`` take rights and methods away.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Self

import anyio
from aiohttp import web

from tests.simulators.listening import listening, port_of
from tests.simulators.slack.agents import Agents
from tests.simulators.slack.app import App, Token
from tests.simulators.slack.delivery import Delivery
from tests.simulators.slack.desk import Desk
from tests.simulators.slack.events import Events
from tests.simulators.slack.http_mode import HttpMode
from tests.simulators.slack.methods.agents import AgentMethods
from tests.simulators.slack.methods.app import Apps
from tests.simulators.slack.methods.chat import Chat
from tests.simulators.slack.methods.conversations import Conversations
from tests.simulators.slack.methods.files import FileMethods
from tests.simulators.slack.methods.streams import Streams
from tests.simulators.slack.methods.views import ViewMethods
from tests.simulators.slack.oauth import Oauth
from tests.simulators.slack.people import Person
from tests.simulators.slack.posting import Post
from tests.simulators.slack.socket_mode import SocketMode
from tests.simulators.slack.storehouse import Storehouse
from tests.simulators.slack.views import Views
from tests.simulators.slack.web_api import WebApi
from tests.simulators.slack.world import PUBLIC, Channel, Message, Team, World


class Simulator:
    """One Slack, with one app in one workspace; ``team`` and ``install`` make more.

    ``commercial``: the app is distributed outside the Marketplace, so history is one call a minute with 15 messages.
    """

    def __init__(self, app: App | None = None, *, port: int = 0, commercial: bool = False) -> None:
        self.app = app or App()
        self.port = port
        self.world = World()
        self.workspace = self.world.team("Workshop")
        self.token = self.app.install(self.world, self.workspace.id)
        self.socket, self.http = SocketMode(self.app), HttpMode(self.app)
        self.delivery = Delivery(self.app, self.socket, self.http)
        self.events = Events(self.world, self.delivery)
        self.post = Post(self.world, self.app, self.events)
        self.views = Views(self.world, self.app)
        self.desk = Desk(self.world, self.post, self.delivery, self.views)
        self.files = Storehouse(self.world, self.app)
        self.agents = Agents(self.world, self.app, self.events)
        self.conversations = Conversations(self.world, commercial=commercial)
        self.post.after.append(self.agents.posted)
        self.oauth = Oauth(self.world, self.app, self.events)
        self.web = WebApi(self.world, self.app)
        chat = Chat(self.world, self.post)
        self.streams = Streams(chat, self.agents)
        families = (
            Apps(self.world, self.app, self.socket, self.oauth),
            chat,
            self.conversations,
            self.streams,
            AgentMethods(self.world, self.agents),
            FileMethods(self.world, chat, self.files),
            ViewMethods(self.world, self.desk, self.views),
        )
        for family in families:
            self.web.verbs |= family.verbs()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**30)
        app.router.add_route("*", "/api/{method}", self.web.handle)
        app.router.add_get("/oauth/v2/authorize", self.oauth.authorize)
        app.router.add_get("/link/", self.socket.handle)
        app.router.add_post("/respond/{key}", self.desk.respond)
        app.router.add_routes(self.files.routes())
        self._runner = await listening(app, self.port)
        self.port = port_of(self._runner)
        self.socket.url = f"ws://127.0.0.1:{self.port}/link/"
        self.files.url, self.desk.url = self.host, f"{self.host}/respond"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.delivery.close()
        await self.socket.close()
        await self._runner.cleanup()

    @property
    def host(self) -> str:
        """Where everything is, also the files: the address without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def api(self) -> str:
        return f"{self.host}/api/"

    @property
    def authorize(self) -> str:
        """Where people are asked to let the app in."""
        return f"{self.host}/oauth/v2/authorize"

    @property
    def bot_token(self) -> str:
        return self.token.value

    @property
    def mention(self) -> str:
        return f"<@{self.bot}>"

    @property
    def bot(self) -> str:
        """The bot's user id."""
        return self.token.bot.id

    # ------------------------------------------------------------ set the scene

    def team(self, name: str) -> Team:
        """Return one more workspace; the app is not in it before it is installed."""
        return self.world.team(name)

    def install(self, team: Team, scopes: frozenset[str] | None = None) -> Token:
        """Let the app into a workspace without asking anybody."""
        return self.app.install(self.world, team.id, scopes)

    def person(self, name: str, *rooms: Channel, team: Team | None = None, **facts: Any) -> Person:
        """Return somebody new, a member of these channels."""
        user = self.world.user(name, team or self.workspace, **facts)
        for room in rooms:
            room.members[user.id] = user
        return Person(self, user)

    def channel(
        self, name: str, *people: Person, kind: str = PUBLIC, bot: bool = True, team: Team | None = None
    ) -> Channel:
        """Return a new channel with people in it, and with the bot."""
        where = team or self.workspace
        members = [one.user for one in people] + ([self.world.bots[where.id]] if bot else [])
        return self.world.channel(name, where, *members, kind=kind)

    def scopes(self, *without: str) -> None:
        """Take scopes away from the app's token."""
        self.token.scopes = self.token.scopes - set(without)

    def without(self, *methods: str) -> None:
        """Make this a Slack that does not know some methods."""
        for method in methods:
            del self.web.verbs[method]

    # ------------------------------------------------------------ look

    def said(self, where: Channel | None = None, thread: Message | str = "", *, private: bool = False) -> list[Message]:
        """Return what the bot has said to everybody (or in private) and not taken back, oldest first."""
        places = [where] if where else list(self.world.channels.values())
        found = self.world.ephemeral if private else [one for place in places for one in place.messages.values()]
        root = thread.root if isinstance(thread, Message) else thread
        mine = [one for one in found if one.author.bot and not one.deleted and one.channel in places]
        return sorted((one for one in mine if not root or one.root == root), key=lambda one: one.ts)

    async def until(self, holds: Callable[[], Any], seconds: float = 15) -> Any:
        """Wait until something holds, and return it."""
        ends = time.monotonic() + seconds
        while not (found := holds()):
            if time.monotonic() > ends:
                shown = [(one.channel.name, one.shown[:200]) for one in self.said()]
                raise AssertionError(f"it never came to that; said: {shown}; refused: {self.web.refusals}")
            await anyio.sleep(0.01)
        return found

    async def ready(self, connections: int = 1) -> None:
        """Wait until the bot is connected."""
        await self.until(lambda: len(self.socket.connections) >= connections)
