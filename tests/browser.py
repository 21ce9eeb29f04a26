"""Whether this machine can drive a browser. ``python -m tests.browser`` asks for ./scripts/test."""

import shutil
import sys
from functools import cache
from pathlib import Path

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


if __name__ == "__main__":
    sys.exit(chromium() is None)
