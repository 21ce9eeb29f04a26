"""Our one connection to Slack: a paced client for each workspace, and what we ask of it in the few ways that we do."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, TypeAlias

import aiohttp
import anyio
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.access import Access, Tokens
from adapters.slack.tiers import Gates, PacedClient
from adapters.uploads import Upload

Block: TypeAlias = Mapping[str, Any]
"""A piece of a message, as Slack takes it."""

Message: TypeAlias = Mapping[str, Any]
"""A message, as Slack tells of it."""

ASIDE: Mapping[str, Any] = {"event_type": "jarvis_aside", "event_payload": {}}
"""The metadata of what belongs to no request: so only streams that nobody ended have none."""

SECONDS = 60.0
"""How long Slack may stay silent."""

PAGE = 200
"""Messages read at a time."""

ALT_CHARS = 1_000


class Connection:
    """Reaches Slack when it is first needed."""

    def __init__(self, access: Access, tokens: Tokens | None = None) -> None:
        """Prepare to reach Slack with ``access``; ``tokens`` where several workspaces have installed the app."""
        self.access = access
        self.faster = 1.0  # so many times the pace that Slack wants
        self._tokens = tokens
        self._clients: dict[str, tuple[str, AsyncWebClient]] = {}  # workspace -> token, client
        self._gates: dict[str, Gates] = {}
        self._session: aiohttp.ClientSession | None = None
        self._who: dict[str, tuple[str, str]] = {}  # workspace -> our own user id there, and its id
        self._asking = anyio.Lock()
        self._leaving: list[Callable[[], None]] = []

    # ------------------------------------------------------------ coming and going

    async def client(self, team: str) -> AsyncWebClient:
        """Return the client of a workspace, which keeps the pace that Slack wants. Raises NotAvailable."""
        token = await self.token(team)
        known, client = self._clients.get(team, ("", None))
        if client is None or known != token:
            client = self._made(team, token)
            self._clients[team] = (token, client)
        return client

    async def token(self, team: str) -> str:
        """Return the bot token of a workspace. Raises NotAvailable."""
        return self.access.bot_token if self._tokens is None else await self._tokens(team)

    def gates(self, team: str) -> Gates:
        """Return how far the methods of a workspace are from their limits."""
        return self._gates.setdefault(team, Gates(self.faster))

    @property
    def session(self) -> aiohttp.ClientSession:
        """The HTTP session that all clients share."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=15, sock_read=SECONDS)
            )
        return self._session

    def forget(self, team: str) -> None:
        """Forget a workspace's client: its token was taken back."""
        self._clients.pop(team, None)
        self._who.pop(team, None)

    def at_close(self, what: Callable[[], None]) -> None:
        """Have something done before the connection closes."""
        self._leaving.append(what)

    async def close(self) -> None:
        """Leave."""
        for leave in self._leaving:
            leave()
        if self._session is not None:
            await self._session.close()

    def _made(self, team: str, token: str) -> AsyncWebClient:
        return PacedClient(self.gates(team), token=token, base_url=self.access.api, session=self.session)

    async def me(self, team: str) -> str:
        """Return our own user id in a workspace."""
        return (await self._asked_who(team))[0]

    async def home(self, team: str) -> str:
        """Return the workspace whose token we use: what somebody does who is a guest there may name their own."""
        return (await self._asked_who(team))[1]

    async def _asked_who(self, team: str) -> tuple[str, str]:
        async with self._asking:
            if team not in self._who:
                said = await (await self.client(team)).auth_test()
                self._who[team] = str(said["user_id"]), str(said.get("team_id") or team)
        return self._who[team]

    # ------------------------------------------------------------ messages

    async def post(
        self,
        team: str,
        channel: str,
        *,
        text: str,
        thread: str = "",
        blocks: Sequence[Block] = (),
        metadata: Mapping[str, Any] | None = None,
    ) -> str:
        """Post a message and return its ``ts``. Nobody is notified by it, whatever it says."""
        said = await (await self.client(team)).chat_postMessage(
            channel=channel,
            text=text,
            thread_ts=thread or None,
            blocks=list(map(dict, blocks)) or None,
            metadata=dict(metadata or ASIDE),
            link_names=False,
            parse="none",
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(said["ts"])

    async def update(
        self,
        team: str,
        channel: str,
        ts: str,
        *,
        text: str,
        blocks: Sequence[Block] = (),
        metadata: Mapping[str, Any] | None = None,
    ) -> None:
        """Change a message of ours."""
        await (await self.client(team)).chat_update(
            channel=channel,
            ts=ts,
            text=text,
            blocks=list(map(dict, blocks)),
            metadata=dict(metadata) if metadata else None,
            link_names=False,
            parse="none",
        )

    async def delete(self, team: str, channel: str, ts: str) -> None:
        """Take a message of ours back; one that is gone already is no trouble."""
        try:
            await (await self.client(team)).chat_delete(channel=channel, ts=ts)
        except SlackApiError as error:
            if error_of(error) != "message_not_found":
                raise

    async def start_stream(
        self, team: str, channel: str, thread: str, *, user: str, chunks: Sequence[Block], plan: bool = True
    ) -> str:
        """Begin a message that grows, for somebody who asked; returns its ``ts``."""
        said = await (await self.client(team)).chat_startStream(
            channel=channel,
            thread_ts=thread,
            recipient_team_id=team,
            recipient_user_id=user,
            chunks=list(map(dict, chunks)),
            task_display_mode="plan" if plan else None,
        )
        return str(said["ts"])

    async def append_stream(self, team: str, channel: str, ts: str, chunks: Sequence[Block]) -> None:
        """Add to a message that grows."""
        await (await self.client(team)).chat_appendStream(channel=channel, ts=ts, chunks=list(map(dict, chunks)))

    async def stop_stream(
        self,
        team: str,
        channel: str,
        ts: str,
        *,
        chunks: Sequence[Block] = (),
        blocks: Sequence[Block] = (),
        metadata: Mapping[str, Any] | None = None,
        going_on: bool = False,
    ) -> None:
        """End a message that grows: ``blocks`` stand at its end. ``going_on``: the work does not end with it."""
        await (await self.client(team)).chat_stopStream(
            channel=channel,
            ts=ts,
            chunks=list(map(dict, chunks)) or None,
            blocks=list(map(dict, blocks)) or None,
            metadata=dict(metadata) if metadata else None,
            session_status="processing" if going_on else None,
        )

    async def upload(self, team: str, file: Upload) -> str:
        """Bring a file to Slack, where nobody sees it yet, and return its id."""
        data, name, about = file
        client = await self.client(team)
        said = await client.files_getUploadURLExternal(filename=name, length=len(data), alt_txt=about[:ALT_CHARS])
        body = io.BytesIO(data)  # as bytes, a large file would keep everything else waiting
        async with self.session.post(str(said["upload_url"]), data=body, proxy=client.proxy) as answer:
            if answer.status != 200:
                raise SlackRequestError(f"the file host answered with status {answer.status}")
        return str(said["file_id"])

    async def share(self, team: str, channel: str, thread: str, files: Mapping[str, str]) -> None:
        """Put files that were brought to Slack into a thread, in one message; ``files``: titles by ids."""
        await (await self.client(team)).files_completeUploadExternal(
            files=[{"id": number, "title": title} for number, title in files.items()],
            channel_id=channel,
            thread_ts=thread or None,
        )

    async def is_shared(self, team: str, number: str) -> bool:
        """Whether a file that was brought to Slack was put somewhere: before that nobody can ask for it."""
        try:
            await (await self.client(team)).files_info(file=number)
        except SlackApiError as error:
            if not error_of(error):  # no refusal: Slack itself had trouble
                raise
            return False
        return True

    async def delete_file(self, team: str, number: str) -> None:
        """Take a file of ours back; one that is gone already is no trouble."""
        try:
            await (await self.client(team)).files_delete(file=number)
        except SlackApiError as error:
            if error_of(error) not in {"file_not_found", "file_deleted"}:
                raise

    async def reply(self, address: str, text: str) -> None:
        """Tell who gave a command something that only they read, at the address that came along: no scope is needed."""
        async with self.session.post(address, json={"text": text, "response_type": "ephemeral"}) as answer:
            answer.raise_for_status()

    async def ephemeral(
        self, team: str, channel: str, user: str, *, text: str, thread: str = "", blocks: Sequence[Block] = ()
    ) -> None:
        """Tell one person something that nobody else sees and that does not stay."""
        await (await self.client(team)).chat_postEphemeral(
            channel=channel,
            user=user,
            text=text,
            thread_ts=thread or None,
            blocks=list(map(dict, blocks)) or None,
            link_names=False,
            parse="none",
        )

    async def replies(
        self, team: str, channel: str, thread: str, *, most: int = 1_000, after: str = ""
    ) -> AsyncIterator[Message]:
        """Yield the messages of a thread with their metadata, oldest first; all of them, or those since ``after``."""
        client, cursor = await self.client(team), ""
        while most > 0:
            page = await client.conversations_replies(
                channel=channel,
                ts=thread,
                oldest=after or None,
                limit=min(PAGE, most),
                cursor=cursor or None,
                include_all_metadata=True,
            )
            messages = page.get("messages") or []
            for message in messages[:most]:
                yield message
            most -= len(messages)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor or not messages:
                return

    async def recent(self, team: str, channel: str, *, after: str) -> Sequence[Message]:
        """Return what was said in a channel since ``after``, newest first, as much as one page holds."""
        page = await (await self.client(team)).conversations_history(
            channel=channel, oldest=after, limit=PAGE, include_all_metadata=True
        )
        return list(page.get("messages") or ())

    async def direct(self, team: str, user: str) -> str:
        """Return the id of the channel between a person and us."""
        said = await (await self.client(team)).conversations_open(users=user)
        return str(said["channel"]["id"])


def error_of(error: SlackApiError) -> str:
    """Return what Slack says is wrong, as its one word: "channel_not_found", say."""
    response = error.response
    data = getattr(response, "data", response)
    return str(data.get("error") or "") if isinstance(data, Mapping) else ""
