"""Models that read one line of text, put to work on whole pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from core.contract import Inputs, Outputs, Steer
from core.errors import ExpertFailed
from core.local.expert import LocalExpert
from core.local.processors import image_processor_of
from core.reading.line import Box, Line

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image

PAGES = 10
BATCH = 8  # lines read at once
TOKENS = 64  # of a line


class LineReading(LocalExpert):
    """TrOCR: our text recognition finds the lines, the model reads them."""

    needs: ClassVar[tuple[str, ...]] = (*LocalExpert.needs, "rapidocr", "onnxruntime", "cv2", "pypdfium2")

    def load(self) -> None:
        from transformers import AutoTokenizer, VisionEncoderDecoderModel

        from core.reading.recogniser import recogniser

        self._finder = recogniser()
        self._processor: Any = image_processor_of(self.folder)
        self._words: Any = AutoTokenizer.from_pretrained(self.folder)
        self._network = self.placed(VisionEncoderDecoderModel.from_pretrained(self.folder, dtype=self.dtype))

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the text in reading order, and its lines."""
        from core.media.images import on_white
        from core.media.pages import page_count, pages
        from core.reading.layout import in_order, text_of

        media = inputs["image"]
        count = min(page_count(media), PAGES)
        lines: list[Line] = []
        for number, page in enumerate(pages(media, limit=count), start=1):
            steer.check()
            lines += self._page(on_white(page), number, count, steer)
        if not lines:
            raise ExpertFailed(f"I found no text in {media.name}.")
        return {"text": text_of(lines), "lines": [line.row() for line in in_order(lines)]}

    def _page(self, page: Image, number: int, count: int, steer: Steer) -> list[Line]:
        boxes = self._finder.places(page)
        read: list[Line] = []
        for start in range(0, len(boxes), BATCH):
            some = boxes[start : start + BATCH]
            done = (number - 1 + start / len(boxes)) / count
            seen = self._read([page.crop(_outer(box)) for box in some], steer, done, len(some) / len(boxes) / count)
            read += [Line(text, score, box, number) for (text, score), box in zip(seen, some, strict=True) if text]
        return read

    def _read(self, crops: list[Image], steer: Steer, done: float, share: float) -> list[tuple[str, float]]:
        """Return the text of each line, and how sure the model is of it."""
        from core.local.generation import Watch, generated

        pixels = self._processor(images=crops, return_tensors="pt").pixel_values.to(self.dtype)
        watch = Watch(steer, TOKENS, "reading", done, share)
        tokens = generated(self._network, {"pixel_values": pixels}, watch, TOKENS)
        texts = self._words.batch_decode(tokens, skip_special_tokens=True)
        return [(str(text).strip(), score) for text, score in zip(texts, self._sure(pixels, tokens), strict=True)]

    def _sure(self, pixels: torch.Tensor, tokens: torch.Tensor) -> list[float]:
        """Return the geometric mean of the probabilities of each line's tokens."""
        import torch

        with torch.inference_mode():
            logits = self._network(pixel_values=pixels.to(self.device), decoder_input_ids=tokens[:, :-1]).logits
        written = tokens[:, 1:]
        shares = logits.float().log_softmax(dim=2).gather(2, written[:, :, None])[:, :, 0]
        meant = written != self._words.pad_token_id
        return ((shares * meant).sum(dim=1) / meant.sum(dim=1).clamp(min=1)).exp().tolist()  # type: ignore[no-any-return]


def _outer(box: Box) -> tuple[int, int, int, int]:
    """Return the pixels of a line with a little room around it."""
    room = box.height / 8
    return tuple(map(round, (box.left - room, box.top - room, box.right + room, box.bottom + room)))  # type: ignore[return-value]
