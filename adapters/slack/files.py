"""Files that people attach in Slack: what a message promises, and how their bytes come here.

The bot's token goes to Slack's own file host and nowhere else, also where that host redirects.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.types import Attachment

SCHEME = "slack-file:"
"""How the address of a file starts that lies in Slack; workspace, a slash and the file's id follow."""


def promised(file: Mapping[str, Any], team: str) -> Attachment:
    """Return the promise that a file of a message is; what it really is, Slack tells when it is fetched."""
    number = str(file.get("id") or "")
    size = file.get("size")
    return Attachment(
        name=str(file.get("name") or file.get("title") or number or "file"),
        address=f"{SCHEME}{team}/{number}",
        mime=str(file.get("mimetype") or ""),
        size=size if isinstance(size, int) and size > 0 else None,
    )
