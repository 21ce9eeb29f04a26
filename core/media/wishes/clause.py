"""A part of a wish, and how rules read it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from core.media.edits import Edit

NUMBER = r"(\d+(?:[.,]\d+)?)"
PERCENT = rf"{NUMBER} ?(?:%|percent)"
PIXELS = r"(?:px|pixels?)"
SIZE = rf"(\d+) ?(?:{PIXELS} ?)?(?:x|×|by|\*) ?(\d+)(?: ?{PIXELS})?"

_JOINTS = re.compile(r"\s*(?:[;!?]|,(?!\d)|\.(?:\s|$)|\b(?:and|then|also|plus|afterwards|finally|next)\b|&)\s*")
_SAID_AS_ONE = (
    (re.compile(r"\bblack\W*(?:and|&|n)?\W*white\b|\bb\s?[&/]\s?w\b"), "grey"),
    (re.compile(r"\btop and bottom\b"), "top to bottom"),
    (re.compile(r"\bleft and right\b"), "left to right"),
)
_FILLERS = re.compile(
    r"\b\S+\.(?:jpe?g|png|webp|gif|bmp|tiff?|heic|avif)\b|<(?:attachment|resource)-[\w.-]+>|"
    r"\b(?:a|all|an|another|apply|as|at|attached|attachment|be|but|by|can|change|colou?rs?|convert|copy|could|create|do|"
    r"down|draw|drawn|edit|effect|entire|everything|file|filter|first|fix|for|fourth|from|gaussian|get|give|has|have|here|hi|"
    r"i|image|in|into|is|it|it's|its|itself|jarvis|just|kindly|last|let|like|look|looks|made|make|making|me|my|need|of|"
    r"on|one|only|onto|original|other|our|out|output|photo|photograph|pic|picture|please|pls|plz|portrait|prefer|"
    r"previous|put|rather|result|scan|screenshot|second|selfie|set|shades?|shot|should|show|size|snapshot|so|some|"
    r"style|tell|than|thank|thanks|that|the|them|these|third|this|those|to|tones?|transform|turn|u|up|uploaded|us|use|"
    r"version|want|way|we|whole|will|with|would|you|your)\b|[^\w%°<]+|<"
)


def clauses(wish: str) -> Iterator[str]:
    """Yield the parts of a wish in lower case: what "and", "then" and punctuation join."""
    text = wish.lower()
    for pattern, word in _SAID_AS_ONE:
        text = pattern.sub(word, text)
    return (clause for clause in _JOINTS.split(text) if clause.strip())


class Clause:
    """A part of a wish. What was understood of it is blanked out, so that the places of the rest stay."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.verb = ""  # the words that named the newest edit
        self.at = 0  # where they stand

    def take(self, pattern: str) -> re.Match[str] | None:
        """Find ``pattern`` as whole words and blank it out."""
        found = re.search(rf"(?<![\w.])(?:{pattern})(?![\w%])", self.text)
        if found:
            blank = " " * (found.end() - found.start())
            self.text = self.text[: found.start()] + blank + self.text[found.end() :]
        return found

    def starts(self, pattern: str) -> bool:
        """Take the words that name an edit."""
        found = self.take(pattern)
        if found:
            self.verb, self.at = found[0], found.start()
        return found is not None

    def hints(self, pattern: str) -> bool:
        """Find words that name an edit without a verb, and leave them: they are its measures as well."""
        found = re.search(rf"(?<![\w.])(?:{pattern})(?![\w%])", self.text)
        if found:
            self.at = found.start()
        return found is not None

    def number(self, pattern: str) -> float | None:
        """Take a phrase with a number as its first group."""
        found = self.take(pattern)
        return float(found[1].replace(",", ".")) if found else None

    def strength(self) -> float:
        """Take words of degree: 1 where there are none."""
        if self.take(r"(?:just )?(?:slightly|lightly|gently|somewhat|(?:a )?(?:tiny |little )?(?:bit|little|touch))"):
            return 0.5
        return 2.0 if self.take(r"very|strongly|strong|heavily|heavy|(?:a )?lot|much|really|extremely|totally") else 1.0

    def edits(self, rules: Iterable[Rule]) -> list[Edit]:
        """Return the edits of this clause in the order of the words that name them."""
        found = []
        for rule in rules:
            edit = rule(self)
            if edit is not None:
                found.append((self.at, edit))
        return [edit for _, edit in sorted(found, key=lambda pair: pair[0])]

    def rest(self) -> str:
        """Return the words that nobody understood."""
        return _FILLERS.sub(" ", self.text).strip()


Rule: TypeAlias = Callable[[Clause], Edit | None]
"""Takes its words from a clause and returns the edit they ask for; takes nothing where they are not there."""
