"""Stage 3, task execution: arguments become inputs, a job runs, outputs become artifacts."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.contract import PROVIDERS, TaskType
from core.errors import ExpertFailed, Faulty, NotFound
from core.events import Trace
from core.ports import Blobs, Executor, Job, OnProgress, Results
from core.rules import Terms
from core.types import (
    Arg,
    Artifact,
    ArtifactRef,
    Json,
    Kind,
    Media,
    Output,
    Ref,
    Result,
    Scalar,
    Selection,
    Task,
    TaskRef,
    Value,
)


@dataclass(frozen=True, slots=True)
class Execution:
    """Runs one selected task of a request."""

    blobs: Blobs
    executor: Executor
    results: Results
    types: Mapping[str, TaskType]
    code: str = ""  # of this installation: a result of other code is not remembered

    async def run(  # noqa: PLR0913 - named, and each is a fact of its own
        self,
        task: Task,
        selection: Selection,
        trace: Trace,
        *,
        job: str,
        owner: str,
        revision: str,
        terms: Terms,
        on: OnProgress,
    ) -> Result:
        """Return the task's result, from the cache where the task type is repeatable. Raises JarvisError.

        ``revision`` is the one that the model will most likely have; what admins settled is in ``terms``.
        """
        type_ = self.types[task.type]
        named = {name: self._resolve(arg, trace) for name, arg in task.args.items()}
        same = type_.repeatable or named.get("seed") is not None  # whoever names the seed wants that very picture
        keys = _Keys.of(task.type, selection.model, f"{revision} {self.code}", named) if same else None
        began = time.perf_counter()
        outputs = await self._known(keys) if keys else None
        cached = outputs is not None
        providers: tuple[str, ...] = ()
        if outputs is None:
            outputs, providers = await self._execute(task, selection, named, job=job, owner=owner, terms=terms, on=on)
            if keys:
                await self.results.put(keys.fitting(outputs), outputs)
        return Result(
            task=task.id,
            outputs=outputs,
            seconds=time.perf_counter() - began,
            model=selection.model,
            place=selection.place,
            cached=cached,
            providers=providers,
        )

    async def _known(self, keys: _Keys) -> Mapping[str, Output] | None:
        """Return what the same run gave before, if it is remembered, and its files are still here."""
        for key in dict.fromkeys((keys.plain, keys.named)):
            outputs = await self.results.get(key)
            if outputs is not None and await self._has(outputs):
                return outputs
        return None

    async def _has(self, outputs: Mapping[str, Output]) -> bool:
        """Whether the files of outputs are here: a store that was moved or brought back may lack some."""
        try:
            for output in outputs.values():
                if isinstance(output, Artifact):
                    await self.blobs.get(output.sha256)
        except NotFound:
            return False
        return True

    async def _execute(
        self,
        task: Task,
        selection: Selection,
        named: Mapping[str, Any],
        *,
        job: str,
        owner: str,
        terms: Terms,
        on: OnProgress,
    ) -> tuple[Mapping[str, Output], tuple[str, ...]]:
        """Have the job run; returns what it gives, and who was asked for it."""
        inputs = {name: await self._input(task, name, value) for name, value in named.items()}
        work = Job(
            id=job,
            type=task.type,
            model=selection.model,
            place=selection.place,
            inputs=inputs,
            seconds=self.types[task.type].seconds,
            owner=owner,
            revision=terms.revision,
            trusted=terms.trusted,
        )
        given = dict(await self.executor.run(work, on))
        providers = _names(given.pop(PROVIDERS, None))
        single = {name: _single(value, name, selection.model) for name, value in given.items()}
        return {name: await self._output(value) for name, value in single.items()}, providers

    def _resolve(self, arg: Arg, trace: Trace) -> Any:
        """Replace references by what they point to: artifacts and values."""
        if isinstance(arg, tuple):
            return [self._refer(part, trace) for part in arg]
        return self._refer(arg, trace)

    def _refer(self, part: Ref | Scalar, trace: Trace) -> Output:
        match part:
            case ArtifactRef(number):
                return trace.artifacts[number]
            case TaskRef(number, name):
                outputs = trace.results[number].outputs
                name = name or self.types[trace.tasks[number].type].gives[0].name
                if name not in outputs:
                    raise ExpertFailed(f"{trace.tasks[number].type} gave no “{name}”.")
                return outputs[name]
            case _:
                return part

    async def _input(self, task: Task, name: str, value: Any) -> Any:
        """Bring an argument into the form experts take: media as bytes, words as text."""
        take = self.types[task.type].take(name)
        assert take is not None  # noqa: S101 - the plan stage checked the names
        if not isinstance(value, list):
            return await self._one(take.kinds, value)
        parts = [await self._one(take.kinds, part) for part in value]
        return parts if take.many else _glue(task.args[name]).join(parts)

    async def _one(self, kinds: tuple[Kind, ...], value: Output) -> Any:
        if not isinstance(value, Artifact):
            return as_text(value) if Kind.TEXT in kinds and not isinstance(value, str) else value
        data = await self.blobs.get(value.sha256)
        if value.kind is Kind.TEXT and Kind.TEXT in kinds:
            return _decode(data)
        return Media(data=data, kind=value.kind, mime=value.mime, name=value.name)

    async def _output(self, value: Any) -> Output:
        if not isinstance(value, Media):
            output: Output = value
            return output
        sha256 = await self.blobs.put(value.data)
        return Artifact(sha256=sha256, kind=value.kind, mime=value.mime, name=value.name, size=len(value.data))


def _names(value: Any) -> tuple[str, ...]:
    """Return who was asked, each once; a child tells it, so it may be anything."""
    names = (name for name in value if isinstance(name, str)) if isinstance(value, list) else ()
    return tuple(dict.fromkeys(names))


def _single(value: Value, name: str, model: str) -> Media | Json:
    """Return a value that is one file or data: journal, looking after and hand-over know an output by its one file."""
    match value:
        case [Media() as file]:
            return file
        case [Media(), *_]:
            raise Faulty(f"The model “{model}” gave several files as “{name}”, where one is expected.")
        case _:
            return value  # type: ignore[return-value] # no list of files any more


def _glue(arg: Arg) -> str:
    """Several texts are joined line by line; a text with references inside stays as it was written."""
    return "" if isinstance(arg, tuple) and any(isinstance(part, str) for part in arg) else "\n"


def as_text(value: Output) -> str:
    """Write data as text: tables line by line, labels first."""
    match value:
        case str():
            return value
        case list():
            return "\n".join(as_text(row) for row in value)
        case dict():
            return ", ".join(f"{name}: {as_text(part)}" for name, part in value.items())
        case Artifact():
            return value.name
        case _:
            return json.dumps(value)


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(data).best()
        if best is None:
            raise ExpertFailed("The text file is in an encoding that I cannot read.") from None
        return str(best)


@dataclass(frozen=True, slots=True)
class _Keys:
    """Content keys of a repeatable run: task type, model, its revision and ours, the inputs by hash or value.

    Files that come of a run are named after its inputs: such results are remembered for the same names only, so that
    nobody reads in his answer how somebody else called a file.
    """

    plain: str
    named: str

    @classmethod
    def of(cls, type_: str, model: str, revision: str, named: Mapping[str, Any]) -> _Keys:
        """Return the keys of a run."""

        def content(value: Any, *, names: bool) -> Any:
            if isinstance(value, list):
                return [content(part, names=names) for part in value]
            if not isinstance(value, Artifact):
                return value
            return {"sha256": value.sha256, **({"name": value.name} if names else {})}

        def key(*, names: bool) -> str:
            inputs = {name: content(value, names=names) for name, value in sorted(named.items())}
            return hashlib.sha256(json.dumps([type_, model, revision, inputs], sort_keys=True).encode()).hexdigest()

        return cls(key(names=False), key(names=True))

    def fitting(self, outputs: Mapping[str, Output]) -> str:
        """Return the key under which outputs are remembered."""
        return self.named if any(isinstance(output, Artifact) for output in outputs.values()) else self.plain
