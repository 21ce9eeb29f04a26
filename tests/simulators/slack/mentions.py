"""Who is notified by a message: what its texts name, however it was written."""

from __future__ import annotations

import re
from typing import Any

from tests.simulators.slack.world import Message, World, walk

TOKEN = re.compile(r"<([!@][^<>|\s]+)(?:\|[^<>]*)?>")
ESCAPED = re.compile(r"\\.", re.DOTALL)
PLAIN = re.compile(r"(?<![\w@])@(channel|here|everyone)\b")
EVERYBODY = {"channel", "here", "everyone", "group"}


def named(world: World, message: Message, *, linked: bool = False) -> set[str]:
    """Return who is notified: names of people, ``@channel``, ``@here``, ``@everyone``, ``@subteam:S1``.

    ``linked``: names without brackets count too (``link_names`` or ``parse: full``). Where Slack's own words leave it
    open whether something notifies (in code, in the fallback text beside blocks), it counts here.
    """
    found = set[str]()
    for text, markdown in _sources(message):
        found |= _in(world, ESCAPED.sub("", text) if markdown else text)
        if linked:
            found |= {f"@{name}" for name in PLAIN.findall(text)}
    return found


def _sources(message: Message) -> list[tuple[str, bool]]:
    """Return texts, and whether each is Markdown."""
    found = [(message.text, False), *_texts(message.blocks), *_texts(message.attachments)]
    if message.stream:
        found += [(message.stream.markdown, True), (message.stream.plan, True)]
        found += [(str(value), True) for task in message.stream.tasks.values() for value in task.values()]
    return found


def _texts(blocks: Any) -> list[tuple[str, bool]]:
    found: list[tuple[str, bool]] = []
    for part in walk(blocks):
        kind = part.get("type")
        if kind == "plain_text":
            continue
        if kind == "broadcast":
            found.append((f"<!{part.get('range')}>", False))
        elif kind == "user":
            found.append((f"<@{part.get('user_id')}>", False))
        elif kind == "usergroup":
            found.append((f"<!subteam^{part.get('usergroup_id')}>", False))
        elif kind == "text":
            continue  # of rich text: nothing in it is parsed
        found += [(part[name], kind == "markdown") for name in TEXTS if isinstance(part.get(name), str)]
    return found


TEXTS = ("text", "pretext", "title", "fallback", "value", "alt_text")


def _in(world: World, text: str) -> set[str]:
    found = set[str]()
    for token in TOKEN.findall(text):
        if token.startswith("@"):
            user = world.users.get(token[1:])
            found |= {user.name} if user else set()
        elif token[1:] in EVERYBODY:
            found.add(f"@{token[1:]}")
        elif token.startswith("!subteam^"):
            found.add(f"@subteam:{token.partition('^')[2]}")
    return found
