"""image-classification: what an image shows, as one of many labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.contract import Inputs, Outputs, TaskType, local
from core.experts._shapes import IMAGE, LABEL, SCORES
from core.language.labels import named
from core.local.pictures import Look, PictureExpert

if TYPE_CHECKING:
    import torch

TYPE = TaskType(
    name="image-classification",
    summary="Say what an image shows: the most likely label, with scores.",
    takes=(IMAGE,),
    gives=(
        LABEL,
        SCORES,
    ),
    examples=(
        "What is in this picture?",
        "Classify a.jpg",
        "Is this a cat or a dog?",
    ),
)


@local(TYPE)
class ImageClassifier(PictureExpert["torch.Tensor"]):
    """Models that know a fixed list of labels: ViT, Swin, ConvNeXt, ResNet and their kin."""

    def load(self) -> None:
        from transformers import AutoModelForImageClassification

        self.load_network(AutoModelForImageClassification)

    def read(self, outputs: Any, looks: Sequence[Look]) -> Sequence[torch.Tensor]:
        logits = outputs.logits.float().cpu()
        several = self.network.config.problem_type == "multi_label_classification" or logits.shape[1] == 1
        return list(logits.sigmoid() if several else logits.softmax(dim=1))

    def present(self, inputs: Inputs, look: Look, found: torch.Tensor) -> Outputs:
        """Give the most likely label, and the ten most likely ones with their scores."""
        from core.media.scores import scored

        names = named(self.network.config.id2label, str(self.model.settings.get("labels", "")))
        return scored(names, found.tolist())
