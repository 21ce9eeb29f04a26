"""Weights in a single file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


def names_of(folder: Path) -> set[str]:
    """Return the names of all tensors in the safetensors of a folder; of other formats none."""
    from safetensors import safe_open

    names: set[str] = set()
    for file in folder.glob("*.safetensors"):
        with safe_open(file, "pt") as opened:
            names.update(opened.keys())
    return names


def read_weights(file: Path) -> Mapping[str, torch.Tensor]:
    """Read tensors from safetensors or from PyTorch's own format; the latter without running what a pickle may hold."""
    import torch

    if file.suffix == ".safetensors":
        from safetensors.torch import load_file

        return load_file(file)
    weights: Mapping[str, torch.Tensor] = torch.load(file, map_location="cpu", weights_only=True)
    return weights
