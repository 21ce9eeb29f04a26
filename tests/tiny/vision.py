"""Tiny models: vision. Those that also read or write words are in the files beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.tiny.builder import labels, save, tiny

SIDE = 32  # pixels of the pictures they look at

VIT: dict[str, Any] = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 64,
    "image_size": SIDE,
    "patch_size": 8,
}
"""A vision transformer of 16 patches."""


def size() -> dict[str, int]:
    """Return the size of pictures as image processors ask for it."""
    return {"height": SIDE, "width": SIDE}


@tiny("vit", "image-classification")
def vit(folder: Path) -> None:
    """Classify after ViT."""
    from transformers import ViTConfig, ViTForImageClassification, ViTImageProcessorPil

    config = ViTConfig(**VIT, **labels(*(f"thing {number}" for number in range(12))))
    save(folder, ViTForImageClassification(config), ViTImageProcessorPil(size=size()))


@tiny("resnet-tags", "image-classification")
def resnet_tags(folder: Path) -> None:
    """Classify after ResNet, with labels of which several may be true."""
    from transformers import ConvNextImageProcessorPil, ResNetConfig, ResNetForImageClassification

    config = ResNetConfig(
        embedding_size=8,
        hidden_sizes=[8, 16],
        depths=[1, 1],
        layer_type="basic",
        problem_type="multi_label_classification",
        **labels("sun", "sea", "sand"),
    )
    processor = ConvNextImageProcessorPil(size={"shortest_edge": 48}, crop_pct=0.875)
    save(folder, ResNetForImageClassification(config), processor)


@tiny("nsfw", "image-safety")
def nsfw(folder: Path) -> None:
    """Take for unsafe what is red through and through: it sees the mean colour, and has no other thought."""
    import torch
    from transformers import ConvNextImageProcessorPil, ResNetConfig, ResNetForImageClassification

    config = ResNetConfig(
        embedding_size=3,
        hidden_sizes=[3],
        depths=[1],
        layer_type="basic",
        downsample_in_first_stage=False,
        **labels("normal", "nsfw"),
    )
    model = ResNetForImageClassification(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():  # what is not a colour comes to nothing
            if "convolution" in name:
                parameter.zero_()
        for colour in range(3):
            model.resnet.embedder.embedder.convolution.weight[colour, colour, 3, 3] = 1.0
        model.classifier[-1].weight.copy_(torch.tensor([[0.0, 0.0, 0.0], [20.0, -20.0, -20.0]]))
        model.classifier[-1].bias.copy_(torch.tensor([0.0, -10.0]))
    processor = ConvNextImageProcessorPil(
        size={"shortest_edge": 48}, crop_pct=0.875, image_mean=[0.0] * 3, image_std=[1.0] * 3
    )
    save(folder, model, processor)


@tiny("detr", "object-detection")
def detr(folder: Path) -> None:
    """Detect after DETR: pictures keep their proportions. Its queries say "person" at times."""
    import torch
    from transformers import DetrConfig, DetrForObjectDetection, DetrImageProcessorPil

    model = DetrForObjectDetection(DetrConfig(**_detr_parts(), num_queries=8, **labels("person", "dog", "car")))
    with torch.no_grad():
        _spread(model.model.query_position_embeddings, model.model.decoder)
        model.class_labels_classifier.weight.mul_(30)
        model.class_labels_classifier.bias.copy_(torch.tensor([3.0, -4.0, 0.0, -4.0]))
        for layer in model.bbox_predictor.layers:
            layer.weight.mul_(6)
    save(folder, model, DetrImageProcessorPil(size={"shortest_edge": 64, "longest_edge": 96}))


@tiny("yolos", "object-detection")
def yolos(folder: Path) -> None:
    """Detect after YOLOS."""
    import torch
    from transformers import YolosConfig, YolosForObjectDetection, YolosImageProcessorPil

    vit = {**VIT, "image_size": [SIDE, SIDE]}
    config = YolosConfig(**vit, num_detection_tokens=10, **labels("cat", "dog", "car"))
    model = YolosForObjectDetection(config)
    with torch.no_grad():  # its queries would all say the same
        model.vit.embeddings.detection_tokens.normal_()
        model.class_labels_classifier.layers[-1].weight.mul_(20)
    save(folder, model, YolosImageProcessorPil(size={"shortest_edge": 64, "longest_edge": 160}))


@tiny("rt-detr", "object-detection")
def rt_detr(folder: Path) -> None:
    """Detect after RT-DETR: pictures are squeezed into a square."""
    from transformers import RTDetrConfig, RTDetrForObjectDetection, RTDetrImageProcessorPil, RTDetrResNetConfig

    backbone = RTDetrResNetConfig(
        embedding_size=8,
        hidden_sizes=[8, 16, 16, 32],
        depths=[1, 1, 1, 1],
        layer_type="basic",
        out_features=["stage2", "stage3", "stage4"],
    )
    config = RTDetrConfig(
        backbone_config=backbone,
        encoder_hidden_dim=32,
        encoder_in_channels=[16, 16, 32],
        encoder_ffn_dim=32,
        encoder_attention_heads=2,
        d_model=32,
        num_queries=12,
        decoder_in_channels=[32, 32, 32],
        decoder_ffn_dim=32,
        decoder_layers=1,
        decoder_attention_heads=2,
        num_denoising=0,
        **labels("cat", "dog", "car"),
    )
    processor = RTDetrImageProcessorPil(size={"height": 64, "width": 64})
    save(folder, RTDetrForObjectDetection(config), processor)


def _spread(queries: Any, decoder: Any) -> None:
    """Let each query of a model with random weights see something else: they would all say the same."""
    queries.weight.mul_(8)
    for name, parameter in decoder.named_parameters():
        if "attn" in name and name.endswith("weight") and "norm" not in name:
            parameter.mul_(20)


def _detr_parts() -> dict[str, Any]:
    from transformers import ResNetConfig

    backbone = ResNetConfig(
        embedding_size=8, hidden_sizes=[8, 16, 16, 32], depths=[1, 1, 1, 1], layer_type="basic", out_features=["stage4"]
    )
    return {
        "backbone_config": backbone,
        "d_model": 32,
        "encoder_layers": 1,
        "decoder_layers": 1,
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 2,
        "encoder_ffn_dim": 64,
        "decoder_ffn_dim": 64,
    }


@tiny("segformer", "image-segmentation", "seg-control")
def segformer(folder: Path) -> None:
    """Segment after SegFormer: each pixel has a label."""
    from transformers import SegformerConfig, SegformerForSemanticSegmentation, SegformerImageProcessorPil

    config = SegformerConfig(
        depths=[1, 1],
        hidden_sizes=[16, 32],
        num_encoder_blocks=2,
        num_attention_heads=[1, 2],
        sr_ratios=[2, 1],
        patch_sizes=[7, 3],
        strides=[4, 2],
        mlp_ratios=[2, 2],
        decoder_hidden_size=32,
        **labels("wall", "floor", "person", "bed ", "unicorn"),
    )
    processor = SegformerImageProcessorPil(size={"height": 64, "width": 64})
    save(folder, SegformerForSemanticSegmentation(config), processor)


@tiny("maskformer", "image-segmentation", "seg-control")
def maskformer(folder: Path) -> None:
    """Segment after MaskFormer: things, and stuff around them."""
    import torch
    from transformers import (
        DetrConfig,
        MaskFormerConfig,
        MaskFormerForInstanceSegmentation,
        MaskFormerImageProcessorPil,
        SwinConfig,
    )

    config = MaskFormerConfig(
        backbone_config=SwinConfig(
            image_size=64,
            patch_size=4,
            embed_dim=8,
            depths=[1, 1, 1, 1],
            num_heads=[1, 2, 2, 2],
            window_size=2,
            out_features=["stage1", "stage2", "stage3", "stage4"],
        ),
        decoder_config=DetrConfig(
            d_model=32, decoder_layers=1, decoder_attention_heads=2, decoder_ffn_dim=64, num_queries=3
        ),
        fpn_feature_size=32,
        mask_feature_size=32,
        **labels("sky", "person", "dog"),
    )
    model = MaskFormerForInstanceSegmentation(config)
    with torch.no_grad():
        decoder = model.model.transformer_module
        _spread(decoder.queries_embedder, decoder.decoder)
        model.class_predictor.weight.mul_(30)
        model.class_predictor.bias.copy_(torch.tensor([0.0, 0.0, 0.0, -30.0]))
    save(folder, model, MaskFormerImageProcessorPil(size={"shortest_edge": 64, "longest_edge": 96}))


@tiny("dpt", "depth-estimation", "depth-control", "normal-control")
def dpt(folder: Path) -> None:
    """Estimate nearness after DPT."""
    from transformers import DPTConfig, DPTForDepthEstimation, DPTImageProcessorPil

    config = DPTConfig(**_dpt_parts(), is_hybrid=False)
    save(folder, DPTForDepthEstimation(config), DPTImageProcessorPil(size=size()))


def _dpt_parts() -> dict[str, Any]:
    return {
        **VIT,
        "num_hidden_layers": 4,
        "backbone_out_indices": [0, 1, 2, 3],
        "neck_hidden_sizes": [8, 8, 16, 16],
        "fusion_hidden_size": 16,
    }


@tiny("zoedepth", "depth-estimation", "depth-control", "normal-control")
def zoedepth(folder: Path) -> None:
    """Estimate distances in metres after ZoeDepth."""
    from transformers import (
        BeitConfig,
        ZoeDepthConfig,
        ZoeDepthForDepthEstimation,
        ZoeDepthImageProcessorPil,
    )

    backbone = BeitConfig(
        image_size=SIDE,
        patch_size=8,
        hidden_size=32,
        num_hidden_layers=4,
        num_attention_heads=2,
        intermediate_size=64,
        out_indices=[1, 2, 3, 4],
        reshape_hidden_states=False,
    )
    config = ZoeDepthConfig(
        backbone_config=backbone,
        backbone_hidden_size=32,
        neck_hidden_sizes=[8, 8, 16, 16],
        fusion_hidden_size=16,
        bottleneck_features=16,
        num_attractors=[4, 2, 2, 1],
        bin_embedding_dim=16,
        num_relative_features=16,
        bin_configurations=[{"n_bins": 4, "min_depth": 0.001, "max_depth": 10.0, "name": "nyu"}],
    )
    processor = ZoeDepthImageProcessorPil(size={"height": 64, "width": 64})
    save(folder, ZoeDepthForDepthEstimation(config), processor)


@tiny("swin2sr", ("image-to-image", "super-resolution"))
def swin2sr(folder: Path) -> None:
    """Enlarge twice after Swin2SR."""
    from transformers import Swin2SRConfig, Swin2SRForImageSuperResolution, Swin2SRImageProcessorPil

    config = Swin2SRConfig(
        image_size=16,
        patch_size=1,
        embed_dim=16,
        depths=[1, 1],
        num_heads=[2, 2],
        window_size=8,
        upscale=2,
        upsampler="pixelshuffle",
    )
    save(folder, Swin2SRForImageSuperResolution(config), Swin2SRImageProcessorPil(pad_size=8))


@tiny("videomae", "video-classification")
def videomae(folder: Path) -> None:
    """Classify films after VideoMAE."""
    from transformers import VideoMAEConfig, VideoMAEForVideoClassification, VideoMAEImageProcessorPil

    config = VideoMAEConfig(**VIT, num_frames=4, tubelet_size=2, **labels("running", "cooking", "singing"))
    processor = VideoMAEImageProcessorPil(size={"shortest_edge": SIDE}, crop_size=size())
    save(folder, VideoMAEForVideoClassification(config), processor)


@tiny("timesformer", "video-classification")
def timesformer(folder: Path) -> None:
    """Classify films after TimeSformer."""
    from transformers import TimesformerConfig, TimesformerForVideoClassification, VideoMAEImageProcessorPil

    config = TimesformerConfig(**VIT, num_frames=4, **labels("running", "cooking", "singing"))
    processor = VideoMAEImageProcessorPil(size={"shortest_edge": SIDE}, crop_size=size())
    save(folder, TimesformerForVideoClassification(config), processor)
