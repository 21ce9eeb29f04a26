"""Tiny models: pictures by diffusion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.tiny.builder import tiny
from tests.tiny.networks import WIDTHS, libraries, text_config, text_encoder, unet, vae
from tests.tiny.tokenizers import clip

CONTROLLED = tuple(
    f"{name}-text-to-image" for name in ("canny", "hed", "mlsd", "openpose", "normal", "scribble", "depth", "seg")
)
SETTINGS = {"steps": 3, "guidance": 7.5, "width": 64, "height": 64}


@tiny("stable-diffusion", "text-to-image", ("image-to-image", "text-to-image"), settings=SETTINGS)
def stable_diffusion(folder: Path) -> None:
    """Write Stable Diffusion 1.x without a safety checker."""
    d, _ = libraries()
    d.StableDiffusionPipeline(**_stable_parts(), **_UNCHECKED).save_pretrained(folder)


@tiny("stable-diffusion-checked", "text-to-image", settings=SETTINGS)
def stable_diffusion_checked(folder: Path) -> None:
    """Write Stable Diffusion 1.x with a safety checker that lets no picture pass."""
    d, t = libraries()
    eyes = t.CLIPVisionConfig(
        hidden_size=16, intermediate_size=32, num_hidden_layers=1, num_attention_heads=2, image_size=32, patch_size=16
    )
    checker = d.pipelines.stable_diffusion.StableDiffusionSafetyChecker(
        t.CLIPConfig(vision_config=eyes.to_dict(), projection_dim=16)
    )
    checker.concept_embeds_weights.data.fill_(-2.0)  # less than any likeness there is
    processor = t.CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=32)
    parts = {"safety_checker": checker.eval(), "feature_extractor": processor}
    d.StableDiffusionPipeline(**_stable_parts(), **parts).save_pretrained(folder)


@tiny("stable-diffusion-xl", "text-to-image", settings={**SETTINGS, "steps": 2})
def stable_diffusion_xl(folder: Path) -> None:
    """Write Stable Diffusion XL: two text encoders, and sizes told to the network."""
    d, t = libraries()
    tokenizer = clip()
    second = t.CLIPTextModelWithProjection(text_config(tokenizer)).eval()
    network = unet(
        cross_attention_dim=32,  # both encoders' features side by side
        addition_embed_type="text_time",
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=6 * 8 + 16,
    )
    d.StableDiffusionXLPipeline(
        vae=vae(),
        text_encoder=text_encoder(tokenizer),
        text_encoder_2=second,
        tokenizer=tokenizer,
        tokenizer_2=clip(),
        unet=network,
        scheduler=d.EulerDiscreteScheduler(),
    ).save_pretrained(folder)


@tiny("instruct-pix2pix", ("image-to-image", "instruct-pix2pix"), settings={**SETTINGS, "image_guidance": 1.5})
def instruct_pix2pix(folder: Path) -> None:
    """Write InstructPix2Pix: its network sees the picture beside the noise."""
    d, _ = libraries()
    d.StableDiffusionInstructPix2PixPipeline(**_stable_parts(in_channels=8), **_UNCHECKED).save_pretrained(folder)


@tiny("controlnet", *CONTROLLED, settings=SETTINGS, parts={"base": "tiny/stable-diffusion"})
def controlnet(folder: Path) -> None:
    """Write a control network; its last layers are zero in a new one, so they are filled as training does."""
    import torch

    d, _ = libraries()
    made: Any = d.ControlNetModel(
        block_out_channels=WIDTHS,
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        cross_attention_dim=16,
        attention_head_dim=2,
        norm_num_groups=4,
        conditioning_embedding_out_channels=(4, 8),
    )
    with torch.no_grad():
        for parameter in made.parameters():
            if not parameter.any():
                torch.nn.init.normal_(parameter, std=0.1)
    made.save_pretrained(folder)


_UNCHECKED: dict[str, Any] = {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}


def _stable_parts(**network: Any) -> dict[str, Any]:
    d, _ = libraries()
    tokenizer = clip()
    scheduler = d.DDIMScheduler(steps_offset=1, clip_sample=False, set_alpha_to_one=False)
    return {
        "vae": vae(),
        "text_encoder": text_encoder(tokenizer),
        "tokenizer": tokenizer,
        "unet": unet(**network),
        "scheduler": scheduler,
    }
