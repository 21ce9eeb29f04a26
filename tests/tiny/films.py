"""Tiny models: films by diffusion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.tiny.builder import tiny
from tests.tiny.networks import WIDTHS, libraries, text_encoder, vae
from tests.tiny.tokenizers import clip, t5

SETTINGS = {"steps": 2, "guidance": 5.0, "width": 48, "height": 32, "frames": 5, "fps": 8}


@tiny("wan", "text-to-video", "image-to-video", settings=SETTINGS)
def wan(folder: Path) -> None:
    """Write Wan 2.2 in the form that starts from a text or from a picture with the same weights."""
    d, _ = libraries()
    d.WanPipeline(**_wan_parts(in_channels=16), expand_timesteps=True).save_pretrained(folder)


@tiny("wan-image-to-video", "image-to-video", settings=SETTINGS)
def wan_image_to_video(folder: Path) -> None:
    """Write Wan 2.2 in the form that sees the first picture beside the noise."""
    d, _ = libraries()
    d.WanImageToVideoPipeline(**_wan_parts(in_channels=36)).save_pretrained(folder)


@tiny(
    "ltx", "text-to-video", "image-to-video", settings={**SETTINGS, "width": 64, "height": 64, "frames": 9, "fps": 24}
)
def ltx(folder: Path) -> None:
    """Write LTX-Video, whose latents stand for 32 x 32 pixels."""
    d, t = libraries()
    tokenizer = t5()
    network = d.LTXVideoTransformer3DModel(
        in_channels=8,
        out_channels=8,
        num_attention_heads=2,
        attention_head_dim=8,
        cross_attention_dim=16,
        num_layers=1,
        caption_channels=16,
    )
    decoder = d.AutoencoderKLLTXVideo(
        latent_channels=8,
        block_out_channels=(8, 8, 8, 8),
        decoder_block_out_channels=(8, 8, 8, 8),
        layers_per_block=(1, 1, 1, 1, 1),
        decoder_layers_per_block=(1, 1, 1, 1, 1),
    )
    d.LTXPipeline(
        scheduler=d.FlowMatchEulerDiscreteScheduler(),
        vae=decoder,
        text_encoder=t.T5EncoderModel(_t5_config(tokenizer)).eval(),
        tokenizer=tokenizer,
        transformer=network,
    ).save_pretrained(folder)


@tiny(
    "stable-video-diffusion", "image-to-video", settings={"steps": 2, "width": 64, "height": 32, "frames": 4, "fps": 7}
)
def stable_video_diffusion(folder: Path) -> None:
    """Write Stable Video Diffusion: it takes a picture and no words."""
    d, t = libraries()
    eyes = t.CLIPVisionConfig(
        hidden_size=16,
        projection_dim=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        patch_size=56,
    )
    network = d.UNetSpatioTemporalConditionModel(
        sample_size=32,
        down_block_types=("CrossAttnDownBlockSpatioTemporal", "DownBlockSpatioTemporal"),
        up_block_types=("UpBlockSpatioTemporal", "CrossAttnUpBlockSpatioTemporal"),
        block_out_channels=(32, 32),
        addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=24,
        layers_per_block=1,
        cross_attention_dim=16,
        num_attention_heads=2,
        num_frames=4,
    )
    decoder = d.AutoencoderKLTemporalDecoder(
        down_block_types=("DownEncoderBlock2D", "DownEncoderBlock2D"),
        block_out_channels=(32, 32),
        sample_size=64,
    )
    d.StableVideoDiffusionPipeline(
        vae=decoder,
        image_encoder=t.CLIPVisionModelWithProjection(eyes).eval(),
        unet=network,
        scheduler=d.EulerDiscreteScheduler(
            prediction_type="v_prediction",
            timestep_type="continuous",
            use_karras_sigmas=True,
            sigma_min=0.002,
            sigma_max=700.0,
            timestep_spacing="leading",
            steps_offset=1,
        ),
        feature_extractor=t.CLIPImageProcessorPil(crop_size=224, size={"shortest_edge": 224}),
    ).save_pretrained(folder)


@tiny("cogvideox-image-to-video", "image-to-video", settings=SETTINGS)
def cogvideox_image_to_video(folder: Path) -> None:
    """Write CogVideoX in the form that has learned the places of one size and knows no other."""
    d, t = libraries()
    tokenizer = t5()
    network = d.CogVideoXTransformer3DModel(
        num_attention_heads=2,
        attention_head_dim=16,
        in_channels=8,
        out_channels=4,
        time_embed_dim=2,
        text_embed_dim=16,
        num_layers=1,
        sample_width=6,
        sample_height=4,
        sample_frames=5,
        max_text_seq_length=226,
        use_rotary_positional_embeddings=True,
        use_learned_positional_embeddings=True,
    )
    decoder = d.AutoencoderKLCogVideoX(
        down_block_types=("CogVideoXDownBlock3D",) * 4,
        up_block_types=("CogVideoXUpBlock3D",) * 4,
        block_out_channels=(8, 8, 8, 8),
        latent_channels=4,
        layers_per_block=1,
        norm_num_groups=2,
    )
    d.CogVideoXImageToVideoPipeline(
        tokenizer=tokenizer,
        text_encoder=t.T5EncoderModel(_t5_config(tokenizer)).eval(),
        vae=decoder,
        transformer=network,
        scheduler=d.CogVideoXDDIMScheduler(),
    ).save_pretrained(folder)


@tiny("text-to-video-sd", "text-to-video", settings={**SETTINGS, "guidance": 9.0, "frames": 4})
def text_to_video_sd(folder: Path) -> None:
    """Write ModelScope's text-to-video, which diffusers keeps among its old pipelines."""
    d, _ = libraries()
    tokenizer = clip()
    network = d.UNet3DConditionModel(
        sample_size=32,
        down_block_types=("CrossAttnDownBlock3D", "DownBlock3D"),
        up_block_types=("UpBlock3D", "CrossAttnUpBlock3D"),
        block_out_channels=WIDTHS,
        layers_per_block=1,
        norm_num_groups=4,
        cross_attention_dim=16,
        attention_head_dim=4,
    )
    d.TextToVideoSDPipeline(
        vae=vae(),
        text_encoder=text_encoder(tokenizer),
        tokenizer=tokenizer,
        unet=network,
        scheduler=d.DDIMScheduler(steps_offset=1, clip_sample=False, set_alpha_to_one=False),
    ).save_pretrained(folder)


