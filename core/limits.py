"""How much of anything is taken in. Everything that waits or grows has a bound here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of one installation; the settings may change each."""

    text_chars: int = 20_000  # of a message
    attachments: int = 20  # of a message
    file_bytes: int = 50 * 1024 * 1024
    pixels: int = 40_000_000  # of an image or a video frame
    media_seconds: float = 3600.0  # of audio or video
    pages: int = 50  # of a document
    document_chars: int = 500_000  # of a text file
    tasks: int = 32  # in one plan
    rounds: int = 2  # further rounds after the first
    request_seconds: float = 900.0  # from claim to answer
    events: int = 64  # waiting between the orchestrator and its listener
    window_turns: int = 30
    window_chars: int = 24_000
    window_files: int = 20
