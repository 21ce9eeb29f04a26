"""What experts share that read a text without writing one: classifiers, taggers, finders of answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from core.local.batching import PiecewiseExpert
from core.local.generation import reads
from core.local.threads import multiplied
from core.local.windows import Window, collated

R = TypeVar("R")

MOST = 1_024  # tokens of a window: the time that a longer one takes grows with its square


class Encoder(PiecewiseExpert[Window, R]):
    """Reads windows of a text with the model that the ``Auto`` class of transformers makes."""

    auto: ClassVar[str]

    def load(self) -> None:
        import transformers

        self.tokenizer: Any = transformers.AutoTokenizer.from_pretrained(self.folder)
        made = self.trained(getattr(transformers, self.auto), spare="pooler")
        self.network: Any = self.placed(made)
        self._multiplied = multiplied(made)
        self._fill()
        self.limit = reads(self.network, self.tokenizer, MOST)

    def _fill(self) -> None:
        """Agree on a filler where there is none, as in classifiers made of language models: its number matters little.

        What stands for no text is masked, but such models look for the last token that is no filler.
        """
        tokenizer, config = self.tokenizer, self.network.config
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token
        if getattr(config, "pad_token_id", None) is None:
            config.pad_token_id = tokenizer.pad_token_id

    def weight(self, piece: Window) -> int:
        return len(piece.ids)

    def operations(self, pieces: Sequence[Window]) -> float:
        return 2 * self._multiplied * sum(map(self.weight, pieces))

    def read(self, pieces: Sequence[Window]) -> Any:
        """Return what the model says about some windows at once; tokens of shorter ones are followed by fillers."""
        return self.network(**collated(self.tokenizer, pieces, self.device))
