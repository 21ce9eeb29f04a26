"""What an endpoint takes, learned from what it refuses: no two compatible servers are compatible in the same things."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

_FORM = re.compile(
    r"response_format|json_schema|json_object|schema|grammar|guided|structured|constrain|xgrammar", re.IGNORECASE
)
_WINDOW = re.compile(
    r"context.{0,20}?(?:length|window|size)|n_ctx|maximum context|max_model_len|too many tokens"
    r"|must be <= \d+|must have less than \d+ tokens|exceeds? .{0,40}(?:context|tokens)|prompt is too long"
    r"|request (?:body )?too large|too large for model",
    re.IGNORECASE,
)
_TOKENS = re.compile(
    r"(?:context (?:length|window|size)(?: is| of|:)?(?: only)?|n_ctx|max_model_len|must be <=|must have less than"
    r"|max size:|\blimit|model with|> )\D{0,12}?(\d[\d,]{2,8})",
    re.IGNORECASE,
)
_STREAM = re.compile(
    r"\bstream(?:ing)?\b.{0,40}\b(?:not|only|unsupported|disabled)\b|\bverified to stream\b|'param': 'stream'",
    re.IGNORECASE,
)
_SYSTEM = re.compile(
    r"system role|\brole\b.{0,30}\bnot\b.{0,20}'system'|system (?:prompt|message|instruction)s? .{0,30}\bnot\b"
    r"|developer instruction",
    re.IGNORECASE,
)


class Form(IntEnum):
    """How a reply's shape is asked for, the surest last."""

    TEXT = 0  # by words alone
    OBJECT = 1  # as some JSON object
    SCHEMA = 2  # as JSON of a strict schema


@dataclass(slots=True)
class Abilities:
    """What is known about one model at one endpoint. It starts out hoping."""

    form: Form = Form.SCHEMA
    temperature: bool = True
    usage: bool = True  # tells tokens at the end of a stream
    stream: bool = True  # replies word by word
    system: bool = True  # knows who says "system"
    thinks: bool = False  # aloud before it speaks, without a word that marks the beginning
    window: int | None = None  # tokens, where the endpoint said so

    def learn(self, message: str, *, shaped: bool, sent: int) -> bool:
        """Take in why a request of about ``sent`` tokens was refused; True where it is worth asking differently.

        ``shaped`` tells whether a shape was asked for. A refusal that names nothing known is put down to the shape
        first, then to the rest: each step down happens once, so asking again ends.
        """
        if self.usage and "stream_options" in message:
            self.usage = False
        elif self.temperature and "temperature" in message.lower():
            self.temperature = False
        elif _WINDOW.search(message):
            return self._shrink(message, sent)
        elif self.system and _SYSTEM.search(message):
            self.system = False
        elif shaped and self.form and _FORM.search(message):
            self.form = Form(self.form - 1)
        elif self.stream and _STREAM.search(message):
            self.stream = False
        else:
            return self._step_down(shaped=shaped)
        return True

    def worded(self, messages: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
        """Return messages as the model takes them: what the system says begins the first request if it knows none."""
        if self.system or len(messages) < 2 or messages[0]["role"] != "system":
            return list(messages)
        first, second, *rest = messages
        return [{**second, "content": f"{first['content']}\n\n{second['content']}"}, *rest]

    def _shrink(self, message: str, sent: int) -> bool:
        found = _TOKENS.search(message)
        told = int(found[1].replace(",", "")) if found else sent * 3 // 4
        window = told if self.window is None or told < self.window else self.window * 3 // 4
        if window < 1000:
            return False
        self.window = window
        return True

    def _step_down(self, *, shaped: bool) -> bool:
        if shaped and self.form:
            self.form = Form(self.form - 1)
            return True
        plain = not (self.temperature or self.usage)
        self.temperature = self.usage = False
        return not plain
