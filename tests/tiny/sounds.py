"""What tiny models that hear or sound share."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def library() -> Any:
    """Return transformers; half of its classes have no types."""
    import transformers

    return transformers


def tensors() -> Any:
    """Return PyTorch."""
    import torch

    return torch


def letters_in(folder: Path, specials: Sequence[str], letters: str) -> str:
    """Write a vocabulary of single letters and return its path."""
    path = folder / "vocab.json"
    path.write_text(json.dumps({token: number for number, token in enumerate([*specials, *letters])}))
    return str(path)


def small(**more: Any) -> dict[str, Any]:
    """Return the sizes that all encoders here share."""
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    return {**sizes, **more}


def ears() -> dict[str, Any]:
    """Return how wav2vec 2.0 and its kin listen: 320 samples a step, as the real ones."""
    return {
        "conv_dim": [16, 16, 16],
        "conv_kernel": [10, 8, 4],
        "conv_stride": [5, 8, 8],
        "num_feat_extract_layers": 3,
        "num_conv_pos_embeddings": 16,
        "num_conv_pos_embedding_groups": 2,
    }


def clap_sizes(vocabulary: int) -> Any:
    """Return the sizes of CLAP."""
    tr = library()
    words = tr.ClapTextConfig(
        **small(),
        vocab_size=vocabulary,
        max_position_embeddings=80,
        projection_dim=16,
        bos_token_id=0,
        pad_token_id=1,
        eos_token_id=2,
    )
    sounds = tr.ClapAudioConfig(
        num_mel_bins=16,
        spec_size=64,
        window_size=4,
        patch_size=4,
        patch_stride=[4, 4],
        patch_embeds_hidden_size=8,
        depths=[1, 1],
        num_attention_heads=[1, 2],
        hidden_size=16,
        num_classes=4,
        projection_dim=16,
        enable_fusion=False,
    )
    return tr.ClapConfig(text_config=words.to_dict(), audio_config=sounds.to_dict(), projection_dim=16)


def loud(vocoder: Any) -> Any:
    """Random weights hardly whisper."""
    with tensors().no_grad():
        vocoder.conv_post.weight *= 60_000
    return vocoder
