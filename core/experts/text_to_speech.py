"""text-to-speech: says a text aloud."""

from __future__ import annotations

from itertools import chain

from core.errors import BadInput
from core.language.names import LANGUAGES, code_of
from core.language.speakable import speakable
from core.registry import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert
from core.types import Kind, Media

LONGEST = 100_000  # characters: about two hours
LONG = 900  # characters, about a minute: longer speech is compressed

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

        text = _checked(inputs["text"])
        wanted = inputs.get("language")
        main = self._chosen(wanted) if wanted else self._detector.detect(text)
        self._espeak.speed(inputs.get("speed") or 1.0)
        name = "wav" if len(text) <= LONG else "mp3"
        recording = Recording(name, self._espeak.sample_rate)
        spoken = 0
        for sentence in _sentences(text, main):
            steer.check()
            self._espeak.voice(main if wanted else self._detector.detect_part(sentence, main))
            recording.write(self._espeak.say(sentence))
            spoken += len(sentence)
            steer.progress(min(spoken / len(text), 1.0), "speaking")
        mime = {"wav": "audio/wav", "mp3": "audio/mpeg"}[name]
        return {"audio": Media(data=recording.finish(), kind=Kind.AUDIO, mime=mime, name=f"speech.{name}")}

    def _chosen(self, language: str) -> str:
        for tag in (language.strip(), code_of(language) or ""):
            if self._espeak.voice(tag):
                return tag
        raise BadInput(f"I have no voice for “{language[:40]}”. Name a language, like German, or its code, like de.")


def _checked(text: str) -> str:
    words = speakable(text)
    if not words:
        raise BadInput("There is nothing in this text that could be said aloud: it holds no words and no numbers.")
    if len(words) > LONGEST:
        raise BadInput(f"I say up to {LONGEST:,} characters aloud; this text has {len(words):,}. Send me a part of it.")
    return words


def _sentences(text: str, language: str) -> list[str]:
    from core.language.sentences import sentences

    return list(chain.from_iterable(sentences(line, language) for line in text.splitlines()))
