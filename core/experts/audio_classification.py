"""audio-classification: what is heard in a recording, as labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from core.contract import Inputs, Outputs, TaskType, local
from core.errors import ExpertFailed
from core.experts._shapes import LABEL, LABELS, SCORES, SOUND
from core.language.labels import named
from core.local.hearing import HearingExpert
from core.media.scores import score_rows

if TYPE_CHECKING:
    import torch

    from core.media.waves import Window

TYPE = TaskType(
    name="audio-classification",
    summary="Say what is heard in a recording: speech, music, a dog, an emotion.",
    takes=(SOUND, replace(LABELS, required=False)),
    gives=(
        LABEL,
        SCORES,
    ),
    seconds=300.0,
    examples=(
        "What do you hear in this recording?",
        "Is the speaker happy or angry?",
    ),
)

SOUNDS = (
    *("speech", "singing", "music", "a crowd of people", "laughter", "applause", "a crying baby", "coughing"),
    *("footsteps", "a barking dog", "a meowing cat", "birdsong", "insects", "rain", "thunder", "wind", "sea waves"),
    *("a car", "traffic", "a train", "an aeroplane", "a siren", "an alarm", "a bell", "a knock on a door"),
    *("a telephone ringing", "typing on a keyboard", "an engine", "tools", "glass breaking", "an explosion", "noise"),
)
"""What a model that can hear anything listens for when nobody names anything."""


@local(TYPE)
class Listener(HearingExpert["list[float]"]):
    """A classifier with labels of its own: audio spectrogram transformers, wav2vec 2.0, HuBERT, Whisper's encoder.

    What is longer than ten seconds is heard part by part; the parts count by their length.
    """

    def load(self) -> None:
        from transformers import AutoModelForAudioClassification

        self.load_network(AutoModelForAudioClassification)
        config = self.network.config
        self._labels = named(config.id2label, str(self.model.settings.get("labels", "")))
        self._several = config.problem_type == "multi_label_classification"

    def hear(self, features: Mapping[str, torch.Tensor]) -> Sequence[list[float]]:
        logits = self.network(**features).logits.float()
        scores: list[list[float]] = (logits.sigmoid() if self._several else logits.softmax(-1)).tolist()
        return scores

    def unheard(self, piece: Window) -> list[float]:
        return []

    def outputs(self, inputs: Inputs, pieces: Sequence[Window], found: Sequence[list[float]]) -> Outputs:
        scores = dict(zip(self._labels, mean(pieces, found, inputs["audio"].name), strict=True))
        return _judged(self._wanted(scores, inputs.get("labels") or ()))

    def _wanted(self, scores: Mapping[str, float], labels: Sequence[str]) -> Mapping[str, float]:
        """Return the scores of the labels asked for, all if none is. Raises ExpertFailed if it knows none."""
        asked = {label.strip().casefold() for label in labels}
        chosen = {label: score for label, score in scores.items() if label.casefold() in asked}
        if asked and not chosen:
            known = ", ".join(self._labels[:10])
            raise ExpertFailed(
                f"The model “{self.model.id}” tells none of these apart. It knows, for example: {known}."
            )
        return chosen or scores


@local(TYPE, "zero-shot")
class Clap(HearingExpert["list[float]"]):
    """CLAP and its kin: compares a recording with any words."""

    batch: ClassVar[int] = 8
    room_on_cpu: ClassVar[int] = 40 * 48_000

    def load(self) -> None:
        from transformers import AutoTokenizer, ClapModel

        self.load_network(ClapModel)
        self._tokenizer: Any = AutoTokenizer.from_pretrained(self.folder)

    def hear(self, features: Mapping[str, torch.Tensor]) -> Sequence[list[float]]:
        import torch

        # Of windows that all fit, the extractor marks one by lot as longer than the model hears at once: none is.
        longer = {"is_longer": torch.zeros_like(features["is_longer"])} if "is_longer" in features else {}
        vectors: list[list[float]] = _direction(self.network.get_audio_features(**{**features, **longer})).tolist()
        return vectors

    def unheard(self, piece: Window) -> list[float]:
        return []

    def outputs(self, inputs: Inputs, pieces: Sequence[Window], found: Sequence[list[float]]) -> Outputs:
        import torch

        labels = list(dict.fromkeys(filter(None, map(str.strip, inputs.get("labels") or ())))) or list(SOUNDS)
        with torch.inference_mode():
            words = self._described(labels)
            scale = self.network.logit_scale_a.exp().float().cpu()
            scores = [
                (scale * torch.tensor(vector) @ words.T).softmax(-1).tolist() if vector else [] for vector in found
            ]
        return _judged(dict(zip(labels, mean(pieces, scores, inputs["audio"].name), strict=True)))

    def _described(self, labels: Sequence[str]) -> torch.Tensor:
        """Return a direction for each label (labels, numbers)."""
        texts = [f"This is a sound of {label}." for label in labels]
        tokens = self._tokenizer(texts, padding=True, truncation=True, return_tensors="pt").to(self.device)
        return _direction(self.network.get_text_features(**tokens))


def mean(pieces: Sequence[Window], scores: Sequence[Sequence[float]], recording: str) -> list[float]:
    """Return the mean of what was heard in each window. Raises ExpertFailed where all is silent."""
    heard = [(len(piece.wave), own) for piece, own in zip(pieces, scores, strict=True) if own]
    if not heard:
        raise ExpertFailed(f"I hear nothing in {recording}: it is silent.")
    total = sum(length for length, _ in heard)
    columns = zip(*(own for _, own in heard), strict=True)
    return [sum(length * score for (length, _), score in zip(heard, column, strict=True)) / total for column in columns]


def _judged(scores: Mapping[str, float]) -> Outputs:
    return {"label": max(scores, key=scores.__getitem__), "scores": score_rows(scores.keys(), scores.values())}


def _direction(found: Any) -> torch.Tensor:
    """Return vectors of length one, on the processor."""
    vectors = getattr(found, "pooler_output", found).float().cpu()
    directions: torch.Tensor = vectors / vectors.norm(dim=-1, keepdim=True)
    return directions
