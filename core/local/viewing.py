"""Models that look at a picture and write about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from core.contract import Steer
from core.errors import BadInput
from core.local.expert import LocalExpert
from core.local.processors import image_processor_of, processor_of

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST = 2_000  # characters of a question
WORDS = 64
"""Tokens that a model writes about a picture at most, where its settings do not say."""


class Captioning(LocalExpert):
    """A vision model with a decoder for words: BLIP, GIT, or any pair of an encoder and a decoder.

    ``paired`` models come as a processor for pictures and a tokenizer, the others with one processor for both. The
    setting ``prompt`` is what a model has to be told before it describes, or how a question is put: "Question: {}".
    """

    paired: ClassVar[bool] = False
    asking: ClassVar[bool] = False  # answers questions rather than describes

    processor: Any
    network: Any

    def load(self) -> None:
        import transformers as tr

        if self.paired:
            self.processor = image_processor_of(self.folder)
            self._words = tr.AutoTokenizer.from_pretrained(self.folder)
            auto: Any = tr.VisionEncoderDecoderModel
        else:
            self.processor = processor_of(self.folder)
            self._words = self.processor.tokenizer
            auto = tr.AutoModelForVisualQuestionAnswering if self.asking else tr.AutoModelForImageTextToText
        self.network = self.placed(auto.from_pretrained(self.folder, dtype=self.dtype))

    def describe(self, image: Image, steer: Steer, done: float = 0.0, share: float = 1.0) -> str:
        """Return a caption of an RGB picture; ``done`` and ``share`` place it in the job."""
        return self.write(image, steer, done, share)

    def write(self, image: Image, steer: Steer, done: float = 0.0, share: float = 1.0, *, question: str = "") -> str:
        """Return what the model writes about an RGB picture, its question left out."""
        from core.local.generation import Watch, generated

        prompt = str(self.model.settings.get("prompt", ""))
        words = prompt.replace("{}", question) if not question or "{}" in prompt else question
        text = {"text": words, "truncation": True} if words else {}
        encoded = self.processor(images=image, return_tensors="pt", **text).to(self.dtype)
        most = int(self.model.settings.get("tokens", WORDS))
        tokens = generated(self.network, encoded, Watch(steer, most, done=done, share=share), most)
        (written,) = self._words.batch_decode(tokens, skip_special_tokens=True)
        repeated = bool(question) and str(written).lower().startswith(words.lower())
        return str(written)[len(words) if repeated else 0 :].strip()


def asked(question: str, tokenizer: Any = None) -> str:
    """Return a question without a tokenizer's own signs. Raises BadInput where nothing is asked, or too much."""
    question = " ".join(unsigned(question, tokenizer).split())
    if not any(map(str.isalnum, question)):
        raise BadInput("I need a question with a few words that say what to look for.")
    if len(question) > LONGEST:
        raise BadInput(f"This question has {len(question):,} characters; up to {LONGEST:,} work. What is it in short?")
    return question


def unsigned(text: str, tokenizer: Any) -> str:
    """Return a person's text without what a tokenizer takes for a sign: of a picture, an end, another speaker."""
    added = (sign for sign in getattr(tokenizer, "added_tokens_encoder", ()) if sign[0] in "<[" and sign[-1] in ">]")
    for sign in sorted({*getattr(tokenizer, "all_special_tokens", ()), *added}, key=len, reverse=True):
        text = text.replace(sign, " ")
    return text
