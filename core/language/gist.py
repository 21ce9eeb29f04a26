"""Which sentences tell most of a text: those in which its frequent words stand close together (Luhn 1958, by sumy)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.language.words import fillers, stemmer, words


class _Words:
    """sumy's own tokenizer needs data files of NLTK that would have to be downloaded; ours does not."""

    def to_words(self, sentence: str) -> tuple[str, ...]:
        return tuple(words(sentence))


def gist(sentences: Sequence[str], count: int, language: str) -> list[str]:
    """Return the ``count`` most telling sentences in the order they were given. Takes time linear in their length."""
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
    from sumy.summarizers.luhn import LuhnSummarizer

    document = ObjectDocumentModel([Paragraph([Sentence(sentence, _Words()) for sentence in sentences])])
    summarizer: Any = LuhnSummarizer(stemmer(language))
    summarizer.stop_words = fillers(language)
    summarizer.significant_percentage = max(1, len(document.words)) ** -0.5  # else long sentences win in long texts
    return [str(sentence) for sentence in summarizer(document, count)]
