"""Reads one JSON value while it is still being written: each task is out the moment its object is complete.

Bent JSON (single quotes, comments, quotes inside strings) is straightened on the way as far as its structure goes;
:mod:`core.controllers.chat.bent` mends the rest, object by object.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.controllers.chat.bent import loads, tasks_in
from core.controllers.chat.strings import Unescaper
from core.types import Json

REPLIES = frozenset({"reply", "answer", "response", "message"})
"""Keys of the object under which the words for the person stand."""

OURS = frozenset({"reply", "tasks"})
"""Keys that make an object a plan, even one without words and tasks."""

NO_LISTS = frozenset({"args", "arguments", "parameters", "params", "inputs", "input", "dep", "deps", "dependencies"})
"""Keys whose lists hold no tasks."""

LOOKAHEAD = 40  # characters of white space between a closing quote and what shows that it closes

_OUTSIDE = re.compile(r"[^\"'{}\[\]/#:,]+|//|/\*|.", re.DOTALL)
_INSIDE = re.compile(r"[^\"'\\]+|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL)
_CLOSES = re.compile(r"\s*(?:[,:}\]\"'/#]|$)|\s{40}")
_COMMENTS = {"//": "\n", "#": "\n", "/*": "*/"}
_NO_WORDS = frozenset({"", "null", "none", "n/a", "nil"})


@dataclass(slots=True)
class _Frame:
    bracket: str
    lists: bool  # the objects in it are tasks


class Scanner:
    """Takes the text from the value's first bracket on."""

    def __init__(self) -> None:
        self.over = False  # the value is complete
        self.found = False  # words or tasks came of it
        self.ours = False  # it is a plan, even if it holds nothing
        self.rest = ""  # what waits for its continuation; when over, what follows the value
        self._frames: list[_Frame] = []
        self._quote = ""
        self._comment = ""  # what ends the comment
        self._kept: list[str] = []  # the text of the task being read, or of the whole value while it may be a task
        self._keep = True
        self._string: list[str] = []  # the last string next to the root
        self._key = ""
        self._reply: Unescaper | None = None  # while the words for the person are being written
        self._words = ""  # their beginning, while it may still become "null"
        self._saying = False

    def feed(self, text: str) -> Iterator[str | Json]:
        """Yield words of the reply as str, and tasks as objects, as far as ``text`` completes them."""
        text, at = self.rest + text, 0
        while at < len(text) and not self.over:
            size = self._size(text, at)
            if size == 0:
                break
            sign, at = text[at : at + size], at + size
            yield from self._take(sign, text, at)
        self.rest = text[at:]

    def close(self, *, cut: bool) -> Iterator[str | Json]:
        """Yield what the end of the text leaves: nothing unfinished where the reply was ``cut``."""
        if self.over:
            return
        yield from self._close_reply()
        if not cut and self._kept and (len(self._frames) > 1 or not self.found):
            yield from self._tasks()

    def unfinished(self) -> bool:
        """Whether a task or the reply is being written."""
        return not self.over and (self._reply is not None or bool(self._keep and self._kept))

    # ------------------------------------------------------------ signs

    def _size(self, text: str, at: int) -> int:
        """Return the length of the next sign; 0 where more text is needed to tell."""
        if self._comment:
            end = text.find(self._comment, at)
            return end + len(self._comment) - at if end >= 0 else len(text) - at - text.endswith("*")
        found = (_INSIDE if self._quote else _OUTSIDE).match(text, at)
        assert found is not None  # noqa: S101 - both patterns match any letter
        end = found.end()
        return 0 if self._waits(found.group(), text, end) else end - at

    def _waits(self, sign: str, text: str, end: int) -> bool:
        left = len(text) - end
        if not self._quote:
            return sign == "/" and not left
        if sign == self._quote:
            return left < LOOKAHEAD and not text[end:].strip()
        return sign == "\\" or (sign == "\\u" and left < 4)

    # ------------------------------------------------------------ structure

    def _take(self, sign: str, text: str, end: int) -> Iterator[str | Json]:
        if self._comment:
            self._comment = "" if sign.endswith(self._comment) else self._comment
        elif self._quote:
            yield from self._inside(sign, text, end)
        elif sign in ("//", "#", "/*"):
            self._comment = _COMMENTS[sign]
        elif sign in ('"', "'"):
            self._open_string(sign)
        else:
            self._keep_sign(sign)
            yield from self._outside(sign)

    def _outside(self, sign: str) -> Iterator[Json]:
        if sign in ("{", "["):
            self._open(sign)
        elif sign in ("}", "]"):
            yield from self._shut()
        elif len(self._frames) == 1 and sign == ":":
            self._key = "".join(self._string).strip().lower()
            self.ours |= self._key in OURS
        elif len(self._frames) == 1 and sign == ",":
            self._key = ""
        elif len(self._frames) == 1 and sign.strip():
            self._string = [sign]  # a key without quotes

    def _inside(self, sign: str, text: str, end: int) -> Iterator[str]:
        if sign == self._quote and _CLOSES.match(text, end):
            self._keep_sign('"')
            self._quote = ""
            yield from self._close_reply()
            return
        if sign == '"':
            sign = '\\"'  # a quote inside the text, where it would end the string
        elif sign == "\\'":
            sign = "'"
        self._keep_sign(sign)
        if self._reply is not None:
            yield from self._say(self._reply.text(sign))
        elif len(self._frames) == 1 and len(self._string) < 20:
            self._string.append(sign)

    def _open_string(self, quote: str) -> None:
        self._keep_sign('"')
        self._quote, self._string = quote, []
        if len(self._frames) == 1 and self._frames[0].bracket == "{" and self._key in REPLIES:
            self._reply, self._words, self._saying = Unescaper(), "", False

    def _open(self, bracket: str) -> None:
        above = self._frames[-1] if self._frames else None
        if above is None:
            lists = bracket == "["
        elif len(self._frames) == 1 and above.bracket == "{":
            lists = bracket == "[" and self._key not in NO_LISTS
        else:
            lists = bracket == "[" and above.lists
        if above is not None and above.lists and bracket == "{":
            self._kept, self._keep = ["{"], True
        self._frames.append(_Frame(bracket, lists))

    def _shut(self) -> Iterator[Json]:
        if self._frames:
            self._frames.pop()
        if not self._frames:
            self.over = True
            if not self.found and self._keep:
                yield from self._tasks()
        elif self._frames[-1].lists and self._keep:
            yield from self._tasks()
            self._kept, self._keep = [], False

    def _keep_sign(self, sign: str) -> None:
        if self._keep:
            self._kept.append(sign)

    # ------------------------------------------------------------ what came of it

    def _tasks(self) -> Iterator[Json]:
        for task in tasks_in(loads("".join(self._kept))):
            self.found = True
            yield dict(task)

    def _say(self, text: str) -> Iterator[str]:
        if self._saying:
            yield text
            return
        self._words += text
        if len(self._words.strip()) > 4 and self._words.strip().lower() not in _NO_WORDS:
            self._saying = self.found = True
            yield self._words.lstrip()

    def _close_reply(self) -> Iterator[str]:
        if self._reply is not None and not self._saying and self._words.strip().lower() not in _NO_WORDS:
            self.found = True
            yield self._words.strip()
        self._reply, self._key = None, ""
