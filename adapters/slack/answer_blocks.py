"""The blocks that cards and answers are made of; :mod:`adapters.slack.blocks` has those of forms."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.press import FACES, Press, Verb
from adapters.slack.blocks import Piece
from adapters.slack.mrkdwn import mrkdwn
from adapters.split import split

TEXT_CHARS = 600
"""Of what stands in notifications: with everything escaped it stays below the 4,000 that Slack takes."""

SECTION_CHARS = 2_900
SMALL_CHARS = 1_900

BARE_CHARS = 12_500
"""Of an answer as mrkdwn, where escapes take more room: with buttons it stays below the 13,200 of a message."""

FEEDBACK = "jarvis/feedback"
"""The id of the pair of buttons for feedback; which one was pressed, its value says."""

ANOTHER = ("Another model", "")
"""What stands on the button that opens the lists of models."""

STYLES = {Verb.STOP: "danger", Verb.RUN: "primary"}


def feedback(good: Press, bad: Press) -> Piece:
    """Return the pair of buttons that ask whether an answer was good."""
    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": FEEDBACK,
                "positive_button": _thumb("Good", "This answer was good", good),
                "negative_button": _thumb("Bad", "This answer was bad", bad),
            }
        ],
    }


def _thumb(label: str, aloud: str, press: Press) -> Piece:
    return {"text": {"type": "plain_text", "text": label}, "value": str(press), "accessibility_label": aloud}


def row(presses: Iterable[Press]) -> Piece:
    """Return buttons beside each other."""
    return {"type": "actions", "elements": [button(press) for press in presses]}


def button(press: Press) -> Piece:
    """Return the button for something to press."""
    said, sign = FACES.get(press.verb, ANOTHER)
    label = " ".join(part for part in (sign, said) if part)
    made: Piece = {
        "type": "button",
        "text": {"type": "plain_text", "text": label, "emoji": True},
        "action_id": str(press),
        "value": str(press),
    }
    if not said:
        made["accessibility_label"] = press.verb.value.capitalize()
    return {**made, "style": STYLES[press.verb]} if press.verb in STYLES else made


def context(text: str) -> Piece:
    """Return a line of mrkdwn in small letters."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text[:SMALL_CHARS], "verbatim": True}]}


def section(text: str) -> Piece:
    """Return a paragraph of mrkdwn."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:SECTION_CHARS], "verbatim": True}}


def markdown(text: str) -> tuple[Piece, ...]:
    """Return Markdown, in which nobody is mentioned any more, as a block."""
    return ({"type": "markdown", "text": text},) if text.strip() else ()


def bare(text: str) -> tuple[Piece, ...]:
    """Return Markdown as paragraphs of mrkdwn, as many as a message holds."""
    parts: list[str] = []
    room = BARE_CHARS
    for part in split(mrkdwn(text), SECTION_CHARS):
        room -= len(part)
        if room < 0:
            return (*map(section, parts), context("… there is no room for the rest."))
        parts.append(part)
    return tuple(map(section, parts))


def fallback(text: str) -> str:
    """Return what stands in notifications for a text, and is read aloud."""
    return "".join(map(mrkdwn, split(text, TEXT_CHARS)[:1])) or "…"
