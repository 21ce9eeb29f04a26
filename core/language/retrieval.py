"""Which sentences speak of what a question asks: BM25 over word stems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.language.words import Stem, words


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of the text, rated."""

    text: str
    number: int  # of the sentence in the text, from 0
    score: float  # BM25: 0 or more, larger is better
    share: float  # from 0 to 1: how much of the question's words, weighted by rarity, it holds


def retrieved(keywords: Sequence[str], texts: Sequence[str], stem: Stem) -> list[Passage]:
    """Return all texts that hold one of ``keywords``, the best first."""
    from rank_bm25 import BM25Plus

    wanted = list(dict.fromkeys(map(stem, keywords)))
    stemmed = [[stem(word) for word in words(text)] for text in texts]
    if not wanted or not any(stemmed):
        return []
    index = BM25Plus(stemmed)
    floor = index.get_scores([])
    rarity = {word: float(index.idf.get(word, max(index.idf.values()))) for word in wanted}
    whole = sum(rarity.values())
    found: list[Passage] = []
    for number, (text, score, has) in enumerate(
        zip(texts, index.get_scores(wanted) - floor, map(set, stemmed), strict=True)
    ):
        if hits := has.intersection(wanted):
            share = sum(rarity[word] for word in hits) / whole
            found.append(Passage(text, number, float(score), share))
    return sorted(found, key=lambda passage: (-passage.share, -passage.score, passage.number))
