"""Qwen-Image-Edit: a pipeline whose reader sees the picture, too, and could take films apart."""

import json
from pathlib import Path

import pytest
import torch

from core.local.pipelines import Base
from tests import samples
from tests.tiny.networks import libraries
from tests.tiny.tokenizers import chat

pytestmark = pytest.mark.slow

SIGNS = {
    "vision_start_token_id": "<|vision_start|>",
    "vision_end_token_id": "<|vision_end|>",
    "image_token_id": "<|image_pad|>",
    "video_token_id": "<|video_pad|>",
}
SEEING = {
    "image_processor_type": "Qwen2VLImageProcessor",
    "processor_class": "Qwen2VLProcessor",
    "size": {"shortest_edge": 3136, "longest_edge": 12845056},
    "patch_size": 14,
    "temporal_patch_size": 2,
    "merge_size": 2,
}
INDEX = {
    "_class_name": "QwenImageEditPlusPipeline",
    "_diffusers_version": "0.36.0.dev0",
    "processor": ["transformers", "Qwen2VLProcessor"],
    "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"],
    "text_encoder": ["transformers", "Qwen2_5_VLForConditionalGeneration"],
    "tokenizer": ["transformers", "Qwen2Tokenizer"],
    "transformer": ["diffusers", "QwenImageTransformer2DModel"],
    "vae": ["diffusers", "AutoencoderKLQwenImage"],
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Write a tiny Qwen-Image-Edit, with the settings of a part for films beside its processor's."""
    d, t = libraries()
    words = chat(*SIGNS.values())
    rope = {"rope_type": "default", "mrope_section": [1, 1, 2], "rope_theta": 1e6}
    read = {"vocab_size": len(words), "hidden_size": 16, "intermediate_size": 32, "rope_parameters": rope}
    seen = {"depth": 1, "hidden_size": 16, "intermediate_size": 32, "num_heads": 2, "out_hidden_size": 16}
    heads = {"num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 2}
    signs = {name: words.convert_tokens_to_ids(sign) for name, sign in SIGNS.items()}
    reader = t.Qwen2_5_VLConfig(text_config={**read, **heads}, vision_config=seen, **signs)
    network = d.QwenImageTransformer2DModel(
        num_layers=1, attention_head_dim=16, num_attention_heads=2, joint_attention_dim=16, axes_dims_rope=(4, 6, 6)
    )
    parts = {
        "tokenizer": words,
        "processor": words,
        "scheduler": d.FlowMatchEulerDiscreteScheduler(),
        "text_encoder": t.Qwen2_5_VLForConditionalGeneration(reader),
        "transformer": network,
        "vae": d.AutoencoderKLQwenImage(base_dim=4, dim_mult=[1, 1, 1, 1], num_res_blocks=1),
    }
    for name, part in parts.items():
        part.save_pretrained(tmp_path / name)
    films = {"video_processor_type": "Qwen2VLVideoProcessor"}
    (tmp_path / "processor/preprocessor_config.json").write_text(json.dumps(SEEING))
    (tmp_path / "processor/video_preprocessor_config.json").write_text(json.dumps(films))
    (tmp_path / "model_index.json").write_text(json.dumps(INDEX))
    return tmp_path


def test_a_processor_for_pictures_does_not_want_what_films_need(repository: Path) -> None:
    """The library's own wants torchvision for films. Pictures and words are read without it."""
    pipe = Base(repository, "cpu", torch.float32).pipe
    prompt = "<|vision_start|><|image_pad|><|vision_end|>make it red"
    read = pipe.processor(text=[prompt], images=[samples.photo(56, 56)], return_tensors="pt")
    assert (read["input_ids"] == pipe.text_encoder.config.image_token_id).sum() == 4  # one for each 28 x 28 pixels
    with torch.inference_mode():
        assert torch.isfinite(pipe.text_encoder(**read).logits).all()
