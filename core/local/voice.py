"""The voice of SpeechT5: a vector that describes who speaks, and the vocoder that makes sound of spectrograms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.contract import Steer
from core.local.expert import LocalExpert

if TYPE_CHECKING:
    import torch

    from core.media.waves import Wave


class Voice:
    """Speaks what a loaded SpeechT5 model makes of text or of speech.

    The vector is read from a file ``*.npy`` of the part called "speaker", or else of the model's own folder: the first
    by name, its first row if it holds several. Where there is none it is all zeros, the library's own stand-in: a
    voice of nobody in particular.
    """

    def __init__(self, expert: LocalExpert, model: Any) -> None:
        from transformers import SpeechT5HifiGan

        self._model = model
        self._vocoder: Any = expert.placed(SpeechT5HifiGan.from_pretrained(expert.part("vocoder")))
        folders = [expert.part("speaker")] if "speaker" in expert.model.parts else []
        self._speaker = speaker(model.config.speaker_embedding_dim, *folders, expert.folder).to(expert.device)
        self.rate = int(self._vocoder.config.sampling_rate)

    def speak(self, inputs: torch.Tensor, steer: Steer) -> Wave:
        """Return the speech for tokens or samples of shape (1, length); leaves when the job was stopped."""
        import torch

        steps = self._model.speecht5.decoder.prenet.register_forward_hook(lambda *_: steer.check())
        torch.manual_seed(0)  # dropout in its decoder is at work even now: the same for the same words
        try:
            with torch.inference_mode():
                spoken = self._model.generate_speech(
                    inputs.to(self._speaker.device), self._speaker, vocoder=self._vocoder
                )
        finally:
            steps.remove()
        wave: Wave = spoken.float().cpu().numpy().reshape(-1)
        return wave


def speaker(size: int, *folders: Path) -> torch.Tensor:
    """Return the vector of shape (1, size) in the first folder that holds one, else zeros."""
    import numpy as np
    import torch

    for folder in folders:
        for file in sorted(folder.glob("*.npy")):
            numbers = np.load(file, allow_pickle=False).astype(np.float32).ravel()
            if numbers.size >= size:
                return torch.from_numpy(numbers[:size].copy()).reshape(1, -1)
    return torch.zeros(1, size)
