from __future__ import annotations

import httpx
import pytest

from adapters.web.visitor import COOKIE, browser

pytestmark = pytest.mark.anyio


async def test_each_browser_gets_a_secret_once(client: httpx.AsyncClient) -> None:
    """The page sets a cookie that no script reads; whoever has one keeps it, and the API sets none."""
    first = await client.get("/")
    cookie = first.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "set-cookie" not in (await client.get("/")).headers
    async with httpx.AsyncClient(base_url=client.base_url) as stranger:
        assert "set-cookie" not in (await stranger.get("/healthz")).headers
        assert (await stranger.get("/")).headers["set-cookie"] != cookie


def test_who_a_browser_is_does_not_let_anybody_in() -> None:
    """The name under which conversations are kept is not the secret, and a made-up secret is none."""
    secret = "0123456789abcdef" * 2
    name = browser({COOKIE: secret})
    assert name is not None
    assert secret not in name
    assert browser({COOKIE: name}) != name
    for wrong in ("", "x", "../..", secret + "0", secret.upper()):
        assert browser({COOKIE: wrong}) is None
