"""What a workspace can do, as far as it is known: what was refused once is not tried again for a while."""

from __future__ import annotations

import time

LACKS = frozenset(
    {
        "access_denied",
        "deprecated_endpoint",
        "enterprise_is_restricted",
        "ekm_access_denied",
        "feature_not_enabled",
        "method_deprecated",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "paid_only",
        "team_access_not_granted",
        "unknown_method",
    }
)
"""What Slack says where a workspace or an app cannot do something at all."""

PASSING = frozenset(
    {
        "fatal_error",
        "internal_error",
        "invalid_thread_ts",
        "message_not_found",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "thread_not_found",
        "user_not_found",
    }
)
"""What it says where another request may fare better."""

INVALID = frozenset({"invalid_blocks", "invalid_blocks_format", "invalid_arguments", "unsupported_block_type"})
"""What it says to blocks that it does not know."""

LONG = frozenset({"msg_too_long", "msg_blocks_too_long"})

BELIEVED_SECONDS = 3_600.0


class Fallbacks:
    """Remembers refusals, for an hour each: an app may be given more meanwhile."""

    def __init__(self) -> None:
        """Begin without any."""
        self._lacking: dict[tuple[str, ...], float] = {}

    def lacks(self, *what: str) -> bool:
        """Whether something was refused lately: a workspace, or a channel of it, and what it cannot do."""
        return time.monotonic() - self._lacking.get(what, -BELIEVED_SECONDS) < BELIEVED_SECONDS

    def note(self, *what: str) -> None:
        """Remember that something was refused."""
        self._lacking[what] = time.monotonic()
