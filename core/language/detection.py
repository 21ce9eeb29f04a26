"""Which language a text is written in.

py3langid knows 140 languages from a table of 3 MB; it is asked for those that :mod:`core.language.names` can name.
"""

from __future__ import annotations

import re
from typing import Any

from core.language.cyrillic import likelihoods
from core.language.names import LANGUAGES
from core.language.shared import shared

ENOUGH = 5_000  # characters; more of a text does not change the verdict
SURE_ENOUGH = 0.3  # probability that two ordinary words of a language reach
SURE_WORD = 0.5  # a single word may be a name
SURE_PART = 0.9  # a sentence within a text is in its language unless it is very clearly in another
_NO_WORDS = re.compile(r"https?://[!-~]+|[!-~]*[0-9@_/\\][!-~]*")
"""Addresses, numbers and codes say nothing about a language. In ASCII only: where a script has no blanks, all that
stands beside a number would go with it."""

_MOST, _OFTEN, _SELDOM, _RARELY = (
    4.0,
    1.5,
    0.5,
    0.3,
)  # weights of languages by how much is written in them; others have 1
_WEIGHTS = {
    "en": _MOST,
    "be": _RARELY,
    **dict.fromkeys(["ar", "de", "es", "fr", "hi", "it", "ja", "pt", "ru", "zh"], _OFTEN),
    **dict.fromkeys(
        ["af", "bg", "ca", "cy", "et", "eu", "ga", "hr", "is", "lt", "lv", "mk", "ms", "sk", "sl", "sq", "sr", "sw"],
        _SELDOM,
    ),
}
_LATIN_ENDS = "\u024f"  # last letter of the blocks that hold the Latin alphabets of Europe


class Detector:
    """A loaded language identifier."""

    def __init__(self) -> None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        self._identifier: Any = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        self._identifier.set_languages(sorted(LANGUAGES))

    def guess(self, text: str) -> tuple[str, float]:
        """Return the likeliest ISO 639-1 code and its probability, from 0 to 1.

        Between languages that look alike, a short text is rather in the one that more people write; those of Cyrillic
        letters are told by what only some of them have.
        """
        words = _words(text)
        told = likelihoods(words)
        weighed = {
            str(code): float(share) * _WEIGHTS.get(code, 1.0) * told.get(code, 1.0)
            for code, share in self._identifier.rank(words)
        }
        best = max(weighed, key=weighed.__getitem__)
        return best, weighed[best] / sum(weighed.values())

    def detect(self, text: str, otherwise: str = "en") -> str:
        """Return the ISO 639-1 code of the language of ``text``; ``otherwise`` where the text is too short to tell.

        A script other than Latin narrows the choice enough to believe even an unsure guess.
        """
        code, probability = self.guess(text)
        words = _words(text)
        needed = SURE_ENOUGH if " " in words else SURE_WORD
        return code if probability >= needed or _mostly_not_latin(words) else otherwise

    def detect_part(self, part: str, whole: str) -> str:
        """Return the language of a sentence from a text in ``whole``: another one only for good reasons."""
        if _mostly_not_latin(_words(part)) != _mostly_not_latin(LANGUAGES.get(whole, ("", ""))[1]):
            return self.detect(part, otherwise=whole)
        code, probability = self.guess(part)
        return code if probability >= SURE_PART and " " in _words(part) else whole


@shared
def detector() -> Detector:
    """Return the identifier of this process: loading takes half a second and 85 MB."""
    return Detector()


def _words(text: str) -> str:
    return " ".join(_NO_WORDS.sub(" ", text[:ENOUGH]).split())


def _mostly_not_latin(text: str) -> bool:
    letters = [letter for letter in text if letter.isalpha()]
    return sum(letter > _LATIN_ENDS for letter in letters) * 2 > len(letters)
