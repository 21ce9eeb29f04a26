"""Files that people attach in Slack: what a message promises, and how their bytes come here.

The bot's token goes to Slack's own file host and nowhere else, also where that host sends us on.
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any, TypeAlias
from urllib.parse import urlsplit

import aiohttp
import anyio
import structlog
from slack_sdk.errors import SlackApiError

from adapters.slack.connection import Connection, error_of
from adapters.slack.errands import LOST, reason
from core.errors import BadInput, NotAvailable
from core.types import Attachment

SCHEME = "slack-file:"
"""How the address of a file starts that lies in Slack; workspace, a slash and the file's id follow."""

PROCESSING_SECONDS = 30.0
"""How long a file is waited for that Slack is still working on."""

PAUSE_SECONDS = 0.5
"""Between looks at it."""

TRIES = 3
CHUNK_BYTES = 2**16

NO_SCOPE = "I am not allowed to read files here: the app lacks the scope files:read. Whoever installed it can add that."
LATE = "Slack has not finished working on {name}. Please try again in a moment."
ELSEWHERE = (
    "{name} is kept outside of Slack, where I cannot read it. Please upload it here, or give a public link to it."
)
NO_FILE = "{name} is a page inside of Slack and no file. Please copy what I need from it, or attach it as a file."
GONE = "{name} is not in Slack any more. Please attach it again."
UNSEEN = "I cannot see this file: it was deleted, or it is in a channel that I am not in. Please attach it here."
HIDDEN = "{name} is too old for this workspace's plan: Slack hides it. Please attach it again."
UNREADABLE = "{name} could not be loaded from Slack. Please try again."
TOO_LARGE = "{name} is too large: at most {most:.0f} MiB are read."

SEEN = "visible"
"""How Slack calls a file that may be read."""

PAGES = frozenset({"canvas", "list", "post", "quip", "space"})
"""Modes and types of what is written in Slack itself."""

_PATH = re.compile(r"/files-(?:pri|tmb)/([A-Z0-9]+)-([A-Z0-9]+)/")

log = structlog.get_logger(__name__)

File: TypeAlias = Mapping[str, Any]
"""A file, as Slack tells of it."""


def promised(file: File, team: str) -> Attachment:
    """Return the promise that a file of a message is; what it really is, Slack tells when it is fetched."""
    number = str(file.get("id") or "")
    size = file.get("size")
    return Attachment(
        name=str(file.get("name") or file.get("title") or number or "file"),
        address=f"{SCHEME}{team}/{number}",
        mime=str(file.get("mimetype") or ""),
        size=size if isinstance(size, int) and size > 0 else None,
    )


