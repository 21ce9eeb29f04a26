"""What a platform's messages become: a request's id and files, and the same request once more."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import replace

from adapters.inbound import KEPT
from adapters.links import links_in, promise
from core.events import Trace
from core.types import Attachment, Author, Origin, Request

CHANGED = "the author, who changed the message"
FILES_CAME = "the author, whose files came later"
"""Who stops a request because the same message became another one."""


def is_replaced(trace: Trace) -> bool:
    """Whether the same message became another request, which is answered in this one's place."""
    return trace.cancelled in {CHANGED, FILES_CAME}


def request_id(origin: Origin) -> str:
    """Return the id of the request that a message is: the same, however often it is delivered."""
    return uuid.uuid5(uuid.NAMESPACE_URL, origin.key).hex


def files_of(text: str, *groups: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """Return the files of a request: what was attached, then the links in its words, each once."""
    found = [file for group in groups for file in group] + [promise(link) for link in links_in(text)]
    return tuple({file.address: file for file in found}.values())


def again(request: Request, trace: Trace, origin: Origin, author: Author, text: str | None = None) -> Request:
    """Return what ``author`` asks at ``origin``: a request once more, or the same with another ``text``."""
    words = request.text if text is None else text
    before = {file.address for file in request.attachments}
    links = [promise(link) for link in links_in(words) if link not in before]
    return replace(
        request,
        id=request_id(origin),
        origin=origin,
        author=author,
        text=words,
        redoes="",
        step=None,
        model="" if request.step is not None else request.model,  # what was asked of one step
        attachments=(*had(request, trace), *links),
    )


def had(request: Request, trace: Trace) -> tuple[Attachment, ...]:
    """Return the files of a request to be used once more: those that we have, since platforms' links do not last."""
    return tuple(_had(number, file, trace) for number, file in enumerate(request.attachments))


def _had(number: int, file: Attachment, trace: Trace) -> Attachment:
    kept = trace.artifacts.get(number)
    if kept is None or number in trace.recalled:
        return file
    return Attachment(name=kept.name, address=f"{KEPT}{kept.sha256}", mime=kept.mime, size=kept.size)
