"""References as models spell them, turned into ours: ``<resource-0>``, ``<resource-0.image>``, ``<attachment-1>``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.types import Json

_TASK = r"(?:generated|resource|node|task|output|result|step)s?"
_FILE = r"(?:attachment|file|upload|input)s?"
_OUTPUT = r"(?:\s*[.:]\s*(?P<output>[A-Za-z]\w*)|\[['\"]?(?P<index>[A-Za-z]\w*)['\"]?\])?"

_INNER = rf"(?:(?P<task>{_TASK})|(?P<file>{_FILE}))\s*[-_ #:.]?\s*"
_MARKED = re.compile(
    rf"(?:<|\{{\{{?|\[\[?|\$\{{?)\s*{_INNER}(?P<name>\w+?){_OUTPUT}\s*(?:>|\}}\}}?|\]\]?)"
    r"(?:\.(?P<after>[A-Za-z]\w*)(?![\w.]))?",
    re.IGNORECASE,
)
_GENERATED = re.compile(
    r"(?:<|&lt;)\s*GENERATED\s*(?:>|&gt;)\s*[-_–—:#]?\s*\[?(?P<name>\d+)\]?(?:\s*<\s*/\s*GENERATED\s*>)?", re.IGNORECASE
)
_BARE = re.compile(rf"\$?{_INNER}(?P<name>\d+){_OUTPUT}\s*", re.IGNORECASE)
_LISTED = re.compile(r"\s*(?:,|;|&|\band\b)\s*", re.IGNORECASE)


def respelled(value: Json, names: Mapping[str, int]) -> Json:
    """Return an argument with its references in our spelling; ``names`` are the ids of tasks that are no numbers."""
    match value:
        case str():
            return _text(value, names)
        case list():
            return [respelled(part, names) for part in value]
        case _:
            return value


def _text(text: str, names: Mapping[str, int]) -> str:
    """Rewrite what is marked as a reference anywhere; what is not, only where the text is nothing but references."""
    text = _GENERATED.sub(lambda found: f"<resource-{found['name']}>", text)
    if "<" not in text and "{" not in text and "[" not in text:
        parts = _LISTED.split(text.strip())
        if all(_BARE.fullmatch(part) for part in parts):
            return ", ".join(_BARE.sub(lambda found: _reference(found, names), part) for part in parts)
    return _MARKED.sub(lambda found: _reference(found, names), text)


def _reference(found: re.Match[str], names: Mapping[str, int]) -> str:
    parts = found.groupdict()
    number = parts["name"] if parts["name"].isdecimal() else names.get(parts["name"].lower())
    if number is None:
        return found.group()
    if parts["file"]:
        return f"<attachment-{int(number)}>"
    output = parts["output"] or parts["index"] or parts.get("after")
    return f"<resource-{int(number)}.{output}>" if output else f"<resource-{int(number)}>"
