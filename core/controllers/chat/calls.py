"""Calls of tools, which some models write although none were offered: each means a task."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any


class Calls:
    """Takes the calls as they come: a name at first, then the arguments piece by piece."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}  # number of the call -> what is called
        self._args: dict[int, str] = {}  # the JSON that goes with it

    def take(self, deltas: Any) -> None:
        """Take in what a chunk tells. Nothing in it is believed."""
        for place, delta in enumerate(deltas if isinstance(deltas, list) else ()):
            index, function = getattr(delta, "index", None), getattr(delta, "function", None)
            number = index if isinstance(index, int) else place  # a reply in one piece has no need to count
            name, args = getattr(function, "name", None), getattr(function, "arguments", None)
            if isinstance(name, str) and name:
                self._names[number] = name
            if isinstance(args, str):
                self._args[number] = self._args.get(number, "") + args

    def text(self) -> str:
        """Return the calls as a plan is written; empty where there are none."""
        return "\n".join(self._tasks())

    def _tasks(self) -> Iterator[str]:
        for number, name in sorted(self._names.items()):
            yield json.dumps({"task": name, "args": self._args.get(number, "")}, ensure_ascii=False)
