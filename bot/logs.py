"""What JARVIS writes down about itself: lines for people on a terminal, JSON for machines, a file for later.

Libraries' own log lines take the same way. The last step before a line is written blots out this installation's
secrets and whatever looks like one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

FILE = "jarvis.log"
FILE_BYTES = 5 * 2**20
OLD_FILES = 3

NOISY = ("PIL", "aiosqlite", "alembic", "asyncio", "httpcore", "httpx", "markdown_it", "multipart", "uvicorn.error")
"""Libraries that tell about every step; their warnings are enough."""

BLOT = "[secret]"
SECRETS = re.compile(
    r"""
      \bxox[a-z]-[\w-]{8,}                          # Slack: bot, user, configuration
    | \bxapp-[\w-]{8,}                              # Slack: socket mode
    | \bhf_[A-Za-z0-9]{8,}                          # Hugging Face
    | \bsk-[\w-]{8,}                                # OpenAI and those who took over its form
    | \b[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}        # Discord: account, time, signature
    | (?<=://)[^/\s:@]*:[^/\s@]+(?=@)               # user:password in an address
    | (?<=Bearer\ )[^\s'",]+ | (?<=Basic\ )[A-Za-z0-9+/=]{6,} | (?<=Bot\ )[\w.-]{20,}
    """,
    re.VERBOSE,
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return ``text`` without ``secrets`` and without anything that looks like one."""
    for secret in secrets:
        text = text.replace(secret, BLOT)
    return SECRETS.sub(BLOT, text)


class Redacting(ProcessorFormatter):
    """A formatter whose finished line, traceback included, holds no secret."""

    def __init__(self, *, json: bool, colours: bool, secrets: Sequence[str]) -> None:
        """Write JSON objects or lines for people, with or without colours."""
        super().__init__(
            foreign_pre_chain=_common(),
            processors=[ProcessorFormatter.remove_processors_meta, *_ending(json=json, colours=colours)],
        )
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record), self._secrets)


def start(
    *,
    level: str = "info",
    json: bool | None = None,
    folder: Path | None = None,
    stream: TextIO | None = None,
    secrets: Sequence[str] = (),
) -> None:
    """Send this process's log lines to ``stream`` and to a file in ``folder``, each where given.

    ``json`` None: lines for people where the stream is a terminal, JSON elsewhere. Raises OSError where the file
    cannot be written.
    """
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_common(), ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    logging.raiseExceptions = False  # a full disk must not put tracebacks on the terminal
    handlers = [*_to_stream(stream, json, secrets), *_to_file(folder, secrets)]
    logging.basicConfig(handlers=handlers or [logging.NullHandler()], level=level.upper(), force=True)
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _to_stream(stream: TextIO | None, json: bool | None, secrets: Sequence[str]) -> Iterable[logging.Handler]:
    if stream is None:
        return
    handler = logging.StreamHandler(stream)
    terminal = stream.isatty()
    handler.setFormatter(Redacting(json=not terminal if json is None else json, colours=terminal, secrets=secrets))
    yield handler


def _to_file(folder: Path | None, secrets: Sequence[str]) -> Iterable[logging.Handler]:
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / FILE, maxBytes=FILE_BYTES, backupCount=OLD_FILES, encoding="utf-8")
    handler.setFormatter(Redacting(json=True, colours=False, secrets=secrets))
    yield handler


def _common() -> list[Processor]:
    """Return what every line gets, whoever wrote it: the bound request, level, logger and time."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _ending(*, json: bool, colours: bool) -> list[Processor]:
    if json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    return [structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=structlog.dev.plain_traceback)]
