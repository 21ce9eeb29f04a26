"""What the children that ask hosted inference know: the token, and where requests go. Nobody else is told."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.remote.servers import Server

HUB = "https://huggingface.co"
ROUTER = "https://router.huggingface.co"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Addresses without a slash at the end; the token is never shown."""

    token: str = field(default="", repr=False)
    endpoint: str = HUB
    router: str = ROUTER
    servers: tuple[Server, ...] = ()

    def environment(self) -> dict[str, str]:
        """Return what a child's environment holds. No library reads the token by itself: it is given to no one else."""
        return {
            "JARVIS_HF_TOKEN": self.token,
            "JARVIS_HF_ROUTER": self.router.rstrip("/") or ROUTER,
            "JARVIS_MODEL_SERVERS": json.dumps([server.plain() for server in self.servers]),
            "HF_ENDPOINT": self.endpoint.rstrip("/") or HUB,
            "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        }


def terms_here(environment: Mapping[str, str] = os.environ) -> Terms:
    """Return the terms of this child."""
    return Terms(
        token=environment.get("JARVIS_HF_TOKEN", ""),
        endpoint=environment.get("HF_ENDPOINT", HUB),
        router=environment.get("JARVIS_HF_ROUTER", ROUTER),
        servers=tuple(_server(row) for row in json.loads(environment.get("JARVIS_MODEL_SERVERS", "[]"))),
    )


def _server(row: Mapping[str, Any]) -> Server:
    return Server(**{**row, "does": tuple((task, model) for task, model in row["does"])})
