"""One answered request as the JSON object that ``ask --json`` prints."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.render import beside, step
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
    task, line, result = trace.tasks[number], step(trace, number), trace.results.get(number)
    return {
        "id": number,
        "task": task.type,
        "args": {name: plain(arg) for name, arg in task.args.items()},
        "model": line.model,
        "place": line.place,
        "why": line.why,
        "status": line.state,
        "seconds": line.seconds,
        "outputs": {name: await _output(output, outbound) for name, output in result.outputs.items()} if result else {},
        **beside(line),
    }


async def _output(output: Output, outbound: Outbound) -> Json:
    if isinstance(output, Artifact):
        return await _file(output, outbound)
    if isinstance(output, list):
        return [await _output(part, outbound) for part in output]
    return output


async def _file(artifact: Artifact, outbound: Outbound) -> dict[str, Json]:
    path = await outbound.path(artifact)
    return {"kind": str(artifact.kind), "mime": artifact.mime, "path": str(path), "sha256": artifact.sha256}
