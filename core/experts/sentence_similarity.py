"""sentence-similarity: tells how close in meaning sentences are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.contract import Give, Inputs, Outputs, Take, TaskType, local
from core.errors import BadInput
from core.local.embedding import Embedder
from core.local.windows import Cut, Window, windows
from core.media.scores import score_rows
from core.types import Kind

if TYPE_CHECKING:
    import torch

MOST = 1_000  # sentences

TYPE = TaskType(
    name="sentence-similarity",
    summary="Tell how close in meaning sentences are to a text.",
    takes=(
        Take(name="text", kinds=(Kind.TEXT,), about="the text to compare with"),
        Take(name="sentences", kinds=(Kind.TEXT,), about="the sentences to score", many=True),
    ),
    gives=(Give(name="scores", kind=Kind.TABLE, about="label (the sentence), score from 0 to 1, best first"),),
    examples=("Which of these sentences means the same as the first?",),
)


@local(TYPE)
class Comparer(Embedder):
    """Turns texts into vectors whose angle tells how close they are; a long text is the mean of its windows."""

    def pieces(self, inputs: Inputs) -> Sequence[Window]:
        sentences = _sentences(inputs)
        if not inputs["text"].strip():
            raise BadInput("There is no text to compare the sentences with.")
        if not sentences:
            raise BadInput("I need at least one sentence to compare with the text.")
        if len(sentences) > MOST:
            raise BadInput(f"I compare up to {MOST:,} sentences at once; these are {len(sentences):,}.")
        texts = enumerate((inputs["text"], *sentences))
        cut = Cut(self.limit)
        return [
            window for number, text in texts for window in windows(self.tokenizer, self.prompt + text, cut, of=number)
        ]

    def outputs(self, inputs: Inputs, pieces: Sequence[Window], found: Sequence[torch.Tensor]) -> Outputs:
        sentences = _sentences(inputs)
        first, *others = self.vectors(pieces, found, 1 + len(sentences))
        return {
            "scores": score_rows(sentences, [max(0.0, min(1.0, float(first @ other))) for other in others], most=None)
        }


def _sentences(inputs: Inputs) -> list[str]:
    given = inputs["sentences"]
    texts = given.splitlines() if isinstance(given, str) else given
    return [text.strip() for text in texts if text.strip()]
