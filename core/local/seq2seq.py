"""Models that read one text and write another: T5, BART, Marian, NLLB and the like."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, ClassVar

from core.contract import CPU, Steer
from core.errors import BadInput, ExpertFailed
from core.local.batching import passes
from core.local.expert import LocalExpert
from core.local.generation import Watch, generated, reads, words_in, writes

READS = 4_096  # tokens at once, whatever the model says, but for what the catalogue says of it


class Seq2SeqExpert(LocalExpert):
    """Reads texts and writes others."""

    needs: ClassVar[tuple[str, ...]] = (*LocalExpert.needs, "sentencepiece")
    most: ClassVar[int] = 512  # tokens written for one text
    room_on_cpu: ClassVar[int] = 4_096  # tokens read at once
    room_on_device: ClassVar[int] = 16_384
    together: ClassVar[int] = 32  # texts written at once

    def load(self) -> None:
        from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

        with warnings.catch_warnings():  # Marian's wants to make quotation marks alike, and works as well without
            warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
            self.tokenizer: Any = AutoTokenizer.from_pretrained(self.folder)
        self.network: Any = self.placed(AutoModelForSeq2SeqLM.from_pretrained(self.folder, dtype=self.dtype))
        self.reads = reads(self.network, self.tokenizer, int(self.model.settings.get("reads", READS)))
        self.writes = writes(self.network, self.most)
        self._saving = False

    def save_memory(self) -> bool:
        """Write one text after the other, and follow one way of writing it only."""
        before, self._saving = self._saving, True
        return not before

    def length(self, text: str) -> int:
        """Return how many tokens a text takes, special ones included."""
        return len(self.tokenizer(text, verbose=False)["input_ids"])

    def check_length(self, text: str) -> None:
        """Raise BadInput where the model cannot read the text at once."""
        if (length := self.length(text)) > self.reads:
            raise BadInput(
                f"“{self.model.id}” reads about {words_in(self.reads):,} words at once, and this text has about"
                f" {words_in(length):,}. Send me a part of it."
            )

    def written(
        self, texts: Sequence[str], steer: Steer, most: int, done: float = 0.0, share: float = 1.0, **options: Any
    ) -> list[str]:
        """Return what the model writes for each text, ``most`` tokens at the most.

        ``done`` and ``share`` say where this stands within a job, from 0 to 1. What is too long to read is cut.
        """
        room = 0 if self._saving else self.room_on_cpu if self.device == CPU else self.room_on_device
        options |= {"num_beams": 1} if self._saving else {}
        most = min(most, self.writes)
        found: dict[int, str] = {}
        for numbers in passes([self.length(text) for text in texts], room, self.together):
            part = share * len(numbers) / len(texts)
            steer.check()
            encoded = self._encoded([texts[number] for number in numbers])
            tokens = generated(self.network, encoded, Watch(steer, most, done=done, share=part), most, **options)
            found.update(zip(numbers, self._decoded(tokens), strict=True))
            done += part
            steer.progress(min(done, 1.0), "writing")
        return [found[number] for number in range(len(texts))]

    def said(self, text: str) -> str:
        """Return the text without blanks around it. Raises ExpertFailed where there is none."""
        if not text.strip():
            raise ExpertFailed(f"“{self.model.id}” wrote nothing for this text.")
        return text.strip()

    def _encoded(self, texts: list[str]) -> dict[str, Any]:
        encoded = self.tokenizer(texts, padding=True, truncation=True, max_length=self.reads, return_tensors="pt")
        inputs = {name: encoded[name] for name in ("input_ids", "attention_mask")}
        if self.network.config.model_type == "led":  # its first token looks at all others, as it was trained to
            inputs["global_attention_mask"] = (encoded["attention_mask"].cumsum(-1) == 1).long()
        return inputs

    def _decoded(self, tokens: Any) -> list[str]:
        return [text.strip() for text in self.tokenizer.batch_decode(tokens, skip_special_tokens=True)]
