"""The local Discord, met with a plain discord.py client: it speaks as the real one, and refuses what that refuses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import aiohttp
import discord
import pytest
import yarl

from tests.simulators.discord import Channel, Person, Simulator
from tests.simulators.discord.permissions import USUAL, May

pytestmark = pytest.mark.anyio


class Client(discord.Client):
    """A bot that writes down what it hears."""

    def __init__(self, **options: Any) -> None:
        super().__init__(intents=discord.Intents.default(), **options)
        self.heard: list[discord.Message] = []
        self.acts: list[discord.Interaction] = []

    async def on_message(self, message: discord.Message) -> None:
        self.heard.append(message)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self.acts.append(interaction)


@asynccontextmanager
async def connected(here: Simulator) -> AsyncIterator[Client]:
    """A client at this Discord."""
    before = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    discord.http.Route.BASE = f"{here.api}/v10"
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(here.gateway.url)
    client = Client(guild_ready_timeout=0.05)
    task = asyncio.create_task(client.start(here.token))
    try:
        await asyncio.wait_for(_ready(client), 10)
        yield client
    finally:
        await client.close()
        await asyncio.wait([task])
        discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = before


async def _ready(client: Client) -> None:
    while client.loop is discord.utils.MISSING or not hasattr(client.loop, "time"):  # noqa: ASYNC110 - not logged in
        await asyncio.sleep(0.01)
    await client.wait_until_ready()


@pytest.fixture
async def here() -> AsyncIterator[Simulator]:
    """A Discord of its own."""
    async with Simulator() as simulator:
        yield simulator


@pytest.fixture
def ada(here: Simulator) -> Person:
    """Somebody with a server."""
    return here.person("Ada")


@pytest.fixture
def room(here: Simulator, ada: Person) -> Channel:
    """A channel in it."""
    return here.channel(here.guild(ada), "general")


def target(client: Client, room: Channel) -> discord.TextChannel:
    """The channel as the library knows it."""
    found = client.get_channel(int(room.id))
    assert isinstance(found, discord.TextChannel)
    return found


async def test_messages_come_through_the_compressed_gateway(here: Simulator, ada: Person, room: Channel) -> None:
    """What people write is heard; without the intent only what mentions the bot can be read."""
    async with connected(here) as client:
        await ada.say(room, "secret", [("a.txt", b"abc")])
        await ada.say(room, f"{here.mention} hello", [("b.txt", b"abcd")])
        await here.until(lambda: len(client.heard) == 2)
        assert [message.content for message in client.heard] == ["", f"<@{here.world.bot.id}> hello"]
        assert [len(message.attachments) for message in client.heard] == [0, 1]
        assert await client.heard[1].attachments[0].read() == b"abcd"


async def test_a_dropped_session_is_resumed_and_missed_events_come_again(
    here: Simulator, ada: Person, room: Channel
) -> None:
    """After a cut connection, a polite request and an invalid session the bot is back; only the last one loses."""
    async with connected(here) as client:
        await here.gateway.drop()
        await ada.say(room, f"{here.mention} one")
        await here.until(lambda: len(client.heard) == 1)
        await here.gateway.ask_to_reconnect()
        await here.until(lambda: here.gateway.resumed == 2)
        await ada.say(room, f"{here.mention} two")
        await here.until(lambda: len(client.heard) == 2)
        assert here.gateway.identified == 1
        assert here.gateway.beats >= 3


async def refused(posting: Any) -> tuple[int, int]:
    """The status and code that something is refused with."""
    with pytest.raises(discord.HTTPException) as raised:
        await posting
    return raised.value.status, raised.value.code


class Layout(discord.ui.LayoutView):
    """Any items."""

    def __init__(self, *items: discord.ui.Item[Any]) -> None:
        super().__init__(timeout=None)
        for item in items:
            self.add_item(item)
        self.stop()


async def test_what_is_too_much_is_refused(here: Simulator, room: Channel) -> None:
    """Letters, texts of a layout, gallery items, uploads, empty messages, content beside a layout."""
    async with connected(here) as client:
        channel = target(client, room)
        texts: list[discord.ui.Item[Any]] = [discord.ui.TextDisplay("x" * 1500) for _ in range(3)]
        items = [discord.MediaGalleryItem("https://a.example/b.png") for _ in range(11)]
        post: Any = channel.send  # what its signature already forbids, too
        large = discord.File(BytesIO(b"x" * (10 * 2**20 + 1)), "large.bin")
        assert await refused(channel.send("x" * 2001)) == (400, 50035)
        assert await refused(channel.send("")) == (400, 50006)
        assert await refused(channel.send(view=Layout(*texts))) == (400, 50035)
        assert await refused(channel.send(view=Layout(discord.ui.MediaGallery(*items)))) == (400, 50035)
        assert await refused(channel.send(file=large)) == (413, 40005)
        assert await refused(post("both", view=Layout(discord.ui.TextDisplay("x")))) == (400, 50035)
        shown = await channel.send(view=Layout(discord.ui.TextDisplay("x")))
        assert await refused(shown.edit(content="x")) == (400, 50035)
        assert len(here.said(room)) == 1


async def test_a_nonce_posts_once(here: Simulator, room: Channel) -> None:
    """The same nonce again finds the message; so does a retry after an answer that was lost."""
    async with connected(here) as client:
        channel = target(client, room)
        first, second = await channel.send("a", nonce="n1"), await channel.send("a", nonce="n1")
        assert first.id == second.id
        assert (len(here.said(room)), here.post.doubled) == (1, 1)


async def test_who_is_pinged_is_known(here: Simulator, ada: Person, room: Channel) -> None:
    """Without allowed_mentions everything in a text notifies somebody; with none nothing does."""
    async with connected(here) as client:
        channel = target(client, room)
        await channel.send(f"<@{ada.user.id}>")
        await channel.send(f"<@{ada.user.id}> @everyone", allowed_mentions=discord.AllowedMentions.none())
        assert [message.pinged for message in here.said(room)] == [{"Ada"}, set()]


@pytest.mark.slow
async def test_rate_limits_hold_and_the_library_waits(here: Simulator, room: Channel) -> None:
    """The sixth post in five seconds waits; whoever does not wait gets a 429 that says for how long."""
    url, headers = f"{here.api}/v10/channels/{room.id}/messages", {"Authorization": f"Bot {here.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for _ in range(5):
            await session.post(url, json={"content": "x"})
        async with session.post(url, json={"content": "x"}) as answer:
            told = await answer.json()
            assert (answer.status, 0 < told["retry_after"] <= 5) == (429, True)
    async with connected(here) as client:
        for number in range(7):
            await target(client, room).send(str(number))
    assert here.rest.limits.refused <= 2  # ours, and the library's first before it knows the bucket


async def test_permissions_are_enforced(here: Simulator, ada: Person) -> None:
    """What the bot may not do ends with Discord's own codes."""
    guild = here.guild(ada, permissions=May.VIEW_CHANNEL)
    guild.roles[guild.id].permissions = May(0)
    room, hidden = here.channel(guild, "general"), here.channel(guild, "secret", denied=USUAL)
    async with connected(here) as client:
        asked = await ada.say(room, f"{here.mention} hello")
        await here.until(lambda: len(client.heard) == 1)
        assert await refused(target(client, room).send("x")) == (403, 50013)
        assert await refused(client.heard[0].create_thread(name="x")) == (403, 50013)
        assert await refused(client.heard[0].add_reaction("x")) == (403, 50013)
        assert await refused(target(client, hidden).send("x")) == (403, 50001)
    assert not asked.reactions


async def test_interactions_must_be_answered_in_time(here: Simulator, ada: Person, room: Channel) -> None:
    """A button press is answered privately, once; an answer that nobody gave is Discord's own sentence."""
    async with connected(here) as client:
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Go", custom_id="go"))
        view.stop()
        await target(client, room).send("press", view=view)
        pressed = asyncio.create_task(ada.click(here.said(room)[0], "Go"))
        await here.until(lambda: client.acts)
        act = client.acts[0]
        await act.response.send_message("yours", ephemeral=True)
        assert (await pressed).private
        assert await refused(act._state.http.request(discord.http.Route("GET", "/channels/1"))) == (404, 10003)
        here.desk.token_seconds = 0
        assert await refused(act.followup.send("late")) == (401, 50027)