class Attached:
    """Fetches what lies in Slack."""

    def __init__(self, connection: Connection, *, most: int, processing: float = PROCESSING_SECONDS) -> None:
        """Fetch files of at most ``most`` bytes; wait ``processing`` seconds for what is not ready."""
        self._connection = connection
        self._most = most
        self._processing = processing

    async def fetch(self, address: str) -> AsyncIterator[bytes]:
        """Yield the bytes of a file, by its name here or its address there. Raises BadInput."""
        team, number = _named(address)
        deadline = time.monotonic() + self._processing
        try:
            file = await self._known(team, number, deadline)
            response = await self._opened(team, file, deadline)
        except NotAvailable as error:
            raise BadInput(error.message) from error
        read, tries = 0, 1
        while True:
            try:
                async with aclosing(_from(response, read)) as chunks:
                    async for chunk in chunks:
                        read += len(chunk)
                        if read > self._most:
                            raise self._too_large(file)
                        yield chunk
            except LOST as error:
                if tries == TRIES:
                    raise _refused(UNREADABLE, file, reason(error)) from error
            else:
                return
            tries += 1
            response = await self._opened(team, file, deadline)

    # ------------------------------------------------------------ what it is

    async def _known(self, team: str, number: str, deadline: float) -> File:
        """Return what Slack knows of a file, once it can be loaded. Raises BadInput."""
        while True:
            file = await self._asked(team, number)
            if problem := _problem(file):
                raise _refused(problem, file, "no file")
            if not _is_processed(file):
                await _pause(file, deadline)
                continue
            if not self._is_at_slack(_url(file)):
                raise _refused(ELSEWHERE, file, _url(file))
            if int(file.get("size") or 0) > self._most:
                raise self._too_large(file)
            return file

    async def _asked(self, team: str, number: str) -> File:
        try:
            said = await (await self._connection.client(team)).files_info(file=number)
        except SlackApiError as error:
            why = error_of(error)
            sentence = {"missing_scope": NO_SCOPE, "file_not_found": UNSEEN, "file_deleted": GONE}.get(why, UNREADABLE)
            raise _refused(sentence, {}, why) from error
        except LOST as error:
            raise _refused(UNREADABLE, {}, reason(error)) from error
        found = said.get("file")
        return found if isinstance(found, Mapping) else {}

    def _is_at_slack(self, url: str) -> bool:
        """Whether an address is at Slack's own file host: nobody else gets to see the token."""
        here, there = urlsplit(url), urlsplit(self._connection.access.files)
        return (here.scheme, here.netloc) == (there.scheme, there.netloc)

    def _too_large(self, file: File) -> BadInput:
        return BadInput(TOO_LARGE.format(name=_name(file), most=self._most / 2**20))

    # ------------------------------------------------------------ its bytes

    async def _opened(self, team: str, file: File, deadline: float) -> aiohttp.ClientResponse:
        """Return the answer that holds a file's bytes. Raises BadInput."""
        client, tries = await self._connection.client(team), 0
        headers = {"Authorization": f"Bearer {client.token}"}
        while True:
            tries += 1
            try:
                response = await self._connection.session.get(
                    _url(file), headers=headers, allow_redirects=False, proxy=client.proxy
                )
            except LOST as error:
                if tries < TRIES:
                    continue
                raise _refused(UNREADABLE, file, reason(error)) from error
            if response.status == 200 and not _is_page(response, file):
                return response
            response.release()
            if response.status == 404:
                await _pause(file, deadline)
            elif response.status in {429, 500, 502, 503, 504} and tries < TRIES:
                await anyio.sleep(PAUSE_SECONDS)
            else:
                redirected = response.status in {200, 301, 302, 303, 307, 308, 401, 403}
                raise _refused(NO_SCOPE if redirected else UNREADABLE, file, str(response.status))


async def _from(response: aiohttp.ClientResponse, start: int) -> AsyncGenerator[bytes, None]:
    """Yield the bytes of a file from ``start`` on: what came before a connection broke is not told twice."""
    at = 0
    async with response:
        async for chunk in response.content.iter_chunked(CHUNK_BYTES):
            if fresh := chunk[max(start - at, 0) :]:
                yield fresh
            at += len(chunk)


def _named(address: str) -> tuple[str, str]:
    """Return the workspace and the id of the file that an address names. Raises BadInput."""
    if address.startswith(SCHEME):
        team, _, number = address.removeprefix(SCHEME).partition("/")
        if team and number:
            return team, number
    elif found := _PATH.search(urlsplit(address).path):
        return found.group(1), found.group(2)
    raise BadInput(UNREADABLE.format(name="This file"))


def _problem(file: File) -> str:
    """Return the sentence about something that is no file of Slack's, else nothing."""
    mode, kind = str(file.get("mode") or ""), str(file.get("filetype") or "")
    if mode == "tombstone":
        return GONE
    if mode == "hidden_by_limit":
        return HIDDEN
    if str(file.get("file_access") or SEEN) not in {SEEN, "check_file_info"}:
        return UNREADABLE
    if mode in {"external", "remote"} or file.get("is_external") or file.get("external_type"):
        return ELSEWHERE
    if {mode, kind} & PAGES or str(file.get("mimetype") or "").startswith("application/vnd.slack-docs"):
        return NO_FILE
    return ""


def _is_processed(file: File) -> bool:
    """Whether Slack has finished working on a file: before that it does not know its type."""
    return bool(_url(file)) and bool(file.get("mimetype") or file.get("filetype"))


def _is_page(response: aiohttp.ClientResponse, file: File) -> bool:
    """Whether Slack answered with a page to log in at, in place of a file."""
    return response.content_type == "text/html" and "html" not in str(file.get("mimetype") or file.get("filetype"))


async def _pause(file: File, deadline: float) -> None:
    if time.monotonic() > deadline:
        raise _refused(LATE, file, "not ready")
    await anyio.sleep(PAUSE_SECONDS)


def _url(file: File) -> str:
    return str(file.get("url_private_download") or file.get("url_private") or "")


def _name(file: File) -> str:
    return str(file.get("name") or file.get("title") or "The file")


def _refused(sentence: str, file: File, why: str) -> BadInput:
    log.info("file not loaded", file=file.get("id"), why=why)
    return BadInput(sentence.format(name=_name(file)))
