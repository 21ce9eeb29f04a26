"""Slack's markup as people read it: names in place of ids, links as they are, nothing escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape

_TOKEN = re.compile(r"<([^<>\n]+)>")
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")


def mentioned(text: str) -> list[str]:
    """Return the ids of the people whom a text mentions."""
    return _PERSON.findall(text)


def words(text: str, me: str, names: Mapping[str, str]) -> str:
    """Return what a text says, without the mention of ``me``; ``names`` of people by id, as far as they are known."""

    def read(found: re.Match[str]) -> str:
        what, _, label = found.group(1).partition("|")
        return _said(what, label, me, names)

    plain = _TOKEN.sub(read, text)
    return unescape("\n".join(line if "```" in text else _tidy(line) for line in plain.split("\n"))).strip()


def _said(what: str, label: str, me: str, names: Mapping[str, str]) -> str:
    match what[:1]:
        case "@":
            person = what[1:]
            return "" if person == me else f"@{names.get(person) or label or person}"
        case "#":
            return f"#{label or what[1:]}"
        case "!":
            return label or f"@{what[1:].partition('^')[0]}"
        case _:
            address = what.removeprefix("mailto:")
            return address if not label or _same(address, label) else f"{label} ({address})"


def _same(address: str, label: str) -> bool:
    return label.rstrip("/") in {address.rstrip("/"), address.partition("://")[2].rstrip("/")}


def _tidy(line: str) -> str:
    """Leave no gap where a mention was."""
    return re.sub(r"(?<=\S) {2,}", " ", line).strip()
