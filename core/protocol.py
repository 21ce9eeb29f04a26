"""What servers say that speak OpenAI's protocol. Client libraries do not check it, so nothing in it is believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def choice_of(chunk: Any) -> Any:
    """Return the first choice of a chunk, or of a whole completion; None where there is none."""
    choices = _of(chunk, "choices")
    return choices[0] if isinstance(choices, list) and choices else None


def words_of(choice: Any) -> str:
    """Return the words of a choice: of its delta, its message where a server does not stream, or its bare text."""
    said = _of(choice, "delta") or _of(choice, "message")
    content = _of(said, "content") or _of(choice, "text")
    if isinstance(content, list):
        return "".join(map(_part, content))
    return content if isinstance(content, str) else ""


def finish_of(choice: Any) -> str:
    """Return why a model stopped; empty while it goes on."""
    return str(_of(choice, "finish_reason") or "")


def models_in(told: Any) -> list[Mapping[str, Any]]:
    """Return the models of a server's list, each with its "id": it stands under "data", or alone, as some write it.

    Raises ValueError where there is no list.
    """
    rows = told.get("data") if isinstance(told, Mapping) else told
    if not isinstance(rows, list):
        raise ValueError("no list of models")  # noqa: TRY004 - it is the value that is wrong
    return [row for row in rows if isinstance(row, Mapping) and isinstance(row.get("id"), str)]


def _part(part: Any) -> str:
    """Return the words of a part of a content. Other parts hold what a model thinks."""
    text = _of(part, "text")
    return text if isinstance(text, str) and _of(part, "type") in ("text", "output_text") else ""


def _of(thing: Any, name: str) -> Any:
    """Return what a thing holds under a name: what a client library knows becomes an object, all else stays JSON."""
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)
