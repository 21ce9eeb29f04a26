"""Models trained on natural language inference: whether a hypothesis follows from a text."""

from __future__ import annotations

import math
from collections.abc import Sequence

from core.errors import NotAvailable
from core.local.encoder import Encoder
from core.local.windows import Cut, Window, windows

TEMPLATE = "This example is {}."


class Inference(Encoder[tuple[float, float]]):
    """Asks for each label whether a sentence that holds it follows from the text."""

    auto = "AutoModelForSequenceClassification"

    def load(self) -> None:
        super().load()
        names = {name.lower(): number for name, number in self.network.config.label2id.items()}
        self._follows = next((number for name, number in names.items() if name.startswith("entail")), None)
        if self._follows is None or len(names) < 2:
            raise NotAvailable(f"“{self.model.id}” does not tell whether one sentence follows from another.")
        against = (number for name, number in names.items() if name.startswith(("contra", "not_entail")))
        self._against = next(against, 0 if self._follows else len(names) - 1)
        self._template = str(self.model.settings.get("hypothesis_template", TEMPLATE))

    def asked(self, text: str, labels: Sequence[str], first: int = 0) -> list[Window]:
        """Return the text in windows, each with the hypothesis of each label; labels are numbered from ``first``."""
        cut = Cut(self.limit)
        hypotheses = [(number, self._template.format(label)) for number, label in enumerate(labels, start=first)]
        return [
            window
            for number, after in hypotheses
            for window in windows(self.tokenizer, text, cut, after=after, of=number)
        ]

    def forward(self, pieces: Sequence[Window]) -> Sequence[tuple[float, float]]:
        """Return how much speaks for the hypothesis of each window, and how much against it."""
        logits = self.read(pieces).logits.float()
        return [(row[self._follows or 0], row[self._against]) for row in logits.tolist()]

    def shares(self, pieces: Sequence[Window], found: Sequence[tuple[float, float]], count: int) -> list[float]:
        """Return the probability of each of ``count`` labels, which exclude each other; a single one may be wrong.

        What is said about the windows of a long text is averaged by their length.
        """
        speaks, against, sizes = [0.0] * count, [0.0] * count, [0] * count
        for piece, (follows, contradicts) in zip(pieces, found, strict=True):
            size = sum(piece.inside) or 1
            label = piece.of % count
            sizes[label] += size
            speaks[label] += size * follows
            against[label] += size * contradicts
        means = [value / size for value, size in zip(speaks, sizes, strict=True)]
        if count == 1:
            return softmax([means[0], against[0] / sizes[0]])[:1]
        return softmax(means)


def softmax(values: Sequence[float]) -> list[float]:
    """Return shares that add up to 1."""
    top = max(values)
    raised = [math.exp(value - top) for value in values]
    return [value / sum(raised) for value in raised]
