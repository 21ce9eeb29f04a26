"""Intake: an attachment's promise becomes a possession, or a sentence that says why not.

The bot's process counts bytes and looks at signatures; everything that decodes runs in an executor's child.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import anyio
import structlog

from core.errors import BadInput, DeadlineExceeded, JarvisError, WorkerDied
from core.events import Received, Refused
from core.limits import Limits
from core.media.sniff import FORMATS, safe_name, sniff
from core.ports import Blobs, Executor, Fetch, Job
from core.types import Artifact, Attachment, Kind, Media

log = structlog.get_logger()

FETCH_SECONDS = 120.0
"""How long the bytes of one file may take to arrive."""

_PROBE_SECONDS = 60.0
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Takes attachments in, within the limits of this installation."""

    blobs: Blobs
    executor: Executor
    limits: Limits
    owner: str = ""  # conversation, for fairness in the executor

    async def take(self, number: int, attachment: Attachment, fetch: Fetch) -> Received | Refused:
        """Fetch, check and keep an attachment. Whatever is wrong with it is said in the returned Refused."""
        try:
            return Received(number, await self._artifact(attachment, fetch))
        except JarvisError as error:
            return Refused(number, attachment.name, error.message)
        except TimeoutError:
            return Refused(number, attachment.name, f"{attachment.name} took too long to arrive. Please send it again.")
        except Exception:
            log.exception("attachment failed", name=attachment.name)
            return Refused(number, attachment.name, f"{attachment.name} could not be fetched. Please send it again.")

    async def _artifact(self, attachment: Attachment, fetch: Fetch) -> Artifact:
        with anyio.fail_after(FETCH_SECONDS):
            data = await self._bytes(attachment, fetch)
        kind, mime, data = await self._probed(data, attachment.name)
        sha256 = await self.blobs.put(data)
        name = safe_name(attachment.name, FORMATS[mime])
        return Artifact(sha256=sha256, kind=kind, mime=mime, name=name, size=len(data))

    async def _bytes(self, attachment: Attachment, fetch: Fetch) -> bytes:
        """Stop at the limit, whatever size was announced."""
        if (attachment.size or 0) > self.limits.file_bytes:
            raise self._too_large(attachment.name)
        taken, size = list[bytes](), 0
        async with aclosing(_closable(fetch(attachment.address))) as chunks:
            async for chunk in chunks:
                taken.append(chunk)
                size += len(chunk)
                if size > self.limits.file_bytes:
                    raise self._too_large(attachment.name)
        return await anyio.to_thread.run_sync(b"".join, taken)  # many megabytes: others go on meanwhile

    def _too_large(self, name: str) -> BadInput:
        return BadInput(f"{name} is larger than {self.limits.file_bytes / _MEGABYTE:.3g} MB, the most I take in.")

    async def _probed(self, data: bytes, name: str) -> tuple[Kind, str, bytes]:
        """Return kind, MIME type and the bytes to keep: text in UTF-8, of web pages what they say, else what came."""
        form = sniff(data, name)
        media = Media(data=data, kind=form.kind, mime=form.mime, name=name)
        try:
            outputs = await self.executor.run(self._job(media), _unheard)
        except (DeadlineExceeded, WorkerDied) as error:
            raise BadInput(f"{name} could not be opened: it is damaged, or too much for me.") from error
        facts: Any = outputs["facts"]
        encoding, text = facts[0].get("encoding"), facts[0].get("text")
        kept = text.encode() if text else data.decode(encoding).encode() if encoding else data
        return Kind(str(outputs["kind"])), str(facts[0]["mime"]), kept

    def _job(self, media: Media) -> Job:
        return Job(
            id=f"probe-{uuid4()}",
            type="media-probe",
            model="probe",
            inputs={
                "file": media,
                "pixels": self.limits.pixels,
                "seconds": self.limits.media_seconds,
                "pages": self.limits.pages,
                "chars": self.limits.document_chars,
            },
            seconds=_PROBE_SECONDS,
            owner=self.owner,
        )


def _unheard(_fraction: float | None, _note: str) -> None:
    """A probe is over before anybody asks how far it is."""


async def _closable(chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """Close the source when reading stops early: a Fetch may be a generator that holds a connection."""
    try:
        async for chunk in chunks:
            yield chunk
    finally:
        close = getattr(chunks, "aclose", None)
        if close is not None:
            await close()
