"""audio-to-audio: the same recording, cleaned or changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from core.contract import Expert, Fit, Give, Inputs, Model, Outputs, Steer, TaskType, expert, local
from core.errors import ExpertFailed
from core.experts._shapes import SOUND
from core.local.expert import LocalExpert
from core.local.hearing import SHORTEST
from core.local.voice import Voice
from core.types import Kind, Media

TYPE = TaskType(
    name="audio-to-audio",
    summary="Clean a recording or change the voice in it.",
    takes=(SOUND,),
    gives=(Give(name="audio", kind=Kind.AUDIO),),
    seconds=600,
    examples=(
        "Remove the noise from this recording",
        "Enhance the speech in a.mp3",
    ),
)

_PHRASE = 12  # seconds that a voice says again in one go
_BITS = 64_000  # a second, of a long result


@expert(
    TYPE,
    Model(
        id="wiener-denoise",
        about="Takes steady noise out of recorded speech: hiss, hum, fans, engines. The voice stays as it is, the "
        "result is mono. It takes steady tones of music for noise, and cannot part voices.",
        licence="MIT",
        needs=("av", "numpy"),
    ),
)
class Cleaner(Expert):
    """Turns down what is always there."""

    @classmethod
    def fit(cls, model: Model, args: Mapping[str, Any]) -> Fit:
        """A recording is to be cleaner, unless somebody wishes for a model that changes voices."""
        return Fit.MADE

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        from core.media.denoise import denoised
        from core.media.recording import Recording, as_samples, form_for
        from core.media.waves import wave_of

        rate, media = 48_000, inputs["audio"]
        wave = wave_of(media, rate, steer)
        recording = Recording(form_for(len(wave)), rate, bits=_BITS)
        for start in range(0, len(wave), rate * 60):  # a minute at a time: noise changes, and a cancelled job ends soon
            steer.check()
            part = wave[start : start + rate * 60]
            recording.write(as_samples(denoised(part, rate)))
            steer.progress((start + len(part)) / len(wave), "cleaning")
        return {"audio": recording.media(_called(media, "clean"))}


@local(TYPE)
class SpeechT5(LocalExpert):
    """SpeechT5: says again what somebody said, phrase by phrase, in the voice of the part called "speaker"."""

    needs: ClassVar[tuple[str, ...]] = (*LocalExpert.needs, "av")

    def load(self) -> None:
        from transformers import AutoFeatureExtractor, SpeechT5ForSpeechToSpeech

        self._extractor: Any = AutoFeatureExtractor.from_pretrained(self.folder)
        self._model = self.placed(SpeechT5ForSpeechToSpeech.from_pretrained(self.folder))
        self._voice = Voice(self, self._model)

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        import numpy as np

        from core.media.recording import recorded
        from core.media.waves import is_silent, phrases_of, wave_of

        rate, media = int(self._extractor.sampling_rate), inputs["audio"]
        wave = wave_of(media, rate, steer)
        if is_silent(wave, rate):
            raise ExpertFailed(f"I hear no speech in {media.name}.")
        said, done = [], 0
        for phrase in phrases_of(wave, _PHRASE * rate):
            steer.check()
            said.append(self._silence(len(phrase) / rate) if is_silent(phrase, rate) else self._again(phrase, steer))
            done += len(phrase)
            steer.progress(done / len(wave), "speaking")
        return {"audio": recorded(np.concatenate(said), self._voice.rate, _called(media, "voice"), _BITS)}

    def _again(self, phrase: Any, steer: Steer) -> Any:
        from core.media.waves import at_least

        rate = self._extractor.sampling_rate
        features = self._extractor(audio=at_least(phrase, SHORTEST), sampling_rate=rate, return_tensors="pt")
        return self._voice.speak(features.input_values, steer)

    def _silence(self, seconds: float) -> Any:
        import numpy as np

        return np.zeros(round(seconds * self._voice.rate), np.float32)


def _called(media: Media, what: str) -> str:
    return f"{media.name.rpartition('.')[0] or media.name}-{what}"
