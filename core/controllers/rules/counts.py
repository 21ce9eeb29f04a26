"""How many: counted from detected boxes, summed over pictures, compared with what other experts say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from core.controllers.rules.figures import main_text
from core.controllers.rules.markdown import code
from core.events import Trace
from core.ports import Brief
from core.types import ArtifactRef

_HOW_MANY = re.compile(r"\b(?:how many|count(?: the| all)?|number of)\s+((?:[^\W\d_]+\s?){1,3})", re.IGNORECASE)
_WORDS = {"no": 0, "none": 0, "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
          "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}  # fmt: skip
_ODD = {
    **dict.fromkeys(("people", "persons", "men", "women", "children", "kids"), "person"),
    "mice": "mouse",
    "geese": "goose",
    "knives": "knife",
    "wolves": "wolf",
    "buses": "bus",
    "sheep": "sheep",
}


def counts(brief: Brief, trace: Trace) -> Iterator[str]:
    """Yield the answer to "how many", where it was asked and something was detected."""
    asked = _HOW_MANY.search(brief.text[:2_000])
    found = _detected(trace)
    if not asked or not found:
        return
    words = asked.group(1).split()
    noun, label = _label(words, found)
    each = {name: (sum(table.values()) if label is None else table[label]) for name, table in found.items()}
    total = sum(each.values())
    noun = label if total == 1 and label else noun
    yield f"That makes **{total} {noun}**{_shares(each)}, counted from the boxes."
    yield from _disagreements(trace, total, noun, several=len(each) > 1)


def _detected(trace: Trace) -> dict[str, Counter[str]]:
    """Return the labels detected in each file."""
    found: dict[str, Counter[str]] = {}
    for number, result in sorted(trace.results.items()):
        task = trace.tasks.get(number)
        rows = result.outputs.get("objects")
        if task is None or not task.type.endswith("object-detection") or not isinstance(rows, list):
            continue
        arg = task.args.get("image")
        known = isinstance(arg, ArtifactRef) and arg.number in trace.artifacts
        name = trace.artifacts[arg.number].name if known and isinstance(arg, ArtifactRef) else f"step {number}"
        labels = Counter(str(row.get("label")).lower() for row in rows if isinstance(row, dict))
        found[name if name not in found else f"{name} ({number})"] = labels
    return found


def _label(words: list[str], found: Mapping[str, Counter[str]]) -> tuple[str, str | None]:
    """Return the noun asked for and the detector's label for it: None when all things count."""
    labels = {label for table in found.values() for label in table}
    for word in reversed(words):
        low = word.lower()
        for form in (low, _ODD.get(low, ""), low.removesuffix("s"), low.removesuffix("es")):
            if form in labels:
                return low, form
    first = words[0].lower()
    if first in ("objects", "things", "items"):
        return first, None
    return first, _ODD.get(first, first.removesuffix("s"))


def _shares(each: Mapping[str, int]) -> str:
    if len(each) < 2:
        return ""
    return " (" + ", ".join(f"{count} in {code(name)}" for name, count in each.items()) + ")"


def _disagreements(trace: Trace, total: int, noun: str, *, several: bool) -> Iterator[str]:
    """Yield a sentence where a model that answers questions counts otherwise."""
    if several:
        return
    for number, result in sorted(trace.results.items()):
        task = trace.tasks.get(number)
        said = _number(main_text(result) or "") if task and task.type == "visual-question-answering" else None
        if said is not None and said != total:
            yield f"The experts disagree: {code(result.model)} answers {said}, the boxes make {total} {noun}."


def _number(text: str) -> int | None:
    for word in re.findall(r"\w+", text.lower())[:20]:
        if word.isdecimal():
            return int(word)
        if word in _WORDS:
            return _WORDS[word]
    return None
