"""Whether this machine can drive a browser. ``python -m tests.browser`` asks for ./scripts/test."""

from __future__ import annotations

import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Browser

ARTIFACTS = Path(__file__).parents[1] / ".artifacts"
"""Where screenshots are left for CI to keep."""

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@cache
def chromium() -> str | None:
    """Where Chromium lies: the machine's own, else the one that Playwright downloaded; None if it cannot be driven."""
    from playwright.sync_api import sync_playwright

    try:
        with sync_playwright() as playwright:
            places = (*map(shutil.which, NAMES), playwright.chromium.executable_path)
    except Exception:  # noqa: BLE001 - Playwright's own program may lack a system library, and raises just that
        return None
    return next((place for place in places if place and Path(place).exists()), None)


@asynccontextmanager
async def browsing(path: str | None) -> AsyncIterator[Browser]:
    """A headless Chromium for as long as the block lasts."""
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


if __name__ == "__main__":
    sys.exit(chromium() is None)
