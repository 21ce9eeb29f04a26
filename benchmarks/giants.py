"""Models as large as those that people use, with random weights: what costs time and memory is the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.contract import Model
from tests.tiny.builder import REVISION
from tests.tiny.diffusion import stable_diffusion, stable_diffusion_xl
from tests.tiny.tokenizers import clip


@dataclass(frozen=True, slots=True, kw_only=True)
class Giant:
    """One model to build: Stable Diffusion 1.5 or, where ``xl``, XL."""

    id: str
    xl: bool
    seed: int


GIANTS = (
    Giant(id="giant/sd", xl=False, seed=0),
    Giant(id="giant/xl-a", xl=True, seed=1),
    Giant(id="giant/xl-b", xl=True, seed=2),
)


def build(cache: str, device: str, *, tiny: bool, steps: int) -> list[Model]:
    """Write all of them as the Hub's cache keeps them, and return their rows of a catalogue."""
    return [_model(giant, _built(giant, Path(cache), device, tiny=tiny), tiny=tiny, steps=steps) for giant in GIANTS]


def folder_in(cache: str, model: str) -> Path:
    """Return where a model's files lie."""
    return Path(cache) / f"models--{model.replace('/', '--')}" / "snapshots" / REVISION


def _built(giant: Giant, cache: Path, device: str, *, tiny: bool) -> Path:
    import torch

    folder = folder_in(str(cache), giant.id)
    refs = folder.parent.parent / "refs"
    if (refs / "main").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(giant.seed)
    if tiny:
        (stable_diffusion_xl if giant.xl else stable_diffusion)(folder)
    else:
        before = torch.get_default_dtype()
        torch.set_default_dtype(torch.bfloat16)
        with torch.device(device):  # random numbers by the billion are quick on a GPU
            pipe = _xl() if giant.xl else _sd()
        torch.set_default_dtype(before)
        pipe.save_pretrained(folder)
    refs.mkdir(exist_ok=True)
    (refs / "main").write_text(REVISION)
    return folder


def _model(giant: Giant, folder: Path, *, tiny: bool, steps: int) -> Model:
    side = 64 if tiny else (1024 if giant.xl else 512)
    return Model(
        id=giant.id,
        revision=REVISION,
        library="diffusers",
        size=sum(file.stat().st_size for file in folder.rglob("*.safetensors")),
        settings={"steps": steps, "guidance": 7.5, "width": side, "height": side},
    )


def _sd() -> Any:
    d, _ = _libraries()
    return d.StableDiffusionPipeline(
        vae=_vae(0.18215),
        text_encoder=_text_encoder(768, 12, 12),
        tokenizer=clip(),
        unet=d.UNet2DConditionModel(sample_size=64, cross_attention_dim=768, attention_head_dim=8),
        scheduler=d.DDIMScheduler(steps_offset=1, clip_sample=False, set_alpha_to_one=False),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def _xl() -> Any:
    d, _ = _libraries()
    network = d.UNet2DConditionModel(
        sample_size=128,
        block_out_channels=(320, 640, 1280),
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
        transformer_layers_per_block=[1, 2, 10],
        attention_head_dim=[5, 10, 20],
        cross_attention_dim=2048,
        use_linear_projection=True,
        addition_embed_type="text_time",
        addition_time_embed_dim=256,
        projection_class_embeddings_input_dim=2816,
    )
    return d.StableDiffusionXLPipeline(
        vae=_vae(0.13025),
        text_encoder=_text_encoder(768, 12, 12),
        text_encoder_2=_text_encoder(1280, 32, 20, projected=True),
        tokenizer=clip(),
        tokenizer_2=clip(),
        unet=network,
        scheduler=d.DDIMScheduler(steps_offset=1, clip_sample=False, set_alpha_to_one=False),
    )


def _vae(scale: float) -> Any:
    d, _ = _libraries()
    return d.AutoencoderKL(
        block_out_channels=(128, 256, 512, 512),
        down_block_types=("DownEncoderBlock2D",) * 4,
        up_block_types=("UpDecoderBlock2D",) * 4,
        layers_per_block=2,
        latent_channels=4,
        scaling_factor=scale,
        sample_size=512,
    )


def _text_encoder(width: int, layers: int, heads: int, *, projected: bool = False) -> Any:
    _, t = _libraries()
    tokenizer = clip()
    config = t.CLIPTextConfig(
        vocab_size=49408,
        hidden_size=width,
        projection_dim=width,
        intermediate_size=4 * width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return (t.CLIPTextModelWithProjection if projected else t.CLIPTextModel)(config).eval()


def _libraries() -> tuple[Any, Any]:
    import diffusers
    import transformers

    return diffusers, transformers
