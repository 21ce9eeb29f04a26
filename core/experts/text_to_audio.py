"""text-to-audio: makes music or sounds from a description. No embedded expert does it."""

from __future__ import annotations

import math
import secrets
from dataclasses import replace
from typing import Any, ClassVar

from core.contract import Give, Inputs, Outputs, Steer, Take, TaskType, local
from core.errors import BadInput
from core.experts._shapes import NEGATIVE, SEED, SEEDED, STEPS, prompt
from core.local.diffusion import DiffusionExpert
from core.local.expert import LocalExpert
from core.types import Kind

LONGEST = 30  # seconds: what the models were trained on
USUAL = 10  # seconds

TYPE = TaskType(
    name="text-to-audio",
    summary="Make music or a sound from a description (not speech).",
    takes=(
        prompt("the music or sound wanted"),
        Take(
            name="duration",
            kinds=(Kind.NUMBER,),
            about="in seconds",
            required=False,
            default=float(USUAL),
            low=1,
            high=LONGEST,
        ),
        replace(NEGATIVE, about="what it should not sound like"),
        replace(STEPS, about="more steps take longer and sound cleaner"),
        SEED,
    ),
    gives=(Give(name="audio", kind=Kind.AUDIO, about="the sound"), SEEDED),
    repeatable=False,
    seconds=300.0,
    examples=("Compose a calm piano piece.", "Make the sound of rain on a roof."),
)


@local(TYPE)
class MusicGen(LocalExpert):
    """MusicGen: writes sound token by token, fifty moments a second."""

    needs: ClassVar[tuple[str, ...]] = (*LocalExpert.needs, "av")

    def load(self) -> None:
        from transformers import AutoTokenizer, MusicgenForConditionalGeneration

        self._tokenizer: Any = AutoTokenizer.from_pretrained(self.folder)
        self._model = self.placed(MusicgenForConditionalGeneration.from_pretrained(self.folder, dtype=self.dtype))

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        import torch

        from core.local.generation import Watch, generated

        words = asked(inputs["prompt"])
        seconds, seed = lasting(inputs), _seed(inputs)
        codec = self._model.config.audio_encoder
        moments = math.ceil(seconds * codec.frame_rate) + self._model.decoder.num_codebooks  # each begins one later
        encoded = self._tokenizer([words], truncation=True, return_tensors="pt")
        steer.check()
        torch.manual_seed(seed)
        wave = generated(self._model, encoded, Watch(steer, moments, "composing"), moments, do_sample=True)[0]
        return {"audio": sound(wave, int(codec.sampling_rate), seconds), "seed": seed}


@local(TYPE, "diffusers")
class SoundPainter(DiffusionExpert):
    """Any text-to-audio pipeline of diffusers: AudioLDM 2, Stable Audio and their kin."""

    needs: ClassVar[tuple[str, ...]] = (*DiffusionExpert.needs, "av")

    def derive(self, pipe: Any) -> Any:
        """AudioLDM 2 says that its language model is one without a head, and the library asks it for what heads do."""
        writer = getattr(pipe, "language_model", None)
        if type(writer).__name__ == "GPT2Model":
            pipe.register_modules(language_model=_with_head(writer))
        return pipe

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        words, seconds, seed = asked(inputs["prompt"]), lasting(inputs), self.seed(inputs)
        steps = inputs.get("steps") or self.setting("steps") or self.default("num_inference_steps")
        arguments = {
            "prompt": words,
            "negative_prompt": (inputs.get("negative_prompt") or "").strip() or None,
            "num_inference_steps": None if steps is None else int(steps),
            "guidance_scale": self.setting("guidance"),
            **dict.fromkeys(("audio_length_in_s", "audio_end_in_s", "audio_duration", "duration"), seconds),
        }
        steer.check()
        steer.progress(0.0, "preparing")
        made = self._run(arguments, seed, self._watched(steer, "")).audios[0]
        return {"audio": sound(made, self._rate, seconds), "seed": seed}

    @property
    def _rate(self) -> int:
        """Samples a second: what the vocoder says, where there is one, else what the decoder says."""
        voiced = getattr(self.pipe, "vocoder", None) or self.pipe.vae
        return int(voiced.config.sampling_rate)


def _with_head(writer: Any) -> Any:
    """Return a GPT-2 with the head that its own tokens make."""
    import torch
    from transformers import GPT2LMHeadModel

    with torch.device("meta"):
        headed = GPT2LMHeadModel(writer.config)
    headed.transformer = writer
    headed.lm_head.weight = writer.wte.weight
    return headed.eval()


def asked(text: str) -> str:
    """Return the description. Raises BadInput where there is none."""
    words = " ".join(text.split())
    if not words:
        raise BadInput("The prompt is empty. Say in a few words what there is to hear.")
    return words


def lasting(inputs: Inputs) -> float:
    """Return the seconds wished, within what models can."""
    return min(max(float(inputs.get("duration") or USUAL), 1.0), float(LONGEST))


def sound(wave: Any, rate: int, seconds: float) -> Any:
    """Return a file of samples, channels x samples or samples x channels, cut to the seconds wished."""
    import numpy as np

    from core.media.recording import MUSIC, recorded

    samples = np.asarray(wave.float().cpu() if hasattr(wave, "cpu") else wave, np.float32)
    rows = samples.reshape(1, -1) if samples.ndim == 1 else samples
    rows = rows.T if len(rows) > rows.shape[-1] else rows
    return recorded(rows[:, : round(seconds * rate)], rate, "sound", MUSIC)


def _seed(inputs: Inputs) -> int:
    given = inputs.get("seed")
    return secrets.randbelow(2**32) if given is None else int(given)
