"""token-classification: finds names of people, places and organisations in a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.contract import Give, Inputs, Outputs, Take, TaskType, local
from core.errors import BadInput, NotAvailable
from core.experts._shapes import threshold
from core.language.entities import Tag, entities
from core.language.labels import named
from core.local.encoder import Encoder
from core.local.windows import Cut, Window, windows
from core.types import Kind

TYPE = TaskType(
    name="token-classification",
    summary="Find and label names in a text: people, places, organisations and the like.",
    takes=(
        Take(name="text", kinds=(Kind.TEXT,), about="the text to search"),
        threshold(0.0),
    ),
    gives=(Give(name="entities", kind=Kind.TABLE, about="entity, word, score, start, end (in characters)"),),
    examples=("Which people and places does this text name?", "Find the named entities in this article."),
)


@local(TYPE)
class Tagger(Encoder[list[tuple[int, float]]]):
    """Any model that labels tokens. What two windows share is read where there is more text around it."""

    auto = "AutoModelForTokenClassification"

    def load(self) -> None:
        super().load()
        if not self.tokenizer.is_fast:
            raise NotAvailable(f"“{self.model.id}” cannot be used here: its tokenizer does not tell where words stand.")
        self._labels = named(self.network.config.id2label, str(self.model.settings.get("labels", "")))

    def pieces(self, inputs: Inputs) -> Sequence[Window]:
        if not inputs["text"].strip():
            raise BadInput("There is no text to search.")
        return windows(self.tokenizer, inputs["text"], Cut(self.limit, overlap=self.limit // 4))

    def forward(self, pieces: Sequence[Window]) -> Sequence[list[tuple[int, float]]]:
        """Return number and probability of the best label of each token."""
        best = self.read(pieces).logits.float().softmax(-1).max(-1)
        pairs = zip(best.indices.tolist(), best.values.tolist(), strict=True)
        return [list(zip(labels, scores, strict=True)) for labels, scores in pairs]

    def outputs(self, inputs: Inputs, pieces: Sequence[Window], found: Sequence[list[tuple[int, float]]]) -> Outputs:
        tags = sorted(self._tags(pieces, found), key=lambda tag: (tag.start, tag.end))
        return {"entities": entities(inputs["text"], tags, inputs.get("threshold") or 0.0)}

    def _tags(self, pieces: Sequence[Window], found: Sequence[list[tuple[int, float]]]) -> Iterator[Tag]:
        seen: dict[tuple[int, int], tuple[int, Tag]] = {}
        for piece, labels in zip(pieces, found, strict=True):
            for number, (inside, place) in enumerate(zip(piece.inside, piece.offsets, strict=True)):
                around = min(number, len(piece.ids) - number)  # tokens to the nearer end of the window
                if inside and around > seen.get(place, (-1,))[0]:
                    label, score = labels[number]
                    seen[place] = around, Tag(*place, self._labels[label], score)
        return (tag for _, tag in seen.values())
