"""Model servers that somebody named: what each of them serves, known from the settings and from asking it.

A server speaks OpenAI's protocol (LM Studio, vLLM, LocalAI, Ollama, speaches ...) or that of text-embeddings-inference.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any, TypeAlias

import anyio
import structlog

from core.contract import Card, Model, TaskType
from core.errors import JarvisError
from core.registry import Registry
from core.remote.routes import CHAT, Route
from core.types import Kind, Place

log = structlog.get_logger()

OPENAI, TEI = "openai", "tei"

PAUSE = 60.0
"""Seconds between two looks at what the servers serve: they come and go, and load other models."""

EMBEDS, HEARS, PAINTS, SPEAKS = (
    "feature-extraction", "automatic-speech-recognition", "text-to-image", "text-to-speech",
)  # fmt: skip
EDITS, SORTS, COMPARES = "image-to-image", "text-classification", "sentence-similarity"

SPEAKS_OF: Mapping[str, tuple[str, ...]] = {
    OPENAI: (CHAT, EMBEDS, HEARS, PAINTS, EDITS, SPEAKS),
    TEI: (EMBEDS, SORTS, COMPARES),
}
"""The Hub's tasks that each protocol has words for."""

_KINDS: Sequence[tuple[str, str]] = (
    (HEARS, r"whisper|transcribe|parakeet|canary|moonshine|wav2vec"),
    (SPEAKS, r"tts|kokoro|piper|orpheus|parler|xtts|speecht5|\bvits\b|\bbark\b"),
    (COMPARES, r"rerank"),
    (EMBEDS, r"embed|minilm|(?:^|[/_-])(?:bge|gte|e5|gtr)(?:$|[/_-])"),
    (PAINTS, r"dall-e|flux|stable-?diffusion|sdxl|\bsd[-_]?\d|gpt-image|chatgpt-image|imagen|qwen-image|z-image"),
    ("", r"moderation|guard|realtime|sora|davinci-002|babbage-002"),  # nothing that we ask for
)
"""What models are for, by their names, where a server does not tell. Everything else talks."""

_SEES = (
    r"llava|vision|pixtral|moondream|minicpm-v|internvl|(?:^|[/_-])vlm?(?:$|[/_.:-])|[-\d]vl"
    r"|gemma-?3|gpt-4o|gpt-4\.1|gpt-5"
)
"""Models that talk and see, by their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A model server, as the settings name it; the key is never shown."""

    name: str
    url: str  # without a slash at its end
    protocol: str = OPENAI
    own: bool = False  # it stands in our own house: files may go there, and mode local uses it
    does: tuple[tuple[str, str], ...] = ()  # task type -> model; empty: whatever it tells
    voice: str = ""  # for text-to-speech
    key: str = field(default="", repr=False)

    @property
    def place(self) -> Place:
        """Where its models are."""
        return Place.LOCAL if self.own else Place.REMOTE

    def plain(self) -> dict[str, Any]:
        """Return it as JSON data, key and all."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Served:
    """A model of a server, for one task type."""

    card: Card
    route: Route
    place: Place


LookUp: TypeAlias = Callable[[], Awaitable[Sequence[Any]]]
"""Asks all servers; the rows are those of the errand in :mod:`core.hosted.survey`."""


class Servers:
    """What the servers serve. Asking for it never waits."""

    def __init__(self, servers: Sequence[Server], registry: Registry) -> None:
        """Know what the settings say; the rest is learnt."""
        self._servers = {server.name: server for server in servers}
        self._ways = [(run.task, tuple(getattr(made, "tasks", ())), made) for run, made in registry.runs.items()
                      if run.place is Place.REMOTE and not run.task.internal]  # fmt: skip
        self._served = {server.name: tuple(self._told(server)) for server in servers}
        self.asked = anyio.Event()  # all were asked once

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._servers)

    def served(self) -> dict[tuple[str, str], Served]:
        """Return all models by task type and id."""
        return {one.card.key: one for each in self._served.values() for one in each}

    def learn(self, rows: Sequence[Any]) -> bool:
        """Take in what servers told; returns whether anything is new. One that does not answer serves nothing."""
        before = dict(self._served)
        for row in rows:
            with suppress(KeyError, TypeError, ValueError):
                server, models = self._servers[row["server"]], row["models"]
                if models is None:
                    self._served[server.name] = ()
                    continue
                found = self._told(server) if server.does else self._found(server, models)
                self._served[server.name] = tuple(found)
        return before != self._served

    async def follow(self, look_up: LookUp, on_news: Callable[[], None]) -> None:
        """Ask what the servers serve, again and again, until cancelled; ``on_news`` is called when that changes."""
        while True:
            await self.refresh(look_up, on_news)
            await anyio.sleep(PAUSE)

    async def refresh(self, look_up: LookUp, on_news: Callable[[], None]) -> None:
        """Ask what the servers serve now."""
        try:
            if self.learn(await look_up()):
                on_news()
        except JarvisError as error:
            log.info("servers.not_asked", why=error.message)
        except Exception:  # whatever it is: what was known will do, and the bot lives on
            log.exception("servers.not_asked")
        self.asked.set()

    def _told(self, server: Server) -> Iterator[Served]:
        """Yield what the settings say."""
        for type_, model in server.does:
            yield from self._for(server, model, SPEAKS_OF[server.protocol], only=type_)

    def _found(self, server: Server, models: Iterable[Mapping[str, Any]]) -> Iterator[Served]:
        """Yield what a server told of, each for all that a model of its kind does."""
        for model in models:
            name = str(model["id"])
            kind = _kind(name, model.get("task"))
            if kind in SPEAKS_OF[server.protocol]:
                yield from self._for(server, name, (kind,), sees=bool(re.search(_SEES, name.lower())))

    def _for(
        self, server: Server, model: str, kinds: Sequence[str], *, only: str = "", sees: bool = False
    ) -> Iterator[Served]:
        """Yield a model for the task types that its kinds can do: all, or ``only`` one.

        Talk about pictures needs a model that ``sees``.
        """
        for type_, tasks, made in self._ways:
            task = next((task for task in tasks if task in kinds), None)
            if task is None or (only and type_.name != only):
                continue
            if task == CHAT and not (only or sees) and _looks(type_):
                continue
            settings = {"voice": server.voice} if server.voice else {}
            about = f"served by {server.name}"
            facts = Model(id=f"{server.name}/{model}", about=about, family="hosted", settings=settings)
            card = Card(type=type_, model=facts, place=Place.REMOTE, make=made)
            yield Served(card, Route(provider=server.name, task=task, id=model, server=True), server.place)


def _looks(type_: TaskType) -> bool:
    """Whether a task cannot be done without looking at something."""
    return any(take.required and Kind.TEXT not in take.kinds for take in type_.takes)


def _kind(name: str, told: object) -> str:
    """Return the Hub's task that a model is for: as its server says, else by its name."""
    if isinstance(told, str) and told in {task for tasks in SPEAKS_OF.values() for task in tasks}:
        return told
    if told in ("text-generation", "image-text-to-text"):
        return CHAT
    return next((kind for kind, names in _KINDS if re.search(names, name.lower())), CHAT)
