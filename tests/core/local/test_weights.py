"""Where experts find the weights of their models."""

from pathlib import Path

import pytest
from anyio import to_thread
from huggingface_hub import constants, snapshot_download

from core.errors import NotAvailable
from core.local.weights import folder_of
from tests.core.weights.downloads import model
from tests.simulators.hub import Hub
from tests.simulators.repository import Repository

pytestmark = pytest.mark.anyio


async def test_a_model_that_came_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a repository with many formats, another program has fetched one: that is enough."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    repository = Repository(id="org/model", folder=model(tmp_path / "hub", size=1000))
    async with Hub([repository]) as hub:
        got = await to_thread.run_sync(
            lambda: snapshot_download("org/model", endpoint=hub.url, allow_patterns=["*.json", "*.safetensors"])
        )
    assert folder_of("org/model") == Path(got)
    assert folder_of("org/model", repository.sha) == Path(got)


@pytest.mark.parametrize("revision", ["", "v1", "1" * 40])
def test_a_model_that_is_not_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, revision: str) -> None:
    """It is told in a sentence, and nobody is asked for it."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(NotAvailable, match="org/none"):
        folder_of("org/none", revision)
