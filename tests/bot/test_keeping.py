"""The models' figures outlive the process, and nobody waits for that."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import anyio
import pytest

from bot.compose import compose
from bot.keeping import exchange, kept
from bot.settings import Settings
from core.errors import StoreFailed
from core.figures import Entries, Figure, Figures
from core.types import Place
from storage.memory import MemoryStore

pytestmark = pytest.mark.anyio

KEY = ("word", "org/x", Place.LOCAL)


async def test_figures_are_loaded_and_written_at_the_end() -> None:
    """A second life knows what the first one measured, and adds to it."""
    store = MemoryStore()
    for runs in (1, 2):
        async with kept(figures := Figures(), store.ledger):
            figures.note(*KEY, seconds=2.0)
            figures.note(*KEY, seconds=None)
            assert figures.of(*KEY).runs == 2 * runs
        assert (await store.ledger.read())[KEY] == Figure(runs=2 * runs, failures=runs, failed_in_a_row=1, seconds=2.0)


async def test_processes_learn_from_each_other() -> None:
    """What one measured, and what people said meanwhile, the other knows after a while; nothing is counted twice."""
    store = MemoryStore()
    async with kept(one := Figures(), store.ledger, pause=0.01), kept(two := Figures(), store.ledger, pause=0.01):
        one.note(*KEY, seconds=1.0)
        await store.ledger.add({KEY: Figure(up=1)})
        with anyio.fail_after(5):
            while two.of(*KEY) != Figure(runs=1, seconds=1.0, up=1):  # noqa: ASYNC110 - figures tell nobody
                await anyio.sleep(0.01)
        await anyio.sleep(0.05)
        assert two.of(*KEY) == one.of(*KEY) == Figure(runs=1, seconds=1.0, up=1)


class Full:
    """A store that cannot be written for a while."""

    def __init__(self) -> None:
        self.full = True
        self.store = MemoryStore()

    async def read(self) -> Entries:
        return await self.store.ledger.read()

    async def add(self, news: Entries) -> None:
        if self.full:
            raise StoreFailed("The disk is full.")
        await self.store.ledger.add(news)


async def test_what_cannot_be_written_is_written_later() -> None:
    """A full disk costs nothing but patience."""
    ledger, figures = Full(), Figures()
    for _ in range(2):
        figures.note(*KEY, seconds=1.0)
        await exchange(figures, cast("Any", ledger))
    assert figures.of(*KEY).runs == 2
    ledger.full = False
    figures.note(*KEY, seconds=None)
    await exchange(figures, cast("Any", ledger))
    assert await ledger.read() == {KEY: Figure(runs=3, failures=1, failed_in_a_row=1, seconds=1.0)}


async def test_what_the_block_raises_comes_out_as_it_is() -> None:
    """The keeping hides no error and wraps none."""
    with pytest.raises(ValueError, match="mine"):
        async with kept(Figures(), MemoryStore().ledger):
            raise ValueError("mine")


def test_liking_needs_more_than_one_voice() -> None:
    """Nobody's word is one half; few words stay close to it."""
    assert Figure().liking == 0.5
    assert Figure(up=1).liking < Figure(up=9, down=1).liking < 1
    assert Figure(down=3).liking < 0.5


@pytest.mark.slow
async def test_a_bot_that_starts_anew_knows_what_the_last_one_measured(tmp_path: Path) -> None:
    """The house keeps its orchestrator's figures."""
    settings = Settings(data_dir=tmp_path, cpu_workers=1)
    async with compose(settings) as house:
        house.orchestrator.figures.note(*KEY, seconds=2.0)
    async with compose(settings) as house:
        assert house.orchestrator.figures.of(*KEY) == Figure(runs=1, seconds=2.0)
