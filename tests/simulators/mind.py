"""What a language model would reply in the scenarios: plans by heart, answers from the outcomes that it is told.

A script for ``tests.simulators.openai``; it reads nothing but the request's body, so what is missing there is missing
in its replies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from tests.simulators.openai import asked, plan, stage

Files: TypeAlias = Mapping[str, str]
"""What the model is told of files: by reference "kind, name, new or earlier"."""

Task: TypeAlias = tuple[str, Mapping[str, Any]]

GREETING = "I am JARVIS, and a language model speaks for me today."
EXPERTS = "As the experts say:"
"""How its answers begin."""


def mind(body: dict[str, Any]) -> str:
    """Return the reply to a chat request."""
    told = asked(body)
    if stage(body) == "respond":
        return answer(told["outcomes"])
    tasks = planned(told["request"], told.get("files", {}))
    return plan(*tasks) if tasks else plan(reply=GREETING)


def planned(wish: str, files: Files) -> list[Task]:
    """Return the tasks for a wish of the scenarios; none for what is none of them."""
    found = WISHES["Transcribe"] if not wish else next((WISHES[one] for one in WISHES if wish.startswith(one)), None)
    return found(files) if found else []


def answer(outcomes: list[dict[str, Any]]) -> str:
    """Return an answer that counts what was found together, quotes all texts and names what failed."""
    counts = [table["count"] for one in outcomes for table in one.get("outputs", {}).values() if _counts(one, table)]
    said = [f"I count {' + '.join(map(str, counts))} = {sum(counts)}."] if counts else []
    said += [f"<resource-{one['id']}>" for one in outcomes if isinstance(one.get("outputs", {}).get("text"), str)]
    said += [f"{one['task']} failed: {one['failed']}" for one in outcomes if "failed" in one]
    models = dict.fromkeys(one["model"] for one in outcomes if "model" in one)
    return "\n\n".join([EXPERTS, *said, f"By {', '.join(models)}."])


def _counts(outcome: Mapping[str, Any], table: Any) -> bool:
    return outcome["task"] == "object-detection" and isinstance(table, dict) and "count" in table


def _files(files: Files, *kinds: str) -> Iterator[str]:
    """Yield the references of new files, else of earlier ones, the newest first."""
    fitting = {ref: told for ref, told in files.items() if told.split(", ")[0] in (kinds or ("image",))}
    yield from [ref for ref, told in fitting.items() if told.endswith("new")] or fitting


def _each(task: str) -> Callable[[Files], list[Task]]:
    """Plan a task for each new picture."""
    return lambda files: [(task, {"image": ref}) for ref in _files(files)]


def _closely(files: Files) -> list[Task]:
    image = next(_files(files))
    looks: list[Task] = [
        (task, {"image": image})
        for task in ("image-to-text", "object-detection", "image-classification", "image-segmentation")
    ]
    return [*looks, ("visual-question-answering", {"image": image, "question": "What is shown?"})]


def _pose(files: Files) -> list[Task]:
    image = next(_files(files))
    return [
        ("openpose-control", {"image": image}),
        ("image-to-text", {"image": image}),
        ("openpose-text-to-image", {"image": "<resource-0>", "prompt": "a girl reading a book"}),
        ("image-to-text", {"image": "<resource-2>"}),
        ("text-to-speech", {"text": "<resource-3>"}),
    ]


WISHES: Mapping[str, Callable[[Files], list[Task]]] = {
    "How many zebras are in these": _each("object-detection"),
    "How many": lambda files: [("object-detection", {"image": next(_files(files))})],
    "And in this one?": lambda files: [("object-detection", {"image": next(_files(files))})],
    "What is the sentiment": lambda _: [
        ("text-classification", {"text": "I love you"}),
        ("translation", {"text": "I love you", "language": "Tamil"}),
    ],
    "Transcribe": lambda files: [("automatic-speech-recognition", {"audio": next(_files(files, "audio"))})],
    "Draw a dancing cat": lambda _: [
        ("text-to-image", {"prompt": "a dancing cat"}),
        ("text-overlay", {"image": "<resource-0>", "text": "I LOVE YOU"}),
    ],
    "Draw a girl": _pose,
    "Read example.jpg": lambda files: [
        ("image-to-text", {"image": next(_files(files))}),
        ("text-to-speech", {"text": "<resource-0>"}),
    ],
    "Describe this image": _closely,
    "Describe this picture": lambda files: [("image-to-text", {"image": next(_files(files))})],
    "Make it a sketch": lambda files: [("image-to-image", {"image": next(_files(files)), "prompt": "a pencil sketch"})],
    "Make a video": lambda _: [
        ("text-to-video", {"prompt": "astronauts on a walk"}),
        ("text-to-speech", {"text": "One small step"}),
    ],
    "What is in http": _each("image-to-text"),
    "Answer from this document": lambda files: [
        (
            "document-question-answering",
            {"image": next(_files(files, "document", "image")), "question": "What is the total?"},
        )
    ],
    "Generate pictures": lambda _: [("text-to-image", {"prompt": "a cat"}), ("text-to-image", {"prompt": "a dog"})],
}
"""By how a wish begins, the longer beginnings first where one is part of another."""
