"""Messages that are written little by little: chunks, plan and tasks, and how a stream ends.

That a stream takes one kind of content only, that it lives for about five minutes, and what it answers afterwards is
nowhere documented: it is what people met (``streaming_mode_mismatch``, ``message_not_in_streaming_state``).
"""

from __future__ import annotations

from typing import Any

from tests.simulators.slack.blocks import STATUSES, check_blocks, check_source, fill_ids, streamed
from tests.simulators.slack.refusal import Refused
from tests.simulators.slack.world import Message, Stream

MOST_MARKDOWN = 12_000
MOST_FIELD = 256
TEXT, CHUNKS = "text", "chunks"
MODES = {"timeline", "plan", "dense"}


def add(stream: Stream, args: dict[str, Any], *, must: bool) -> None:
    """Write what a call brings; raises Refused where a stream does not take it. ``must``: nothing is too little."""
    text, chunks = args.get("markdown_text"), args.get("chunks")
    if text and chunks:
        raise Refused("invalid_arguments", "markdown_text and chunks cannot come together")
    if not text and not chunks:
        if must:
            raise Refused("no_text")
        return
    kind = TEXT if text else CHUNKS
    if stream.content not in {"", kind}:
        raise Refused("streaming_mode_mismatch")
    found = [{"type": "markdown_text", "text": text}] if text else chunks
    _check(found)
    stream.content = kind
    for chunk in found or ():
        _write(stream, chunk)


def _check(chunks: Any) -> None:
    if not isinstance(chunks, list) or not all(isinstance(chunk, dict) for chunk in chunks):
        raise Refused("invalid_chunks", "must provide an array [json-pointer:/chunks]")
    for place, chunk in enumerate(chunks):
        at = f"[json-pointer:/chunks/{place}]"
        match chunk.get("type"):
            case "markdown_text":
                _length(chunk.get("text"), MOST_MARKDOWN, at)
            case "plan_update":
                _length(chunk.get("title"), MOST_FIELD, at)
            case "task_update":
                _check_task(chunk, at)
            case "blocks":
                _check_blocks(chunk, at)
            case kind:
                raise Refused("invalid_chunks", f"unsupported type: {kind} {at}")


def _check_task(chunk: dict[str, Any], at: str) -> None:
    known = {"type", "id", "title", "status", "details", "output", "sources", "icon", "hide_title"}
    if more := chunk.keys() - known:
        raise Refused("invalid_chunks", f"no more fields allowed: {sorted(more)} {at}")
    for name in ("id", "title"):
        _length(chunk.get(name), MOST_FIELD, at)
    if chunk.get("status") not in STATUSES:
        raise Refused("invalid_chunks", f"must be one of {sorted(STATUSES)} {at}")
    for name in ("details", "output"):
        if chunk.get(name) is not None:
            _length(chunk[name], MOST_FIELD, at)
    for place, source in enumerate(chunk.get("sources") or []):
        try:
            check_source(source, f"/sources/{place}")
        except Refused as refused:
            raise Refused("invalid_chunks", f"{refused} {at}") from None


def _check_blocks(chunk: dict[str, Any], at: str) -> None:
    blocks = chunk.get("blocks")
    if not blocks:
        raise Refused("invalid_chunks", f"must provide blocks {at}")
    if any(streamed(blocks)):
        raise Refused("internal_error")
    check_blocks(blocks)


def _length(text: Any, most: int, at: str) -> None:
    if not isinstance(text, str) or not text:
        raise Refused("invalid_chunks", f"must be more than 0 characters {at}")
    if len(text) > most:
        raise Refused("msg_too_long" if most == MOST_MARKDOWN else "invalid_chunks", f"{len(text)} letters {at}")


def _write(stream: Stream, chunk: dict[str, Any]) -> None:
    match chunk["type"]:
        case "markdown_text":
            stream.markdown += chunk["text"]
        case "plan_update":
            stream.plan = chunk["title"]
        case "task_update":
            _task(stream, chunk)
        case _:
            stream.blocks += fill_ids(chunk["blocks"])


def _task(stream: Stream, chunk: dict[str, Any]) -> None:
    """Change a task: its details grow, everything else is replaced."""
    before = stream.tasks.get(chunk["id"], {})
    task = before | {key: value for key, value in chunk.items() if key != "type" and value is not None}
    if chunk.get("details"):
        task["details"] = before.get("details", "") + chunk["details"]
    stream.tasks[chunk["id"]] = task


def shown(stream: Stream) -> list[dict[str, Any]]:
    """Return a stream as the blocks that a client shows."""
    tasks = [_card(task) for task in stream.tasks.values()]
    blocks: list[dict[str, Any]] = tasks
    if stream.mode == "plan" and (tasks or stream.plan):
        blocks = [{"type": "plan", "title": stream.plan or "Thinking", "tasks": tasks}]
    markdown = [{"type": "markdown", "text": stream.markdown}] if stream.markdown else []
    return [*blocks, *markdown, *stream.blocks]


def _card(task: dict[str, Any]) -> dict[str, Any]:
    card: dict[str, Any] = {"type": "task_card", "task_id": task["id"], "title": task["title"]}
    card["status"] = task["status"]
    for name in ("details", "output"):
        if task.get(name):
            section = {"type": "rich_text_section", "elements": [{"type": "text", "text": task[name]}]}
            card[name] = {"type": "rich_text", "elements": [section]}
    return card | ({"sources": task["sources"]} if task.get("sources") else {})


def end(message: Message) -> None:
    """Make a stream the message that stays."""
    assert message.stream
    message.stream.live = False
    message.text = message.stream.markdown
    message.blocks = fill_ids(shown(message.stream))
