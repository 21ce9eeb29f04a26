"""zero-shot-object-detection: the things of given names in an image, each with its box."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from core.contract import Give, Inputs, Outputs, Steer, TaskType, local
from core.errors import BadInput
from core.experts._shapes import IMAGE, LABELS, OBJECTS, threshold
from core.language.labels import choices
from core.local.expert import LocalExpert
from core.local.processors import image_processor_of
from core.media.marks import Mark
from core.media.views import View
from core.types import Kind

if TYPE_CHECKING:
    import torch

LONGEST = 1536
"""Pixels of a picture's longer side: models look at 960 or 1333, and bringing larger ones down takes long."""

GREY = (128, 128, 128)

HEADS = {"decoder_bbox_embed_share": "bbox_embed", "decoder_cls_embed_share": "class_embed"}
"""Settings that say whether all layers share a head, and what that head is called."""

TYPE = TaskType(
    name="zero-shot-object-detection",
    summary="Find the things named in an image, whatever they are, and draw a box around each.",
    takes=(
        IMAGE,
        LABELS,
        threshold(0.1),
    ),
    gives=(
        OBJECTS,
        Give(name="image", kind=Kind.IMAGE, about="the image with the boxes drawn on it"),
    ),
    examples=(
        "Find the umbrella and the red shoe in this picture",
        "Where is the remote control in a.jpg?",
    ),
)


class _Finder(LocalExpert):
    """Finds what is named, and leaves out boxes that lie on a surer one of the same label."""

    usual: ClassVar[float] = 0.1  # threshold where none is given

    @property
    def dtype(self) -> torch.dtype:
        """Full precision: boxes are finer than what 16 bits tell apart."""
        import torch

        return torch.float32

    def load(self) -> None:
        from transformers import AutoModelForZeroShotObjectDetection, AutoTokenizer

        self.processor = image_processor_of(self.folder)
        self.tokenizer = AutoTokenizer.from_pretrained(self.folder)
        made = AutoModelForZeroShotObjectDetection.from_pretrained(self.folder, dtype=self.dtype, **self.shape())
        self.network = self.placed(made)

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the things found, with boxes in pixels of the upright picture."""
        import torch

        from core.local.boxes import shown
        from core.media.marks import distinct, within
        from core.media.views import view

        labels = choices(inputs["labels"])
        seen = view(inputs["image"], LONGEST)
        least = inputs.get("threshold", self.usual)
        steer.check()
        with torch.inference_mode():
            marks = self.find(seen, labels)
        return shown(inputs, distinct(within((mark for mark in marks if mark.score >= least), seen.size)))

    def shape(self) -> dict[str, bool]:
        """Return what of the network's shape only its weights tell."""
        return {}

    @abstractmethod
    def find(self, seen: View, labels: Sequence[str]) -> Sequence[Mark]:
        """Return everything that might be one of the labels."""

    def fed(self, seen: View, text: Any) -> dict[str, torch.Tensor]:
        """Return picture and words as the network takes them."""
        pixels = self.processor(images=seen.image, return_tensors="pt")
        return {name: each.to(self.device) for name, each in (*pixels.items(), *text.items()) if hasattr(each, "to")}


@local(TYPE)
class Owl(_Finder):
    """OWL-ViT and OWLv2: compares each patch of the picture with each label."""

    def find(self, seen: View, labels: Sequence[str]) -> Sequence[Mark]:
        from core.local.boxes import LEAST

        if self.network.config.model_type == "owlv2":
            seen = _squared(seen)
        sentences = [f"a photo of {label}" for label in labels]
        most = self.network.config.text_config.max_position_embeddings
        text = self.tokenizer(sentences, padding="max_length", max_length=most, truncation=True, return_tensors="pt")
        outputs = self.network(**self.fed(seen, text))
        sizes = [seen.frame[::-1]]
        (found,) = self.processor.post_process_object_detection(outputs, threshold=LEAST, target_sizes=sizes)
        rows = zip(found["scores"].tolist(), found["labels"].tolist(), found["boxes"].tolist(), strict=True)
        return [Mark(labels[number], score, tuple(box)) for score, number, box in rows]


def _squared(seen: View) -> View:
    """Fill a view up to a square with grey, as OWLv2 was shown pictures: its processor fills it up with black."""
    from PIL import Image

    side = max(seen.image.size)
    square = Image.new("RGB", (side, side), GREY)
    square.paste(seen.image)
    return replace(seen, image=square)


@local(TYPE, "grounding-dino")
class GroundingDino(_Finder):
    """Grounding DINO: reads all labels as one text, and says for each box which words it is about."""

    usual: ClassVar[float] = 0.25

    def shape(self) -> dict[str, bool]:
        """MM Grounding DINO has heads for each layer; its files, older than the setting, do not say that."""
        from transformers import AutoConfig

        from core.local.tensors import names_of

        config, names = AutoConfig.from_pretrained(self.folder), names_of(self.folder)
        apart = {setting for setting, head in HEADS.items() if any(f"{head}.1." in name for name in names)}
        return {setting: False for setting in apart if getattr(config, setting, False)}

    def find(self, seen: View, labels: Sequence[str]) -> Sequence[Mark]:
        from core.local.boxes import LEAST

        text, spans = self._text(labels)
        outputs = self.network(**self.fed(seen, text))
        scores = outputs.logits[0].float().sigmoid()
        width, height = seen.frame
        marks = []
        for row, (x, y, wide, high) in zip(scores, outputs.pred_boxes[0].float().tolist(), strict=True):
            score, label = max(
                (float(row[start:end].max()), label) for label, (start, end) in zip(labels, spans, strict=True)
            )
            box = ((x - wide / 2) * width, (y - high / 2) * height, (x + wide / 2) * width, (y + high / 2) * height)
            if score > LEAST:
                marks.append(Mark(label, score, box))
        return marks

    def _text(self, labels: Sequence[str]) -> tuple[dict[str, torch.Tensor], list[tuple[int, int]]]:
        """Return the labels as one text, "cat. red car.", and the places of each label's tokens in it."""
        import torch

        words = self.tokenizer
        (dot,) = words.encode(".", add_special_tokens=False)
        ids, spans = [words.cls_token_id], []
        for label in labels:
            own = words.encode(label.lower().replace(".", " "), add_special_tokens=False)
            spans.append((len(ids), len(ids) + len(own)))
            ids += [*own, dot]
        ids.append(words.sep_token_id)
        most = min(self.network.config.max_text_len, words.model_max_length)
        if len(ids) > most or not all(start < end for start, end in spans):
            raise BadInput(f"These labels are too much text for “{self.model.id}”. Fewer or shorter ones work.")
        row = torch.tensor([ids])
        return {
            "input_ids": row,
            "attention_mask": torch.ones_like(row),
            "token_type_ids": torch.zeros_like(row),
        }, spans
