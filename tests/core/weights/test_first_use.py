"""A model that is not on this machine is asked for: it comes from the local Hub, is loaded, and works."""

from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from core.errors import NotAvailable
from core.executors.pool import Pool
from core.ports import Job
from core.types import Place
from core.weights.store import Terms, Weights
from tests.core.weights.downloads import Told, download_pool
from tests.simulators.hub import Hub
from tests.simulators.repository import Repository
from tests.tiny.builder import REVISION
from tests.tiny.zoo import hub_cache, registry

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

TASK, MODEL = "text-classification", "tiny/bert-sentiment"


async def test_a_task_brings_its_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One job: download with progress, load and run in a child that asks nobody, result. Then one that is pinned."""
    built = hub_cache(MODEL) / "models--tiny--bert-sentiment" / "snapshots" / REVISION
    repository = Repository(id=MODEL, folder=built, commit=REVISION)
    cache, told = tmp_path / "cache", Told()
    monkeypatch.setenv("HF_HUB_CACHE", str(cache))  # where the children look
    async with (
        Hub([repository]) as hub,
        download_pool() as downloads,
        Weights(cache, downloads, Terms(endpoint=hub.url, spare=0)) as weights,
        Pool(registry(), place=Place.LOCAL, types={TASK}, stock=weights) as pool,
    ):
        assert MODEL in {offer.model.id for offer in pool.offers()}
        job = Job(id="1", type=TASK, model=MODEL, inputs={"text": "What a lovely day"}, seconds=100)
        with anyio.fail_after(110):
            outputs = await pool.run(job, told)
            asked = len(hub.requests)
            again = await pool.run(job, told)
            assert len(hub.requests) == asked
            pinned = await pool.run(replace(job, revision=REVISION), told)
            with pytest.raises(NotAvailable, match="no such revision"):
                await pool.run(replace(job, revision="v9"), told)
        assert outputs["label"]
        assert pinned == outputs
        assert again == outputs
        assert weights.revision(registry().card(TASK, MODEL).model) == REVISION  # type: ignore[union-attr]
    assert any(note.startswith(f"Downloading {MODEL}") for _, note in told.all)
    assert set(hub.sent) == {
        f"{MODEL}/{path.relative_to(built).as_posix()}" for path in built.rglob("*") if path.is_file()
    }
