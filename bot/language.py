"""Which language models are asked, and within which bounds, as the settings say."""

from __future__ import annotations

from typing import NamedTuple

from bot.settings import Settings
from core.controllers.chat.endpoint import OPENAI, Bounds, Endpoint, Price


class Mind(NamedTuple):
    """Who does what."""

    plans: Endpoint
    answers: Endpoint
    selects: Endpoint


def minds(settings: Settings) -> list[Mind]:
    """Return the first to be asked, then who stands in. Empty: nobody is set."""
    main = endpoint(settings, "openai")
    if main is None:
        return []
    first = Mind(*(_role(settings, role, main) for role in ("plan", "respond", "select")))
    second = _role(settings, "fallback", main)
    return [first] if second == main else [first, Mind(second, second, second)]


def endpoint(settings: Settings, prefix: str) -> Endpoint | None:
    """Return the endpoint that the settings ``prefix`` name; None where there is neither address nor key."""
    key = getattr(settings, f"{prefix}_api_key").get_secret_value()
    base, model = getattr(settings, f"{prefix}_base_url"), getattr(settings, f"{prefix}_model")
    return Endpoint(base_url=base or OPENAI, api_key=key, model=model) if key or base else None


def _role(settings: Settings, role: str, main: Endpoint) -> Endpoint:
    """Return the endpoint of a role: its own; or the main one, with the role's model where that alone is set."""
    own = endpoint(settings, f"openai_{role}")
    model = getattr(settings, f"openai_{role}_model")
    if own is None:
        return Endpoint(base_url=main.base_url, api_key=main.api_key, model=model or main.model)
    if getattr(settings, f"openai_{role}_base_url"):
        return own
    return Endpoint(base_url=main.base_url, api_key=own.api_key, model=model or main.model)


def bounds(settings: Settings) -> Bounds:
    """Return the bounds of asking."""
    return Bounds(
        context_tokens=settings.openai_context_tokens,
        first_seconds=float(settings.openai_first_seconds),
        pause_seconds=float(settings.openai_pause_seconds),
        candidates=settings.openai_candidates,
        candidate_chars=settings.openai_candidate_chars,
        prices={model: Price(tokens_in, tokens_out) for model, tokens_in, tokens_out in settings.openai_prices},
    )
