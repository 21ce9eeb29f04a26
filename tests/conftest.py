"""What all tests share: one event loop library, the browser or a clear word about it, and long tests first."""

import os
import shutil

import pytest


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """JARVIS runs on asyncio."""
    return "asyncio"


def chromium() -> str | None:
    """The path of the machine's own Chromium; None leaves the choice to Playwright, which may have its own."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def chromium_path() -> str | None:
    """Where Chromium lies, as Playwright's ``executable_path``."""
    return chromium()


def playwright_has_chromium() -> bool:
    """Whether ``playwright install chromium`` was run on this machine."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return os.path.exists(playwright.chromium.executable_path)  # noqa: PTH110 - a plain question


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files with long tests first, so that no worker is left alone with one at the end."""
    long = {item.path for item in items if any(map(item.get_closest_marker, ("browser", "crash", "slow")))}
    items.sort(key=lambda item: item.path not in long)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a browser test where there is no browser; in CI, where nobody would notice, fail instead."""
    if item.get_closest_marker("browser") is None or chromium() or playwright_has_chromium():
        return
    why = "no Chromium on this machine: apt-get install chromium, or playwright install chromium"
    if os.environ.get("CI") == "true":
        pytest.fail(why, pytrace=False)
    pytest.skip(why)
