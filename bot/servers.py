"""The model servers that the settings name."""

from __future__ import annotations

from dataclasses import replace

from bot.settings import Settings
from core.errors import BadSetting
from core.remote.servers import OPENAI, TEI, Server

HELP = "own, tei, voice=NAME or TASK=MODEL"


def servers_of(settings: Settings) -> tuple[Server, ...]:
    """Return the servers. Raises BadSetting."""
    found = {server.name: server for server in map(_server, settings.model_servers)}
    if len(found) < len(settings.model_servers):
        raise BadSetting("MODEL_SERVERS must give each server a name of its own.")
    keys = settings.server_keys
    if unknown := keys.keys() - found.keys():
        raise BadSetting(f"MODEL_SERVER_KEYS has a key for {min(unknown)}, which MODEL_SERVERS does not name.")
    return tuple(replace(server, key=keys.get(name, "")) for name, server in found.items())


def _server(line: str) -> Server:
    """Read a server: NAME=ADDRESS, then words about it. Raises BadSetting."""
    named, *words = line.split()
    name, _, url = named.partition("=")
    flags = {word for word in words if "=" not in word}
    pairs = [(one, value) for one, _, value in (word.partition("=") for word in words if word not in flags)]
    if wrong := [*sorted(flags - {"own", TEI}), *(one for one, value in pairs if not one or not value)]:
        raise BadSetting(f"MODEL_SERVERS: after the address of {name} may stand {HELP}, not {wrong[0]!r}.")
    return Server(
        name=name,
        url=url.rstrip("/"),
        protocol=TEI if TEI in flags else OPENAI,
        own="own" in flags,
        does=tuple(pair for pair in pairs if pair[0] != "voice"),
        voice=dict(pairs).get("voice", ""),
    )
