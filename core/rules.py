"""What admins decided about models, from the store: what is kept out, what goes first, which version counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from core.contract import Model


class Topic(StrEnum):
    """What a rule is about: whose use it allows or denies, or what else it settles."""

    MODEL = "model"
    AUTHOR = "author"
    LICENCE = "licence"
    TASK = "task"
    PREFERENCE = "preference"  # of a task type: its value is a model
    PIN = "pin"  # of a model: its value is a revision


ALLOW, DENY = "allow", "deny"
"""Values of a rule about a model, an author, a licence or a task."""

USE = (Topic.MODEL, Topic.AUTHOR, Topic.LICENCE, Topic.TASK)
"""The topics whose rules allow or deny, the most particular first: it decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One decision. In a scope there is one for each topic and name; an empty value is none."""

    topic: Topic
    name: str
    value: str
    scope: str = ""  # where it holds, as in Origin.scopes; "" is everywhere


Rulebook: TypeAlias = Mapping[tuple[Topic, str], str]
"""Values by topic and name, names in small letters: what holds in one place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a model is to be run, as far as admins settled it."""

    revision: str = ""  # empty: whichever is here
    trusted: bool = False  # this very model was allowed


def bound(rules: Iterable[Rule]) -> Rulebook:
    """Return ``rules``, the most particular scope's first, as a book: of several about the same the first holds."""
    book: dict[tuple[Topic, str], str] = {}
    for rule in rules:
        book.setdefault((rule.topic, rule.name.lower()), rule.value)
    return book


def use_of(book: Rulebook, task: str, model: Model) -> tuple[Topic, str] | None:
    """Return the rule that decides whether a model may be used for a task: what it is about, and what it says."""
    names = (model.id, model.id.rpartition("/")[0], model.licence, task)
    for topic, name in zip(USE, names, strict=True):
        if value := book.get((topic, name.lower())):
            return topic, value
    return None
