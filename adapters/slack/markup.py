"""Texts of others as Slack may show them: nobody is called by them, and nothing in them is markup that is not meant so.

Slack has three languages. Blocks of Markdown and streams take standard Markdown, as models write it: it goes as it is,
only mentions in it are broken. Small texts are mrkdwn, where three letters are escaped. Plain texts have no markup.
"""

from __future__ import annotations

import re

JOINER = "\u2060"
"""Takes no room and breaks no line; a mention with it inside is none."""

_MENTION = re.compile(
    r"<(?=!(?:channel|here|everyone|group|subteam|date)\b|!(?!--)[^\s<>|]+[>|]|@\s*\w|#\s*C)"
    r"|@(?=(?:channel|here|everyone)\b)",
    re.IGNORECASE,
)
_MARKS = str.maketrans({"*": "∗", "~": "∼", "`": "'"})
"""Letters that look alike and mean nothing."""


def calm(text: str) -> str:
    """Return a text that looks the same and mentions nobody. What it makes of a word, nothing after a blank changes."""
    return _MENTION.sub(lambda found: found.group() + JOINER, text)


def escaped(text: str) -> str:
    """Return a text as mrkdwn shows it: nobody is mentioned, no link is hidden."""
    return calm(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal(text: str, most: int) -> str:
    """Return what a person, a file or a model said as one line of mrkdwn without any markup, at most so long."""
    return escaped(_line(text, most).translate(_MARKS))


def plain(text: str, most: int) -> str:
    """Return the same for places that know no markup."""
    return calm(_line(text, most - 2))[:most]


def settled(text: str) -> str:
    """Return as much of a growing text as nothing that follows can change: up to its last word.

    So no two parts of it are parted by blanks that the second one begins with: Slack drops those.
    """
    words = text.rstrip()
    end = max(words.rfind(blank) for blank in (" ", "\n", "\t"))
    return words[: end + 1]


def _line(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: max(most - 1, 0)] + "…"
