"""A place for hosted inference whose far end is a router of this process."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.core.hosted.far import Far, far


@pytest.fixture(scope="module")
async def world() -> AsyncIterator[Far]:
    """One place, asked by several tests; each begins with nothing wrong and nothing asked."""
    async with far() as there:
        yield there


@pytest.fixture
def there(world: Far) -> Far:
    """The place as if it had just been opened."""
    world.router.heal()
    world.router.requests.clear()
    return world
