"""From a Trace to neutral blocks. Every platform turns the same blocks into its own markup."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from core.amounts import counted, duration
from core.events import Consulted, State, Trace
from core.refusal import told
from core.safety import why
from core.types import Arg, Artifact, ArtifactRef, Json, Output, Place, TaskRef

SHOWN_CHARS = 2_000
"""Of one value inside a step; the whole of it belongs to the answer."""


_JSON = json.JSONEncoder(ensure_ascii=False)

_UNMARKED = re.compile(r"[`*\\]")
"""What Markdown puts around words."""

Hidden: TypeAlias = Mapping[str, str]
"""Files that nobody sees unasked, by SHA-256, and why. What is withheld altogether is not among any files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One task, as a line of the plan that can be opened."""

    task: int
    type: str  # the Hugging Face task name
    state: State
    args: tuple[tuple[str, str], ...] = ()  # name and value in words
    model: str | None = None
    place: Place | None = None
    providers: tuple[str, ...] = ()  # who was asked there, who gave the result last
    why: str = ""  # why this model
    seconds: float | None = None
    cached: bool = False
    progress: float | None = None  # from 0 to 1 while it runs, where known
    note: str = ""  # what it is doing now
    problem: str = ""  # why it failed, or was not run
    values: tuple[tuple[str, str], ...] = ()  # outputs that are data, in words
    files: tuple[Artifact, ...] = ()  # outputs that are files
    hidden: Hidden = field(default_factory=dict)
    round: int = 0  # after the first round, tasks were asked for over what earlier ones found


@dataclass(frozen=True, slots=True)
class Calls:
    """What asking language models came to: a line for each call, and one for all."""

    lines: tuple[str, ...]
    whole: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that did not work out without ending the request: a file or a part of the plan."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """The answer as far as it is written, or the sentence that stands in its place."""

    text: str
    whole: bool  # False while more will follow


@dataclass(frozen=True, slots=True)
class Files:
    """The files that belong to the answer."""

    artifacts: tuple[Artifact, ...]
    hidden: Hidden = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wait:
    """How many requests go first."""

    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """Whether a plan that is held shall be run: somebody has to decide."""

    text: str


Block: TypeAlias = Wait | Step | Calls | Notice | Text | Files | Question


def blocks(trace: Trace) -> tuple[Block, ...]:
    """Return what there is to show, top to bottom: steps in the order of their ids, calls, notices, answer, files."""
    ahead = (Wait(waits(trace)),) if waits(trace) else ()
    asked = (calls(trace),) if trace.consulted else ()
    return (*ahead, *steps(trace), *asked, *unsaid(trace), *_answer(trace), *_question(trace))


def waits(trace: Trace) -> str:
    """Return how many requests go first, and for about how long; empty where none does."""
    waiting = trace.waiting
    if waiting is None or trace.over:
        return ""
    about = f", about {duration(waiting.seconds)}" if waiting.seconds is not None else ""
    return f"{waiting.ahead:,} before you{about}"


def steps(trace: Trace) -> tuple[Step, ...]:
    """Return the plan's lines in the order of their ids."""
    return tuple(step(trace, task) for task in sorted(trace.tasks))


def step(trace: Trace, task: int) -> Step:
    """Return one line of the plan."""
    selection, result, progress = trace.selections.get(task), trace.results.get(task), trace.progress.get(task)
    running = trace.state(task) is State.RUNNING
    files = tuple(_files(result.outputs.values())) if result else ()
    return Step(
        task=task,
        type=trace.tasks[task].type,
        state=trace.state(task),
        args=tuple((name, _arg(trace, arg)) for name, arg in trace.tasks[task].args.items()),
        model=result.model if result else selection.model if selection else None,
        place=result.place if result else selection.place if selection else None,
        providers=result.providers if result else (),
        why=selection.why if selection else "",
        seconds=result.seconds if result else None,
        cached=result is not None and result.cached,
        progress=progress.fraction if progress and running else None,
        note=progress.note if progress and running else "",
        problem=_problem(trace, task),
        values=tuple(_values(result.outputs.items())) if result else (),
        files=files,
        hidden=hidden(trace, files),
        round=trace.round_of.get(task, 0),
    )


def providers(step: Step) -> str:
    """Return who did a step for us, and who was asked in vain before: where what it needs has gone."""
    if not step.providers:
        return ""
    *before, by = step.providers
    return f"{by} (asked before: {', '.join(before)})" if before else by


def beside(step: Step) -> dict[str, Json]:
    """Return what programs are told of a step only where there is anything: who was asked, why there is no result."""
    return {**asked(step), **({"error": step.problem} if step.problem else {})}


def asked(step: Step) -> dict[str, Json]:
    """Return for programs who was asked for a step's result; nothing where nobody else was."""
    return {"providers": list(step.providers)} if step.providers else {}


