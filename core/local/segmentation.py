"""Models that say of each pixel what it belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import signature
from typing import TYPE_CHECKING, Any, ClassVar

from core.local.pictures import Look, PictureExpert
from core.media.segments import Segments, Thing
from core.media.views import View
from core.types import Media

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

FINE = 1024
"""Pixels of the longer side at which things are told apart; larger pictures get the same borders, enlarged. At the
size of a photo the scores of all things would not fit into memory."""


class SegmentationExpert(PictureExpert[Segments]):
    """Semantic models (SegFormer, BEiT, UperNet) and universal ones (MaskFormer, Mask2Former, EoMT).

    The setting ``subtask`` of a universal model says what it was trained for: panoptic, instance or semantic.
    """

    batch: ClassVar[int] = 8
    subtask: ClassVar[str] = "panoptic"  # where the model's settings do not say

    def load(self) -> None:
        from transformers import AutoConfig, AutoModelForSemanticSegmentation, AutoModelForUniversalSegmentation

        known = AutoModelForUniversalSegmentation._model_mapping  # noqa: SLF001 - the library has no other way to ask
        self._universal = type(AutoConfig.from_pretrained(self.folder)) in known
        self.load_network(AutoModelForUniversalSegmentation if self._universal else AutoModelForSemanticSegmentation)

    @property
    def labels(self) -> list[str]:
        """The labels that the model knows, in its order."""
        names: Mapping[int, str] = self.network.config.id2label
        return [names[number].strip() for number in sorted(names)]

    def read(self, outputs: Any, looks: Sequence[Look]) -> Sequence[Segments]:
        sizes = [_fine(look.view) for look in looks]
        subtask = str(self.model.settings.get("subtask", self.subtask)) if self._universal else "semantic"
        process = getattr(self.processor, f"post_process_{subtask}_segmentation")
        fuse: dict[str, Any] = (
            {"label_ids_to_fuse": set()} if "label_ids_to_fuse" in signature(process).parameters else {}
        )
        found = process(outputs, target_sizes=sizes, **fuse)
        read = self._semantic if subtask == "semantic" else self._divided
        return [_cropped(read(each), look.view) for each, look in zip(found, looks, strict=True)]

    def _semantic(self, found: Any) -> Segments:
        return Segments(found.cpu().numpy().astype("int32"), [Thing(label) for label in self.labels])

    def _divided(self, found: Any) -> Segments:
        """Number the things anew: each model has its own numbers, and its own for no thing."""
        import numpy as np

        names, parts = self.labels, found["segments_info"]
        given = found["segmentation"].cpu().numpy()
        ids = np.full(given.shape, -1, np.int32)
        for number, part in enumerate(parts):
            ids[given == part["id"]] = number
        return Segments(ids, [Thing(names[part["label_id"]], float(part["score"])) for part in parts])


def laid_on(media: Media, segments: Segments) -> tuple[Image, Segments]:
    """Return the picture (a huge one smaller), and the segments at its size."""
    from core.media.images import on_white, open_image
    from core.media.views import MOST

    image = on_white(open_image(media))
    image.thumbnail((MOST, MOST))
    width, height = image.size
    rows, columns = (_steps(side, there) for side, there in zip((height, width), segments.ids.shape, strict=True))
    return image, Segments(segments.ids[rows][:, columns], segments.things)


def _steps(side: int, there: int) -> np.ndarray:
    """Return for each of ``side`` pixels which of ``there`` it lies in."""
    import numpy as np

    return np.minimum((np.arange(side) + 0.5) * there / side, there - 1).astype(int)


def _fine(view: View) -> tuple[int, int]:
    """Return height and width at which the view is divided."""
    shrunk = min(1.0, FINE / max(view.image.size))
    return max(1, round(view.image.height * shrunk)), max(1, round(view.image.width * shrunk))


def _cropped(segments: Segments, view: View) -> Segments:
    """Leave out what the view adds to its picture."""
    height, width = segments.ids.shape
    shown = view.inner[0] / view.image.width, view.inner[1] / view.image.height
    inner = max(1, round(height * shown[1])), max(1, round(width * shown[0]))
    return Segments(segments.ids[: inner[0], : inner[1]], segments.things)
