"""Cuts the words of a request into sentences: at stops, at line breaks, at the numbers of steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.controllers.rules.reading.word import Word

_STOPS = frozenset(".!?;…")


def sentences(text: str, words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield the sentences of a request, each with the stop that ends it."""
    current: list[Word] = []
    for number, word in enumerate(words):
        if current and "\n" in text[current[-1].end : word.start]:
            yield current
            current = []
        if word.kind == "mark" and word.text in _STOPS:
            if current:
                yield [*current, word]
            current = []
        elif _numbers_step(word, current):
            if current:
                yield current
            current = []
        else:
            current.append(word)
            if word.kind == "quote" and word.text.endswith((".", "!", "?")) and _begins(words, number + 1):
                yield current
                current = []
    if current:
        yield current


def _begins(words: Sequence[Word], at: int) -> bool:
    """Whether a sentence begins here: with a capital, after a quote that ends as a sentence does."""
    return at < len(words) and words[at].kind == "word" and words[at].text[:1].isupper()


def _numbers_step(word: Word, current: Sequence[Word]) -> bool:
    """Whether ``word`` closes the number of a step, "1)"; takes the number away."""
    if word.text != ")" or not current or current[-1].kind != "number" or len(current[-1].text) > 2:
        return False
    if isinstance(current, list):
        current.pop()
        if current and current[-1].text == "(":
            current.pop()
    return True
