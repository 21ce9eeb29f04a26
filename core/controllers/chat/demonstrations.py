"""A few requests with their plans. Shown are those whose tasks can run here, in the form that is asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from core.contract import TaskType

Task = tuple[str, dict[str, Any]]

_ALL: tuple[tuple[dict[str, Any], str | None, tuple[Task, ...]], ...] = (
    ({"request": "Hi, what's your name?"}, "Hi! I am JARVIS. What can I do for you?", ()),
    (
        {"files": {"<attachment-0>": "image, scan.png, new"}, "request": "read this to me"},
        None,
        (
            ("image-to-text", {"image": "<attachment-0>"}),
            ("text-to-speech", {"text": "<resource-0>"}),
        ),
    ),
    (
        {
            "conversation": [
                {"who": "ada", "says": "look at a.jpg", "files": ["<attachment-2>"]},
                {"who": "you", "says": "A zebra on a meadow."},
            ],
            "files": {
                "<attachment-0>": "image, b.jpg, new",
                "<attachment-1>": "image, c.jpg, new",
                "<attachment-2>": "image, a.jpg, earlier",
            },
            "request": "and how many zebras are in all three?",
        },
        None,
        (
            ("object-detection", {"image": "<attachment-0>"}),
            ("object-detection", {"image": "<attachment-1>"}),
            ("object-detection", {"image": "<attachment-2>"}),
        ),
    ),
    (
        {"request": "Paint a lighthouse in a storm and write STAY CALM at the bottom"},
        None,
        (
            ("text-to-image", {"prompt": "a lighthouse in a storm"}),
            ("text-overlay", {"image": "<resource-0>", "text": "STAY CALM", "position": "bottom"}),
        ),
    ),
    (
        {"request": "is 'what a lovely day' positive? and how do you say it in Greek?"},
        None,
        (
            ("text-classification", {"text": "what a lovely day"}),
            ("translation", {"text": "what a lovely day", "language": "Greek"}),
        ),
    ),
    (
        {
            "files": {"<attachment-0>": "image, dancer.jpg, new"},
            "request": "draw a robot in the pose of the woman in the picture, and tell me aloud what it looks like",
        },
        None,
        (
            ("openpose-control", {"image": "<attachment-0>"}),
            ("openpose-text-to-image", {"image": "<resource-0>", "prompt": "a robot"}),
            ("image-to-text", {"image": "<resource-1>"}),
            ("text-to-speech", {"text": "<resource-2>"}),
        ),
    ),
)


def demonstrations(types: Sequence[TaskType]) -> Iterator[tuple[str, str]]:
    """Yield pairs of a request and its plan, as JSON."""
    known = {type_.name: type_ for type_ in types}
    for asked, reply, tasks in _ALL:
        if all(name in known for name, _ in tasks):
            plan = [_task(number, known[name], args) for number, (name, args) in enumerate(tasks)]
            yield written(asked), written({"reply": reply, "tasks": plan})


def _task(number: int, type_: TaskType, args: dict[str, Any]) -> dict[str, Any]:
    filled = {take.name: args.get(take.name) for take in type_.takes if take.required or take.name in args}
    return {"id": number, "task": type_.name, "args": filled, "model": None, "reason": None}


def written(value: object) -> str:
    """Return a value as the JSON that requests and plans are written in."""
    return json.dumps(value, ensure_ascii=False)
