"""Plans as models spoil them: structure first, then the text itself. The same seed, the same mutant."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from typing import Any

from tests.zoo import REGISTRY

Task = dict[str, Any]

BASES: list[list[Task]] = [
    [
        {"id": 0, "task": "object-detection", "args": {"image": "<attachment-0>"}},
        {"id": 1, "task": "visual-question-answering", "args": {"image": "<attachment-0>", "question": "How many?"}},
        {"id": 2, "task": "text-to-speech", "args": {"text": "<resource-1>"}},
    ],
    [
        {"id": 0, "task": "text-to-image", "args": {"prompt": 'a cat, "it\'s" {so} [big]', "width": 512}},
        {"id": 1, "task": "text-overlay", "args": {"image": "<resource-0>", "text": "I LOVE YOU", "position": "top"}},
        {"id": 2, "task": "image-to-text", "args": {"image": "<resource-1>"}},
    ],
    [
        {"id": 0, "task": "automatic-speech-recognition", "args": {"audio": "<attachment-1>"}},
        {"id": 1, "task": "translation", "args": {"text": "<resource-0>", "language": "Tamil"}},
        {"id": 2, "task": "zero-shot-classification", "args": {"text": "<resource-0>", "labels": ["work", "fun"]}},
        {"id": 3, "task": "text-to-speech", "args": {"text": "<resource-1>, <resource-2>", "speed": 1.5}},
    ],
    [
        {"id": 0, "task": "openpose-control", "args": {"image": "<attachment-0>"}},
        {"id": 1, "task": "openpose-text-to-image", "args": {"image": "<resource-0>", "prompt": "a girl"}},
        {"id": 2, "task": "image-to-video", "args": {"image": "<resource-1>", "prompt": None}},
        {"id": 3, "task": "video-conversion", "args": {"video": "<resource-2>", "format": "gif"}},
    ],
]

VALUES: list[Any] = [
    None, 0, -1, 3.5, True, "", "x" * 3000, [], {}, [[]], [["<resource-0>"]], {"text": "a"}, "<resource-99>",
    "<resource-0>", "<resource-2>", "<attachment-0>", "<attachment-1>", "<attachment-7>", "<GENERATED>-1", "resource-0",
    "<node-1>", "{resource-0}", "<resource-0>, <resource-1>", ["<resource-0>", "<attachment-1>"], "../../etc/passwd",
    "https://10.0.0.1/a.png", "cat.png", "<resource-0.image>", "<resource-0.nothing>", "\ud83d", "\x00",
    "say <resource-1> loudly", 10**40, float("inf"),
]  # fmt: skip


def mutant(seed: int) -> str:
    """Return a spoiled plan."""
    dice = random.Random(seed)
    tasks = copy.deepcopy(dice.choice(BASES))
    for _ in range(dice.randint(1, 3)):
        dice.choice(STRUCTURE)(tasks, dice)
    text = dice.choice(FORMS)(tasks, dice)
    for _ in range(dice.randint(0, 2)):
        text = dice.choice(TEXT)(text, dice)
    return text


def _any(tasks: list[Task], dice: random.Random) -> Task:
    return dice.choice(tasks) if tasks else {}


def _value(tasks: list[Task], dice: random.Random) -> None:
    args = _any(tasks, dice).get("args")
    if isinstance(args, dict) and args:
        args[dice.choice(list(args))] = dice.choice(VALUES)


def _another_type(tasks: list[Task], dice: random.Random) -> None:
    _any(tasks, dice)["task"] = dice.choice(list(REGISTRY.types))


def _unknown_type(tasks: list[Task], dice: random.Random) -> None:
    _any(tasks, dice)["task"] = dice.choice(
        ["teleportation", "text_to_image", "Image-To-Text ", "ocr", "", "a" * 500, "tts"]
    )


def _misspelled(tasks: list[Task], dice: random.Random) -> None:
    task = _any(tasks, dice)
    name = str(task.get("task", ""))
    if name:
        place = dice.randrange(len(name))
        task["task"] = name[:place] + name[place + 1 :]


def _id(tasks: list[Task], dice: random.Random) -> None:
    _any(tasks, dice)["id"] = dice.choice([0, 1, "0", "task-1", None, -5, 10**12, 1.0, "x", [1], True])


def _lose_a_key(tasks: list[Task], dice: random.Random) -> None:
    task = _any(tasks, dice)
    if task:
        task.pop(dice.choice(list(task)))


def _odd_args(tasks: list[Task], dice: random.Random) -> None:
    task = _any(tasks, dice)
    args = task.get("args")
    pairs = [{"name": "image", "value": "<attachment-0>"}]
    task["args"] = dice.choice([None, [], "none", json.dumps(args), pairs, [args], 7])


def _more_args(tasks: list[Task], dice: random.Random) -> None:
    args = _any(tasks, dice).get("args")
    if isinstance(args, dict):
        args[dice.choice(["image", "text", "prompt", "foo", "audio", "question"])] = dice.choice(VALUES)


def _shuffle(tasks: list[Task], dice: random.Random) -> None:
    dice.shuffle(tasks)


def _itself(tasks: list[Task], dice: random.Random) -> None:
    task = _any(tasks, dice)
    args = task.get("args")
    if isinstance(args, dict) and args:
        args[next(iter(args))] = f"<resource-{task.get('id')}>"


def _circle(tasks: list[Task], dice: random.Random) -> None:
    for number, task in enumerate(tasks):
        args = task.get("args")
        if isinstance(args, dict) and args:
            args[next(iter(args))] = f"<resource-{(number + 1) % len(tasks)}>"


def _twice(tasks: list[Task], dice: random.Random) -> None:
    if tasks:
        tasks.append(copy.deepcopy(_any(tasks, dice)))


def _wish(tasks: list[Task], dice: random.Random) -> None:
    _any(tasks, dice).update(model=dice.choice(["none/such", {"id": "m"}, 5, ""]), reason=dice.choice([None, 5, "r"]))


STRUCTURE: list[Callable[[list[Task], random.Random], None]] = [
    _value, _value, _value, _another_type, _unknown_type, _misspelled, _id, _lose_a_key, _odd_args, _more_args,
    _shuffle, _itself, _circle, _twice, _wish,
]  # fmt: skip

FORMS: list[Callable[[list[Task], random.Random], str]] = [
    lambda tasks, _: json.dumps({"reply": None, "tasks": tasks}),
    lambda tasks, _: json.dumps({"reply": None, "tasks": tasks}),
    lambda tasks, _: json.dumps({"reply": "I will do that.", "tasks": tasks}, indent=2),
    lambda tasks, _: json.dumps(tasks),
    lambda tasks, _: json.dumps(tasks[0]) if tasks else "[]",
    lambda tasks, _: "\n".join(map(json.dumps, tasks)),
    lambda tasks, _: repr({"tasks": tasks}),
    lambda tasks, _: json.dumps({"tasks": [tasks]}),
    lambda tasks, _: json.dumps([{**task, "dep": [-1]} for task in tasks]).replace("<resource-", "<GENERATED>-"),
]


def _without(text: str, dice: random.Random) -> str:
    place = dice.randrange(len(text)) if text else 0
    return text[:place] + text[place + dice.randint(1, 3) :]


def _with(text: str, dice: random.Random) -> str:
    place = dice.randrange(len(text) + 1)
    sign = dice.choice(['"', "'", "{", "}", "[", "]", ",", "\\", "\n", "//", "```", "<", "\u2028"])
    return text[:place] + sign + text[place:]


TEXT: list[Callable[[str, random.Random], str]] = [
    _without,
    _with,
    lambda text, _: f"Sure! Here is the plan:\n```json\n{text}\n```\nAnything else?",
    lambda text, _: f"<think>They want {text[:20]}</think>{text}",
    lambda text, dice: text[: dice.randrange(len(text) + 1)],
    lambda text, _: text.replace("}", ",}"),
    lambda text, _: text.replace('"', "'"),
    lambda text, _: text + text,
    lambda text, _: text.replace(", ", " "),
    lambda text, _: text.replace("null", "None"),
    lambda text, _: text.replace(": ", ":\n// so\n"),
]
