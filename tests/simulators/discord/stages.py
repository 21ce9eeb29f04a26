"""An invented request, at the stages that a person sees: payloads as they go to Discord."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from adapters.another import open_steps
from adapters.concierge import Alternative
from adapters.discord import format as formats
from adapters.discord.markup import PAPER
from adapters.discord.swapping import models, with_steps
from adapters.discord.whispered import whisper
from adapters.press import Press, Verb
from adapters.sheets import sheets
from adapters.uploads import Uploads
from adapters.words import alt_text
from core.events import Answered, Cancelled, Held, Selected, Started, Trace, Waiting, fold
from core.types import Place, Request, Selection
from tests.fakes import request
from tests.simulators.discord.world import EPHEMERAL, V2
from tests.simulators.invented import DONE, GIRL, PLANNED, TROUBLE, VOICE, WORKING

CHOSEN = [
    *(event for event in PLANNED if not isinstance(event, Started)),
    Selected(Selection(task=2, model="lllyasviel/sd-controlnet-openpose", place=Place.LOCAL, why="Made for poses.")),
]
HELD = Held("This plan would take about 12 minutes (openpose-text-to-image alone 11 minutes). Run it?", seconds=720.0)


def stages() -> Iterator[dict[str, Any]]:
    """Yield what a message is made of at each stage."""
    asked = request("Draw a girl reading a book in the pose of the boy", platform="discord")
    for events in ([Waiting(3, 40.0)], [], PLANNED, [*CHOSEN, HELD], WORKING):
        yield _layout(formats.card(asked, fold(events)))
    done, trouble = fold(DONE), fold(TROUBLE)
    yield _layout(formats.receipt(asked, done))
    yield from _answer(asked, done)
    yield from _swapping(asked, done)
    yield _layout(formats.details(trouble))
    yield _layout(formats.receipt(asked, fold([Answered("I could not.")], trouble)))
    yield _layout(formats.receipt(asked, fold([Cancelled("Ada")], fold(WORKING))))
    files = {GIRL.sha256: (b"", GIRL.name, "a girl"), VOICE.sha256: (b"", VOICE.name, "speech")}
    yield _layout(whisper(asked, done, Uploads(files=files, bundles=((GIRL, VOICE),), remarks=())), private=True)


def _swapping(asked: Request, trace: Trace) -> Iterator[dict[str, Any]]:
    """Yield the details as who asked sees them, and what comes in their place once a step is chosen."""
    step = Press.on(Verb.STEP, asked)
    yield _layout(with_steps(formats.details(trace), step, trace), private=True)
    others = [
        Alternative(model="xinsir/controlnet-openpose-sdxl", place=Place.LOCAL, about="Larger and slower", here=False),
        Alternative(model="black-forest-labs/FLUX.1-dev", place=Place.REMOTE, about="Sharp pictures, no poses"),
    ]
    yield _layout(models(step, open_steps(trace)[2], others), private=True)


def _answer(asked: Request, trace: Trace) -> Iterator[dict[str, Any]]:
    for sheet in sheets(asked, trace, PAPER, [[GIRL, VOICE]], ["film.mp4 has 34.0 MiB, and this place takes 10 MiB."]):
        files = [{"filename": file.name, "description": alt_text(trace, file)} for file in sheet.files]
        row: Any = formats.answer_row(sheet.buttons).to_components() if sheet.buttons else []
        yield {"content": sheet.text, "attachments": files, "components": row}


def _layout(view: formats.Layout, *, private: bool = False) -> dict[str, Any]:
    parts: list[Any] = view.to_components()  # type: ignore[no-untyped-call]
    return {"components": parts, "flags": V2 | (EPHEMERAL if private else 0)}
