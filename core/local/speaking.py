"""Experts that say a text aloud, sentence by sentence."""

from __future__ import annotations

from abc import abstractmethod
from itertools import chain
from typing import TYPE_CHECKING, ClassVar

from core.contract import Inputs, Outputs, Steer
from core.errors import ExpertFailed
from core.language.names import name_of
from core.language.speakable import LONG, to_say
from core.local.expert import LocalExpert
from core.local.hearing import understood

if TYPE_CHECKING:
    from core.media.waves import Wave

_PAUSE = 0.2  # seconds between sentences


class SpeakingExpert(LocalExpert):
    """Cuts a text into sentences, and puts what is said for each into one recording."""

    needs: ClassVar[tuple[str, ...]] = (*LocalExpert.needs, "av", "py3langid", "sentencex")
    longest: ClassVar[int] = 400  # characters that are said in one go

    @property
    @abstractmethod
    def rate(self) -> int:
        """Samples a second."""

    @abstractmethod
    def say(self, text: str, speed: float, steer: Steer) -> Wave | None:
        """Return a sentence as speech, ``speed`` times as fast as normal; None where the voice knows no letter."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        from core.media.recording import Recording, as_samples

        text = to_say(inputs["text"])
        understood(self.model, inputs.get("language") or self._seems(text))
        recording = Recording("wav" if len(text) <= LONG else "mp3", self.rate)
        speed = float(inputs.get("speed") or 1)
        done = spoken = 0
        for sentence in self._sentences(text):
            steer.check()
            wave = self.say(sentence, speed, steer)
            if wave is not None:
                recording.write(bytes(round(_PAUSE * self.rate) * 2) if spoken else b"")
                recording.write(as_samples(wave))
                spoken += 1
            done += len(sentence)
            steer.progress(min(done / len(text), 1.0), "speaking")
        if not spoken:
            raise ExpertFailed(f"The voice “{self.model.id}” knows no letter of this text.{self._speaks()}")
        return {"audio": recording.media("speech")}

    def _sentences(self, text: str) -> list[str]:
        from core.language.sentences import sentences

        language = (*self.model.languages, "en")[0]
        return list(chain.from_iterable(sentences(line, language, self.longest) for line in text.splitlines()))

    def _seems(self, text: str) -> str | None:
        """Return the name of a text's language, where the voice knows some languages only."""
        if not self.model.languages:
            return None
        from core.language.detection import detector

        return name_of(detector().detect(text, otherwise=self.model.languages[0]))

    def _speaks(self) -> str:
        names = ", ".join(map(name_of, self.model.languages[:5]))
        return f" It speaks {names}." if names else ""
