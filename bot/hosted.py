"""Hosted inference, where the settings say how it is reached."""

from __future__ import annotations

from bot.settings import Settings
from core.executors.hosted import Hosted
from core.registry import Registry
from core.remote.terms import HUB, ROUTER, Terms


def make_hosted(settings: Settings, registry: Registry) -> Hosted | None:
    """Return the place for hosted inference; None without a token, or a router of one's own that may need none."""
    token = settings.hf_token.get_secret_value()
    if not token and not settings.hf_router_url:
        return None
    return Hosted(
        registry,
        Terms(
            token=token,
            endpoint=settings.hf_endpoint.rstrip("/") or HUB,
            router=settings.hf_router_url.rstrip("/") or ROUTER,
        ),
        slots=settings.remote_jobs,
        providers=settings.hf_providers,
        keep_media=settings.keep_media_local,
        file=settings.data_dir / "hosted-models.json",
    )
