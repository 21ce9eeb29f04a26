"""Tiny models that hold pictures against words: whichever labels and things are named."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.tiny import tokenizers
from tests.tiny.builder import save, tiny
from tests.tiny.vision import SIDE, VIT, size


@tiny("clip", "zero-shot-image-classification")
def clip(folder: Path) -> None:
    """Compare pictures with sentences after CLIP."""
    from transformers import CLIPConfig, CLIPImageProcessorPil, CLIPModel, CLIPProcessor

    words = tokenizers.clip()
    config = CLIPConfig(text_config=_clip_text(words, 77), vision_config=VIT, projection_dim=16)
    processor = CLIPProcessor(CLIPImageProcessorPil(size={"shortest_edge": SIDE}, crop_size=size()), words)
    save(folder, CLIPModel(config), processor)


@tiny("siglip", "zero-shot-image-classification")
def siglip(folder: Path) -> None:
    """Compare pictures with sentences after SigLIP, which judges each sentence by itself."""
    from transformers import SiglipConfig, SiglipImageProcessorPil, SiglipModel

    words = tokenizers.t5(model_max_length=64)
    text = {**_clip_text(words, 64), "bos_token_id": 0, "projection_size": 32}
    config = SiglipConfig(text_config=text, vision_config=VIT)
    save(folder, SiglipModel(config), SiglipImageProcessorPil(size=size()), words)


def _clip_text(words: Any, longest: int) -> dict[str, Any]:
    return {
        "vocab_size": len(words),
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "max_position_embeddings": longest,
        "bos_token_id": words.bos_token_id,
        "eos_token_id": words.eos_token_id,
        "pad_token_id": words.pad_token_id,
    }


@tiny("owlvit", "zero-shot-object-detection")
def owlvit(folder: Path) -> None:
    """Find what is named after OWL-ViT."""
    from transformers import OwlViTConfig, OwlViTForObjectDetection, OwlViTImageProcessorPil, OwlViTProcessor

    words = tokenizers.clip(model_max_length=16)
    config = OwlViTConfig(text_config=_clip_text(words, 16), vision_config=VIT, projection_dim=32)
    processor = OwlViTProcessor(OwlViTImageProcessorPil(size=size(), crop_size=size()), words)
    save(folder, _calm(OwlViTForObjectDetection(config)), processor)


def _calm(model: Any) -> Any:
    """Let the boxes of a model with random weights stay near their patches, have some size, and be less than sure."""
    model.box_head.dense2.weight.data.mul_(0.01)
    model.class_head.logit_scale.weight.data.mul_(0.1)
    return model


@tiny("owlv2", "zero-shot-object-detection")
def owlv2(folder: Path) -> None:
    """Find what is named after OWLv2, which puts pictures into a square."""
    from transformers import Owlv2Config, Owlv2ForObjectDetection, Owlv2ImageProcessorPil, Owlv2Processor

    words = tokenizers.clip(model_max_length=16)
    config = Owlv2Config(text_config=_clip_text(words, 16), vision_config=VIT, projection_dim=32)
    save(folder, _calm(Owlv2ForObjectDetection(config)), Owlv2Processor(Owlv2ImageProcessorPil(size=size()), words))


@tiny("grounding-dino", ("zero-shot-object-detection", "grounding-dino"))
def grounding_dino(folder: Path) -> None:
    """Find what is named in one text after Grounding DINO."""
    from transformers import GroundingDinoConfig, GroundingDinoForObjectDetection

    config = GroundingDinoConfig(**_dino(), max_text_len=64)
    save(folder, GroundingDinoForObjectDetection(config), _dino_processor())


@tiny("mm-grounding-dino", ("zero-shot-object-detection", "grounding-dino"))
def mm_grounding_dino(folder: Path) -> None:
    """Find what is named after MM Grounding DINO, in files of 2025: nothing says that each layer has its heads."""
    from safetensors.torch import save_file
    from transformers import MMGroundingDinoConfig, MMGroundingDinoForObjectDetection

    shares = ("decoder_bbox_embed_share", "decoder_cls_embed_share")
    config = MMGroundingDinoConfig(**_dino(), max_text_len=64, **dict.fromkeys(shares, False))
    model = MMGroundingDinoForObjectDetection(config)
    for number, head in enumerate(model.class_embed):
        head.bias.data.fill_(-number)
    save(folder, model, _dino_processor())
    written = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({key: written[key] for key in written.keys() - set(shares)}))
    again = re.compile(r"(bbox_embed|class_embed)\.[1-9]|model\.decoder\.(bbox_embed|class_embed)\.0")
    weights = {name: value.clone() for name, value in model.state_dict().items() if not again.match(name)}
    save_file(weights, folder / "model.safetensors", {"format": "pt"})


def _dino() -> dict[str, Any]:
    from transformers import BertConfig, SwinConfig

    backbone = SwinConfig(
        image_size=64,
        patch_size=4,
        embed_dim=8,
        depths=[1, 1, 1, 1],
        num_heads=[1, 2, 2, 2],
        window_size=4,
        out_features=["stage2", "stage3", "stage4"],
    )
    text = BertConfig(
        vocab_size=len(tokenizers.bert()),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    return {
        "backbone_config": backbone,
        "text_config": text,
        "d_model": 32,
        "encoder_layers": 1,
        "encoder_ffn_dim": 32,
        "encoder_attention_heads": 2,
        "decoder_layers": 2,
        "decoder_ffn_dim": 32,
        "decoder_attention_heads": 2,
        "num_queries": 8,
    }


def _dino_processor() -> Any:
    from transformers import GroundingDinoImageProcessorPil, GroundingDinoProcessor

    pictures = GroundingDinoImageProcessorPil(size={"height": 128, "width": 128})
    return GroundingDinoProcessor(pictures, tokenizers.bert())
