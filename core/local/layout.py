"""LayoutLM: answers to questions, found among words and the places where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.contract import Steer
from core.errors import BadInput
from core.reading.line import Line
from core.reading.wording import GRID, Word, words_of

if TYPE_CHECKING:
    import torch

LONGEST = 24  # words of an answer
OVERLAP = 64  # tokens that two windows of a long page share
LEAST = 0.01  # score below which nothing counts as an answer


@dataclass(frozen=True, slots=True)
class Answer:
    """Words of a document, the lines they stand in, and how sure the model is (0 to 1)."""

    text: str
    lines: list[Line]
    score: float


@dataclass(frozen=True, slots=True)
class _Window:
    """What the model reads at once. ``words`` holds the number of the word that each token belongs to, or None."""

    ids: list[int]
    boxes: list[Sequence[int]]
    words: list[int | None]
    kinds: list[int]


class LayoutReader:
    """A LayoutLM model with its tokenizer."""

    def __init__(self, network: Any, tokenizer: Any) -> None:
        self.network = network
        self.tokenizer = tokenizer

    def answer(self, question: str, lines: Sequence[Line], steer: Steer) -> Answer | None:
        """Return the surest answer that any page has, or None."""
        best: Answer | None = None
        numbers = sorted({line.page for line in lines})
        for done, number in enumerate(numbers):
            words = words_of([line for line in lines if line.page == number])
            for window in self._windows(question, words):
                steer.check()
                found = self._read(window, words)
                if found and found.score >= LEAST and (best is None or found.score > best.score):
                    best = found
            steer.progress((done + 1) / len(numbers), "looking")
        return best

    def _windows(self, question: str, words: Sequence[Word]) -> Iterator[_Window]:
        """Put the question before each stretch of the page that fits behind it."""
        tokenizer = self.tokenizer
        asked = tokenizer.encode(question, add_special_tokens=False)
        pieces = [
            (token, word.box, number)
            for number, word in enumerate(words)
            for token in tokenizer.encode(word.text, add_special_tokens=False)
        ]
        first = tokenizer.cls_token_id
        last = tokenizer.sep_token_id
        between = [last, last] if "roberta" in type(tokenizer).__name__.lower() else [last]
        head = [first, *asked, *between]
        places = getattr(self.network.config, "max_position_embeddings", 512)
        room = min(tokenizer.model_max_length, places) - len(head) - 4
        if room < OVERLAP:
            raise BadInput("This question is too long to read a page with it. A sentence or two work.")
        edge = [GRID] * 4
        lead = [[0] * 4] * (1 + len(asked)) + [edge] * len(between)
        two = getattr(self.network.config, "type_vocab_size", 2) > 1
        for start in range(0, max(1, len(pieces) - OVERLAP), room - OVERLAP):
            part = pieces[start : start + room]
            yield _Window(
                ids=[*head, *(token for token, _, _ in part), last],
                boxes=[*lead, *(box for _, box, _ in part), edge],
                words=[*[None] * len(head), *(number for _, _, number in part), None],
                kinds=[*[0] * len(head), *[int(two)] * (len(part) + 1)],
            )

    def _read(self, window: _Window, words: Sequence[Word]) -> Answer | None:
        import torch

        rows = {
            "input_ids": [window.ids],
            "bbox": [window.boxes],
            "attention_mask": [[1] * len(window.ids)],
            "token_type_ids": [window.kinds],
        }
        encoded = {name: torch.tensor(row, device=self.network.device) for name, row in rows.items()}
        with torch.inference_mode():
            outputs = self.network(**encoded)
        inside = torch.tensor([number is not None for number in window.words])
        inside[0] = True  # "no answer here" stands at the first token
        starts, ends = (_shares(logits[0], inside) for logits in (outputs.start_logits, outputs.end_logits))
        return _best(starts, ends, window, words)


def _shares(logits: torch.Tensor, inside: torch.Tensor) -> list[float]:
    return logits.float().cpu().masked_fill(~inside, float("-inf")).softmax(dim=0).tolist()


def _best(starts: Sequence[float], ends: Sequence[float], window: _Window, words: Sequence[Word]) -> Answer | None:
    """Return the surest stretch of up to ``LONGEST`` words, or None where the window has none."""
    own = [place for place, number in enumerate(window.words) if number is not None]
    best: tuple[float, int, int] | None = None
    for start in sorted(own, key=lambda place: -starts[place])[:20]:
        for end in sorted(own, key=lambda place: -ends[place])[:20]:
            first, last = window.words[start], window.words[end]
            if first is None or last is None or end < start or last - first >= LONGEST:
                continue
            score = starts[start] * ends[end]
            if best is None or score > best[0]:
                best = (score, first, last)
    if best is None:
        return None
    score, first, last = best
    part = words[first : last + 1]
    lines = list({id(word.line): word.line for word in part}.values())
    return Answer(" ".join(word.text for word in part), lines, score)
