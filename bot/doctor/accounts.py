"""What was set: names that are none, keys and tokens, and whether the language model answers."""

from __future__ import annotations

import difflib
import re
from collections.abc import AsyncIterator

import aiohttp
import anyio
from pydantic import SecretStr

from bot.doctor.finding import Finding, broken, note, ok
from bot.language import minds
from bot.settings import Settings
from core.controllers.chat.endpoint import Endpoint

FORMS = {
    "hf_token": (r"hf_\w{20,}", "starts with hf_; make one at https://huggingface.co/settings/tokens"),
    "discord_token": (r"[\w-]{20,}\.[\w-]{4,}\.[\w-]{20,}", "has three parts with dots between them"),
    "slack_bot_token": (r"xoxb-[\w-]{10,}", "starts with xoxb-"),
    "slack_app_token": (r"xapp-[\w-]{10,}", "starts with xapp-"),
    "slack_signing_secret": (r"[0-9a-f]{32}", "is 32 hexadecimal digits"),
}
"""What tokens look like, and how to say it."""


async def names(_settings: Settings) -> AsyncIterator[Finding]:
    """Check .env for names that are no settings."""
    file = anyio.Path(".env")
    if not await file.exists():
        yield ok("settings", "no .env here: everything is at its default, or set in the environment.")
        return
    written = re.findall(r"^\s*(?:export\s+)?(\w+)\s*=", await file.read_text(encoding="utf-8"), re.MULTILINE)
    known = [name.upper() for name in Settings.model_fields]
    unknown = [name for name in written if name.upper() not in known]
    for name in unknown:
        close = difflib.get_close_matches(name.upper(), known, n=1)
        hint = f" Did you mean {close[0]}?" if close else ""
        yield note("settings", f"{name} in .env is no setting of JARVIS.{hint}")
    if not unknown:
        yield ok("settings", f"{len(written)} read from .env.")


async def tokens(settings: Settings) -> AsyncIterator[Finding]:
    """Check the form of tokens that are set; nobody is asked whether they are valid."""
    for name, (pattern, form) in FORMS.items():
        secret = getattr(settings, name)
        if not isinstance(secret, SecretStr) or not secret.get_secret_value():
            continue
        if re.fullmatch(pattern, secret.get_secret_value()):
            yield ok(name.upper(), "looks right.")
        else:
            yield broken(name.upper(), f"does not look right: such a token {form}.")


async def language_model(settings: Settings) -> AsyncIterator[Finding]:
    """Check that the language models answer, where any is set."""
    asked = [one for mind in minds(settings) for one in mind]
    if not asked:
        yield ok("language model", "none is set, so built-in rules plan and answer.")
    for one in dict.fromkeys(asked):
        yield await _asked(one)


async def _asked(endpoint: Endpoint) -> Finding:
    name, base = "language model", endpoint.base_url.rstrip("/")
    headers = {"Authorization": f"Bearer {endpoint.api_key}"} if endpoint.api_key else {}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10), headers=headers) as session,
            session.get(f"{base}/models") as answer,
        ):
            status, text = answer.status, await answer.text(errors="replace")
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return broken(name, f"{base} does not answer. Is OPENAI_BASE_URL right, and the server running?")
    return _told(name, base, status, f'"{endpoint.model}"' in text or not endpoint.model)


def _told(name: str, base: str, status: int, known: bool) -> Finding:
    match status:
        case 401 | 403:
            return broken(name, f"{base} refuses the key. Check OPENAI_API_KEY.")
        case 404:
            return broken(name, f"{base} has no list of models. OPENAI_BASE_URL usually ends in /v1.")
        case _ if status >= 400:
            return broken(name, f"{base} answers with error {status}.")
        case _ if not known:
            return note(name, f"{base} answers, but its list of models lacks the one that is set. Check OPENAI_MODEL.")
        case _:
            return ok(name, f"{base} answers.")
