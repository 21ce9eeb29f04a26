"""Before the first stage: the files that came with a request, and what its conversation remembers."""

from __future__ import annotations

from collections.abc import Sequence

import anyio

from core import window
from core.events import Received
from core.intake import Intake
from core.limits import Limits
from core.ports import Fetch, Memory
from core.story import Story
from core.types import Artifact, Request, Turn


async def gather(
    request: Request, story: Story, intake: Intake, fetch: Fetch, memory: Memory, limits: Limits
) -> list[Turn]:
    """Bring in all files at once and return the turns that fit. Their files are numbered after the request's own."""
    known = {*story.trace.artifacts, *story.trace.refused}

    async def take(number: int) -> None:
        await story.emit(await intake.take(number, request.attachments[number], fetch))

    async with anyio.create_task_group() as group:
        for number in range(len(request.attachments)):
            if number not in known:
                group.start_soon(take, number)
        turns = await memory.window(request.origin.thread, before=request.id, limit=limits.window_turns)
    turns = window.fit(turns, turns=limits.window_turns, chars=limits.window_chars)
    for number, file in enumerate(_files(turns)[: limits.window_files], start=len(request.attachments)):
        if number not in known:
            await story.emit(Received(number, file, recalled=True))
    return turns


def _files(turns: Sequence[Turn]) -> list[Artifact]:
    """Return the window's files, newest first, each once."""
    found = {file.sha256: file for turn in reversed(turns) for file in reversed(turn.artifacts)}
    return list(found.values())