def _wan_parts(in_channels: int) -> dict[str, Any]:
    d, t = libraries()
    tokenizer = t5()
    network = d.WanTransformer3DModel(
        num_attention_heads=2,
        attention_head_dim=12,
        in_channels=in_channels,
        out_channels=16,
        text_dim=16,
        freq_dim=16,
        ffn_dim=32,
        num_layers=1,
        rope_max_seq_len=32,
    )
    network.blocks[0].attn2.to_out[0].weight.data.mul_(30)  # a prompt leaves its mark, though films are compressed
    return {
        "tokenizer": tokenizer,
        "text_encoder": t.UMT5EncoderModel(_t5_config(tokenizer, umt5=True)).eval(),
        "vae": d.AutoencoderKLWan(base_dim=4, dim_mult=[1, 1, 1, 1], num_res_blocks=1),
        "scheduler": d.UniPCMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, num_train_timesteps=1000, flow_shift=3.0
        ),
        "transformer": network,
    }


def _t5_config(tokenizer: Any, *, umt5: bool = False) -> Any:
    _, t = libraries()
    return (t.UMT5Config if umt5 else t.T5Config)(
        vocab_size=len(tokenizer),
        d_model=16,
        d_kv=8,
        d_ff=32,
        num_layers=1,
        num_heads=2,
        feed_forward_proj="gated-gelu",
    )
