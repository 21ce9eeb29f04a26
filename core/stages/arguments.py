"""Checks one task's arguments against its signature, and wires them: names, kinds, references, numbers, choices.

What is wrong is put right by rule where the meaning is clear: another output of the task referred to, the picture that
a task looked at instead of its words, a reader between a picture and a text, the only file there is. Otherwise BadInput
says what is wrong, in words that a controller can mend and a person understand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.contract import Give, Take, TaskType
from core.errors import BadInput
from core.events import Trace
from core.refusal import told
from core.stages.written import parts
from core.types import Arg, ArtifactRef, Json, Kind, Ref, Scalar, Task, TaskRef

WORDS = (Kind.TEXT, Kind.TABLE, Kind.NUMBER)
"""Kinds that can be written as text, and so may feed a text argument."""

READERS = {
    Kind.IMAGE: ("image-to-text", "image"),
    Kind.DOCUMENT: ("image-to-text", "image"),
    Kind.AUDIO: ("automatic-speech-recognition", "audio"),
    Kind.VIDEO: ("automatic-speech-recognition", "audio"),
}
"""Task type, and its argument, that make words of a kind."""

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Scope:
    """What references may point to. ``insert`` plans a further task before this one and returns its number."""

    tasks: Mapping[int, Task]
    types: Mapping[str, TaskType]
    ids: Mapping[int, Sequence[int]]  # the controller's task id -> ours
    trace: Trace
    own: int  # how many files came with the message
    insert: Callable[[TaskType, dict[str, Arg]], int]

    def gives(self, task: int) -> Sequence[Give]:
        """Return what a task gives for certain; nothing, where its type is not known any more."""
        type_ = self.types.get(self.tasks[task].type)
        return type_.promised if type_ else ()


def check_arguments(type_: TaskType, args: Mapping[str, Json], scope: Scope) -> list[dict[str, Arg]]:
    """Return the checked arguments: of one task, or of several where one file was asked for and several are given."""
    filled = {take: _found(type_, take, args.get(take.name), scope) for take in type_.takes}
    rows = _spread(type_, filled)
    return [{take.name: _argument(take, found) for take, found in row.items() if found} for row in rows]


def _found(type_: TaskType, take: Take, value: Json, scope: Scope) -> list[Scalar | Ref]:
    """Return the wired parts of one argument; none where it is not given and not needed."""
    written = parts(value)
    lost = [part for part in written if not _is_there(part, scope)]
    if lost and len(lost) < len(written):
        raise BadInput(f"{type_.name} refers to {lost[0]}, which is not there.")
    if lost or not written:
        return _filled(type_, take, scope, lost) if take.required else []
    return [_wired(type_, take, ours, scope) for part in written for ours in _ours(part, scope)]


def _is_there(part: Scalar | Ref, scope: Scope) -> bool:
    match part:
        case TaskRef(number):
            return number in scope.ids
        case ArtifactRef(number):
            return number in scope.trace.artifacts or number in scope.trace.refused
        case _:
            return True


def _ours(part: Scalar | Ref, scope: Scope) -> list[Scalar | Ref]:
    """Return a part with task references under our own numbers: one draft may have become several tasks."""
    if isinstance(part, TaskRef):
        return [TaskRef(task, part.output) for task in scope.ids[part.task]]
    return [part]


def _spread(type_: TaskType, filled: Mapping[Take, list[Scalar | Ref]]) -> list[dict[Take, list[Scalar | Ref]]]:
    """Where an argument takes one file and several are given, make a row for each."""
    several = {take: found for take, found in filled.items() if len(found) > 1 and _takes_one(take)}
    if not several:
        return [dict(filled)]
    counts = {len(found) for found in several.values()}
    if len(counts) > 1:
        names = " and ".join(f"“{take.name}”" for take in several)
        raise BadInput(f"{type_.name} got different numbers of files for {names}.")
    return [
        {take: [found[row]] if take in several else found for take, found in filled.items()}
        for row in range(counts.pop())
    ]


def _takes_one(take: Take) -> bool:
    return not take.many and (Kind.TEXT not in take.kinds or _takes_any(take))


def _takes_any(take: Take) -> bool:
    """Whether what it takes is a file of any kind, a text among them: several are not joined to one text."""
    return {Kind.TEXT, Kind.AUDIO, Kind.IMAGE} <= set(take.kinds)


def _argument(take: Take, found: list[Scalar | Ref]) -> Arg:
    return tuple(found) if take.many or len(found) > 1 else found[0]


def _filled(type_: TaskType, take: Take, scope: Scope, lost: Sequence[Scalar | Ref] = ()) -> list[Scalar | Ref]:
    """Fill an argument that is needed with the one file of the message that fits, if there is exactly one."""
    files = [number for number in range(scope.own) if _kind_fits(take, scope.trace, number)]
    if len(files) == 1:
        return [ArtifactRef(files[0])]
    why = f"; {lost[0]} is not there" if lost else ""
    raise BadInput(f"{type_.name} needs {_a(take)} as “{take.name}”{why}.")


def _kind_fits(take: Take, trace: Trace, number: int) -> bool:
    return number in trace.artifacts and trace.artifacts[number].kind in take.kinds


def _wired(type_: TaskType, take: Take, part: Scalar | Ref, scope: Scope) -> Scalar | Ref:
    match part:
        case TaskRef():
            return _task_reference(type_, take, part, scope)
        case ArtifactRef():
            return _artifact_reference(type_, take, part, scope)
        case _:
            return _literal(type_, take, part, scope)


def _task_reference(type_: TaskType, take: Take, ref: TaskRef, scope: Scope) -> Ref:
    """Refer to the output that fits: the one named, another of the task, what it looked at, or its words."""
    gives = scope.gives(ref.task)
    named = [give for give in gives if give.name == ref.output]
    for give in (*named, *gives):
        if give.kind in take.kinds:
            return _output(ref.task, give, gives)
    if Kind.TEXT in take.kinds:
        for give in (*named, *gives):
            if give.kind in WORDS:
                return _output(ref.task, give, gives)
        for give in (*named, *gives):
            if (read := _read(give.kind, _output(ref.task, give, gives), scope)) is not None:
                return read
    if (before := _before(take, ref.task, scope)) is not None:
        return before
    raise BadInput(f"{type_.name} needs {_a(take)} as “{take.name}”, which {scope.tasks[ref.task].type} does not give.")


def _output(task: int, give: Give, gives: Sequence[Give]) -> TaskRef:
    return TaskRef(task, None if give is gives[0] else give.name)


def _before(take: Take, task: int, scope: Scope) -> Ref | None:
    """Return what the task itself worked on, where that fits: "look again at what you described" means the picture."""
    for ref in scope.tasks[task].references():
        match ref:
            case ArtifactRef(number) if _kind_fits(take, scope.trace, number):
                return ref
            case TaskRef(number):
                gives = scope.gives(number)
                fitting = next((give for give in gives if give.kind in take.kinds), None)
                found = _output(number, fitting, gives) if fitting else _before(take, number, scope)
                if found is not None:
                    return found
            case _:
                continue
    return None


def _read(kind: Kind, ref: Ref, scope: Scope) -> TaskRef | None:
    """Plan a task that makes words of ``ref``, where there is one."""
    name, argument = READERS.get(kind, ("", ""))
    reader = scope.types.get(name)
    return TaskRef(scope.insert(reader, {argument: ref})) if reader else None


def _artifact_reference(type_: TaskType, take: Take, ref: ArtifactRef, scope: Scope) -> Ref:
    trace = scope.trace
    if ref.number in trace.refused:
        raise BadInput(told(trace.refused[ref.number]))
    artifact = trace.artifacts[ref.number]
    if artifact.kind in take.kinds or (Kind.TEXT in take.kinds and artifact.kind in WORDS):
        return ref
    if Kind.TEXT in take.kinds and (read := _read(artifact.kind, ref, scope)) is not None:
        return read
    raise BadInput(f"{type_.name} needs {_a(take)} as “{take.name}”, and {artifact.name} is {artifact.kind}.")


def _literal(type_: TaskType, take: Take, value: Scalar, scope: Scope) -> Scalar | Ref:
    if Kind.NUMBER in take.kinds:
        return _number(type_, take, value)
    if Kind.TEXT in take.kinds and not _takes_any(take):
        return _choice(type_, take, str(value)) if take.choices else str(value)
    for number, artifact in scope.trace.artifacts.items():
        if artifact.name == value:
            return _artifact_reference(type_, take, ArtifactRef(number), scope)
    try:
        return _filled(type_, take, scope)[0]
    except BadInput:
        raise BadInput(
            f"{type_.name} needs {_a(take)} as “{take.name}”, and “{str(value)[:60]}” is no file of this talk."
        ) from None


def _choice(type_: TaskType, take: Take, text: str) -> str:
    word = text.strip().lower().lstrip(".")
    if word not in take.choices:
        raise BadInput(f"“{take.name}” of {type_.name} is one of: {', '.join(take.choices)}.")
    return word


def _number(type_: TaskType, take: Take, value: Scalar) -> Scalar:
    """Return the number in ``value``, moved into the bounds it has."""
    found = _NUMBER.search(str(value))
    if found is None:
        raise BadInput(f"“{take.name}” of {type_.name} is a number, not “{str(value)[:60]}”.")
    number = float(found.group())
    number = max(number, float(take.low)) if take.low is not None else number
    number = min(number, float(take.high)) if take.high is not None else number
    return int(number) if number.is_integer() else number


def _a(take: Take) -> str:
    names = " or ".join(kind.value for kind in take.kinds)
    return f"an {names}" if names[0] in "aeiou" else f"a {names}"
