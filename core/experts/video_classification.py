"""video-classification: what happens in a video, as labels."""

from __future__ import annotations

from core.contract import Inputs, Outputs, Steer, TaskType, local
from core.experts._shapes import LABEL, SCORES, VIDEO
from core.language.labels import named
from core.local.expert import LocalExpert
from core.local.processors import image_processor_of

CLIPS = 4
"""Parts of a film that are looked at."""

STRIDE = 4
"""Models were shown every fourth picture of films of 25 to 30 pictures a second."""

RATE = 28

TYPE = TaskType(
    name="video-classification",
    summary="Say what happens in a video: the most likely label, with scores.",
    takes=(VIDEO,),
    gives=(
        LABEL,
        SCORES,
    ),
    seconds=300,
    examples=(
        "What happens in this video?",
        "Which sport is played in clip.mp4?",
    ),
)


@local(TYPE)
class VideoClassifier(LocalExpert):
    """VideoMAE and TimeSformer: looks at up to four short parts of a film, spread over it, and takes their mean."""

    def load(self) -> None:
        from transformers import AutoModelForVideoClassification

        self.processor = image_processor_of(self.folder)
        self.network = self.placed(AutoModelForVideoClassification.from_pretrained(self.folder, dtype=self.dtype))

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the most likely label, and the ten most likely ones with their scores."""
        import torch

        from core.media.frames import clips
        from core.media.scores import scored

        frames = self.network.config.num_frames
        parts = clips(inputs["video"], CLIPS, frames, STRIDE / RATE, steer)
        total = torch.zeros(len(self.network.config.id2label))
        for number, part in enumerate(parts):
            steer.check()
            steer.progress(0.5 + number / len(parts) / 2, "looking")
            pixels = self.processor(part, return_tensors="pt")["pixel_values"]
            with torch.inference_mode():
                logits = self.network(pixels.to(self.device, self.dtype)).logits
            total += logits[0].float().softmax(dim=0).cpu()
        names = named(self.network.config.id2label, str(self.model.settings.get("labels", "")))
        return scored(names, (total / len(parts)).tolist())
