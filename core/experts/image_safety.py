"""image-safety: whether a picture or a film shows what not everybody should see. The house looks at what it makes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from core.contract import Batch, Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, local
from core.errors import ExpertFailed
from core.experts._shapes import LABEL
from core.experts.image_classification import ImageClassifier
from core.types import Kind

GLIMPSES = 32
"""Pictures of a film or an animation that are looked at."""

TYPE = TaskType(
    name="image-safety",
    summary="Say how likely a picture or film is unsafe to show to everybody.",
    takes=(
        Take(
            name="image",
            kinds=(Kind.IMAGE, Kind.VIDEO),
            about="a picture, or a film, of which some pictures are looked at",
        ),
    ),
    gives=(LABEL, Give(name="score", kind=Kind.NUMBER, about="how sure that is, from 0 (safe) to 1")),
    seconds=60,
    internal=True,
)


@local(TYPE)
class SafetyClassifier(ImageClassifier):
    """Classifiers of pictures some of whose labels mean "unsafe": the setting ``unsafe`` names them."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the unsafe label that fits best, and how sure the model is, by the worst of the pictures."""
        import torch

        from core.local.batching import passes
        from core.media.glimpses import glimpses
        from core.media.views import view_of

        pictures = glimpses(inputs["image"], GLIMPSES, steer)
        names = self.network.config.id2label
        looks = [self.look(view_of(picture)) for picture in pictures]
        rows: list[Mapping[str, float]] = []
        for numbers in passes([self.weight(look) for look in looks], self._room(), self.batch):
            steer.check()
            steer.progress(len(rows) / len(looks))
            with torch.inference_mode():
                found = self.forward([looks[number] for number in numbers])
            rows += [{names[label]: float(score) for label, score in enumerate(each)} for each in found]
        return verdict(rows, unsafe_labels(self.model))

    def run_batch(self, jobs: Batch) -> list[Outputs | Exception]:
        return list(Expert.run_batch(self, jobs))  # one file after the other: each brings many pictures


def unsafe_labels(model: Model) -> frozenset[str]:
    """Return the labels by which a model says "unsafe", in small letters."""
    told = str(model.settings.get("unsafe", "nsfw"))
    return frozenset(label.strip().lower() for label in told.split(","))


def verdict(rows: Iterable[Mapping[str, float]], unsafe: Collection[str]) -> Outputs:
    """Return what is said about a file of which each row's picture has these scores by label.

    The worst picture counts, by all its unsafe labels together. Raises ExpertFailed where none of them is told of: that
    says nothing about the file.
    """
    label, worst = "", 0.0
    for row in rows:
        scores = {name: score for name, score in row.items() if name.lower() in unsafe}
        if not scores:
            raise ExpertFailed(f"None of the labels {', '.join(sorted(unsafe))} is among those of this model.")
        if not label or sum(scores.values()) > worst:
            label, worst = max(scores, key=lambda name: scores[name]), sum(scores.values())
    return {"label": label, "score": round(min(1.0, worst), 4)}
