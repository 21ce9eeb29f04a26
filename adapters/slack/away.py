"""A Slack in trouble, told from one that refuses: the first is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from slack_sdk.errors import SlackApiError

from adapters.slack.errands import LOST, reason
from core.errors import Away

TROUBLE = frozenset(
    {"", "fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable", "team_added_to_org"}
)
"""What Slack says where it did not get to what was asked; mostly it then says nothing."""


@contextmanager
def away() -> Iterator[None]:
    """Turn what a Slack in trouble, or no Slack at all, raises into Away."""
    try:
        yield
    except LOST as error:
        why = reason(error)
        if isinstance(error, SlackApiError) and why not in TROUBLE:
            raise
        raise Away(f"Slack does not answer: {why or 'it has trouble of its own'}.") from error
