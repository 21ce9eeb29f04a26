"""Chat models that see: pictures and words in, words out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from core.contract import Steer
from core.local.expert import LocalExpert
from core.local.processors import processor_of
from core.local.viewing import unsigned

if TYPE_CHECKING:
    from PIL.Image import Image

TOKENS = 512
"""Tokens of an answer at most, where the model's settings do not say."""


class Eyes(LocalExpert):
    """LLaVA, Gemma, SmolVLM, Qwen-VL and others that come with a chat template.

    The setting ``side`` holds how many pixels a picture's longer side may have: some models turn every one into words.
    """

    side: ClassVar[int] = 1280  # where the settings do not say

    def load(self) -> None:
        from transformers import AutoModelForImageTextToText

        self.processor: Any = processor_of(self.folder)
        self.network = self.placed(AutoModelForImageTextToText.from_pretrained(self.folder, dtype=self.dtype))

    def ask(self, image: Image, words: str, steer: Steer, done: float = 0.0, share: float = 1.0) -> str:
        """Return the answer to ``words`` about an RGB picture; ``done`` and ``share`` place it in the job."""
        from core.local.generation import Watch, generated
        from core.media.views import view_of

        seen = view_of(image, int(self.model.settings.get("side", self.side))).image
        content = [
            {"type": "image", "image": seen},
            {"type": "text", "text": unsigned(words, self.processor.tokenizer)},
        ]
        encoded = self.processor.apply_chat_template(
            [{"role": "user", "content": content}],
            add_generation_prompt=True,
            tokenize=True,
            return_dict=True,
            return_tensors="pt",
        ).to(self.dtype)
        most = int(self.model.settings.get("tokens", TOKENS))
        tokens = generated(self.network, encoded, Watch(steer, most, done=done, share=share), most)
        given = encoded["input_ids"].shape[1]
        (answer,) = self.processor.batch_decode(tokens[:, given:], skip_special_tokens=True)
        return str(answer).strip()
