"""What of a text can be said aloud: no markup, no addresses, no emoji."""

from __future__ import annotations

import re
import unicodedata

from core.errors import BadInput

LONGEST = 100_000  # characters that are said aloud: about two hours
LONG = 900  # characters, about a minute: longer speech is compressed

_STEPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^ {0,3}(?:```|~~~).*$", re.MULTILINE), ""),  # fences of code
    (re.compile(r"</?[a-zA-Z][^<>\n]{0,200}>"), " "),  # tags
    (re.compile(r"(?<=[a-zß-ɏ])-\n(?=[a-zß-ɏ])"), ""),  # a word goes on in the next line
    (re.compile(r"(?<=[\w,;])\n(?=[a-zß-ɏ])"), " "),  # a sentence does
    (re.compile(r"!?\[([^\[\]\n]{0,500})\]\([^()\s]{0,2000}\)"), r"\1"),  # links and pictures: their words
    (re.compile(r"(?:https?://|www\.)([^\s/:?#<>\"')\]]+)[^\s<>\"')\]]*"), r"\1"),  # addresses: their host
    (re.compile(r"^[ \t>]*(?:#{1,6}|[-*+•‣▪])?[ \t]+", re.MULTILINE), ""),  # headings, quotes, bullets
    (re.compile(r"[ \t]*\|[ \t]*"), ", "),  # cells of a table
    (re.compile(r"(?<!\w)(\*{1,3}|_{1,3}|~~|`{1,2})(?=\S)([^\n]{1,500}?)(?<=\S)\1(?!\w)"), r"\2"),  # bold, italic, code
)
_SYMBOLS_FROM = 0x2190  # arrows; below stand signs that are read aloud, like the one for degrees
_DROPPED = {"Cc", "Cf", "Cn", "Co", "Cs"}
_LONE_JOINERS = re.compile("(?<!\\S)[\u200c\u200d]+(?!\\S)")  # what held an emoji together
_KEPT = "\t\u200c\u200d"  # joiners are part of the spelling of Persian and of Indian languages


def speakable(text: str) -> str:
    """Return the words of ``text``, one thought a line; empty if it holds no letter and no digit."""
    for pattern, replacement in _STEPS:
        text = pattern.sub(replacement, text)
    lines = map(_said, text.splitlines())
    return "\n".join(line for line in lines if any(map(str.isalnum, line)))


def to_say(text: str) -> str:
    """Return the words of ``text``. Raises BadInput where there are none, and where there are more than ``LONGEST``."""
    words = speakable(text)
    if not words:
        raise BadInput("There is nothing in this text that could be said aloud: it holds no words and no numbers.")
    if len(words) > LONGEST:
        raise BadInput(f"I say up to {LONGEST:,} characters aloud; this text has {len(words):,}. Send me a part of it.")
    return words


def _said(line: str) -> str:
    kept = "".join(filter(_is_said, line))
    return " ".join(_LONE_JOINERS.sub("", kept).split()).strip(", ")


def _is_said(char: str) -> bool:
    kind = unicodedata.category(char)
    return char in _KEPT or (kind not in _DROPPED and not (kind in {"So", "Sk"} and ord(char) >= _SYMBOLS_FROM))
