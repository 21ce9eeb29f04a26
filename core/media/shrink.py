"""Files made smaller, to fit where only so many bytes are taken."""

from __future__ import annotations

import io
import math
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

from core.contract import Steer
from core.errors import BadInput
from core.media.film import FILM_WRITERS, FilmWriter, drawn, rewritten
from core.media.glimpses import spread
from core.media.images import frame_at, frame_count, on_white, open_image, opened, plain, see_through, to_media
from core.media.sound import WRITERS, Writer, encoded
from core.media.streams import opened_av, picture_stream, played_seconds, sound_stream
from core.types import Kind, Media

if TYPE_CHECKING:
    from PIL.Image import Image

QUALITIES = (92, 80)
"""Of pictures: the better one is tried first, then the other; only then they become smaller."""

ATTEMPTS, RETRIES = 8, 3
"""Of pictures; of sound and films, whose encoders come near what they are told."""

LEAST_SIDE = 64
"""A picture or film of fewer pixels would not be worth looking at."""

WEBP_SIDE = 16_383
"""WebP knows no longer one."""

ROOM = 0.93
"""Of the bytes allowed, what pictures and sound may take: the rest is for the container around them."""

LEAST_FILM, LEAST_TRACK, LEAST_SOUND = 30_000, 16_000, 12_000
"""Bits a second of a film's pictures, of its sound, and of a recording, below which nothing can be made out."""

TALK, MUSIC = 48_000, 160_000
"""Bits a second of sound: below the first, Opus sounds better than MP3; above the second, nobody hears more."""

DENSE = 0.05
"""Bits for each point of a film's picture that H.264 needs to look well."""

FRAMES, FRAME_SIDE = 600, 480
"""Of an animation that becomes a film: pictures at most, and pixels of their longer side."""

PAGED = ("TIFF",)
PILES = ("MPO",)
"""Pillow's formats whose frames are no animation: pages, and views of one photo."""


def shrunk(media: Media, most: int, steer: Steer) -> Media:
    """Return a file with at most ``most`` bytes: smaller, in lower quality, or packed. Raises BadInput."""
    match media.kind:
        case Kind.IMAGE:
            return _image(media, most, steer)
        case Kind.VIDEO:
            return _film(media, most, steer)
        case Kind.AUDIO:
            return _sound(media, most, steer)
        case _:
            return _packed(media, most)


def _image(media: Media, most: int, steer: Steer) -> Media:
    image = opened(media)
    frames = 1 if image.format in PILES else frame_count(image, media.name)
    if frames == 1:
        return _picture(open_image(media), media.name, most, steer)
    if image.format in PAGED:
        return _packed(media, most)
    if image.format == "GIF":
        return _film(replace(media, kind=Kind.VIDEO), most, steer)
    film = _filmed(image, frames, media.name, steer)
    return film if len(film.data) <= most else _film(replace(film, name=media.name), most, steer)


def _picture(image: Image, name: str, most: int, steer: Steer) -> Media:
    """Encode it well, then less well, then smaller and smaller."""
    form = "WEBP" if see_through(image) else "JPEG"
    image = _scaled(image, min(1.0, WEBP_SIDE / max(image.size)))
    scale, quality = 1.0, QUALITIES[0]
    for number in range(ATTEMPTS):
        steer.check()
        steer.progress(number / ATTEMPTS, "shrinking")
        made = to_media(_scaled(image, scale), name, form, quality)
        if len(made.data) <= most:
            return made
        if quality == QUALITIES[-1]:
            scale *= max(0.25, min(0.9, 0.95 * math.sqrt(most / len(made.data))))
        quality = QUALITIES[-1]
        if max(image.size) * scale < LEAST_SIDE:
            break
    raise _hopeless(name, most)


def _scaled(image: Image, scale: float) -> Image:
    if scale >= 1:
        return image
    width, height = image.size
    return image.resize((max(1, round(width * scale)), max(1, round(height * scale))))


