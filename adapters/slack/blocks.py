"""The blocks that forms and the home page are made of, within what Slack takes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from adapters.slack.replies import plain

Piece: TypeAlias = dict[str, Any]
"""A block, an element of one, or a piece of a stream."""

SECTION_CHARS = 3_000
LABEL_CHARS = 75
VALUE_CHARS = 150
OPTIONS = 100
MOST = 100
"""Pieces of a form or a page."""

TITLE_CHARS = 24
FIELD_CHARS = 3_000
METADATA_CHARS = 3_000


def words(text: str) -> Piece:
    """Return a paragraph that is shown word for word but for its line breaks."""
    return mrkdwn(plain(text, SECTION_CHARS // 2))


def mrkdwn(text: str) -> Piece:
    """Return a paragraph in Slack's markup."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:SECTION_CHARS] or " ", "verbatim": True}}


def small(text: str) -> Piece:
    """Return a line in small letters."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": plain(text, 1_900) or " ", "verbatim": True}]}


def header(text: str) -> Piece:
    """Return a heading."""
    return {"type": "header", "text": label(text)}


def label(text: str, chars: int = LABEL_CHARS) -> Piece:
    """Return text without any markup."""
    return {"type": "plain_text", "text": text if len(text) <= chars else text[: chars - 1] + "…", "emoji": True}


def option(text: str, value: str) -> Piece:
    """Return one thing to choose."""
    return {"text": label(text), "value": value[:VALUE_CHARS]}


def button(text: str, action: str, value: str = "") -> Piece:
    """Return a button."""
    made: Piece = {"type": "button", "text": label(text), "action_id": action}
    return {**made, "value": value} if value else made


def row(buttons: Sequence[Piece], block: str = "") -> Piece:
    """Return buttons beside each other."""
    made: Piece = {"type": "actions", "elements": list(buttons)}
    return {**made, "block_id": block} if block else made


def field(
    name: str, question: str, *, example: str = "", text: str = "", lines: bool = False, needed: bool = True
) -> Piece:
    """Return a field to write in; what is written there is called ``name``."""
    element: Piece = {"type": "plain_text_input", "action_id": name, "multiline": lines}
    if example:
        element["placeholder"] = label(example, 150)
    if text:
        element["initial_value"] = text[:FIELD_CHARS]
    return _input(name, question, element, needed=needed)


def choice(
    name: str, question: str, options: Sequence[Piece], *, chosen: Piece | None = None, needed: bool = True
) -> Piece:
    """Return a list to choose one from."""
    element: Piece = {"type": "static_select", "action_id": name, "options": list(options[:OPTIONS])}
    if chosen is not None:
        element["initial_option"] = chosen
    return _input(name, question, element, needed=needed)


def pick(name: str, question: str, kind: str) -> Piece:
    """Return a list of Slack's own to choose from: ``kind`` is "users_select" or "conversations_select"."""
    return _input(name, question, {"type": kind, "action_id": name}, needed=False)


def _input(name: str, question: str, element: Piece, *, needed: bool) -> Piece:
    return {
        "type": "input",
        "block_id": name,
        "optional": not needed,
        "label": label(question, 2_000),
        "element": element,
    }


def modal(
    title: str, callback: str, pieces: Sequence[Piece], *, about: Mapping[str, Any] | None = None, submit: str = ""
) -> Piece:
    """Return a form; ``about`` comes back with it, whenever that is."""
    made: Piece = {
        "type": "modal",
        "callback_id": callback,
        "title": label(title, TITLE_CHARS),
        "close": label("Close"),
        "blocks": list(pieces[:MOST]),
        "private_metadata": json.dumps(about or {}, ensure_ascii=False, separators=(",", ":")),
    }
    return {**made, "submit": label(submit, TITLE_CHARS)} if submit else made


def about_of(view: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a form is about."""
    try:
        found = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def filled(view: Mapping[str, Any], name: str) -> str:
    """Return what was written or chosen in a field; empty where nothing was."""
    given = ((view.get("state") or {}).get("values") or {}).get(name, {}).get(name, {})
    chosen = given.get("selected_option") or {}
    return str(
        given.get("value")
        or chosen.get("value")
        or given.get("selected_user")
        or given.get("selected_conversation")
        or ""
    )
