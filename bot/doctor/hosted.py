"""Hosted inference: whether the Hugging Face token is taken and may ask, and whether named model servers answer."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp

from bot.doctor.accounts import FORMS
from bot.doctor.finding import Finding, broken, note, ok
from bot.servers import servers_of
from bot.settings import Settings
from core.errors import BadSetting
from core.protocol import models_in
from core.remote.servers import TEI, Server
from core.remote.terms import HUB

NAME = "hosted inference"
MAKE = "make one at https://huggingface.co/settings/tokens"
MAY_ASK = "inference.serverless.write"
"""The permission of fine-grained tokens that the Hub calls "Make calls to Inference Providers"."""

SECONDS = 10.0


async def token(settings: Settings) -> AsyncIterator[Finding]:
    """Ask the Hub whose token it is, where one is set, and what it may do."""
    secret = settings.hf_token.get_secret_value()
    if not secret:
        yield ok(NAME, f"no HF_TOKEN is set, so nobody is asked; {MAKE}.")
        return
    if not re.fullmatch(FORMS["hf_token"][0], secret) or settings.hf_hub_offline:
        return  # said elsewhere, or not to be asked
    base = (settings.hf_endpoint or HUB).rstrip("/")
    status, told = await _get(f"{base}/api/whoami-v2", secret)
    match status:
        case 0:
            yield note(NAME, f"{base} does not answer, so HF_TOKEN could not be checked.")
        case 401 | 403:
            yield broken(NAME, f"{base} refuses HF_TOKEN: it was revoked, or has run out; {MAKE}.")
        case 200 if isinstance(told, Mapping):
            yield _permitted(told)
        case _:
            yield note(NAME, f"{base} answers with error {status}, so HF_TOKEN could not be checked.")


def _permitted(told: Mapping[str, Any]) -> Finding:
    """Say whose token it is, and whether it may ask hosted inference."""
    name, fine = told.get("name", "somebody"), _fine_grained(told)
    if fine is None or any(MAY_ASK in scope.get("permissions", ()) for scope in fine):
        return ok(NAME, f"the Hub takes HF_TOKEN: {name}.")
    words = f"the Hub takes HF_TOKEN ({name}), but it may not ask: allow “Make calls to Inference Providers” for it."
    return broken(NAME, words)


def _fine_grained(told: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    """Return the scopes of a fine-grained token; None for one that may do whatever its owner may."""
    access = (told.get("auth") or {}).get("accessToken") or {}
    if access.get("role") != "fineGrained":
        return None
    return list((access.get("fineGrained") or {}).get("scoped") or ())


async def servers(settings: Settings) -> AsyncIterator[Finding]:
    """Ask each model server what it serves."""
    try:
        named = servers_of(settings)
    except BadSetting as error:
        yield broken("model servers", error.message)
        return
    if not named:
        yield ok("model servers", "none are named in MODEL_SERVERS.")
    for server in named:
        yield await _server(server)


async def _server(server: Server) -> Finding:
    name = f"model server {server.name}"
    status, told = await _get(f"{server.url}/{'info' if server.protocol == TEI else 'models'}", server.key)
    match status:
        case 0:
            return broken(name, f"{server.url} does not answer. Is MODEL_SERVERS right, and the server running?")
        case 401 | 403:
            return broken(name, f"{server.url} refuses the key. Check MODEL_SERVER_KEYS.")
        case 404:
            ending = "is it one of text-embeddings-inference?" if server.protocol == TEI else "usually ends in /v1."
            return broken(name, f"{server.url} does not tell what it serves: its address {ending}")
        case 200 if (models := _models(server, told)) is not None:
            return _serving(server, name, models)
        case _:
            return broken(name, f"{server.url} answers with error {status}, or not as such a server does.")


def _models(server: Server, told: Any) -> list[str] | None:
    """Return what a server serves; None where it does not tell as such a server does."""
    if server.protocol == TEI:
        return [str(told.get("model_id"))] if isinstance(told, Mapping) else None
    try:
        return [model["id"] for model in models_in(told)]
    except ValueError:
        return None


def _serving(server: Server, name: str, models: list[str]) -> Finding:
    lacking = sorted({model for _, model in server.does} - set(models))
    if lacking:
        return note(name, f"{server.url} answers, but does not name {', '.join(lacking)} among its models.")
    where = "files may go there" if server.own else "it counts as hosted inference"
    return ok(name, f"{server.url} serves {len(models)} model{'' if len(models) == 1 else 's'}; {where}.")


async def _get(url: str, key: str) -> tuple[int, Any]:
    """Return status and JSON of an answer; status 0 where there is none, None for what is no JSON."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS), headers=headers) as session,
            session.get(url) as answer,
        ):
            try:
                return answer.status, await answer.json(content_type=None)
            except ValueError:
                return answer.status, None
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return 0, None
