"""Questions about a file itself rather than about what is in it: "how long is this film?". Read strictly."""

from __future__ import annotations

import re
from functools import cache

from core.controllers.rules.data.particulars import FEATURES, NOUNS, PAPERS, WORDINGS
from core.controllers.rules.reading.clause import Clause
from core.types import Kind

_MOST = 24
"""Words of a clause that can be such a question."""

_BEFORE = r"(?:(?:tell|show|give|get|want|know|check|find out|see|say|me|us|if|whether|and|also|exactly|then|so) )*"
_BEHIND = (
    r"(?: (?:please|exactly|roughly|about|approximately|in seconds|in minutes|in total|in bytes|in mb|altogether))*"
)


def particulars(clause: Clause) -> frozenset[Kind]:
    """Return the kinds of files that a clause asks what they are; none where it asks something else."""
    words = [word for word in clause.words if word.kind != "mark"]
    if not 0 < len(words) <= _MOST or any(word.kind in ("quote", "url") for word in words):
        return frozenset()
    said = " ".join("the file" if word.kind == "file" else word.low.replace("’", "'") for word in words)
    called: list[frozenset[Kind]] = []

    def thing(found: re.Match[str]) -> str:
        called.append(NOUNS.get(found["noun"], frozenset(Kind)))
        return "PAPER" if found["noun"] in PAPERS else "THING"

    plain = _pronoun().sub("IT", _thing().sub(thing, said))
    plain = _owner().sub(r"\1 of THING", plain)
    kinds = frozenset[Kind]().union(*(kinds for kinds, wording in _wordings() if wording.fullmatch(plain)))
    return kinds.intersection(*called)


@cache
def _thing() -> re.Pattern[str]:
    nouns = "|".join(sorted((*NOUNS, *PAPERS), key=len, reverse=True))
    which = "attached|uploaded|whole|entire|original|first|second|third|last|other"
    whose = rf"(?:this|that|the|these|those|my|our|your)(?: (?:{which}))?"
    other = r"(?! (?:file|type|information|info|properties)\b)"  # "the file type" is no file
    return re.compile(rf"\b{whose} (?P<noun>{nouns})s?\b{other}")


@cache
def _pronoun() -> re.Pattern[str]:
    return re.compile(r"\b(?:it|this|that)\b(?! THING| PAPER)")


@cache
def _owner() -> re.Pattern[str]:
    """Find whose feature is meant: "the film's length", "the file size"."""
    return re.compile(rf"\bTHING(?:'s)? ({FEATURES})$")


@cache
def _wordings() -> tuple[tuple[frozenset[Kind], re.Pattern[str]], ...]:
    return tuple((kinds, re.compile(f"{_BEFORE}(?:{wording}){_BEHIND}")) for kinds, wording in WORDINGS)
