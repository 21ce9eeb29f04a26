"""What is said about a file that cannot be used."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.events import Refused


def told(refused: Refused, shown: Callable[[str], str] = str) -> str:
    """Return why, in words that name the file once: most sentences about it do so themselves.

    ``shown`` gives its name the markup of where it is said.
    """
    name = shown(refused.name)
    named = re.compile(rf"(?<!\w){re.escape(refused.name)}(?!\w)")
    if refused.name and named.search(refused.why):
        return named.sub(lambda _: name, refused.why, count=1)
    return f"{name} cannot be used: {refused.why}"
