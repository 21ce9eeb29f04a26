"""What experts share that read a text without writing one: classifiers, taggers, finders of answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from core.local.batching import PiecewiseExpert
from core.local.generation import reads
from core.local.windows import Window, collated

R = TypeVar("R")

MOST = 1_024  # tokens of a window: the time that a longer one takes grows with its square


class Encoder(PiecewiseExpert[Window, R]):
    """Reads windows of a text with the model that the ``Auto`` class of transformers makes."""

    auto: ClassVar[str]

    def load(self) -> None:
        import transformers

        self.tokenizer: Any = transformers.AutoTokenizer.from_pretrained(self.folder)
        made = getattr(transformers, self.auto).from_pretrained(self.folder, dtype=self.dtype)
        self.network: Any = self.placed(made)
        self.limit = reads(self.network, self.tokenizer, MOST)

    def weight(self, piece: Window) -> int:
        return len(piece.ids)

    def read(self, pieces: Sequence[Window]) -> Any:
        """Return what the model says about some windows at once; tokens of shorter ones are followed by fillers."""
        return self.network(**collated(self.tokenizer, pieces, self.device))
