"""A workspace that JARVIS was taken out of: nothing of it stays."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import anyio

from core.amounts import counted
from core.audit import Change
from core.errors import BadInput
from core.ports import Archive, Audit, Inbox

GONE = "those who removed me from there"
"""Who stops what is under way there."""

PATIENCE = 20.0
"""Seconds for what is under way to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """Forgets workspaces."""

    archive: Archive
    audit: Audit
    inbox: Inbox
    files: Callable[[], Awaitable[int]]  # deletes those that nobody refers to any more

    async def forget(self, platform: str, workspace: str) -> str:
        """Delete all that is kept of a workspace, what was decided there included. Raises BadInput."""
        if not platform or not workspace or "/" in workspace:
            raise BadInput("There is no such workspace.")
        scope = f"{platform}/{workspace}"
        gone = await self.archive.forget(scope)
        if under_way := await self.archive.under_way(scope):
            for request in under_way:
                await self.inbox.stop(request, GONE)
            gone += await self._rest(scope)
        change = Change(at=time.time(), by="the platform", scope=scope, what="workspace", old="here", new="forgotten")
        await self.audit.note(change)
        await self.files()
        left = len(await self.archive.under_way(scope))
        more = f" {left} under way could not be stopped." if left else ""
        return f"I forgot {counted(gone, 'request')} of {scope}, and all that was decided there.{more}"

    async def _rest(self, scope: str) -> int:
        """Wait until what was under way has stopped, and forget it as well."""
        with anyio.move_on_after(PATIENCE):
            while await self.archive.under_way(scope):  # noqa: ASYNC110 - it may end in another process
                await anyio.sleep(0.2)
        return await self.archive.forget(scope)
