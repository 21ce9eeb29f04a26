"""video-conversion: a video in another format, or with other sound."""

from __future__ import annotations

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert
from core.experts._shapes import VIDEO
from core.types import Kind

TYPE = TaskType(
    name="video-conversion",
    summary="Convert a video to MP4, WebM or GIF, or lay sound under it.",
    takes=(
        VIDEO,
        Take(
            name="audio",
            kinds=(Kind.AUDIO, Kind.VIDEO),
            about="sound to lay under the video in place of its own",
            required=False,
        ),
        Take(name="format", kinds=(Kind.TEXT,), required=False, default="mp4", choices=("mp4", "webm", "gif")),
    ),
    gives=(Give(name="video", kind=Kind.VIDEO),),
    seconds=900,
    examples=(
        "Convert film.mov to mp4",
        "Make a gif of this video",
        "Put this voice-over under the video",
    ),
)


@expert(
    TYPE,
    Model(
        id="ffmpeg-video",
        about="FFmpeg: MP4 is H.264 with AAC, WebM is VP9 with Opus, a GIF is silent, at most 480 pixels large and a "
        "minute long. New sound replaces the old; the longer of video and sound sets the length.",
        licence="GPL-2.0-or-later",  # the FFmpeg in PyAV's wheels is built with x264
        revision="pyav 18",
        needs=("av", "PIL"),
    ),
)
class FfmpegVideo(Expert):
    """Video conversion with FFmpeg's libraries."""

    def load(self) -> None:
        """Import PyAV."""
        import av

        del av

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give ``video`` in ``format``, with ``audio`` under it. Raises BadInput."""
        from core.errors import BadInput
        from core.media.animation import animated
        from core.media.film import filmed

        video, audio, form = inputs["video"], inputs.get("audio"), inputs.get("format") or "mp4"
        if form != "gif":
            return {"video": filmed(video, audio, form, steer)}
        if audio is not None:
            raise BadInput("A GIF has no sound. MP4 and WebM have.")
        return {"video": animated(video, steer)}
