"""Which sentences stand for a text: those that have most in common with all others (LexRank, by sumy)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.language.words import fillers, stemmer, words


class _Words:
    """sumy's own tokenizer needs data files of NLTK that would have to be downloaded; ours does not."""

    def to_words(self, sentence: str) -> tuple[str, ...]:
        return tuple(words(sentence))


class Centrality:
    """LexRank, ready to compare sentences."""

    def __init__(self) -> None:
        from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
        from sumy.summarizers.lex_rank import LexRankSummarizer

        self._document: Any = lambda texts: ObjectDocumentModel(
            [Paragraph([Sentence(text, _Words()) for text in texts])]
        )
        self._summarizer: Any = LexRankSummarizer

    def best(self, texts: Sequence[str], count: int, language: str) -> list[str]:
        """Return the ``count`` most central sentences in the order they were given."""
        import numpy as np

        summarizer = self._summarizer(stemmer(language))
        summarizer.stop_words = fillers(language)
        with np.errstate(invalid="ignore"):  # where sentences have nothing in common, none is more central
            return [str(sentence) for sentence in summarizer(self._document(texts), count)]
