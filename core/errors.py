"""One tree of errors. The message of a JarvisError is the sentence the user reads."""

from __future__ import annotations

from core.characters import whole

_LONGEST = 4_000
"""Characters of a sentence: whoever says more, quotes."""


class JarvisError(Exception):
    """Root. Anything else that escapes is a bug, and the user only learns that there was one."""

    def __init__(self, message: str) -> None:
        """Take the sentence the user reads: plain words, no traceback, no secret."""
        told = whole(str(message))
        super().__init__(message)
        self.message = told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"


class BadInput(JarvisError):
    """What the person sent cannot be used; the message says why and what would work."""


class BadSetting(JarvisError):
    """A setting is wrong; the message names the variable."""


class NotAllowed(JarvisError):
    """An admin does not want this here, or not so much of it; the message says what and until when."""


class Busy(JarvisError):
    """A bounded queue is full; trying again later helps."""


class NotAvailable(JarvisError):
    """No place can run this task or model now."""


class ExpertFailed(JarvisError):
    """An expert could not do its work on this input."""


class Unsuited(ExpertFailed):
    """A model is not made for this input, a text in another language, say; another one may be."""


class Faulty(ExpertFailed):
    """A model failed by a fault of its own: a bug, a broken file, a result that is none; another one may do better."""


class OutOfMemory(ExpertFailed):
    """A model found too little memory, whatever was tried; a smaller one or another place may do it."""


class WorkerDied(JarvisError):
    """The process that ran a job was killed or crashed; the job may be tried elsewhere."""


class DeadlineExceeded(JarvisError):
    """Something took longer than it was allowed to."""


class Away(JarvisError):
    """A platform does not answer: nothing is wrong with what was asked of it, and trying again later helps."""


class ControllerFailed(JarvisError):
    """The controller could not plan or answer."""


class StoreFailed(JarvisError):
    """The database or the media store cannot be used: locked, missing, full, not writable."""


class LeaseLost(JarvisError):
    """Another worker took over this request; whoever sees this stops working on it without a word."""


class NotFound(JarvisError):
    """A request, artifact or model with this name does not exist."""


def words_for(error: BaseException) -> str:
    """Return the sentence a user may read about ``error``: its own if it is ours, else a general one."""
    if isinstance(error, BaseExceptionGroup):
        ours = [inner for inner in error.exceptions if isinstance(inner, JarvisError | BaseExceptionGroup)]
        return words_for(ours[0]) if ours else words_for(error.exceptions[0])
    if isinstance(error, JarvisError):
        return error.message
    if isinstance(error, TimeoutError):
        return "It took longer than it is allowed to."
    return "Something went wrong inside JARVIS. The details are in its log."
