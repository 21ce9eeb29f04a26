"""JARVIS as its users have it: the real program, a real browser."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext

from tests.browser import browsing


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Where the program keeps its things."""
    return tmp_path / "data"


@pytest.fixture
async def chromium(chromium_path: str | None) -> AsyncIterator[Browser]:
    """A headless Chromium."""
    async with browsing(chromium_path) as browser:
        yield browser


@pytest.fixture
async def person(chromium: Browser) -> AsyncIterator[BrowserContext]:
    """Somebody's browser, with cookies of its own."""
    async with await chromium.new_context(viewport={"width": 1280, "height": 900}) as context:
        yield context
