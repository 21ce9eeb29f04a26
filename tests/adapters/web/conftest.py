from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.adapters.web.house import House


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A running house whose every request is one word."""
    async with House().open() as opened:
        yield opened


@pytest.fixture
async def client(house: House) -> AsyncIterator[httpx.AsyncClient]:
    """A program that calls the house."""
    async with httpx.AsyncClient(base_url=house.url, timeout=20) as opened:
        yield opened
