"""How Discord says no."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A request that Discord refuses, with its status and error code."""

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} {code}: {message} {errors or ''}")
        self.status = status
        self.body = {"message": message, "code": code, **({"errors": errors} if errors else {})}


def invalid(field: str, code: str, message: str) -> Refused:
    """Return the refusal of a body with a wrong field."""
    return Refused(400, 50035, "Invalid Form Body", {field: {"_errors": [{"code": code, "message": message}]}})


def unknown(what: str) -> Refused:
    """Return the refusal for something that is not there."""
    return Refused(404, CODES[what], f"Unknown {what}")


CODES = {
    "Channel": 10003,
    "Guild": 10004,
    "Member": 10007,
    "Message": 10008,
    "User": 10013,
    "Webhook": 10015,
    "Interaction": 10062,
}
MISSING_ACCESS = Refused(403, 50001, "Missing Access")
MISSING_PERMISSIONS = Refused(403, 50013, "Missing Permissions")
NOT_THE_AUTHOR = Refused(403, 50005, "Cannot edit a message authored by another user")
EMPTY = Refused(400, 50006, "Cannot send an empty message")
TOO_LARGE = Refused(413, 40005, "Request entity too large")
THREAD_EXISTS = Refused(400, 160004, "A thread has already been created for this message")
NO_HISTORY = Refused(400, 160002, "You cannot reply without permission to read message history")
ALREADY_ANSWERED = Refused(400, 40060, "Interaction has already been acknowledged.")
NO_DIRECT = Refused(403, 50007, "Cannot send messages to this user")
OLD_EDITS = Refused(429, 30046, "Maximum number of edits to messages older than 1 hour reached. Try again later.")
BAD_TOKEN = Refused(401, 50027, "Invalid Webhook Token")
FOLLOW_UPS = Refused(400, 40094, "This interaction has reached the maximum number of follow-up messages")
ARCHIVED = Refused(400, 50083, "Thread is archived")
LOCKED = Refused(403, 160005, "This thread is locked")
NO_TEXT = Refused(400, 50008, "Cannot send messages in a non-text channel")
NOT_THERE = Refused(400, 50024, "Cannot execute action on this channel type")
