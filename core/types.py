"""The nouns: what a request, a task and a result are.

Everything here is frozen. What is journaled, shown or sent goes through :mod:`core.codec`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, TypeAlias

from pydantic import Field, JsonValue

Json: TypeAlias = JsonValue


class Kind(StrEnum):
    """What bytes or a value are, as far as wiring tasks together is concerned."""

    TEXT = "text"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"  # paged: a PDF
    TABLE = "table"  # structured data: a list of rows
    NUMBER = "number"


class Mode(StrEnum):
    """Where tasks may run (the paper's inference mode)."""

    LOCAL = "local"
    REMOTE = "remote"
    HYBRID = "hybrid"


class Place(StrEnum):
    """Where a model runs."""

    EMBEDDED = "embedded"  # inside this installation, nothing to download
    LOCAL = "local"  # on our own devices, from downloaded weights
    REMOTE = "remote"  # hosted inference


class Stage(StrEnum):
    """HuggingGPT's four stages, in order."""

    PLAN = "plan"
    SELECT = "select"
    EXECUTE = "execute"
    RESPOND = "respond"


class Safety(StrEnum):
    """What becomes of pictures and films that a classifier takes for unsafe (nudity, say)."""

    STRICT = "strict"  # they are withheld
    BLUR = "blur"  # they are hidden behind a spoiler, or withheld where a platform has none
    OFF = "off"  # they are shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a message was written."""

    platform: str  # "web", "api", "terminal-…", "discord", "slack": the mouth that answers
    channel: str
    conversation: str  # the thread; the key of the window
    message: str  # the platform's own id of the message, unique within the channel
    workspace: str = ""

    @property
    def key(self) -> str:
        """Idempotency key: one platform message is one request, however often it is delivered."""
        return f"{self.platform}/{self.workspace}/{self.channel}/{self.message}"

    @property
    def thread(self) -> str:
        """Key of the conversation: its turns are answered one after the other and share a window."""
        return f"{self.platform}/{self.workspace}/{self.channel}/{self.conversation}"

    @property
    def scopes(self) -> tuple[str, ...]:
        """The places whose mode and rules apply to it, the most particular first; "" is everywhere."""
        platform = self.platform.partition("-")[0]  # each terminal is a platform of its own; together they are one
        workspace = f"{platform}/{self.workspace}"
        return (f"{workspace}/{self.channel}", workspace, platform, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote a message."""

    id: str
    name: str = ""
    roles: tuple[str, ...] = ()  # the platform's ids of the roles they have where they wrote


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A promise: what the platform announced. Nothing in it is believed before the bytes are here."""

    name: str
    address: str  # what the platform's mouth needs to fetch it: a URL, a path, "blob:<sha256>"
    mime: str = ""
    size: int | None = None  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A possession: bytes in Blobs, a user's file and an expert's output alike."""

    sha256: str
    kind: Kind
    mime: str
    name: str
    size: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One message to answer. What is stamped at acceptance does not change while it is under way."""

    id: str
    origin: Origin
    author: Author
    text: str
    attachments: tuple[Attachment, ...] = ()
    mode: Mode = Mode.HYBRID  # stamped
    through: Stage = Stage.RESPOND  # the last stage to run; the HTTP API can stop earlier
    accepted_at: float = 0.0  # Unix seconds, stamped
    model: str = ""  # the model that its author wants, for each task that it can run
    redoes: str = ""  # id of the request that it takes up again: its journal begins with what stays of that one's
    step: int | None = None  # of the request that it redoes: the task that ``model`` shall do
    adults: bool = False  # the platform lets only adults into the place where it was written
    safety: Safety = Safety.BLUR  # stamped


@dataclass(frozen=True, slots=True)
class TaskRef:
    """The output of an earlier task, ``<resource-ID>`` in the paper."""

    task: int
    output: str | None = None  # None: the output whose kind fits the argument

    def __str__(self) -> str:
        """Render as the paper writes it."""
        return f"<resource-{self.task}>" if self.output is None else f"<resource-{self.task}.{self.output}>"


@dataclass(frozen=True, slots=True)
class ArtifactRef:
    """A file of the request or of the window, by its number in ``Trace.artifacts``.

    The request's attachments come first, counted from 0 in the order they were sent.
    """

    number: int

    def __str__(self) -> str:
        """Render as shown to planners."""
        return f"<attachment-{self.number}>"


Ref: TypeAlias = TaskRef | ArtifactRef
Scalar: TypeAlias = str | int | float | bool
Arg: TypeAlias = Scalar | Ref | tuple[Ref | Scalar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The model a planner would like for a task, and why."""

    model: str
    why: str = ""
    firm: bool = False  # a person asked for it: no admin's preference goes before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One checked node of the plan. References point back only, so a plan cannot hold a cycle."""

    id: int
    type: str  # the Hugging Face task name
    args: Mapping[str, Arg] = field(default_factory=dict)
    wish: Wish | None = None

    def references(self) -> tuple[Ref, ...]:
        """All references in the arguments, in order."""
        values = (value if isinstance(value, tuple) else (value,) for value in self.args.values())
        return tuple(part for parts in values for part in parts if isinstance(part, TaskRef | ArtifactRef))

    def needs(self) -> frozenset[int]:
        """The ids of the tasks whose results this one awaits."""
        return frozenset(ref.task for ref in self.references() if isinstance(ref, TaskRef))


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which model runs a task, where, and why: the reason is kept whoever decided."""

    task: int
    model: str
    place: Place
    why: str


Output: TypeAlias = Annotated[Artifact | Json, Field(union_mode="left_to_right")]
"""A file, or data. Read back from JSON, whatever has all the fields of an artifact is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a task gave: one shape for embedded, local, remote and cached runs."""

    task: int
    outputs: Mapping[str, Output]
    seconds: float
    model: str
    place: Place
    cached: bool = False
    providers: tuple[str, ...] = ()  # who was asked for it, if others were: those in vain first, who gave it last


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """Bytes in memory on their way into or out of an expert."""

    data: bytes
    kind: Kind
    mime: str
    name: str


Value: TypeAlias = Media | list[Media] | Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One line of a conversation window."""

    request: str  # id of the request it belongs to
    role: str  # "user" or "assistant"
    author: str
    text: str
    artifacts: tuple[Artifact, ...] = ()
    at: float = 0.0  # Unix seconds
