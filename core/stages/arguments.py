"""Checks one task's arguments against its signature: names, kinds, references, numbers and choices."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.codec import REFERENCE, reference
from core.errors import BadInput
from core.events import Trace
from core.registry import Take, TaskType
from core.types import Arg, ArtifactRef, Json, Kind, Ref, Scalar, Task, TaskRef

WORDS = (Kind.TEXT, Kind.TABLE, Kind.NUMBER)
"""Kinds that can be written as text, and so may feed a text argument."""

_BETWEEN_REFERENCES = re.compile(r"(?:[\s,;&+]|\band\b)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scope:
    """What references may point to."""

    tasks: Mapping[int, Task]
    types: Mapping[str, TaskType]
    ids: Mapping[int, int]  # the controller's task id -> ours
    trace: Trace


def references_in(value: Json | Mapping[str, Json]) -> Iterable[Ref]:
    """Yield every reference in the arguments a controller wrote."""
    match value:
        case str():
            for found in REFERENCE.finditer(value):
                ref = reference(found.group())
                if ref is not None:
                    yield ref
        case Mapping():
            for part in value.values():
                yield from references_in(part)
        case list() | tuple():
            for part in value:
                yield from references_in(part)
        case _:
            return


def check_arguments(type_: TaskType, args: Mapping[str, Json], scope: Scope) -> dict[str, Arg]:
    """Return the checked arguments of a task of ``type_``. Raises BadInput with the fault in words."""
    unknown = sorted(name for name in args if type_.take(name) is None)
    if unknown:
        raise BadInput(f"{type_.name} has no argument “{unknown[0]}”.")
    checked: dict[str, Arg] = {}
    for take in type_.takes:
        value = args.get(take.name)
        if value is None or value in ("", []):
            if take.required:
                raise BadInput(f"{type_.name} needs {_a(take)} as “{take.name}”.")
            continue
        checked[take.name] = _argument(type_, take, value, scope)
    return checked


def _argument(type_: TaskType, take: Take, value: Json, scope: Scope) -> Arg:
    parts = [_wired(type_, take, part, scope) for part in _parts(value)]
    if take.many:
        return tuple(parts)
    if len(parts) == 1:
        return parts[0]
    if Kind.TEXT in take.kinds:
        return tuple(parts)
    raise BadInput(f"{type_.name} takes one “{take.name}” at a time, not {len(parts)}.")


def _parts(value: Json) -> list[Scalar | Ref]:
    """Split a written value into literals and references, in order."""
    if isinstance(value, list):
        return [part for item in value for part in _parts(item)]
    if isinstance(value, dict) or value is None:
        raise BadInput("An argument must be text, a number, a reference or a list of these.")
    if not isinstance(value, str):
        return [value]
    pieces: list[Scalar | Ref] = []
    end = 0
    for found in REFERENCE.finditer(value):
        pieces.extend([value[end : found.start()]] if value[end : found.start()] else [])
        ref = reference(found.group())
        pieces.extend([ref] if ref is not None else [])
        end = found.end()
    pieces.extend([value[end:]] if value[end:] else [])
    only_references = all(not isinstance(piece, str) or _BETWEEN_REFERENCES.fullmatch(piece) for piece in pieces)
    if end and only_references:
        return [piece for piece in pieces if not isinstance(piece, str)]
    return pieces


def _wired(type_: TaskType, take: Take, part: Scalar | Ref, scope: Scope) -> Scalar | Ref:
    match part:
        case TaskRef():
            return _task_reference(type_, take, part, scope)
        case ArtifactRef():
            return _artifact_reference(type_, take, part, scope.trace)
        case _:
            return _literal(type_, take, part, scope.trace)


def _task_reference(type_: TaskType, take: Take, ref: TaskRef, scope: Scope) -> TaskRef:
    source = scope.tasks[scope.ids[ref.task]]
    gives = scope.types[source.type].gives if source.type in scope.types else ()
    if ref.output is not None:
        gives = tuple(give for give in gives if give.name == ref.output)
    wanted = (*take.kinds, *WORDS) if Kind.TEXT in take.kinds else take.kinds
    for kind in wanted:
        for give in gives:
            if give.kind is kind:
                main = scope.types[source.type].gives[0]
                return TaskRef(source.id, None if give is main else give.name)
    raise BadInput(f"{type_.name} needs {_a(take)} as “{take.name}”, which {source.type} does not give.")


def _artifact_reference(type_: TaskType, take: Take, ref: ArtifactRef, trace: Trace) -> ArtifactRef:
    if ref.number in trace.refused:
        raise BadInput(f"{trace.refused[ref.number].name} cannot be used: {trace.refused[ref.number].why}")
    artifact = trace.artifacts.get(ref.number)
    if artifact is None:
        raise BadInput(f"There is no attachment number {ref.number}.")
    if artifact.kind not in take.kinds and not (Kind.TEXT in take.kinds and artifact.kind in WORDS):
        raise BadInput(f"{type_.name} needs {_a(take)} as “{take.name}”, and {artifact.name} is {artifact.kind}.")
    return ref


def _literal(type_: TaskType, take: Take, value: Scalar, trace: Trace) -> Scalar | Ref:
    if Kind.NUMBER in take.kinds:
        return _number(type_, take, value)
    if Kind.TEXT in take.kinds:
        text = str(value)
        if take.choices and text.lower() not in take.choices:
            raise BadInput(f"“{take.name}” of {type_.name} is one of: {', '.join(take.choices)}.")
        return text.lower() if take.choices else text
    for number, artifact in trace.artifacts.items():
        if artifact.name == value:
            return _artifact_reference(type_, take, ArtifactRef(number), trace)
    raise BadInput(f"{type_.name} needs {_a(take)} as “{take.name}”, and “{str(value)[:60]}” is no file of this talk.")


def _number(type_: TaskType, take: Take, value: Scalar) -> Scalar:
    try:
        number = float(value)
    except ValueError:
        raise BadInput(f"“{take.name}” of {type_.name} is a number, not “{str(value)[:60]}”.") from None
    low = take.low if take.low is not None else float("-inf")
    high = take.high if take.high is not None else float("inf")
    if not low <= number <= high:
        raise BadInput(f"“{take.name}” of {type_.name} lies between {low:g} and {high:g}.")
    return int(number) if number.is_integer() else number


def _a(take: Take) -> str:
    names = " or ".join(kind.value for kind in take.kinds)
    return f"an {names}" if names[0] in "aeiou" else f"a {names}"
