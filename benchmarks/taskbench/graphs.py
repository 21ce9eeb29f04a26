"""From a request of the benchmark to a plan of ours, and from that to a graph in the benchmark's terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from benchmarks.taskbench.tools import TOOLS, TYPES, tool_for
from bot.planning import Planner, stand_in
from core.contract import Model
from core.errors import BadInput
from core.limits import Limits
from core.ports import Controller, Offer
from core.registry import Registry
from core.types import Artifact, Json, Mode, Place

_FILE = re.compile(r"[\w-]{1,80}\.\w{2,4}\b")
_ATTACHMENT = re.compile(r"<attachment-(\d+)>")
_RESOURCE = re.compile(r"<resource-(\d+)")


def planner(controller: Controller) -> Planner:
    """Return a planner that may use every tool of the benchmark, as if each could be run."""
    offers = [Offer(type=name, model=Model(id=name), place=Place.LOCAL) for name in sorted(TYPES)]
    registry = Registry.discover()
    return Planner(registry=registry, controller=controller, offers=offers, mode=Mode.HYBRID, limits=Limits())


async def graph(planner: Planner, request: str) -> list[dict[str, Json]]:
    """Return the nodes [{"task", "arguments"}] planned for a request. Raises JarvisError."""
    files = files_in(request)
    found = await planner.plan(request, files)
    tasks: Any = found["tasks"]
    return nodes(tasks, [file.name for file in files])


def files_in(request: str) -> list[Artifact]:
    """Return stand-ins for the files that a request names: here nothing is attached, names are all there is."""
    return list(_stand_ins(dict.fromkeys(_FILE.findall(request))))


def _stand_ins(names: Mapping[str, None]) -> Iterator[Artifact]:
    for name in names:
        try:
            yield stand_in(name)
        except BadInput:  # no file after all: "e.g.", "example.com"
            continue


def nodes(tasks: Sequence[Mapping[str, Any]], files: Sequence[str]) -> list[dict[str, Json]]:
    """Return tasks [{"id", "task", "args"}] as nodes: arguments are literals, file names or ``<node-j>``."""
    places = {task["id"]: place for place, task in enumerate(tasks)}
    return [_node(task["task"], task["args"], files, places) for task in tasks]


def _node(type_: str, args: Mapping[str, Json], files: Sequence[str], places: Mapping[int, int]) -> dict[str, Json]:
    tool = tool_for(type_, args)
    values = [value for name in TOOLS[tool].args for value in _parts(args.get(name))]
    return {"task": tool, "arguments": [_written(value, files, places) for value in values]}


def _parts(value: Json) -> list[Json]:
    return list(value) if isinstance(value, list) else [] if value is None else [value]


def _written(value: Json, files: Sequence[str], places: Mapping[int, int]) -> str:
    text = str(value)
    if found := _RESOURCE.match(text):
        return f"<node-{places[int(found.group(1))]}>"
    if found := _ATTACHMENT.fullmatch(text):
        return files[int(found.group(1))]
    return text


def links(planned: Sequence[Mapping[str, Any]]) -> list[Json]:
    """Return the edges [source tool, target tool] of a graph."""
    return [
        [planned[int(argument[6:-1])]["task"], node["task"]]
        for node in planned
        for argument in node["arguments"]
        if argument.startswith("<node-")
    ]
