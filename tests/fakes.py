"""Small stand-ins for what lies around the orchestrator: a script as controller, functions as experts."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import anyio

from core.contract import Give, Model, Take, TaskType
from core.events import Event, Trace, fold
from core.limits import Limits
from core.orchestrator import Orchestrator
from core.ports import Brief, Choice, Draft, Job, Offer, OnProgress, Say, Tie
from core.registry import Registry
from core.types import Attachment, Author, Json, Kind, Media, Origin, Place, Request, Stage, Value, Wish
from storage.blobs import MemoryBlobs
from storage.memory import MemoryStore
from tests.stores import AnyStore

Piece = Draft | Say | float | Exception
"""What a script holds: a float waits that many seconds, an exception is raised."""

Function = Callable[[Job, OnProgress], Awaitable[Mapping[str, Value]]]

WORD = TaskType(
    name="word",
    summary="Makes a word of a text.",
    takes=(Take(name="text", kinds=(Kind.TEXT,)), Take(name="number", kinds=(Kind.NUMBER,), required=False, low=0)),
    gives=(Give(name="text", kind=Kind.TEXT),),
    repeatable=False,
    examples=("a word, please",),
)
PICTURE = TaskType(
    name="picture",
    summary="Makes a picture of texts.",
    takes=(
        Take(name="texts", kinds=(Kind.TEXT,), many=True),
        Take(name="seed", kinds=(Kind.NUMBER,), required=False),
    ),
    gives=(Give(name="image", kind=Kind.IMAGE), Give(name="rows", kind=Kind.TABLE)),
    repeatable=False,
)
LOOK = TaskType(
    name="look",
    summary="Looks at a picture.",
    takes=(Take(name="image", kinds=(Kind.IMAGE,)),),
    gives=(Give(name="text", kind=Kind.TEXT),),
)
NOWHERE = TaskType(
    name="nowhere",
    summary="Nobody can do this.",
    takes=(Take(name="text", kinds=(Kind.TEXT,)),),
    gives=(Give(name="text", kind=Kind.TEXT),),
)
PROBE = TaskType(
    name="media-probe",
    summary="Looks what a file is.",
    takes=(Take(name="file", kinds=tuple(Kind)),),
    gives=(Give(name="kind", kind=Kind.TEXT), Give(name="facts", kind=Kind.TABLE)),
    internal=True,
)
DEAR = TaskType(
    name="dear",
    summary="Takes long.",
    takes=(Take(name="text", kinds=(Kind.TEXT,)),),
    gives=(Give(name="text", kind=Kind.TEXT),),
    repeatable=False,
    seconds=900,
)
TOYS = Registry({type_.name: type_ for type_ in (DEAR, LOOK, NOWHERE, PICTURE, PROBE, WORD)}, ())


@dataclass
class ScriptedController:
    """Plans and answers by script; the answers, where none is written, list the results."""

    script: Sequence[Piece] = ()
    answers: Sequence[Sequence[Piece]] = ()
    name: str = "scripted"
    briefs: list[Brief] = field(default_factory=list)
    asked: int = 0
    ties: list[Sequence[Tie]] = field(default_factory=list)

    async def plan(self, brief: Brief) -> AsyncIterator[Draft | Say]:
        self.briefs.append(brief)
        async for piece in _played(self.script):
            yield piece

    async def respond(self, brief: Brief, trace: Trace) -> AsyncIterator[Draft | Say]:
        self.asked += 1
        if self.asked <= len(self.answers):
            async for piece in _played(self.answers[self.asked - 1]):
                yield piece
            return
        done = [f"{number}={result.outputs.get('text', '')}" for number, result in sorted(trace.results.items())]
        failed = [f"{number} failed: {why}" for number, why in sorted(trace.failures.items())]
        skipped = [f"{number} skipped because of {because}" for number, because in sorted(trace.skipped.items())]
        rejected = [f"{one.what} rejected: {one.why}" for one in trace.rejected]
        yield Say("; ".join([*done, *failed, *skipped, *rejected]))

    async def choose(self, text: str, ties: Sequence[Tie]) -> Choice:
        self.ties.append(ties)
        return Choice(wishes={tie.task.id: Wish(model=tie.candidates[-1].model.id, why="the last") for tie in ties})


async def _played(script: Sequence[Piece]) -> AsyncIterator[Draft | Say]:
    for piece in script:
        match piece:
            case float():
                await anyio.sleep(piece)
            case Exception():
                raise piece
            case _:
                yield piece


async def echo(job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
    """Answer at once: the word is the text, the picture is its texts as bytes."""
    match job.type:
        case "picture":
            data = "|".join(map(str, job.inputs["texts"])).encode()  # type: ignore[arg-type]
            made = Media(data=data, kind=Kind.IMAGE, mime="image/png", name="picture.png")
            rows: list[Json] = [{"label": "cat", "score": 0.5}]
            return {"image": made, "rows": rows}
        case "look":
            image = job.inputs["image"]
            assert isinstance(image, Media)
            return {"text": f"saw {image.data.decode()}"}
        case "media-probe":
            file = job.inputs["file"]
            assert isinstance(file, Media)
            facts: list[Json] = [{"mime": file.mime}]
            return {"kind": file.kind.value, "facts": facts}
        case _:
            return {"text": f"<{job.inputs['text']}>"}


@dataclass
class FunctionExecutor:
    """Runs functions in this process; remembers what ran, when it began and when it ended."""

    function: Function = echo
    seconds: float = 0.0
    models: Mapping[str, Sequence[str]] = field(default_factory=dict)  # task type -> model ids
    ran: list[Job] = field(default_factory=list)
    spans: dict[str, tuple[float, float]] = field(default_factory=dict)
    cancelled: list[str] = field(default_factory=list)

    def offers(self) -> Collection[Offer]:
        return [
            Offer(type=type_, model=Model(id=model), place=Place.LOCAL)
            for type_ in TOYS.types
            if type_ != "nowhere"
            for model in self.models.get(type_, ("toy",))
        ]

    async def run(self, job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        if job.type == "media-probe":
            return await echo(job, on_progress)
        self.ran.append(job)
        began = time.perf_counter()
        try:
            await anyio.sleep(self.seconds)
            return await self.function(job, on_progress)
        except anyio.get_cancelled_exc_class():
            self.cancelled.append(job.id)
            raise
        finally:
            self.spans[job.id] = (began, time.perf_counter())

    async def warm(self, type: str, model: str) -> None:  # noqa: A002 - the port says so
        return


def task(number: int, type_: str = "word", /, **args: object) -> Draft:
    """Return a draft; a word of nothing particular unless arguments are given."""
    return Draft(id=number, type=type_, args=args or {"text": f"t{number}"})  # type: ignore[arg-type]


def request(
    text: str = "hello",
    *,
    message: str = "1",
    conversation: str = "talk",
    attachments: tuple[Attachment, ...] = (),
    through: Stage = Stage.RESPOND,
    author: str = "ada",
    platform: str = "test",
) -> Request:
    """Return a request as an ear would make it."""
    origin = Origin(platform=platform, channel="room", conversation=conversation, message=message)
    return Request(
        id=f"{platform}:{message}",
        origin=origin,
        author=Author(id=author),
        text=text,
        attachments=attachments,
        through=through,
    )


async def no_files(address: str) -> AsyncIterator[bytes]:
    """Fetch nothing: the address is the content."""
    yield address.encode()


def mind(
    controller: ScriptedController,
    executor: FunctionExecutor | None = None,
    *,
    limits: Limits | None = None,
    store: AnyStore | None = None,
) -> Orchestrator:
    """Return a real orchestrator between a scripted controller and functions."""
    store = store or MemoryStore()
    return Orchestrator(
        registry=TOYS,
        controller=controller,
        executor=executor or FunctionExecutor(),
        blobs=MemoryBlobs(),
        memory=store.memory,
        results=store.results,
        rules=store.rules,
        limits=limits or Limits(),
    )


async def heard(orchestrator: Orchestrator, asked: Request, trace: Trace | None = None) -> list[Event]:
    """Return all events of a request."""
    async with orchestrator.answer(asked, trace or Trace(), no_files) as events:
        return [event async for event in events]


async def traced(orchestrator: Orchestrator, asked: Request, trace: Trace | None = None) -> Trace:
    """Return the trace of a request when it is over."""
    return fold(await heard(orchestrator, asked, trace), trace)
