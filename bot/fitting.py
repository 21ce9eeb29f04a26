"""What helps where a file has more bytes than a platform takes: a child makes it smaller, or a link leads to it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from urllib.parse import urlsplit

from adapters.uploads import Link, Ways
from bot.extras import lacking
from bot.settings import Settings
from core.errors import BadSetting, ExpertFailed
from core.experts.media_shrinking import TYPE
from core.ports import Executor, Job
from core.types import Artifact, Media


@dataclass(frozen=True, slots=True)
class Shrinking:
    """Has files made smaller by an executor. An instance is an ``adapters.uploads.Shrink``."""

    executor: Executor

    async def __call__(self, media: Media, most: int) -> Media:
        """Return the file in at most so many bytes. Raises a JarvisError."""
        job = Job(
            id=f"shrink-{uuid.uuid4()}",
            type=TYPE.name,
            model="shrink",
            inputs={"file": media, "most": most},
            seconds=TYPE.seconds,
        )
        outputs = await self.executor.run(job, lambda _fraction, _note: None)
        small = next((value for value in outputs.values() if isinstance(value, Media)), None)
        if small is None or len(small.data) > most:
            raise ExpertFailed(f"{media.name} was not made small enough.")
        return small


def ways(settings: Settings, executor: Executor) -> Ways:
    """Return what there is here: links only where the web page has a public address. Raises BadSetting."""
    return Ways(shrink=Shrinking(executor), link=_linking(settings.public_url) if settings.public_url else None)


def public_host(settings: Settings) -> tuple[str, ...]:
    """Return the name of the web page's public address, if it has one."""
    host = urlsplit(settings.public_url).hostname
    return (host,) if host else ()


def _linking(base: str) -> Link:
    try:
        from adapters.web.files import link
    except ModuleNotFoundError as error:
        raise BadSetting(f"PUBLIC_URL is that of the web page, which {lacking(error, 'web')}") from None

    def linked(file: Artifact) -> str:
        return base.rstrip("/") + link(file.sha256, file.name)

    return linked
