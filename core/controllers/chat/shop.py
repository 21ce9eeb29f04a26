"""Which of an endpoint's models is asked where none is set."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NO_TALKER = re.compile(
    r"embed|rerank|whisper|tts|audio|realtime|image|dall-e|moderation|transcribe|search|sora|babbage|davinci|codex"
    r"|instruct|deep-research|bge-|e5-|clip|vision-encoder",
    re.IGNORECASE,
)
_SMALL = re.compile(r"gpt-(\d+(?:\.\d+)?)o?-mini")


def chosen(names: Sequence[str]) -> str | None:
    """Return the first that can talk; of OpenAI's many the newest small one."""
    small = [(float(found[1]), name) for name in names if (found := _SMALL.fullmatch(name))]
    if small:
        return max(small)[1]
    return next((name for name in names if not _NO_TALKER.search(name)), names[0] if len(names) == 1 else None)
