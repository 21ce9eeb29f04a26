"""Traces as the API's JSON: the original's keys, and ours beside them."""

from __future__ import annotations

from adapters.render import Question, Text, asked, beside, blocks, step
from adapters.web.files import described
from core.codec import plain
from core.events import State, Trace
from core.safety import why
from core.types import Artifact, Json, Output


def whole(trace: Trace, request: str) -> dict[str, Json]:
    """Return what ``/hugginggpt`` answers: the message, how it came about, and the files."""
    files = trace.answer.artifacts if trace.answer else ()
    return {
        "message": message(trace),
        "tasks": [row(trace, number) for number in sorted(trace.tasks)],
        "artifacts": [_file(trace, file) for file in files],
        **held(trace, request),
    }


def held(trace: Trace, request: str) -> dict[str, Json]:
    """Return what is to be decided where a plan is held, and where to say so; nothing where none is."""
    if trace.held is None:
        return {}
    question = trace.held
    told: dict[str, Json] = {"why": question.why, "seconds": question.seconds, "cost": question.cost}
    return {"held": {**told, "run": f"/requests/{request}/run", "drop": f"/requests/{request}/drop"}}


def message(trace: Trace) -> str:
    """Return the answer's words, or the sentence that stands in their place."""
    found = [block for block in blocks(trace) if isinstance(block, Text | Question)]
    return found[-1].text if found else ""


def planned(trace: Trace) -> list[Json] | dict[str, Json]:
    """Return what ``/tasks`` answers: the tasks, or as the original does a message where there is nothing to do."""
    tasks: list[Json] = [_task(trace, number) for number in sorted(trace.tasks)]
    return tasks or {"message": message(trace)}


def results(trace: Trace, request: str) -> dict[str, Json]:
    """Return what ``/results`` answers: by task id the task, its result and the model chosen for it."""
    if not trace.tasks or trace.held is not None:
        return {"message": message(trace), **held(trace, request)}
    return {str(number): _result(trace, number) for number in sorted(trace.tasks)}


def row(trace: Trace, number: int) -> dict[str, Json]:
    """Return everything about one task, flat."""
    line = step(trace, number)
    return {
        **_task(trace, number),
        "model": line.model,
        "place": line.place,
        "why": line.why,
        "status": line.state,
        "seconds": line.seconds,
        "outputs": _outputs(trace, number),
        **beside(line),
    }


def _task(trace: Trace, number: int) -> dict[str, Json]:
    task = trace.tasks[number]
    return {
        "id": number,
        "task": task.type,
        "args": {name: plain(arg) for name, arg in task.args.items()},
        "dep": [*sorted(task.needs())] or [-1],  # the original's way to say: none
    }


def _result(trace: Trace, number: int) -> dict[str, Json]:
    line = step(trace, number)
    done = line.state is State.DONE
    return {
        "task": _task(trace, number),
        "inference result": _outputs(trace, number) if done else {"error": line.problem or "It was not run."},
        "choose model result": {"id": line.model, "reason": line.why},
        "place": line.place,
        "status": line.state,
        "seconds": line.seconds,
        **asked(line),
    }


def _outputs(trace: Trace, number: int) -> dict[str, Json]:
    result = trace.results.get(number)
    return {name: _output(trace, value) for name, value in result.outputs.items()} if result else {}


def _output(trace: Trace, value: Output) -> Json:
    return _file(trace, value) if isinstance(value, Artifact) else value


def _file(trace: Trace, file: Artifact) -> Json:
    """Return a file; of one that should not be shown to everybody also why."""
    flagged = trace.flagged.get(file.sha256)
    return {**described(file), **({"unsafe": why(flagged)} if flagged else {})}
