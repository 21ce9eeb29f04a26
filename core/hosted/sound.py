"""Experts that hear and speak."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from core.contract import Inputs, Outputs, Steer, hosted
from core.errors import BadInput, ExpertFailed
from core.experts import (
    audio_classification,
    audio_to_audio,
    automatic_speech_recognition,
    text_to_speech,
)
from core.hosted.expert import HostedExpert, words
from core.hosted.seeing import sent
from core.language.names import code_of
from core.language.speakable import speakable
from core.language.transcript import Phrase, no_speech, ordered, transcript
from core.media.images import named
from core.media.scores import scored
from core.media.sound import converted
from core.types import Kind, Media

if TYPE_CHECKING:
    from core.remote.attempts import Ask
    from core.remote.client import Client
    from core.remote.routes import Route

LONGEST = 20_000
"""Characters that are said aloud at once: servers refuse more, or take minutes."""

_WHISPER = "whisper"


class SoundAsker(HostedExpert):
    """Sends or gets sound."""

    needs: ClassVar[tuple[str, ...]] = (*HostedExpert.needs, "av")
    patience: ClassVar[float] = 180.0


@hosted(automatic_speech_recognition.TYPE)
class HostedHearer(SoundAsker):
    """Writes down what is said. Some providers tell when, others only what."""

    tasks: ClassVar[tuple[str, ...]] = ("automatic-speech-recognition",)

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        media, seconds = inputs["audio"], _heard(inputs["audio"], steer)
        data = sent(converted(media, "mp3", steer))
        language = _language(inputs.get("language"))

        async def ask(client: Client) -> Outputs:
            more = self._told(client.route, language)
            found = await client.hub.automatic_speech_recognition(data, extra_body=more or None)
            return _written(found, media.name, seconds)

        return ask

    def _told(self, route: Route, language: str | None) -> dict[str, Any]:
        """Return what a provider is told beside the sound: each has its own words, and refuses those of others."""
        spoken = {"language": language} if language else {}
        if route.server:
            return spoken
        match route.provider:
            case "hf-inference" if _WHISPER in self.model.id.lower():
                return {"return_timestamps": True}
            case "deepinfra":
                return {"response_format": "verbose_json", **spoken}
            case "fal-ai":
                return spoken
            case _:
                return {}


def _heard(media: Media, steer: Steer) -> float:
    """Return how many seconds a recording lasts. Raises BadInput without sound, ExpertFailed where it is silent."""
    from core.media.waves import is_silent, wave_of

    rate = 8_000  # enough to tell silence from a voice
    wave = wave_of(media, rate, steer)
    if is_silent(wave, rate):
        raise ExpertFailed(no_speech(media.name))
    return len(wave) / rate


def _language(wanted: str | None) -> str | None:
    if not wanted:
        return None
    code = code_of(wanted)
    if code is None:
        raise BadInput(f"I do not understand “{wanted[:40]}”. Name a language, like German, or its code, like de.")
    return code


def _written(found: Any, recording: str, seconds: float) -> Outputs:
    """Return a transcript; where no times are told, all is one phrase."""
    if not isinstance(found.text, str):
        raise TypeError("a transcript is text")
    chunks = [(str(one.text), *_times(one.timestamp)) for one in found.chunks or ()]
    phrases = list(ordered(chunks, seconds)) if chunks else [Phrase(found.text.strip(), 0.0, seconds)]
    return transcript(phrases, recording, joint="" if all(text.startswith(" ") for text, *_ in chunks[1:]) else " ")


def _times(told: Any) -> tuple[float | None, float | None]:
    start, end = (None if one is None else float(one) for one in list(told)[:2])
    return start, end


@hosted(text_to_speech.TYPE)
class HostedSpeaker(SoundAsker):
    """Says a text aloud, in the voice that the provider gives it."""

    tasks: ClassVar[tuple[str, ...]] = ("text-to-speech",)

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        text = speakable(words(inputs["text"], "say aloud"))
        if len(text) > LONGEST:
            raise BadInput(f"I say up to {LONGEST:,} characters aloud; this text has {len(text):,}. Send me a part.")
        voice = self.model.settings.get("voice")

        async def ask(client: Client) -> Outputs:
            data = await client.hub.text_to_speech(text, extra_body={"voice": voice} if voice else None)
            return {"audio": sounded(data, "speech")}

        return ask


@hosted(audio_to_audio.TYPE)
class HostedCleaner(SoundAsker):
    """Cleans or changes a recording."""

    tasks: ClassVar[tuple[str, ...]] = ("audio-to-audio",)

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        media = inputs["audio"]
        data = sent(converted(media, "flac", steer))

        async def ask(client: Client) -> Outputs:
            found = await client.hub.audio_to_audio(data)
            return {"audio": sounded(found[0].blob, named(media.name, "", "new"))}

        return ask


@hosted(audio_classification.TYPE)
class HostedListener(SoundAsker):
    """Says what is heard, in the labels of a model."""

    tasks: ClassVar[tuple[str, ...]] = ("audio-classification",)

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        media = inputs["audio"]
        data = sent(converted(media, "mp3", steer))
        wanted = {label.strip().casefold() for label in inputs.get("labels") or ()}

        async def ask(client: Client) -> Outputs:
            found = await client.hub.audio_classification(data, top_k=100)
            kept = [one for one in found if one.label.casefold() in wanted] if wanted else found
            if found and not kept:
                known = ", ".join(one.label for one in found[:10])
                told = f"The model “{self.model.id}” tells none of these apart. It knows, for example: {known}."
                raise ExpertFailed(told)
            return scored([str(one.label) for one in kept], [float(one.score) for one in kept])

        return ask


def sounded(data: bytes, name: str) -> Media:
    """Return sound that came from outside. Raises BadInput where nothing can be heard of it."""
    from core.media.sniff import sniff
    from core.media.streams import opened_av, sound_stream

    form = sniff(data, "The sound")
    media = Media(data=data, kind=Kind.AUDIO, mime=form.mime, name=f"{name}{form.endings[0]}")
    with opened_av(media) as container:
        stream = sound_stream(container)
        first: Any = next(container.decode(stream), None) if stream is not None else None
    if first is None or form.kind is not Kind.AUDIO:
        raise BadInput("This holds no sound.")
    return media
