"""Whether a request is in English, as far as the templates need to know: where unsure, it is not."""

from __future__ import annotations

import re

_COMMON = re.compile(
    r"(?:the|of|and|to|is|it|you|that|was|for|on|are|with|as|they|be|at|this|have|from|or|by|word|but|not|what|all|your"
    r"|can|there|use|an|each|which|do|how|their|if|will|about|out|then|them|these|some|would|make|like|into|two|write"
    r"|see|could|people|my|its|now|find|draw|paint|create|generate|picture|photo|say|read|put|please|over|me|i|a"
    r"|speech|music|song|sound|aloud|loud|voice|turn|convert|show|give|remove|blur|sketch)"
)
_ONLY_ENGLISH = re.compile(
    r"(?:the|of|and|you|with|from|this|what|your|which|their|would|make|write|could|people|draw|paint|create|generate"
    r"|picture|say|read|put|please|over|speech|turn|convert|show|give|remove|sketch)"
)
ENOUGH = 0.3


def english(text: str) -> bool:
    """Return whether enough of the words are common English ones; a text without words counts as English."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    if not words:
        return True
    known = sum(_COMMON.fullmatch(word) is not None for word in words)
    return text.isascii() and known / len(words) >= ENOUGH and any(_ONLY_ENGLISH.fullmatch(word) for word in words)
