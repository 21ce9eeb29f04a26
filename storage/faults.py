"""What the database and the disk report, in words for people. The one place where their errors are translated."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from core.errors import StoreFailed

LOCKED = "The database is held by another program. Please try again in a moment."
CLOSED = "The database file cannot be opened: its folder is missing, or JARVIS may not write there."
READ_ONLY = "The database cannot be written: its file or folder is read-only."
FULL = "The disk is full, so nothing can be stored. Free some space and try again."
DAMAGED = "The database file is damaged, or is no database. Put back a copy, or move it away to start afresh."
BARE = "The database lacks a table this version needs. Set it up with: python -m bot migrate"
DISK = "The disk under the database reports errors."
GONE = "The database server does not answer. Please try again in a moment."
DENIED = "The database server refuses the name, the password or the database in DATABASE_URL."
OTHER = "The database cannot be used. The details are in the log."

SQLITE = {
    "BUSY": LOCKED,
    "LOCKED": LOCKED,
    "CANTOPEN": CLOSED,
    "READONLY": READ_ONLY,
    "FULL": FULL,
    "CORRUPT": DAMAGED,
    "NOTADB": DAMAGED,
    "IOERR": DISK,
}
"""By the second word of SQLite's name for the error, e.g. SQLITE_IOERR_WRITE."""

POSTGRES = {"53100": FULL, "42P01": BARE, "42703": BARE, "3D000": DENIED, "28P01": DENIED, "28000": DENIED}
"""By SQLSTATE."""

FILES = {
    errno.ENOSPC: "The disk is full: {what} cannot be written. Free some space and try again.",
    errno.EDQUOT: "The disk is full: {what} cannot be written. Free some space and try again.",
    errno.EACCES: "JARVIS may not use {what}: permission denied.",
    errno.EPERM: "JARVIS may not use {what}: permission denied.",
    errno.EROFS: "{what} is read-only.",
    errno.ENOENT: "{what} is missing.",
    errno.ENOTDIR: "A file stands where {what} should be.",
    errno.EEXIST: "A file stands where {what} should be.",
}


@contextmanager
def told() -> Iterator[None]:
    """Turn what the database raises into StoreFailed; a taken key (IntegrityError) is for the caller."""
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise StoreFailed(words_for_database(error.orig)) from error
    except (PoolTimeoutError, OSError) as error:
        raise StoreFailed(GONE) from error


@contextmanager
def told_of(what: str) -> Iterator[None]:
    """Turn the disk's errors into StoreFailed; ``what`` names what was used, e.g. "the media folder"."""
    try:
        yield
    except OSError as error:
        sentence = FILES.get(error.errno or 0, "{what} cannot be used. The details are in the log.").format(what=what)
        raise StoreFailed(sentence[0].upper() + sentence[1:]) from error


def words_for_database(error: BaseException | None) -> str:
    """Return the sentence for an error of the database's driver."""
    state = str(getattr(error, "sqlstate", None) or "")
    if state:
        return POSTGRES.get(state) or (GONE if state.startswith(("08", "57P")) else OTHER)
    if str(error).startswith(("no such table", "no such column")):
        return BARE
    name = str(getattr(error, "sqlite_errorname", ""))
    return SQLITE.get(name.split("_")[1], OTHER) if "_" in name else OTHER
