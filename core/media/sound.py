"""Sound from one format to another, with PyAV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Any

from core.contract import Steer
from core.errors import BadInput
from core.media.images import named
from core.media.streams import announced_seconds, opened_av, sound_stream
from core.media.track import in_step, resampled
from core.types import Kind, Media

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer
    from av.packet import Packet


STEREO = 2
"""Channels at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """How a format is written."""

    muxer: str
    codec: str
    mime: str
    ending: str
    bits: int | None = None  # a second; None for the lossless ones
    most: int = 192_000  # samples a second


WRITERS = {
    "wav": Writer(muxer="wav", codec="pcm_s16le", mime="audio/wav", ending=".wav"),
    "flac": Writer(muxer="flac", codec="flac", mime="audio/flac", ending=".flac"),
    "mp3": Writer(muxer="mp3", codec="libmp3lame", mime="audio/mpeg", ending=".mp3", bits=160_000, most=48_000),
    "ogg": Writer(muxer="ogg", codec="libopus", mime="audio/ogg", ending=".ogg", bits=96_000, most=48_000),
    "m4a": Writer(muxer="ipod", codec="aac", mime="audio/mp4", ending=".m4a", bits=160_000, most=48_000),
}


def converted(media: Media, form: str, steer: Steer) -> Media:
    """Return the sound of a recording or a film as ``form``, a key of ``WRITERS``. Raises BadInput."""
    writer = WRITERS[form]
    if media.mime == writer.mime and _usual(media):  # nothing gained by encoding it once more
        return media
    return encoded(media, writer, steer)


def _usual(media: Media) -> bool:
    """Whether sound is coded as the files of its format usually are: MP4 may hold what only some players know."""
    if media.mime != WRITERS["m4a"].mime:
        return True
    with opened_av(media) as container:
        return heard(container, media.name).codec_context.name == WRITERS["m4a"].codec


def encoded(media: Media, writer: Writer, steer: Steer) -> Media:
    """Return the sound of a recording or a film as ``writer`` writes it. Raises BadInput."""
    file = BytesIO()
    with opened_av(media) as container:
        source = heard(container, media.name)
        import av

        with av.open(file, "w", format=writer.muxer) as output:
            target = add_sound(output, writer, source)
            for packet in sound_packets(container, source, target, steer):
                output.mux(packet)
    if not file.getvalue():
        raise BadInput(f"{media.name} has no sound: its track is empty.")
    return Media(data=file.getvalue(), kind=Kind.AUDIO, mime=writer.mime, name=named(media.name, writer.ending))


def heard(container: InputContainer, name: str) -> AudioStream:
    """Return the sound track. Raises BadInput where there is none."""
    source = sound_stream(container)
    if source is None:
        raise BadInput(f"{name} has no sound.")
    return source


def add_sound(output: OutputContainer, writer: Writer, source: AudioStream) -> AudioStream:
    """Add a track like ``source`` to a file: mono stays mono, everything richer becomes stereo."""
    rate = min(source.rate or 48_000, writer.most)
    target: Any = output.add_stream(
        writer.codec, rate=encodable(writer.codec, rate), layout="mono" if source.channels == 1 else "stereo"
    )
    if writer.bits:
        target.bit_rate = writer.bits
    return target  # type: ignore[no-any-return]


def sound_packets(
    container: InputContainer, source: AudioStream, target: AudioStream, steer: Steer
) -> Iterator[Packet[Any]]:
    """Yield the encoded track; ``steer`` is told how far it is."""
    total, told = announced_seconds(container), 0
    frames = in_step(container, source)
    if source.channels > STEREO:  # put together in whole numbers they stay below the loudest; in others they do not
        frames = resampled(frames, format="s16p", layout=target.layout, rate=source.rate)
    frames = resampled(frames, format=target.format, layout=target.layout, rate=target.rate)
    for number, frame in enumerate(frames):
        if number % 50 == 0:
            steer.check()
            steer.progress(share(told / target.rate, total), "converting sound")
        frame.pts, frame.time_base = told, Fraction(1, target.rate)  # else what encoders put before them is heard
        told += frame.samples
        yield from target.encode(frame)
    yield from target.encode(None)


def share(second: float | None, total: float | None) -> float | None:
    """Return how far ``second`` is, from 0 to 1, or None where nobody knows."""
    return min(1.0, max(0.0, second / total)) if second is not None and total else None


def encodable(codec: str, rate: int) -> int:
    """Keep the samples a second where the encoder can, else take the next higher rate that it knows."""
    import av

    known = sorted(av.Codec(codec, "w").audio_rates or ())
    return next((able for able in known if able >= rate), known[-1]) if known else rate
