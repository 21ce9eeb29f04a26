"""files.*: uploads in three steps, and looking at what is there."""

from __future__ import annotations

import asyncio
import mimetypes
import time
from typing import Any

from tests.simulators.slack.methods.chat import Chat
from tests.simulators.slack.refusal import Refused
from tests.simulators.slack.storehouse import LARGEST, Storehouse
from tests.simulators.slack.web_api import Call, Verb
from tests.simulators.slack.world import Channel, File, World

SHARE_SECONDS = 0.02  # that pass until what was uploaded stands in the channel, where processing takes no time


class FileMethods:
    """The family."""

    def __init__(self, world: World, chat: Chat, house: Storehouse) -> None:
        self.world = world
        self.chat = chat
        self.house = house
        self._tasks: set[asyncio.Task[None]] = set()

    def verbs(self) -> dict[str, Verb]:
        return {
            "files.getUploadURLExternal": Verb(self.begin, ("files:write",), tier=4),
            "files.completeUploadExternal": Verb(self.complete, ("files:write",), tier=4),
            "files.info": Verb(self.info, ("files:read",), tier=4),
            "files.delete": Verb(self.delete, ("files:write",)),
            "files.upload": Verb(self.gone, ()),
            "files.sharedPublicURL": Verb(self.not_for_bots, ()),
        }

    async def begin(self, call: Call) -> dict[str, Any]:
        name = str(call.need("filename"))
        try:
            length = int(call.need("length"))
        except ValueError:
            raise Refused("invalid_arguments", "must be an integer [json-pointer:/length]") from None
        if length <= 0:
            raise Refused("invalid_arguments", "must be greater than 0 [json-pointer:/length]")
        if length > LARGEST:
            raise Refused("file_upload_size_restricted")
        alt = str(call["alt_txt"] or "")
        if len(alt) > 1000:
            raise Refused("alt_txt_too_large")
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        made = self.house.keep(File(name, b"", mime, call.team, call.bot, alt=alt, ready_at=float("inf")))
        return {"upload_url": self.house.ticket(made, length), "file_id": made.id}

    async def complete(self, call: Call) -> dict[str, Any]:
        named = call.need("files")
        if not isinstance(named, list) or not named or not all(isinstance(one, dict) for one in named):
            raise Refused("invalid_arguments", "must provide an array [json-pointer:/files]")
        files = [self._uploaded(call, one) for one in named]
        channel, thread = self._target(call), str(call["thread_ts"] or "")
        if channel and thread:
            self.chat.post.thread(channel, thread)
        if any(block.get("type") == "markdown" for block in call["blocks"] or ()) and not call["initial_comment"]:
            raise Refused("internal_error")
        for file in files:
            del self.house.uploads[next(key for key, one in self.house.uploads.items() if one.file is file)]
            file.ready_at = time.time() + self.house.seconds
        if channel:
            task = asyncio.create_task(self._share(call, channel, files))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return {"files": [file.full() for file in files]}

    def _uploaded(self, call: Call, named: dict[str, Any]) -> File:
        upload = self.house.uploaded(str(named.get("id")))
        if upload is None or not upload.received or upload.file.team is not call.team:
            raise Refused("file_not_found")
        upload.file.title = str(named.get("title") or "")
        return upload.file

    def _target(self, call: Call) -> Channel | None:
        names = [name for name in str(call["channels"] or call["channel_id"] or "").split(",") if name]
        if not names:
            return None
        if len(names) > 1 and call["thread_ts"]:
            raise Refused("invalid_arguments", "thread_ts needs one channel")
        call.args["channel"] = names[0]
        return self.chat.target(call)

    async def _share(self, call: Call, channel: Channel, files: list[File]) -> None:
        """Slack works on a file before it shows it: it may stand below what was posted later."""
        await asyncio.sleep(max(self.house.seconds, SHARE_SECONDS))
        self.chat.post.share(channel, call.bot, files, call.args, app=self.chat.post.app.id)

    async def info(self, call: Call) -> dict[str, Any]:
        return {"file": self.house.find(call.need("file"), call.team.id).full(), "comments": []}

    async def delete(self, call: Call) -> None:
        found = self.house.find(call.need("file"), call.team.id)
        if found.user is not call.bot:
            raise Refused("cant_delete_file")
        found.deleted, found.data = True, b""

    async def gone(self, call: Call) -> None:
        raise Refused("method_deprecated")

    async def not_for_bots(self, call: Call) -> None:
        raise Refused("not_allowed_token_type")
