"""Holistically-nested edge detection: the network that draws the outlines of things, as ControlNet knows them.

The layout of its weights (``ControlNetHED.pth`` of lllyasviel/Annotators) is that of ControlNet's Apache-licensed
version: five blocks of convolutions after VGG16, each of which draws outlines at half the size of the one before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import torch

Widths: TypeAlias = Sequence[Sequence[int]]
"""For each block the channels that go into it, and those that each of its convolutions makes."""

BLOCKS: Widths = ((3, 64, 64), (64, 128, 128), (128, 256, 256, 256), (256, 512, 512, 512), (512, 512, 512, 512))
"""Those of VGG16, and so of ControlNet's."""


def hed(blocks: Widths = BLOCKS) -> torch.nn.Module:
    """Return the network with weights of no meaning."""
    import torch
    from torch import nn

    network = nn.Module()
    network.norm = nn.Parameter(torch.zeros(1, 3, 1, 1))  # the mean colour
    for number, widths in enumerate(blocks, start=1):
        block = nn.Module()
        block.convs = nn.Sequential(*(nn.Conv2d(given, made, 3, padding=1) for given, made in pairwise(widths)))
        block.projection = nn.Conv2d(widths[-1], 1, 1)  # draws what the block sees
        network.add_module(f"block{number}", block)
    return network


def load_hed(file: Path) -> torch.nn.Module:
    """Read the network from a file of weights; how wide it is, they say themselves."""
    from core.local.tensors import read_weights

    weights = read_weights(file)
    network = hed(_widths(weights))
    network.load_state_dict(weights)
    return network


def _widths(weights: Mapping[str, torch.Tensor]) -> Widths:
    """Read how wide each block is off its weights."""
    blocks = []
    for number in range(1, len(BLOCKS) + 1):
        shapes = [weights[name].shape for name in _convolutions(weights, number)]
        blocks.append([*(shape[1] for shape in shapes[:1]), *(shape[0] for shape in shapes)])
    return blocks


def _convolutions(weights: Mapping[str, torch.Tensor], number: int) -> list[str]:
    return sorted(name for name in weights if name.startswith(f"block{number}.convs.") and name.endswith(".weight"))


def outlined(network: Any, pixels: torch.Tensor) -> torch.Tensor:
    """Return outlines (height, width) of 0 to 1 in pixels (1, 3, height, width) of 0 to 255: what five blocks draw."""
    import torch
    from torch.nn import functional

    seen, drawn = pixels - network.norm, []
    for number in range(1, len(BLOCKS) + 1):
        block = network.get_submodule(f"block{number}")
        if number > 1:
            seen = functional.max_pool2d(seen, 2)
        for convolution in block.convs:
            seen = functional.relu(convolution(seen))
        size = pixels.shape[-2:]
        drawn.append(functional.interpolate(block.projection(seen), size=size, mode="bilinear", align_corners=False))
    return torch.stack(drawn).mean(dim=0).sigmoid()[0, 0]
