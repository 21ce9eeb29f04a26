"""An invented request, at the stages that a person sees: payloads as they go to Discord."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.discord import format as formats
from adapters.discord.markup import PAPER
from adapters.discord.whispered import whisper
from adapters.sheets import sheets
from adapters.uploads import Uploads
from adapters.words import alt_text
from core.events import Answered, Cancelled, Trace, fold
from core.types import Request
from tests.fakes import request
from tests.simulators.invented import DONE, GIRL, PLANNED, TROUBLE, VOICE, WORKING


def stages() -> Iterator[dict[str, Any]]:
    """Yield what a message is made of at each stage."""
    asked = request("Draw a girl reading a book in the pose of the boy", platform="discord")
    for events in ([], PLANNED, WORKING):
        yield _layout(formats.card(asked, fold(events)))
    done, trouble = fold(DONE), fold(TROUBLE)
    yield _layout(formats.receipt(asked, done))
    yield from _answer(asked, done)
    yield _layout(formats.details(trouble))
    yield _layout(formats.receipt(asked, fold([Answered("I could not.")], trouble)))
    yield _layout(formats.receipt(asked, fold([Cancelled("Ada")], fold(WORKING))))
    files = {GIRL.sha256: (b"", GIRL.name, "a girl"), VOICE.sha256: (b"", VOICE.name, "speech")}
    yield _layout(whisper(asked, done, Uploads(files=files, bundles=((GIRL, VOICE),), remarks=())))


def _answer(asked: Request, trace: Trace) -> Iterator[dict[str, Any]]:
    for sheet in sheets(asked, trace, PAPER, [[GIRL, VOICE]], ["film.mp4 has 34.0 MiB, and this place takes 10 MiB."]):
        files = [{"filename": file.name, "description": alt_text(trace, file)} for file in sheet.files]
        row: Any = formats.answer_row(sheet.buttons).to_components() if sheet.buttons else []
        yield {"content": sheet.text, "attachments": files, "components": row}


def _layout(view: formats.Layout) -> dict[str, Any]:
    parts: list[Any] = view.to_components()  # type: ignore[no-untyped-call]
    return {"components": parts, "flags": 1 << 15}
