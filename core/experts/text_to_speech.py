"""text-to-speech: says a text aloud."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert, local
from core.errors import BadInput, ExpertFailed, NotAvailable
from core.language.aloud import as_said
from core.language.names import LANGUAGES, code_of
from core.language.speakable import LONG, to_say
from core.local.speaking import SpeakingExpert
from core.local.voice import Voice
from core.types import Kind

if TYPE_CHECKING:
    from core.media.waves import Wave

TYPE = TaskType(
    name="text-to-speech",
    summary="Say a text aloud.",
    takes=(
        Take(name="text", kinds=(Kind.TEXT,), about="the text to say"),
        Take(
            name="language",
            kinds=(Kind.TEXT,),
            about="language of the voice, a name or an ISO 639 code; detected if not given",
            required=False,
        ),
        Take(
            name="speed",
            kinds=(Kind.NUMBER,),
            about="1 is normal, 2 is twice as fast",
            required=False,
            default=1.0,
            low=0.5,
            high=2.5,
        ),
    ),
    gives=(Give(name="audio", kind=Kind.AUDIO, about="the speech"),),
    seconds=300.0,
    examples=("Say it aloud.", "Read this text to me slowly.", "Speak 'Guten Morgen' in German."),
)


@expert(
    TYPE,
    Model(
        id="espeak-ng",
        about="Speaks more than 100 languages quickly and clearly, in a robotic voice. Cannot imitate voices, sing or"
        " show feelings; of Japanese it reads kana only.",
        licence="GPL-3.0",
        size=20_600_000,
        memory=150_000_000,
        languages=tuple(LANGUAGES),
        revision="1.52.0",
        needs=("espeakng_loader", "av", "py3langid", "sentencex"),
    ),
)
class EspeakVoice(Expert):
    """Speaks sentence by sentence, each in the voice of its language."""

    def load(self) -> None:
        from core.language.detection import detector
        from core.language.espeak import Espeak

        self._espeak = Espeak()
        self._detector = detector()

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        from core.media.recording import Recording

        text = to_say(inputs["text"])
        wanted = inputs.get("language")
        main = self._chosen(wanted) if wanted else self._detector.detect(text)
        self._espeak.speed(inputs.get("speed") or 1.0)
        name = "wav" if len(text) <= LONG else "mp3"
        recording = Recording(name, self._espeak.sample_rate)
        spoken = 0
        for sentence in _sentences(text, main):
            steer.check()
            tag = main if wanted else self._detector.detect_part(sentence, main)
            self._espeak.voice(tag)
            recording.write(self._espeak.say(as_said(sentence, tag.partition("-")[0])))
            spoken += len(sentence)
            steer.progress(min(spoken / len(text), 1.0), "speaking")
        return {"audio": recording.media("speech")}

    def _chosen(self, language: str) -> str:
        for tag in (language.strip(), code_of(language) or ""):
            if self._espeak.voice(tag):
                return tag
        raise BadInput(f"I have no voice for “{language[:40]}”. Name a language, like German, or its code, like de.")


@local(TYPE)
class Vits(SpeakingExpert):
    """VITS and MMS: one voice for one language, from letters straight to sound."""

    def load(self) -> None:
        from transformers import AutoTokenizer, VitsModel

        self._tokenizer: Any = AutoTokenizer.from_pretrained(self.folder)
        self._phonemes = _phonemes(self.model) if self._tokenizer.phonemize else None
        self._tokenizer.phonemize = False  # by a program that is not needed: the library of the embedded voice is here
        self._model = self.placed(VitsModel.from_pretrained(self.folder))

    @property
    def rate(self) -> int:
        return int(self._model.config.sampling_rate)

    def say(self, text: str, speed: float, steer: Steer) -> Wave | None:
        import torch

        if self._tokenizer.is_uroman and not text.isascii() and importlib.util.find_spec("uroman") is None:
            raise ExpertFailed(f"The voice “{self.model.id}” reads Latin letters only, and this text has others.")
        text = self._phonemes(as_said(text, "en")) if self._phonemes else self._spelt(text)
        known, _ = self._tokenizer.prepare_for_tokenization(text)
        if not any(map(str.isalnum, known)):
            return None
        tokens = self._tokenizer(text, return_tensors="pt").to(self.device)
        speaker = {"speaker_id": 0} if self._model.config.num_speakers > 1 else {}
        torch.manual_seed(0)  # the rhythm is drawn by lot: the same lot for the same words
        with torch.inference_mode():
            spoken = self._model(**tokens, **speaker, speaking_rate=self._model.speaking_rate * speed)
        wave: Wave = spoken.waveform[0].float().cpu().numpy()
        return wave

    def _spelt(self, text: str) -> str:
        """Write numbers as words where the voice is English and would leave digits out."""
        from transformers.models.speecht5.number_normalizer import EnglishNumberNormalizer

        if self.model.languages != ("en",) or not any(map(str.isdigit, text)) or "1" in self._tokenizer.get_vocab():
            return text
        return str(EnglishNumberNormalizer()(text))


def _phonemes(model: Model) -> Callable[[str], str]:
    """Return what writes English as its sounds. Raises NotAvailable."""
    if importlib.util.find_spec("espeakng_loader") is None:
        raise NotAvailable(f"The voice “{model.id}” reads phonemes, and espeak-ng, which makes them, is not installed.")
    from core.language.espeak import Espeak

    espeak = Espeak()
    espeak.voice("en")
    return espeak.phonemes


@local(TYPE, "speecht5")
class SpeechT5(SpeakingExpert):
    """SpeechT5: from letters to a spectrogram, which a vocoder turns into sound; any voice that a vector describes."""

    longest: ClassVar[int] = 300  # it loses its thread in longer sentences

    def load(self) -> None:
        from transformers import AutoTokenizer, SpeechT5ForTextToSpeech

        self._tokenizer: Any = AutoTokenizer.from_pretrained(self.folder, normalize=True)  # numbers as English words
        self._model = self.placed(SpeechT5ForTextToSpeech.from_pretrained(self.folder))
        self._voice = Voice(self, self._model)

    @property
    def rate(self) -> int:
        return self._voice.rate

    def say(self, text: str, speed: float, steer: Steer) -> Wave | None:
        from core.media.filters import stretched

        most = self._model.config.max_text_positions
        tokens = self._tokenizer(text, return_tensors="pt", truncation=True, max_length=most).input_ids
        if not set(tokens[0].tolist()) - {*self._tokenizer.all_special_ids, *self._signs()}:
            return None
        return stretched(self._voice.speak(tokens, steer), self.rate, speed)

    def _signs(self) -> list[int]:
        """Return the tokens that are no letter and no digit."""
        vocabulary = self._tokenizer.get_vocab().items()
        return [number for token, number in vocabulary if not any(map(str.isalnum, token))]


def _sentences(text: str, language: str) -> list[str]:
    from core.language.sentences import sentences

    return list(chain.from_iterable(sentences(line, language) for line in text.splitlines()))
