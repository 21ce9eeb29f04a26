"""chat.startStream, appendStream, stopStream."""

from __future__ import annotations

import time
from typing import Any

from tests.simulators.slack import mentions, streams
from tests.simulators.slack.agents import STATUSES, Agents
from tests.simulators.slack.blocks import check_blocks, fill_ids
from tests.simulators.slack.methods.chat import Chat
from tests.simulators.slack.posting import metadata
from tests.simulators.slack.refusal import Refused
from tests.simulators.slack.web_api import Call, Verb
from tests.simulators.slack.world import Message, Stream

LIFE = 300.0


class Streams:
    """The family."""

    def __init__(self, chat: Chat, agents: Agents) -> None:
        self.chat = chat
        self.agents = agents
        self.life = LIFE  # seconds that a stream lives

    def verbs(self) -> dict[str, Verb]:
        write = ("chat:write",)
        return {
            "chat.startStream": Verb(self.start, write, tier=2),
            "chat.appendStream": Verb(self.append, write, tier=4),
            "chat.stopStream": Verb(self.stop, write, tier=2),
        }

    async def start(self, call: Call) -> dict[str, Any]:
        channel = self.chat.target(call)
        if not call["thread_ts"]:
            raise Refused("invalid_thread_ts")
        for name in ("recipient_user_id", "recipient_team_id"):
            if not call[name]:  # in a DM, too: the reference asks only for channels, Slack was seen to ask everywhere
                raise Refused(f"missing_{name}")
        if call["recipient_user_id"] not in channel.members or call["recipient_team_id"] != call.team.id:
            raise Refused("user_not_found")
        if call["username"] or call["icon_url"] or call["icon_emoji"]:
            call.scope("chat:write.customize")
        mode = call["task_display_mode"] or "timeline"
        if mode not in streams.MODES:
            raise Refused("invalid_arguments", "must be timeline or plan [json-pointer:/task_display_mode]")
        stream = Stream(time.time(), mode, recipient=call["recipient_user_id"])
        streams.add(stream, call.args, must=False)
        made = Message(channel, call.bot, stream=stream, app=self.chat.post.app.id)
        made.thread_ts = self.chat.post.thread(channel, call["thread_ts"])
        self.chat.post.keep(made)
        return {"channel": channel.id, "ts": made.ts}

    async def append(self, call: Call) -> dict[str, Any]:
        message, stream = self._live(call)
        streams.add(stream, call.args, must=True)
        self._named(message)
        return {"channel": message.channel.id, "ts": message.ts}

    async def stop(self, call: Call) -> dict[str, Any]:
        message, stream = self._live(call, stopping=True)
        blocks, status = call["blocks"] or [], call["session_status"]
        check_blocks(blocks)
        if status and status not in STATUSES:
            raise Refused("invalid_arguments", "must be active, processing, suspended or closed")
        about = metadata(call["metadata"])
        streams.add(stream, call.args, must=False)
        before = message.json(metadata=False)
        streams.end(message)
        message.blocks += fill_ids(blocks)
        message.metadata = about or message.metadata
        self._named(message)
        self.chat.post.events.changed(message, before)
        self.agents.stopped(message.channel, message.thread_ts, status or "active")
        return {"channel": message.channel.id, "ts": message.ts, "message": message.json()}

    def _live(self, call: Call, *, stopping: bool = False) -> tuple[Message, Stream]:
        message = self.chat.world.message(call.channel(), call.need("ts"))
        if message.channel.archived:
            raise Refused("is_archived")
        if message.author is not call.bot:
            raise Refused("message_not_owned_by_app")
        stream = message.stream
        if stream and stream.live and time.time() - stream.started > self.life:
            streams.end(message)
        if stream is None or not stream.live:
            stopped = stream is not None and stream.stopped_by and not stopping
            raise Refused("stopped_by_user" if stopped else "message_not_in_streaming_state")
        return message, stream

    def _named(self, message: Message) -> None:
        message.notified |= mentions.named(self.chat.world, message)
