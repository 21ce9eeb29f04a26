"""What models of one task type look at differently: the words of a wish, and the words of a model about itself."""

from __future__ import annotations

ASPECTS: dict[str, tuple[tuple[str, str], ...]] = {
    "audio-classification": (
        (r"emotions?|emotional|moods?|feel\w*|angry|sad|happy", r"angry|emotions?|moods in a voice"),
        (r"languages?", r"languages is spoken"),
        (r"commands?|keywords?", r"commands|words spoken"),
    ),
    "text-classification": (
        (r"emotions?|emotional|feelings?", r"emotions"),
        (r"languages?", r"languages a text is in"),
        (r"toxic\w*|insult\w*|offensive|hate\w*|threat\w*", r"toxic\w*|insults"),
        (r"stars?", r"stars"),
    ),
}
"""Task type -> pairs of regular expressions for whole words, without regard to case; the first that fits counts."""
