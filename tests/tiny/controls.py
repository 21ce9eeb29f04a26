"""Tiny models that draw control images: poses, and outlines at the size that they have."""

from __future__ import annotations

from pathlib import Path

from tests.tiny.builder import labels, save, tiny

SLIM = ((3, 4, 4), (4, 4, 4), (4, 8, 8, 8), (8, 8, 8, 8), (8, 8, 8, 8))
"""Channels of a HED of the right depth and hardly any width."""


@tiny("vitpose", "openpose-control", parts={"detector": "tiny/detr"})
def vitpose(folder: Path) -> None:
    """Find joints after ViTPose."""
    import torch
    from transformers import VitPoseBackboneConfig, VitPoseConfig, VitPoseForPoseEstimation, VitPoseImageProcessorPil

    backbone = VitPoseBackboneConfig(
        image_size=[64, 48],
        patch_size=[8, 8],
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        out_indices=[2],
    )
    joints = labels(*(f"joint {number}" for number in range(17)))
    config = VitPoseConfig(backbone_config=backbone, use_simple_decoder=True, scale_factor=4, **joints)
    model = VitPoseForPoseEstimation(config)
    with torch.no_grad():  # sure of its joints, or none would be drawn
        model.head.conv.weight.mul_(20)
        model.head.conv.bias.fill_(1.0)
    save(folder, model, VitPoseImageProcessorPil(size={"height": 64, "width": 48}))


@tiny("hed", "hed-control", "scribble-control", settings={"file": "hed.safetensors"})
def hed(folder: Path) -> None:
    """Draw outlines after HED, with the weights named as those of its authors."""
    from safetensors.torch import save_file

    from core.local.hed import hed as network

    save_file(network(SLIM).state_dict(), folder / "hed.safetensors")


@tiny("hed-pickle", "hed-control")
def hed_pickle(folder: Path) -> None:
    """Write the same in PyTorch's own format, under the name that its authors gave it."""
    import torch

    from core.local.hed import hed as network

    torch.save(network(SLIM).state_dict(), folder / "ControlNetHED.pth")


@tiny("mlsd", "mlsd-control")
def mlsd(folder: Path) -> None:
    """Find straight lines after M-LSD, in the format and under the name of its authors: it is small as it is."""
    import torch

    from core.local.mlsd import mlsd as network

    weights = network().state_dict()
    weights["block23.conv3.weight"] *= 300  # its lines would have no length
    torch.save(weights, folder / "mlsd_large_512_fp32.pth")
