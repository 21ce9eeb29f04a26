"""Networks that tiny diffusion models are put together from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transformers import CLIPTokenizer

WIDTHS = (8, 16)
"""Channels of the two levels of each network."""


def libraries() -> tuple[Any, Any]:
    """Return diffusers and transformers, whose types say less than they do."""
    import diffusers
    import transformers

    return diffusers, transformers


def unet(**options: Any) -> Any:
    """Return the network of Stable Diffusion, two levels deep."""
    d, _ = libraries()
    return d.UNet2DConditionModel(
        block_out_channels=WIDTHS,
        layers_per_block=1,
        sample_size=32,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        **{"cross_attention_dim": 16, "attention_head_dim": 2, "norm_num_groups": 4, **options},
    )


def vae() -> Any:
    """Return an autoencoder that makes pictures half as large."""
    d, _ = libraries()
    return d.AutoencoderKL(
        block_out_channels=list(WIDTHS),
        down_block_types=["DownEncoderBlock2D", "DownEncoderBlock2D"],
        up_block_types=["UpDecoderBlock2D", "UpDecoderBlock2D"],
        latent_channels=4,
        norm_num_groups=4,
        sample_size=64,
    )


def text_encoder(tokenizer: CLIPTokenizer) -> Any:
    """Return the text half of CLIP."""
    _, t = libraries()
    return t.CLIPTextModel(text_config(tokenizer)).eval()


def text_config(tokenizer: CLIPTokenizer) -> Any:
    """Return the configuration of the text half of CLIP."""
    _, t = libraries()
    return t.CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        projection_dim=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