def hidden(trace: Trace, files: Sequence[Artifact]) -> Hidden:
    """Return which of these files are to be hidden until somebody wants to see them, and why."""
    return {file.sha256: why(trace.flagged[file.sha256]) for file in files if file.sha256 in trace.flagged}


def calls(trace: Trace) -> Calls:
    """Return which language models were asked for what, how long that took and what it cost."""
    asked = trace.consulted
    seconds, cost = sum(one.seconds for one in asked), sum(one.cost or 0 for one in asked)
    whole = f"{counted(len(asked), 'call')}, {seconds:.1f} s" + (f", ${cost:.4f}" if cost else "")
    return Calls(tuple(_call(one) for one in asked), whole)


def _call(one: Consulted) -> str:
    tokens = f"{one.tokens_in or 0:,} tokens in, {one.tokens_out or 0:,} out" if one.tokens_in is not None else ""
    cost = f"${one.cost:.4f}" if one.cost is not None else ""
    facts = ", ".join(part for part in (f"{one.seconds:.1f} s", tokens, cost) if part)
    return f"{one.role}: {one.model}, {facts}" + (f". {one.trouble}" if one.trouble else "")


def notices(trace: Trace) -> tuple[Notice, ...]:
    """Return the sentences about files that cannot be used and parts of the plan that cannot be run."""
    refused = [Notice(told(one)) for _, one in sorted(trace.refused.items())]
    return (*refused, *(Notice(f"{one.what}: {one.why}") for one in trace.rejected))


def unsaid(trace: Trace) -> list[Notice]:
    """Return the notices whose words the answer does not hold: nobody reads the same sentence twice."""
    answer = _UNMARKED.sub("", trace.answer.text if trace.answer else trace.saying)
    return [notice for notice in notices(trace) if _UNMARKED.sub("", notice.text) not in answer]


def words(value: Json) -> str:
    """Return data as people read it: labels with their score in percent, tables row by row, else text or JSON."""
    match value:
        case str():
            said = value
        case {"label": str(label), "score": int() | float() as score}:
            said = f"{label} ({score:.0%})"
        case [dict(), *_] if all(isinstance(row, dict) and {"label", "score"} <= row.keys() for row in value):
            said = _enough(", ", map(words, value))
        case [dict(), *_]:
            said = _enough("\n", map(_JSON.encode, value))
        case float():
            said = f"{value:.4g}"
        case _:
            said = _enough("", _JSON.iterencode(value))
    return said if len(said) <= SHOWN_CHARS else said[: SHOWN_CHARS - 1] + "…"


def _enough(glue: str, parts: Iterable[str]) -> str:
    """Join no more than is shown: a table may have a hundred thousand rows, and is looked at again and again."""
    said: list[str] = []
    length = 0
    for part in parts:
        said.append(part)
        length += len(part) + len(glue)
        if length > SHOWN_CHARS + len(glue):
            break
    return glue.join(said)


def _answer(trace: Trace) -> tuple[Block, ...]:
    if trace.answer is not None:
        found = trace.answer.artifacts
        files = (Files(found, hidden(trace, found)),) if found else ()
        return (Text(trace.answer.text, whole=True), *files)
    if trace.failure is not None:
        return (Text(trace.failure, whole=True),)
    if trace.cancelled is not None:
        said = trace.saying.strip()
        return (Text(f"{said}\n\nStopped." if said else "Stopped.", whole=True),)
    return (Text(trace.saying, whole=False),) if trace.saying else ()


def _question(trace: Trace) -> tuple[Question, ...]:
    return (Question(trace.held.why),) if trace.held is not None and not trace.over else ()


def _arg(trace: Trace, arg: Arg) -> str:
    match arg:
        case TaskRef(number):
            return f"the result of {_called(trace, number)}"
        case ArtifactRef(number):
            return trace.artifacts[number].name if number in trace.artifacts else f"file {number}"
        case tuple():
            return ", ".join(_arg(trace, part) for part in arg)
        case _:
            return words(arg)


def _called(trace: Trace, task: int) -> str:
    return trace.tasks[task].type if task in trace.tasks else f"task {task}"


def _problem(trace: Trace, task: int) -> str:
    if task in trace.skipped:
        return f"Not run: it needs the result of {_called(trace, trace.skipped[task])}, and there is none."
    return trace.failures.get(task, "")


def _files(outputs: Iterable[Output]) -> Iterable[Artifact]:
    for output in outputs:
        for part in output if isinstance(output, list) else (output,):
            if isinstance(part, Artifact):
                yield part


def _values(outputs: Iterable[tuple[str, Output]]) -> Iterable[tuple[str, str]]:
    for name, output in outputs:
        if not isinstance(output, Artifact):
            yield name, words(output)
