"""audio-conversion: a recording, or the sound track of a video, in another format."""

from __future__ import annotations

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert
from core.experts._shapes import SOUND
from core.types import Kind

TYPE = TaskType(
    name="audio-conversion",
    summary="Convert a recording, or the sound track of a video, to WAV, MP3, OGG, FLAC or M4A.",
    takes=(
        SOUND,
        Take(
            name="format",
            kinds=(Kind.TEXT,),
            required=False,
            default="mp3",
            choices=("wav", "mp3", "ogg", "flac", "m4a"),
        ),
    ),
    gives=(Give(name="audio", kind=Kind.AUDIO),),
    seconds=600,
    examples=(
        "Convert this recording to mp3",
        "Give me the sound of film.mp4 as a wav file",
        "Extract the audio track of this video",
    ),
)


@expert(
    TYPE,
    Model(
        id="ffmpeg-audio",
        about="FFmpeg: keeps mono and stereo, turns more channels into stereo; OGG holds Opus, M4A holds AAC.",
        licence="GPL-2.0-or-later",  # the FFmpeg in PyAV's wheels is built with x264
        revision="pyav 18",
        needs=("av",),
    ),
)
class FfmpegAudio(Expert):
    """Sound conversion with FFmpeg's libraries."""

    def load(self) -> None:
        """Import PyAV."""
        import av

        del av

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give ``audio`` in ``format``. Raises BadInput."""
        from core.media.sound import converted

        return {"audio": converted(inputs["audio"], inputs.get("format") or "mp3", steer)}
