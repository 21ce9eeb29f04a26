"""Weights on this machine's disk, in the cache that all Hugging Face libraries share."""

from __future__ import annotations

from pathlib import Path

from core.errors import NotAvailable


def folder_of(model: str, revision: str = "") -> Path:
    """Return the folder of a downloaded model, at ``revision`` or the newest one here. Never goes to the network.

    Raises NotAvailable where it is not here.
    """
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return Path(snapshot_download(model, revision=revision or None, local_files_only=True))
    except LocalEntryNotFoundError:
        raise NotAvailable(f"The weights of “{model}” are not on this machine.") from None
