"""Reads what a model writes, as it comes: words for the person, tasks, or both, in whatever wrapping.

Words outside JSON are the answer where there is no JSON; around a plan they are chatter. So a reader that expects a
plan is patient: it holds the first words back until it is clear what they are.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

from core.controllers.chat.scanner import Scanner
from core.types import Json

PATIENCE = 300  # characters of prose that may come before a plan

_KEYS = (
    "reply|tasks|task|id|args|arguments|dep|model|reason|plan|steps|answer|response|task_type|task_name|tool|name|type"
)
_FENCE = r"(?:```[ \t]*\w*\s*)?"
_PLAN = re.compile(rf"{_FENCE}(?:\[\s*)*\{{\s*(?:(?://|#)[^\n]*\n\s*)*[\"']?(?:{_KEYS})[\"']?\s*:", re.IGNORECASE)
_MAYBE = re.compile(r"`{1,3}$|" + _FENCE + r"(?:\[\s*)*(?:\{\s*(?:[\"']?\w*[\"']?\s*)?)?$")
_MAYBE_LONGEST = 80
_CANDIDATE = re.compile(r"```|[\[{`]")
_THOUGHTS = re.compile(r"\s*<(think|thinking|thought|thoughts|reasoning)>", re.IGNORECASE)
_THOUGHTS_OPEN = "<thoughts>"
_END = "</think>"
_TASKISH = re.compile(r"[\"']tasks?[\"']\s*:")
_NOTHING = re.compile(r"(?:```\w*|[\s`\[\]{}]|null|none)*", re.IGNORECASE)


class Reader:
    """Feed it the text piece by piece, then close it."""

    def __init__(self, *, patience: int = 0) -> None:
        """Hold back up to ``patience`` characters of prose until it is clear that no plan follows."""
        self.tasks = 0  # objects that look like tasks
        self.planned = False  # there was a plan, be it empty
        self.said = False
        self.unfinished = False  # told by close(): the text ends in the middle of something
        self._patience = patience
        self._held = ""  # may be the start of a plan, or of thoughts
        self._thoughts: str | None = ""  # the tag that ends them; empty: not known yet; None: there are none (any more)
        self._unmarked: list[str] | None = None  # what may be thoughts, where nothing marks their beginning
        self._prose: list[str] = []  # held back
        self._size = 0  # of it
        self._scanner: Scanner | None = None
        self._raw: list[str] = []  # what the scanner was fed, while nothing came of it

    def expect_thoughts(self) -> None:
        """Take what comes first for thoughts up to their end, and for the reply where they have none.

        Some models' templates begin the thoughts themselves, so that only their end shows.
        """
        self._thoughts, self._unmarked = _END, []

    def feed(self, text: str) -> Iterator[str | Json]:
        """Yield words as str and tasks as objects, as far as ``text`` makes them certain."""
        text = self._without_thoughts(text)
        while text:
            text = yield from (self._scan(text) if self._scanner else self._look(text))

    @staticmethod
    def leaks(text: str) -> bool:
        """Whether a whole reply holds the end of thoughts whose beginning nothing marks."""
        return _END in text and not _THOUGHTS.match(text)

    def close(self, *, cut: bool = False) -> Iterator[str | Json]:
        """Yield what is left; ``cut`` tells that the text was broken off, so that nothing unfinished counts."""
        if self._thoughts is not None:
            # It never came to an end of thoughts: nothing is left, unless they were none.
            text = "".join(self._unmarked or ()) if self._thoughts else self._held
            self._thoughts, self._held = None, ""
            while text:
                text = yield from (self._scan(text) if self._scanner else self._look(text))
        if self._scanner:
            self.unfinished = self._scanner.unfinished()
            yield from self._counted(self._scanner.close(cut=cut))
            self._leave()
        self._hold(self._held)
        if not self.planned and not _NOTHING.fullmatch("".join(self._prose)):
            yield from self._release()

    # ------------------------------------------------------------ thoughts

    def _without_thoughts(self, text: str) -> str:
        """Drop what a model thinks aloud before it speaks."""
        if self._thoughts is None:
            return text
        if self._unmarked is not None:
            self._unmarked.append(text)
        text, self._held = self._held + text, ""
        if not self._thoughts:
            found = _THOUGHTS.match(text)
            start = text.lstrip().lower()
            if found is None and _THOUGHTS_OPEN.startswith(start[:2]) and len(start) < 12 and ">" not in start:
                self._held = text
                return ""
            self._thoughts = f"</{found[1].lower()}>" if found else None
            if self._thoughts is None:
                return text
        end = text.lower().find(self._thoughts)
        if end < 0:
            self._held = text[-len(self._thoughts) :]
            return ""
        rest = text[end + len(self._thoughts) :]
        self._thoughts = None
        return rest

    # ------------------------------------------------------------ prose

    def _look(self, text: str) -> Generator[str | Json, None, str]:
        """Let prose pass up to where a plan starts, or may start; return the text from there on."""
        text, self._held = self._held + text, ""
        at = 0
        while found := _CANDIDATE.search(text, at):
            start = found.start()
            if plan := _PLAN.match(text, start):
                yield from self._pass(text[:start])
                bracket = re.compile(r"[\[{]").search(text, start, plan.end())
                assert bracket is not None  # noqa: S101 - the pattern of a plan has one
                self._scanner = Scanner()
                return text[bracket.start() :]
            if len(text) - start < _MAYBE_LONGEST and _MAYBE.match(text, start):
                yield from self._pass(text[:start])
                self._held = text[start:]
                return ""
            at = found.end()
        yield from self._pass(text)
        return ""

    def _pass(self, prose: str) -> Iterator[str]:
        self._hold(prose)
        if self._size > self._patience and not self.planned:
            yield from self._release()
            self._patience = 0

    def _hold(self, prose: str) -> None:
        if prose:
            self._prose.append(prose)
            self._size += len(prose)

    def _release(self) -> Iterator[str]:
        text = "".join(self._prose)
        self._prose, self._size = [], 0
        # Some templates write the opening tag themselves, so that only the end of the thoughts shows.
        text = re.split(r"</think(?:ing)?>", text)[-1] if not self.said else text
        text = text if self.said else text.lstrip()
        if text:
            self.said = True
            yield text

    # ------------------------------------------------------------ plans

    def _scan(self, text: str) -> Generator[str | Json, None, str]:
        """Let the scanner read; return what follows the plan."""
        assert self._scanner is not None  # noqa: S101 - only asked while there is one
        if not self.planned:
            self._raw.append(text)
        yield from self._counted(self._scanner.feed(text))
        if not self._scanner.over:
            return ""
        rest = self._scanner.rest
        self._leave(len(rest))
        return rest

    def _counted(self, found: Iterator[str | Json]) -> Iterator[str | Json]:
        for piece in found:
            self.planned = True
            if isinstance(piece, str):
                self.said = True
            else:
                self.tasks += 1
            yield piece

    def _leave(self, rest: int = 0) -> None:
        """The value is over. If it was no plan, its text was part of the prose."""
        assert self._scanner is not None  # noqa: S101 - only left while there is one
        raw = "".join(self._raw)
        self.planned |= self._scanner.ours or _TASKISH.search(raw) is not None
        if not self.planned:
            self._hold(raw[: len(raw) - rest])
        self._scanner, self._raw = None, []
