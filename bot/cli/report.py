"""One answered request as the JSON object that ``ask --json`` prints."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.terminal.files import Outbound
from core.codec import dump_event, plain
from core.events import Event, Trace
from core.types import Artifact, Json, Output


async def report(trace: Trace, events: Sequence[Event], outbound: Outbound) -> dict[str, Json]:
    """Return the whole of a request. Files are written, so that every path in it exists. Raises StoreFailed."""
    artifacts = trace.answer.artifacts if trace.answer else ()
    return {
        "answer": words(trace),
        "tasks": [await _task(trace, number, outbound) for number in sorted(trace.tasks)],
        "artifacts": [await _file(artifact, outbound) for artifact in artifacts],
        "events": [dump_event(event) for event in events],
    }


def words(trace: Trace) -> str:
    """Return the answer, or the sentence that stands in its place."""
    if trace.answer is not None:
        return trace.answer.text
    return trace.failure or "Stopped."


async def _task(trace: Trace, number: int, outbound: Outbound) -> Json:
    task, selection, result = trace.tasks[number], trace.selections.get(number), trace.results.get(number)
    return {
        "id": number,
        "task": task.type,
        "args": {name: plain(arg) for name, arg in task.args.items()},
        "model": result.model if result else selection.model if selection else None,
        "place": str(result.place) if result else str(selection.place) if selection else None,
        "why": _why(trace, number),
        "status": str(trace.state(number)),
        "seconds": result.seconds if result else None,
        "outputs": {name: await _output(output, outbound) for name, output in result.outputs.items()} if result else {},
    }


def _why(trace: Trace, number: int) -> str:
    """Why this model; for a task without a result, why there is none."""
    if number in trace.failures:
        return trace.failures[number]
    if number in trace.skipped:
        return f"It needs <resource-{trace.skipped[number]}>, which has no result."
    selection = trace.selections.get(number)
    return selection.why if selection else ""


async def _output(output: Output, outbound: Outbound) -> Json:
    if isinstance(output, Artifact):
        return await _file(output, outbound)
    if isinstance(output, list):
        return [await _output(part, outbound) for part in output]
    return output


async def _file(artifact: Artifact, outbound: Outbound) -> dict[str, Json]:
    path = await outbound.path(artifact)
    return {"kind": str(artifact.kind), "mime": artifact.mime, "path": str(path), "sha256": artifact.sha256}
