"""All task types at work without any model: each checks the kinds of what it is given, and gives something of its own.

What runs here is the real orchestrator on the real catalogue; only the experts are made up.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import anyio
from PIL import Image

from core.contract import Give, Model, TaskType
from core.errors import ExpertFailed
from core.events import Trace
from core.limits import Limits
from core.orchestrator import Orchestrator
from core.ports import Brief, Controller, Job, Offer, OnProgress
from core.registry import Registry
from core.stages.briefing import brief
from core.types import Artifact, Attachment, Json, Kind, Media, Mode, Place, Turn, Value
from storage.blobs import MemoryBlobs
from storage.memory import MemoryStore

REGISTRY = Registry.discover()
MIMES = {Kind.IMAGE: "image/png", Kind.AUDIO: "audio/wav", Kind.VIDEO: "video/mp4", Kind.DOCUMENT: "application/pdf"}
SPECIAL: dict[str, dict[str, Json]] = {
    "object-detection": {
        "objects": [
            {"label": "zebra", "score": 0.9, "box": {"xmin": 1, "ymin": 2, "xmax": 30, "ymax": 40}},
            {"label": "zebra", "score": 0.8, "box": {"xmin": 50, "ymin": 2, "xmax": 80, "ymax": 40}},
        ]
    },
    "text-classification": {"label": "positive", "scores": [{"label": "positive", "score": 0.97}]},
    "translation": {"text": "நான் உன்னை காதலிக்கிறேன்"},
    "image-to-text": {"text": "INVOICE NO: 18301/102/T0305"},
}
"""Outputs worth talking about; those of the other types are made up from their signatures."""


@dataclass
class Zoo:
    """An executor for every task type, with ``models`` made-up models each."""

    seconds: float = 0.0
    models: int = 1
    fails: Mapping[str, str] = field(default_factory=dict)  # task type -> why
    outputs: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)  # in place of the usual ones
    ran: list[Job] = field(default_factory=list)
    began: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)  # inputs that no expert should get

    def offers(self) -> Collection[Offer]:
        return [
            Offer(type=name, model=_model(name, number), place=Place.LOCAL)
            for name in REGISTRY.types
            for number in range(self.models)
        ]

    async def run(self, job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        type_ = REGISTRY.types[job.type]
        if type_.internal:
            return _errand(job)
        self.ran.append(job)
        self.began.append(time.perf_counter())
        self.wrong += [f"{job.type}: {why}" for why in _wrong(type_, job.inputs)]
        await anyio.sleep(self.seconds)
        if job.type in self.fails:
            raise ExpertFailed(self.fails[job.type])
        special = self.outputs.get(job.type, SPECIAL.get(job.type, {}))
        return {give.name: special.get(give.name, _made(job, give)) for give in type_.gives}

    async def warm(self, type: str, model: str) -> None:  # noqa: A002 - the port says so
        return


def _wrong(type_: TaskType, inputs: Mapping[str, Value]) -> Iterator[str]:
    """Yield what in a job's inputs is not as the task type declares it."""
    for take in type_.takes:
        if take.required and take.name not in inputs:
            yield f"no {take.name}"
    for name, value in inputs.items():
        take_ = type_.take(name)
        if take_ is None:
            yield f"{name} is unknown"
            continue
        if take_.many is not isinstance(value, list) and Kind.TABLE not in take_.kinds:
            yield f"{name} is {type(value).__name__}"
        for part in value if take_.many and isinstance(value, list) else [value]:
            if _kind(part) not in take_.kinds:
                yield f"{name} is {_kind(part)}"


def _kind(value: Any) -> Kind:
    match value:
        case Media():
            return value.kind
        case str():
            return Kind.TEXT
        case int() | float():
            return Kind.NUMBER
        case _:
            return Kind.TABLE


def _errand(job: Job) -> Mapping[str, Value]:
    """Return what the house's own errands give: whatever is made here may be seen by everybody."""
    if job.type == "image-safety":
        return {"label": "safe", "score": 0.0}
    file = job.inputs["file"]
    assert isinstance(file, Media)
    facts: list[Json] = [{"mime": file.mime}]
    return {"kind": file.kind.value, "facts": facts}


def _model(name: str, number: int) -> Model:
    about = f"Model number {number} for {name}. " + "It has a rather long description. " * 10
    return Model(id=f"made-up/{name}-{number}", about=about, downloads=1000 - number)


def _made(job: Job, give: Give) -> Value:
    rows: list[Json] = [{"label": "thing", "score": 0.5}]
    match give.kind:
        case Kind.TEXT:
            return f"text of {job.type}"
        case Kind.TABLE:
            return rows
        case Kind.NUMBER:
            return 1
        case _:
            name = f"{job.type}.{MIMES[give.kind].rpartition('/')[2]}"
            return Media(data=picture(job.id), kind=give.kind, mime=MIMES[give.kind], name=name)


def picture(seed: str = "") -> bytes:
    """Return a small PNG; another seed, other bytes."""
    data = BytesIO()
    Image.new("RGB", (8, 8), (hash(seed) % 256, 0, 0)).save(data, "PNG")
    return data.getvalue() + seed.encode()


def orchestrator(controller: Controller, zoo: Zoo | None = None, *, store: MemoryStore | None = None) -> Orchestrator:
    """Return a real orchestrator over the whole catalogue."""
    store = store or MemoryStore()
    return Orchestrator(
        registry=REGISTRY,
        controller=controller,
        executor=zoo or Zoo(),
        blobs=MemoryBlobs(),
        memory=store.memory,
        results=store.results,
        rules=store.rules,
        limits=Limits(),
    )


def briefed(
    text: str = "Hi",
    *,
    files: Sequence[Artifact] = (),
    own: int | None = None,
    turns: Sequence[Turn] = (),
    zoo: Zoo | None = None,
) -> Brief:
    """Return the brief of a request as the orchestrator writes it."""
    own = len(files) if own is None else own
    offers = (zoo or Zoo()).offers()
    return brief(text, dict(enumerate(files)), own=own, registry=REGISTRY, offers=offers, mode=Mode.HYBRID, turns=turns)


def artifact(name: str, kind: Kind = Kind.IMAGE) -> Artifact:
    """Return a file of which only the name matters."""
    return Artifact(sha256=f"sha-{name}", kind=kind, mime=MIMES.get(kind, "text/plain"), name=name, size=3)


def attached(*names: str) -> tuple[Attachment, ...]:
    """Return attachments; their address is their name, and :func:`fetch` makes files of them."""
    return tuple(Attachment(name=name, address=name) for name in names)


async def fetch(address: str) -> AsyncIterator[bytes]:
    """Yield a file of the kind its name tells: enough of one to be taken for it."""
    match address.rpartition(".")[2]:
        case "mp3":
            yield b"ID3\x03\x00" + bytes(200) + address.encode()
        case "mp4":
            yield b"\x00\x00\x00\x18ftypmp42" + bytes(200) + address.encode()
        case "pdf":
            yield b"%PDF-1.7\n" + address.encode()
        case "txt":
            yield f"This is the text of {address}.".encode()
        case _:
            yield picture(address)


def planned(trace: Trace) -> list[tuple[str, dict[str, Any]]]:
    """Return the tasks of a trace as (type, arguments as written)."""
    from core.codec import plain

    return [
        (task.type, {name: plain(arg) for name, arg in task.args.items()}) for _, task in sorted(trace.tasks.items())
    ]
