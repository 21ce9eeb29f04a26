"""zero-shot-image-classification: which of the given labels fits an image best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.contract import Inputs, Outputs, TaskType, local
from core.experts._shapes import IMAGE, LABEL, LABELS, SCORES
from core.language.labels import choices
from core.local.pictures import Look, PictureExpert

if TYPE_CHECKING:
    import torch

TEMPLATE = "This is a photo of {}."
"""What labels are put into, where the model's settings do not say: models were trained on sentences."""

ELSE = "something else"
"""What a single label is held against."""

TYPE = TaskType(
    name="zero-shot-image-classification",
    summary="Say which of the labels given fits an image best.",
    takes=(
        IMAGE,
        LABELS,
    ),
    gives=(
        LABEL,
        SCORES,
    ),
    examples=(
        "Is this a cat, a fox or a wolf?",
        "Which fits a.jpg best: summer, winter, autumn?",
    ),
)


@dataclass(frozen=True, slots=True)
class Choice(Look):
    """A picture, and the labels to choose from."""

    labels: tuple[str, ...]


@local(TYPE)
class ZeroShotImageClassifier(PictureExpert["torch.Tensor"]):
    """CLIP, SigLIP and their kin: measures how well sentences fit a picture."""

    def load(self) -> None:
        from transformers import AutoModelForZeroShotImageClassification, AutoTokenizer

        self.load_network(AutoModelForZeroShotImageClassification)
        self.tokenizer = AutoTokenizer.from_pretrained(self.folder)
        kind = self.network.config.model_type
        self._apart = kind.startswith("siglip")  # trained to judge each sentence by itself
        most = self.network.config.text_config.max_position_embeddings  # tokenizers do not always say
        self._padding: dict[str, Any] = {"padding": "max_length" if self._apart else True, "max_length": most}

    def pieces(self, inputs: Inputs) -> Sequence[Choice]:
        labels = choices(inputs["labels"])
        if len(labels) == 1 and not self._apart:
            labels = (*labels, ELSE)
        (look,) = super().pieces(inputs)
        return [Choice(look.view, look.features, labels)]

    def fed(self, looks: Sequence[Look]) -> dict[str, torch.Tensor]:
        """Add the sentences of all jobs, each once."""
        template = str(self.model.settings.get("template", TEMPLATE))
        sentences = [template.format(label) for label in _all(looks)]
        if self._apart:  # it was shown small letters only, and the tokenizer of SigLIP 2 does not see to that
            sentences = [sentence.lower() for sentence in sentences]
        text = self.tokenizer(sentences, truncation=True, return_tensors="pt", **self._padding)
        return {**super().fed(looks), **{name: self.moved(each) for name, each in text.items()}}

    def read(self, outputs: Any, looks: Sequence[Look]) -> Sequence[torch.Tensor]:
        places = {label: number for number, label in enumerate(_all(looks))}
        logits = outputs.logits_per_image.float().cpu()
        chosen = [
            row[[places[label] for label in look.labels]]
            for row, look in zip(logits, looks, strict=True)
            if isinstance(look, Choice)
        ]
        return [row.sigmoid() if self._apart else row.softmax(dim=0) for row in chosen]

    def present(self, inputs: Inputs, look: Look, found: torch.Tensor) -> Outputs:
        """Give the label that fits best, and all of them with their scores."""
        from core.media.scores import scored

        assert isinstance(look, Choice)  # noqa: S101 - it is what pieces made
        return scored(look.labels, found.tolist(), most=None)


def _all(looks: Sequence[Look]) -> list[str]:
    """Return the labels of all jobs, each once."""
    return list(dict.fromkeys(label for look in looks if isinstance(look, Choice) for label in look.labels))
