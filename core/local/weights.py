"""Weights on this machine's disk, in the cache that all Hugging Face libraries share."""

from __future__ import annotations

from pathlib import Path

from core.errors import NotAvailable
from core.weights.layout import Repo


def folder_of(model: str, revision: str = "") -> Path:
    """Return the folder of a downloaded model, at ``revision`` or the newest one here. Never goes to the network.

    The library's own ``snapshot_download`` would not do: it takes a model for incomplete that was fetched in one of
    the formats its repository has, and not in all of them.

    Raises NotAvailable where it is not here.
    """
    from huggingface_hub import constants

    repo = Repo(Path(constants.HF_HUB_CACHE), model)
    commit = repo.commit(revision)
    if commit is None:
        raise NotAvailable(f"The weights of “{model}” are not on this machine.")
    return repo.snapshot(commit)
