"""M-LSD: the network that finds straight lines, after Gu and others, 2021.

The layout of its weights (``mlsd_large_512_fp32.pth`` of lllyasviel/Annotators) is that of the Apache-licensed PyTorch
version: the first layers of MobileNet V2, and blocks that join what five of them see, from coarse to fine.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import torch

LineSegment: TypeAlias = tuple[float, float, float, float]
"""From (x, y) to (x, y), in pixels of what the network was shown."""

RESIDUALS = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1))
"""MobileNet V2: how much wider a layer is inside, its channels, how many there are, the stride of the first."""

JOINED = (1, 3, 6, 10, 13)  # the layers whose views are joined
WIDE = 64  # channels of the joining blocks
MADE = 16  # channels that come out; the last nine are about lines, the first five of these are read
MOST = 200  # lines
SURE = 0.1  # score from which something is a line


def mlsd() -> torch.nn.Module:
    """Return the network with weights of no meaning."""
    from torch import nn

    network = nn.Module()
    network.backbone = nn.Module()
    network.backbone.features = nn.Sequential(*_mobilenet())
    coarse = 96
    for number, fine in zip((15, 17, 19, 21), (64, 32, 24, 16), strict=True):
        joint = nn.Module()
        joint.conv1, joint.conv2 = _layer(coarse, WIDE, 1), _layer(fine, WIDE, 1)
        network.add_module(f"block{number}", joint)
        mixed = nn.Module()
        mixed.conv1, mixed.conv2 = _layer(2 * WIDE, 2 * WIDE), _layer(2 * WIDE, WIDE)
        network.add_module(f"block{number + 1}", mixed)
        coarse = WIDE
    last = nn.Module()
    last.conv1, last.conv2 = _layer(WIDE, WIDE, spread=5), _layer(WIDE, WIDE)
    last.conv3 = nn.Conv2d(WIDE, MADE, 1)
    network.add_module("block23", last)
    return network


def load_mlsd(file: Path) -> torch.nn.Module:
    """Read the network from a file of weights."""
    from core.local.tensors import read_weights

    network = mlsd()
    network.load_state_dict(read_weights(file))
    return network


def seen(network: Any, pixels: torch.Tensor) -> torch.Tensor:
    """Return what the network sees in pixels (1, 4, height, width) of -1 to 1: (1, 9, height / 2, width / 2)."""
    import torch
    from torch.nn import functional

    views = [view for number, view in enumerate(_views(network, pixels)) if number in JOINED]
    joined = views.pop()
    for number in (15, 17, 19, 21):
        joint, mixed = network.get_submodule(f"block{number}"), network.get_submodule(f"block{number + 1}")
        coarse = joint.conv1(joined)
        if number > 15:  # the first two views have the same size
            coarse = functional.interpolate(coarse, scale_factor=2.0, mode="bilinear", align_corners=True)
        both = torch.cat([joint.conv2(views.pop()), coarse], dim=1)
        joined = mixed.conv2(mixed.conv1(both) + both)
    last = network.get_submodule("block23")
    made: torch.Tensor = last.conv3(last.conv2(last.conv1(joined)))
    return made[:, 7:]


def lines(sight: torch.Tensor) -> list[LineSegment]:
    """Return the lines in what the network sees, the surest first: a middle each, and the way to both ends."""
    from torch.nn import functional

    heat = sight[:, 0].sigmoid()
    peaks = heat * (functional.max_pool2d(heat, 3, stride=1, padding=1) == heat)
    scores, places = peaks.flatten().topk(min(MOST, peaks.numel()))
    width = heat.shape[-1]
    found = []
    for score, place in zip(scores.tolist(), places.tolist(), strict=True):
        y, x = divmod(place, width)
        left, top, right, bottom = sight[0, 1:5, y, x].tolist()
        if score > SURE and hypot(right - left, bottom - top) > SURE:
            found.append((2 * (x + left), 2 * (y + top), 2 * (x + right), 2 * (y + bottom)))
    return found


def _mobilenet() -> Iterator[torch.nn.Module]:
    """Yield the layers; the first one takes a fourth channel that is even everywhere."""
    from torch import nn

    yield _quick(4, 32, 3, 2)
    given = 32
    for wider, made, count, stride in RESIDUALS:
        for number in range(count):
            inside = given * wider
            layer = nn.Module()
            layer.conv = nn.Sequential(
                *([_quick(given, inside, 1)] if wider > 1 else []),
                _quick(inside, inside, 3, stride if number == 0 else 1, inside),
                nn.Conv2d(inside, made, 1, bias=False),
                nn.BatchNorm2d(made),
            )
            yield layer
            given = made


def _quick(given: int, made: int, kernel: int, stride: int = 1, groups: int = 1) -> torch.nn.Module:
    """Return MobileNet's convolution; with a stride it is padded by hand."""
    from torch import nn

    padding = 0 if stride == 2 else kernel // 2
    convolution = nn.Conv2d(given, made, kernel, stride, padding, groups=groups, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(made), nn.ReLU6())


def _layer(given: int, made: int, kernel: int = 3, spread: int = 1) -> torch.nn.Module:
    from torch import nn

    convolution = nn.Conv2d(given, made, kernel, padding=spread * (kernel // 2), dilation=spread)
    return nn.Sequential(convolution, nn.BatchNorm2d(made), nn.ReLU())


def _views(network: Any, pixels: torch.Tensor) -> Iterator[torch.Tensor]:
    """Yield what each layer of MobileNet sees."""
    view = pixels
    for layer in network.backbone.features:
        parts = getattr(layer, "conv", None)
        new = view
        for part in [layer] if parts is None else parts:
            new = part(_padded(part, new))
        view = view + new if new.shape == view.shape else new
        yield view


def _padded(part: Any, view: torch.Tensor) -> torch.Tensor:
    """Add a row below and a column on the right where a stride follows, as TensorFlow does."""
    from torch import nn
    from torch.nn import functional

    strides = isinstance(part, nn.Sequential) and part[0].stride == (2, 2)
    return functional.pad(view, (0, 1, 0, 1)) if strides else view
