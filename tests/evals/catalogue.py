"""The task types a brief offers in these evaluations, and how plans are made and scored."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.contract import Model, TaskType
from core.controllers.rules.plan import plan
from core.ports import Brief, Draft, Say
from core.registry import Registry
from core.types import Artifact, Kind, Place

HERE = Path(__file__).parent
EMBEDDED = frozenset(
    {
        "audio-conversion",
        "audio-to-audio",
        "canny-control",
        "document-question-answering",
        "file-information",
        "hed-control",
        "image-to-image",
        "image-to-text",
        "mlsd-control",
        "question-answering",
        "scribble-control",
        "summarization",
        "text-classification",
        "text-overlay",
        "text-to-speech",
        "video-conversion",
    }
)
"""What a fresh machine can run."""


def types() -> list[TaskType]:
    """Return all task types of the house."""
    return [type_ for type_ in _house().types.values() if not type_.internal]


@cache
def _house() -> Registry:
    return Registry.discover()


@cache
def _models() -> Mapping[str, Sequence[Model]]:
    """Return the embedded models, which know their own limits: "make the car red" is beyond them."""
    cards = [card for card in _house().cards if card.place is Place.EMBEDDED]
    return {name: [card.model for card in cards if card.type.name == name] for name in EMBEDDED}


def brief_for(row: dict[str, Any], known: Sequence[TaskType]) -> Brief:
    """Return the brief of an evaluation row."""
    files = [
        Artifact(sha256=str(number), kind=Kind(one["kind"]), mime="", name=one["name"], size=1)
        for number, one in enumerate(row["attachments"])
    ]
    everything = row["offer"] == "all"
    return Brief(
        text=row["text"],
        artifacts=dict(enumerate(files)),
        own=len(files),
        offered=[type_ for type_ in known if everything or type_.name in EMBEDDED],
        missing=[type_ for type_ in known if not everything and type_.name not in EMBEDDED],
        models=None if everything else _models(),
    )


@dataclass(frozen=True, slots=True)
class Score:
    """How a plan compares with the wanted one."""

    row: dict[str, Any]
    drafts: tuple[Draft, ...]
    says: tuple[str, ...]
    tasks: bool  # the wanted task types, each as often as wanted
    wiring: bool  # and all the arguments that the row names


def score(row: dict[str, Any], known: Sequence[TaskType]) -> Score:
    """Plan a row and compare."""
    pieces = list(plan(brief_for(row, known)))
    drafts = tuple(piece for piece in pieces if isinstance(piece, Draft))
    says = tuple(piece.text for piece in pieces if isinstance(piece, Say))
    wanted = row["plan"]
    same = sorted(one["task"] for one in wanted) == sorted(draft.type for draft in drafts)
    return Score(row, drafts, says, same, same and _wired(wanted, drafts) and bool(wanted or says))


def _wired(wanted: Sequence[dict[str, Any]], drafts: Sequence[Draft]) -> bool:
    """Whether each wanted task meets a draft of its type with its arguments, whatever the order of the plan."""
    numbers: dict[int, int] = {}
    left = list(drafts)
    for number, one in enumerate(wanted):
        args = {name: _renamed(value, numbers) for name, value in one["args"].items()}
        found = next((draft for draft in left if draft.type == one["task"] and _holds(draft, args)), None)
        if found is None:
            return False
        left.remove(found)
        numbers[number] = found.id
    return True


def _holds(draft: Draft, args: dict[str, Any]) -> bool:
    return all(_meets(draft.args.get(name), value) for name, value in args.items())


def _meets(given: object, wanted: object) -> bool:
    """Whether an argument is the wanted one; {"has": [words]} wants these words in it, whatever stands around them."""
    if isinstance(wanted, dict):
        return isinstance(given, str) and all(word.lower() in given.lower() for word in wanted["has"])
    return _plain(given) == _plain(wanted)


def _plain(value: object) -> object:
    return value.strip(" .!?").lower() if isinstance(value, str) else value


def _renamed(value: Any, numbers: dict[int, int]) -> Any:
    if isinstance(value, list):
        return [_renamed(part, numbers) for part in value]
    if isinstance(value, str) and value.startswith("<resource-"):
        return f"<resource-{numbers.get(int(value[10:-1]), -1)}>"
    return value


def rows(
    folder: str, names: Iterable[str] = ("single", "multi", "all", "talk", "wild", "more")
) -> list[dict[str, Any]]:
    """Return the rows of a folder's corpora."""
    found: list[dict[str, Any]] = []
    for name in names:
        text = (HERE / folder / f"{name}.jsonl").read_text(encoding="utf-8")
        found.extend(json.loads(line) for line in text.splitlines() if line)
    return found
