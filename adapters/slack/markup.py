"""Texts of others as Slack may show them: nobody is called by them, and nothing in them is markup that is not meant so.

Slack has three languages. Blocks of Markdown and streams take standard Markdown, as models write it: it goes as it is,
but for angle brackets, in which Slack reads its own tokens there, too. Small texts are mrkdwn, where three letters are
escaped. Plain texts have no markup. And mentions are broken everywhere, also in code.
"""

from __future__ import annotations

import re

JOINER = "\u2060"
"""Takes no room and breaks no line; a mention with it inside is none."""

_MENTION = re.compile(
    r"<(?=!(?:channel|here|everyone|group|subteam|date)\b|!(?!--)[^\s<>|]+[>|]|@(?:\s*\w|[^\s<>|])|#\s*C)"
    r"|&(?:lt|#0*60|#x0*3c);(?=!(?:channel|here|everyone|group|subteam|date)\b|@\w|#C)"
    r"|@(?=(?:channel|here|everyone)\b)",
    re.IGNORECASE,
)
_INLINE = r"(?<!`)`++[^`\n]+`++"
_SPAN = re.compile(_INLINE)
_CODE = re.compile(
    rf"(^[ \t]*(?P<fence>`{{3,}}|~{{3,}}).*?(?:^[ \t]*(?P=fence)[`~]*[ \t]*$|\Z)|{_INLINE})", re.DOTALL | re.MULTILINE
)
_BRACKET = re.compile(r"<(?!https?://[^\s<>|]+>)")
_MARKS = str.maketrans({"*": "∗", "~": "∼", "`": "'"})
"""Letters that look alike and mean nothing."""


def calm(text: str) -> str:
    """Return a text that looks the same and mentions nobody. What it makes of a word, nothing after a blank changes."""
    return _MENTION.sub(lambda found: found.group() + JOINER, text)


def markdown(text: str) -> str:
    """Return Markdown in which Slack reads no token of its own: it shows the same, and code stays as it is."""
    parts, last = [], 0
    for code in _CODE.finditer(text):
        parts += [_BRACKET.sub("&lt;", text[last : code.start()]), code.group()]
        last = code.end()
    return calm("".join([*parts, _BRACKET.sub("&lt;", text[last:])]))


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
    """Return as much of growing Markdown as nothing that follows can change: up to its last word, or its last code.

    So no two parts of it are parted by blanks that the second one begins with: Slack drops those.
    """
    words = text.rstrip()
    end = max(words.rfind(blank) for blank in (" ", "\n", "\t"))
    line = words[: end + 1].rpartition("\n")[2]
    undecided = _SPAN.sub(lambda found: "-" * len(found.group()), line).find("`")
    if undecided >= 0:  # whether that begins code, only the rest of the line tells
        return settled(words[: end + 1 - len(line) + undecided + 1])
    return words[: end + 1]


def _line(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: max(most - 1, 0)] + "…"
