"""How many tokens a text is: an estimate that errs on the safe side, because every model counts differently."""

from __future__ import annotations

import re

_OTHER = re.compile(r"[^\x00-\x7f]")


def estimate(text: str) -> int:
    """Return about how many tokens ``text`` is: three letters each in English and JSON, half a letter elsewhere.

    Tokenisers make four letters of English prose a token, three of JSON, and of Tamil up to two tokens a letter.
    """
    other = len(_OTHER.findall(text))
    return (len(text) - other) // 3 + 2 * other + 4


def cut(text: str, chars: int) -> str:
    """Return the beginning of ``text``, saying how long the whole is."""
    return text if len(text) <= chars else f"{text[:chars]} … ({len(text)} characters in all)"
