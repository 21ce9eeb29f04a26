"""visual-question-answering: an answer to a question about an image."""

from __future__ import annotations

from dataclasses import replace

from core.contract import Give, Inputs, Outputs, Steer, Take, TaskType, local
from core.errors import ExpertFailed
from core.experts._shapes import IMAGE, SCORES
from core.local.expert import LocalExpert
from core.local.eyes import Eyes
from core.local.processors import processor_of
from core.local.viewing import Captioning, asked
from core.types import Kind

TYPE = TaskType(
    name="visual-question-answering",
    summary="Answer a question about what an image shows.",
    takes=(
        IMAGE,
        Take(name="question", kinds=(Kind.TEXT,)),
    ),
    gives=(
        Give(name="answer", kind=Kind.TEXT),
        replace(SCORES, optional=True),  # of models that choose from a list of answers
    ),
    examples=(
        "What colour is the car in this picture?",
        "How many zebras are there?",
        "Is the man in a.jpg smiling?",
    ),
)


@local(TYPE)
class AnswerChooser(LocalExpert):
    """ViLT: chooses from the three thousand most common answers, each a word or two."""

    def load(self) -> None:
        from transformers import AutoModelForVisualQuestionAnswering

        self.processor = processor_of(self.folder)
        made = AutoModelForVisualQuestionAnswering.from_pretrained(self.folder, dtype=self.dtype)
        self.network = self.placed(made)

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the most likely answer, and the ten most likely ones with their scores."""
        import torch

        from core.media.scores import scored
        from core.media.views import view

        question = asked(inputs["question"], self.processor.tokenizer)
        seen = view(inputs["image"])
        steer.check()
        most = self.network.config.max_position_embeddings
        encoded = self.processor(seen.image, question, truncation=True, max_length=most, return_tensors="pt")
        with torch.inference_mode():
            logits = self.network(**encoded.to(self.device, self.dtype)).logits
        scores = logits[0].float().sigmoid().tolist()
        names = self.network.config.id2label
        found = scored([names[number] for number in range(len(scores))], scores)
        return {"answer": found["label"], "scores": found["scores"]}


@local(TYPE, "generative")
class AnswerWriter(Captioning):
    """BLIP, BLIP-2 and their kin: write a short answer."""

    asking = True

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the answer."""
        from core.media.views import view

        question = asked(inputs["question"], self.processor.tokenizer)
        answer = self.write(view(inputs["image"]).image, steer, question=question)
        return _answered(answer, self.model.id)


@local(TYPE, "image-text-to-text")
class ChatAnswerer(Eyes):
    """Chat models with eyes: answer in sentences."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the answer."""
        from core.media.views import view

        question = asked(inputs["question"], self.processor.tokenizer)
        return _answered(self.ask(view(inputs["image"]).image, question, steer), self.model.id)


def _answered(answer: str, model: str) -> Outputs:
    if not answer.strip():
        raise ExpertFailed(f"“{model}” gave no answer to this question.")
    return {"answer": answer.strip()}
