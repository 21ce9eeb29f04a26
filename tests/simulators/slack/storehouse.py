"""Slack's file host: what lies there, who may load it, and what is being uploaded."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.simulators.slack.app import App
from tests.simulators.slack.refusal import Refused
from tests.simulators.slack.world import File, World

SIGN_IN = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to Workshop</body></html>"
LARGEST = 2**30


@dataclass
class Upload:
    """A file that is on its way."""

    file: File
    length: int
    received: bool = False


@dataclass
class Storehouse:
    """Keeps files. ``url``: where, without a slash at the end."""

    world: World
    app: App
    url: str = ""
    seconds: float = 0.0  # that Slack works on a file that the app uploaded
    uploads: dict[str, Upload] = field(default_factory=dict)  # by ticket
    elsewhere: dict[str, str] = field(default_factory=dict)  # file -> address that loading it is sent to
    broken: list[int] = field(default_factory=list)  # statuses to answer loading with first
    cutting: list[int] = field(default_factory=list)  # bytes of loading after which the line breaks first
    refusing: list[int] = field(default_factory=list)  # statuses to answer uploads with first
    loaded: list[tuple[str, str]] = field(default_factory=list)  # path and Authorization of what was loaded

    def keep(self, file: File) -> File:
        """Put a file there."""
        file.url = f"{self.url}/files-pri/{file.team.id}-{file.id}/{file.name}"
        self.world.files[file.id] = file
        return file

    def find(self, number: Any, team: str) -> File:
        """Return a file of a workspace."""
        found = self.world.files.get(str(number or ""))
        if found is None or found.team.id != team or self.uploaded(found.id):  # or nobody has said what to do with it
            raise Refused("file_not_found")
        if found.deleted:
            raise Refused("file_deleted")
        bot = self.world.bots[team].id
        if found.shares and not any(bot in channel.members for channel, _ in found.shares):
            raise Refused("file_not_found")
        return found

    def ticket(self, file: File, length: int) -> str:
        """Return where a file's bytes go."""
        made = secrets.token_urlsafe(16)
        self.uploads[made] = Upload(file, length)
        return f"{self.url}/upload/v1/{made}"

    def uploaded(self, file: str) -> Upload | None:
        """Return what came for a file."""
        return next((one for one in self.uploads.values() if one.file.id == file), None)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/files-pri/{key}/{name}", self.load),
            web.get("/files-pri/{key}/download/{name}", self.load),
            web.post("/upload/v1/{ticket}", self.take),
            web.get("/sign-in", self.sign_in),
        ]

    async def load(self, request: web.Request) -> web.StreamResponse:
        """Give a file's bytes to who has a token; anybody else is sent to a page in HTML."""
        self.loaded.append((request.path, request.headers.get("Authorization", "")))
        if self.broken:
            return web.Response(status=self.broken.pop(0))
        team, _, number = request.match_info["key"].partition("-")
        file = self.world.files.get(number)
        if file is None or file.team.id != team or file.deleted:
            return web.Response(status=404)
        if number in self.elsewhere:
            raise web.HTTPFound(self.elsewhere[number])
        if not self._may(request, team):
            raise web.HTTPFound(f"{self.url}/sign-in?redir={request.path}")
        if not file.ready:
            return web.Response(status=404)
        if self.cutting:
            return await _cut(request, file, self.cutting.pop(0))
        return web.Response(body=file.data, content_type=file.mimetype)

    def _may(self, request: web.Request, team: str) -> bool:
        value = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = self.app.tokens.get(value)
        return bool(token and not token.revoked and token.bot.team.id == team and "files:read" in token.scopes)

    async def sign_in(self, request: web.Request) -> web.Response:
        return web.Response(text=SIGN_IN, content_type="text/html")

    async def take(self, request: web.Request) -> web.Response:
        """Take an upload: its bytes as they are, or a form with one file."""
        if self.refusing:
            return web.Response(status=self.refusing.pop(0))
        upload = self.uploads.get(request.match_info["ticket"])
        if upload is None or upload.received:
            return web.Response(status=400, text="invalid upload url")
        data = await _body(request)
        if len(data) != upload.length:
            return web.Response(status=400, text=f"expected {upload.length} bytes, got {len(data)}")
        upload.file.data, upload.received = data, True
        return web.Response(text=f"OK - {len(data)}")


async def _cut(request: web.Request, file: File, count: int) -> web.StreamResponse:
    """Give some of a file's bytes, and no end."""
    answer = web.StreamResponse(headers={"Content-Length": str(len(file.data)), "Content-Type": file.mimetype})
    await answer.prepare(request)
    await answer.write(file.data[:count])
    if request.transport:
        request.transport.close()
    return answer


async def _body(request: web.Request) -> bytes:
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    for field_ in (await request.post()).values():
        if isinstance(field_, web.FileField):
            return field_.file.read()
    return b""
