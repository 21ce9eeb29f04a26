"""The joints of people: a detector finds the people, a pose model their joints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.local.expert import LocalExpert
from core.local.processors import image_processor_of
from core.media.skeleton import Joint
from core.media.views import View

if TYPE_CHECKING:
    import torch

SURE = 0.4  # score from which a detector's box is a person
SEEN = 0.3  # score from which a joint is where the model says
PEOPLE = 32  # at most, the surest


class PoseExpert(LocalExpert):
    """ViTPose behind any detector that knows persons, its part ``detector``."""

    @property
    def dtype(self) -> torch.dtype:
        """Full precision: joints are finer than what 16 bits tell apart."""
        import torch

        return torch.float32

    def load(self) -> None:
        import transformers as tr

        self._processor: Any = image_processor_of(self.folder)
        self._network = self.placed(tr.AutoModelForPoseEstimation.from_pretrained(self.folder, dtype=self.dtype))
        folder = self.part("detector")
        self._finder_processor: Any = image_processor_of(folder)
        self._finder = self.placed(tr.AutoModelForObjectDetection.from_pretrained(folder, dtype=self.dtype))

    def people(self, view: View) -> list[tuple[float, float, float, float]]:
        """Return the boxes of the people: left, top, width and height in pixels of the view, the surest first."""
        import torch

        pixels = self._finder_processor(images=view.image, return_tensors="pt").to(self.device)
        with torch.inference_mode():
            outputs = self._finder(**pixels)
        size = [view.image.size[::-1]]
        (found,) = self._finder_processor.post_process_object_detection(outputs, threshold=SURE, target_sizes=size)
        names = self._finder.config.id2label
        rows = zip(found["scores"].tolist(), found["labels"].tolist(), found["boxes"].tolist(), strict=True)
        persons = sorted((row for row in rows if names[row[1]].lower() == "person"), reverse=True)
        boxes = ((left, top, right - left, bottom - top) for _, _, (left, top, right, bottom) in persons[:PEOPLE])
        return [box for box in boxes if box[2] >= 1 and box[3] >= 1]

    def joints(self, view: View, boxes: Sequence[tuple[float, float, float, float]]) -> list[list[Joint]]:
        """Return COCO's 17 joints of the person in each box, in pixels of the picture."""
        import torch

        given = [[list(box) for box in boxes]]
        pixels = self._processor(images=view.image, boxes=given, return_tensors="pt")["pixel_values"]
        several = getattr(self._network.config.backbone_config, "num_experts", 1) > 1
        more = {"dataset_index": torch.zeros(len(boxes), dtype=torch.long, device=self.device)} if several else {}
        with torch.inference_mode():
            outputs = self._network(pixels.to(self.device), **more)  # the first data set of ViTPose++ is COCO
        (people,) = self._processor.post_process_pose_estimation(outputs, boxes=given)
        return [_joints(person, view.scale) for person in people]


def _joints(person: Any, scale: float) -> list[Joint]:
    rows = zip(person["keypoints"].tolist(), person["scores"].tolist(), strict=True)
    return [(x / scale, y / scale) if score >= SEEN else None for (x, y), score in rows]