def _filmed(image: Image, frames: int, name: str, steer: Steer) -> Media:
    """Return an animation that FFmpeg does not read as a film, in its mean pace."""
    pictures: list[Image] = []
    milliseconds = 0.0
    for number in spread(range(frames), FRAMES):
        steer.check()
        frame = frame_at(image, number, name)
        milliseconds += float(image.info.get("duration") or 100)
        picture = on_white(plain(frame, name))
        picture.thumbnail((FRAME_SIDE, FRAME_SIDE))
        pictures.append(picture)
    seconds = milliseconds / 1000 * frames / len(pictures)
    width, height = (max(2, side) for side in pictures[0].size)
    return drawn([one.resize((width, height)) for one in pictures], max(1.0, min(60.0, len(pictures) / seconds)), name)


def _film(video: Media, most: int, steer: Steer) -> Media:
    """Encode it at the bits a second that fit; what comes out too large all the same gets fewer."""
    with opened_av(video) as container:
        stream = picture_stream(container)
        if stream is None:
            raise BadInput(f"{video.name} has no moving pictures.")
        size, rate = (stream.width, stream.height), float(stream.average_rate or 25)
        loud, seconds = sound_stream(container) is not None, played_seconds(container)
    bits = most * 8 * ROOM / max(seconds, 0.1)
    for _ in range(RETRIES):
        writer = _film_writer(video.name, most, bits, size, rate, loud=loud)
        made = rewritten(video, None, writer, steer)
        if len(made.data) <= most:
            return made
        bits *= 0.95 * most / len(made.data)
    raise _hopeless(video.name, most)


def _film_writer(name: str, most: int, bits: float, size: tuple[int, int], rate: float, *, loud: bool) -> FilmWriter:
    """Divide ``bits`` a second between sound and pictures, and make these so small that they look well with theirs."""
    usual = FILM_WRITERS["mp4"]
    heard = max(LEAST_TRACK, min(96_000, bits / 5)) if loud else 0.0
    seen = min(bits - heard, 20_000_000)
    if seen < LEAST_FILM:
        raise _hopeless(name, most)
    scale = min(1.0, math.sqrt(seen / (rate * DENSE) / (size[0] * size[1])))
    options = {"preset": "veryfast", "b": f"{seen:.0f}", "maxrate": f"{seen:.0f}", "bufsize": f"{2 * seen:.0f}"}
    return replace(
        usual,
        options=options,
        sound=replace(usual.sound, bits=int(heard)) if loud else usual.sound,
        side=max(LEAST_SIDE, int(max(size) * scale)),
    )


def _sound(media: Media, most: int, steer: Steer) -> Media:
    with opened_av(media) as container:
        seconds = played_seconds(container)
    bits = min(MUSIC, most * 8 * ROOM / max(seconds, 0.1))
    for _ in range(RETRIES if bits >= LEAST_SOUND else 0):
        made = encoded(media, _sound_writer(int(bits)), steer)
        if len(made.data) <= most:
            return made
        bits = max(LEAST_SOUND, bits * 0.95 * most / len(made.data))
    raise _hopeless(media.name, most)


def _sound_writer(bits: int) -> Writer:
    if bits < TALK:
        return replace(WRITERS["ogg"], bits=bits)
    return replace(
        WRITERS["mp3"], bits=next(known for known in (160, 128, 96, 80, 64, 56, 48) if known * 1000 <= bits) * 1000
    )


def _packed(media: Media, most: int) -> Media:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(media.name, media.data)
    if len(file.getvalue()) > most:
        raise _hopeless(media.name, most)
    return Media(data=file.getvalue(), kind=Kind.DOCUMENT, mime="application/zip", name=f"{media.name}.zip")


def _hopeless(name: str, most: int) -> BadInput:
    return BadInput(f"{name} cannot be made small enough to fit into {most / 2**20:.3g} MB.")
