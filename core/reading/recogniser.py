"""Text recognition with RapidOCR: finds lines in a picture, then reads them.

Its models (PP-OCRv6 small, 31 MB) lie in its wheel; nothing is downloaded. Its third model, which tells lines that
stand on their head, is left out: it also turns long lines that stand upright. Pages are turned as a whole instead.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from math import sqrt
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from core.contract import Steer
from core.language.shared import shared
from core.reading.level import levelled
from core.reading.line import Box, Line

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

FINDING_PIXELS = 1_500_000  # lines are found in a copy of this size: more takes longer and finds nothing more
LONGEST_SIDE = 4_096  # of that copy
SHORTEST_SIDE = 8  # lower letters cannot be read
SURE = 0.5  # what is read with a lower score is a pattern, not text
UPRIGHT = 0.85  # median score of a page that is the right way up; others reach 0.7
BATCH = 6  # lines read at once

Pixels = Any  # numpy.ndarray of shape (height, width, 3), uint8, blue green red
Report = Callable[[float], None]


class Recogniser:
    """The loaded models. Loading takes about 1.5 s and 300 MB."""

    def __init__(self) -> None:
        import rapidocr

        models = Path(rapidocr.__file__).parent / "models"
        self._engine: Any = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Global.min_side_len": SHORTEST_SIDE,
                "Global.max_side_len": LONGEST_SIDE,
                "Det.limit_type": "max",
                "Det.limit_side_len": LONGEST_SIDE,
                "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
                "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
                "EngineConfig.onnxruntime.intra_op_num_threads": _threads(),
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
        self._warm_up()

    def read(self, image: Image, steer: Steer, report: Report, page: int = 1) -> list[Line]:
        """Return the lines of an RGB picture, in no particular order; boxes refer to the picture turned upright.

        ``report`` is told the part that is done, from 0 to 1.
        """
        pixels = _pixels(image)
        lines = self._read(pixels, steer, report, page)
        if not lines or (median(line.score for line in lines) >= UPRIGHT and not _lies(lines)):
            return [line for line in lines if line.score >= SURE]
        others = (self._read(_turned(pixels, quarters), steer, _silent, page) for quarters in _turns(lines))
        best = max((lines, *others), key=_legible)
        return [line for line in best if line.score >= SURE]

    def places(self, image: Image) -> list[Box]:
        """Return where lines of text stand in an RGB picture, from top to bottom, whether they can be read or not."""
        return sorted((_box(each) for each in self._find(_pixels(image))), key=lambda box: (box.top, box.left))

    def _read(self, pixels: Pixels, steer: Steer, report: Report, page: int) -> list[Line]:
        from rapidocr.utils.process_img import get_rotate_crop_image

        corners = self._find(pixels)
        steer.check()
        crops = [get_rotate_crop_image(pixels, each.copy()) for each in corners]
        level, seen = ([_box(each) for each in places] for places in (levelled(corners), corners))
        order = sorted(range(len(crops)), key=lambda number: crops[number].shape[1] / crops[number].shape[0])
        lines: list[Line] = []
        for start in range(0, len(order), BATCH):  # lines of like length together: short ones are padded
            batch = order[start : start + BATCH]
            found = self._engine.recognize_txt([crops[number] for number in batch])
            for number, text, score in zip(batch, found.txts, found.scores, strict=True):
                if text.strip():
                    lines.append(Line(text.strip(), float(score), level[number], page, seen[number]))
            report((start + len(batch)) / len(order))
            steer.check()
        return lines

    def _find(self, pixels: Pixels) -> Sequence[np.ndarray]:
        """Return the four corners of each line, clockwise from the upper left, in pixels of the picture."""
        import cv2
        import numpy as np

        height, width = pixels.shape[:2]
        scale = min(1.0, sqrt(FINDING_PIXELS / (height * width)), LONGEST_SIDE / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        if min(*size, height, width) < SHORTEST_SIDE:
            return []
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA) if scale < 1 else pixels
        found = self._engine(small, use_rec=False, use_cls=False)
        if found.boxes is None:
            return []
        factors = np.array([width / size[0], height / size[1]], np.float32)
        return [np.asarray(corners, np.float32) * factors for corners in found.boxes]

    def _warm_up(self) -> None:
        """Run both models once: the first run is slower, and belongs to loading."""
        import numpy as np

        blank = np.full((64, 320, 3), 255, np.uint8)
        self._find(blank)
        self._engine.recognize_txt([blank])


@shared
def recogniser() -> Recogniser:
    """Return the models of this process."""
    return Recogniser()


def _silent(_fraction: float) -> None:
    """Report nothing: a page read a second time is not done a second time."""


def _threads() -> int:
    wanted = os.environ.get("OMP_NUM_THREADS", "")
    mine = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(int(wanted), mine) if wanted.isdigit() and int(wanted) > 0 else mine


def _pixels(image: Image) -> Pixels:
    import numpy as np

    return np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])


def _turned(pixels: Pixels, quarters: int) -> Pixels:
    import numpy as np

    return np.ascontiguousarray(np.rot90(pixels, quarters))


def _lies(lines: Sequence[Line]) -> bool:
    """Tell whether most of the text runs up or down the page."""
    upright = sum(len(line.text) for line in lines if line.box.width >= line.box.height)
    return upright * 2 < sum(len(line.text) for line in lines)


def _turns(lines: Sequence[Line]) -> tuple[int, ...]:
    """Return by how many quarters, against the clock, the page may have to be turned."""
    return (1, 3) if _lies(lines) else (2,)


def _legible(lines: Sequence[Line]) -> float:
    """Rate a reading: how many characters were read with certainty in lines that run from left to right."""
    return sum(
        len(line.text) * line.score**4 for line in lines if line.box.width >= line.box.height or len(line.text) < 3
    )


def _box(corners: np.ndarray) -> Box:
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return Box(float(left), float(top), float(right), float(bottom))
