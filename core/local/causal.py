"""Models that go on writing, among them those for conversations."""

from __future__ import annotations

import re
from typing import Any

from core.contract import Inputs, Steer
from core.errors import BadInput, ExpertFailed
from core.local.expert import LocalExpert
from core.local.generation import Watch, generated, reads, seeded, words_in

READS = 32_768  # tokens at once, whatever the model says
USUAL = 512  # tokens written where nobody says how many
LEAST = 32  # tokens for which there must be room behind what was said
SAMPLED = {"do_sample": True, "temperature": 0.8, "top_p": 0.95}  # else models that only continue repeat themselves
_THOUGHTS = re.compile(r"(?:<think>)?.*?</think>|<think>.*", re.DOTALL)


class CausalExpert(LocalExpert):
    """Writes one token after the other."""

    def load(self) -> None:
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self.tokenizer: Any = AutoTokenizer.from_pretrained(self.folder)
        self.network: Any = self.placed(AutoModelForCausalLM.from_pretrained(self.folder, dtype=self.dtype))
        self.reads = reads(self.network, self.tokenizer, READS)

    @property
    def chats(self) -> bool:
        """Whether the model was made for conversations."""
        return bool(self.tokenizer.chat_template)

    def replied(self, text: str, inputs: Inputs, steer: Steer) -> str:
        """Return the reply to what a person said, without the model's thoughts."""
        if self.chats:
            said = [{"role": "user", "content": text}]
            ids = self.tokenizer.apply_chat_template(
                said, add_generation_prompt=True, return_dict=True, enable_thinking=False
            )["input_ids"]
        else:
            ids = [*self.tokenizer(text, verbose=False)["input_ids"], self.tokenizer.eos_token_id]  # as DialoGPT
        if len(ids) + LEAST > self.reads:
            raise BadInput(
                f"“{self.model.id}” reads about {words_in(self.reads - LEAST):,} words at once, and this text has about"
                f" {words_in(len(ids)):,}. Send me a part of it."
            )
        reply = _THOUGHTS.sub("", self._written(ids, inputs, steer)).strip()
        if not reply:
            raise ExpertFailed(f"“{self.model.id}” had nothing to say to this. More tokens may help, or other words.")
        return reply

    def continued(self, text: str, inputs: Inputs, steer: Steer) -> str:
        """Return how a text goes on; of a long one, the model reads the end."""
        ids = self.tokenizer(text, verbose=False)["input_ids"]
        most = min(self._most(inputs), self.reads // 2)
        return self._written(ids[-(self.reads - most) :], inputs, steer)

    def _most(self, inputs: Inputs) -> int:
        return round(inputs.get("max_new_tokens") or float(self.model.settings.get("max_new_tokens", USUAL)))

    def _written(self, ids: list[int], inputs: Inputs, steer: Steer) -> str:
        import torch

        config, tokenizer = self.network.generation_config, self.tokenizer
        most = min(self._most(inputs), self.reads - len(ids))
        filler = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id
        chosen = SAMPLED if config.do_sample is None and not self.chats else {}
        encoded = {"input_ids": torch.tensor([ids]), "attention_mask": torch.ones(1, len(ids), dtype=torch.long)}
        seeded(inputs.get("seed"))
        tokens = generated(self.network, encoded, Watch(steer, most), most, pad_token_id=filler, **chosen)
        return str(tokenizer.decode(tokens[0, len(ids) :], skip_special_tokens=True))
