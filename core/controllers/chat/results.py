"""What the tasks found, as data that a model reads: quoted, counted, and no longer than there is room for."""

from __future__ import annotations

from collections import Counter
from typing import Any

from core.codec import plain
from core.controllers.chat.tokens import cut
from core.events import Trace
from core.stages.respond import deliverables
from core.types import Artifact, Json, Output, Result

ROWS = 40  # of a table; what was counted is told of all


def outcomes(trace: Trace, chars: int) -> list[dict[str, Any]]:
    """Return each task with what came of it, texts and tables cut to about ``chars`` characters each."""
    files = {file.sha256 for file in deliverables(trace)}
    told = [_task(trace, number, files, chars) for number in sorted(trace.tasks)]
    refused = [{"file": one.name, "cannot be used": one.why} for _, one in sorted(trace.refused.items())]
    rejected = [{"task": one.what[:80], "not run": one.why} for one in trace.rejected]
    troubles = [{"trouble": one.trouble} for one in trace.consulted if one.trouble]
    return [*told, *refused, *rejected, *troubles]


def _task(trace: Trace, number: int, files: set[str], chars: int) -> dict[str, Any]:
    task = trace.tasks[number]
    args = {name: _short(plain(arg), chars // 4) for name, arg in task.args.items()}
    told: dict[str, Any] = {"id": number, "task": task.type, "args": args}
    if number in trace.results:
        return {**told, **_result(trace.results[number], files, chars)}
    if number in trace.failures:
        return {**told, "failed": trace.failures[number]}
    if number in trace.skipped:
        return {**told, "left out": f"task {trace.skipped[number]}, which it needs, gave no result"}
    return told


def _result(result: Result, files: set[str], chars: int) -> dict[str, Any]:
    outputs = {name: _output(output, files, chars) for name, output in result.outputs.items()}
    return {"model": result.model, "place": result.place.value, "outputs": outputs}


def _output(output: Output, files: set[str], chars: int) -> Any:
    match output:
        case Artifact():
            return {"file": output.name, "kind": output.kind.value, "attached": output.sha256 in files}
        case list():
            return _table(output, chars)
        case _:
            return _short(output, chars)


def _table(rows: list[Json], chars: int) -> dict[str, Any]:
    """Return how many rows there are, how often each label, and the first rows."""
    told: dict[str, Any] = {"count": len(rows)}
    labels = Counter(str(row["label"]) for row in rows if isinstance(row, dict) and "label" in row)
    if labels and max(labels.values()) > 1:
        told["labels"] = dict(labels.most_common(ROWS))
    shown: list[Json] = []
    size = 0
    for row in rows[:ROWS]:
        line = _short(_rounded(row), chars)
        size += len(str(line))
        if shown and size > chars:
            break
        shown.append(line)
    return {**told, "rows": shown}


def _rounded(value: Json) -> Json:
    match value:
        case float():
            return round(value, 3)
        case dict():
            return {name: _rounded(part) for name, part in value.items()}
        case list():
            return [_rounded(part) for part in value]
        case _:
            return value


def _short(value: Json, chars: int) -> Json:
    match value:
        case str():
            return cut(value, max(chars, 40))
        case list():
            return [_short(part, chars) for part in value[:ROWS]]
        case dict():
            return {name: _short(part, chars) for name, part in list(value.items())[:ROWS]}
        case _:
            return value
