"""Tiny models that make music and sounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.tiny import tokenizers
from tests.tiny.builder import save, tiny
from tests.tiny.sounds import clap_sizes, library, loud


@tiny("musicgen", "text-to-audio")
def musicgen(folder: Path) -> None:
    """MusicGen of two voices, mono."""
    _musicgen(folder, channels=1)


@tiny("musicgen-stereo", "text-to-audio")
def musicgen_stereo(folder: Path) -> None:
    """MusicGen that writes left and right in turn."""
    _musicgen(folder, channels=2)


def _musicgen(folder: Path, channels: int) -> None:
    tr = library()
    tokenizer = tokenizers.t5()
    reader = tr.T5Config(vocab_size=len(tokenizer), d_model=32, d_kv=8, d_ff=64, num_layers=1, num_heads=4)
    codec = tr.EncodecConfig(
        num_filters=4,
        num_residual_layers=1,
        upsampling_ratios=[8, 8, 5],
        hidden_size=16,
        codebook_size=16,
        codebook_dim=16,
        target_bandwidths=[0.4],
        sampling_rate=16_000,
        num_lstm_layers=1,
    )
    writer = tr.MusicgenDecoderConfig(
        vocab_size=16,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        ffn_dim=64,
        num_codebooks=2 * channels,
        audio_channels=channels,
        pad_token_id=16,
        bos_token_id=16,
        max_position_embeddings=2_048,
    )
    model = tr.MusicgenForConditionalGeneration(
        tr.MusicgenConfig(text_encoder=reader, audio_encoder=codec, decoder=writer)
    )
    model.generation_config = tr.GenerationConfig(
        decoder_start_token_id=16, pad_token_id=16, bos_token_id=16, do_sample=True, guidance_scale=3.0, max_length=1500
    )
    save(folder, model, tokenizer)


@tiny("audioldm2", ("text-to-audio", "diffusers"), settings={"steps": 4})
def audio_ldm2(folder: Path) -> None:
    """AudioLDM 2: two readers, a language model between them, diffusion over a spectrogram, a vocoder."""
    import diffusers as df

    tr = library()
    words, more_words = tokenizers.roberta(), tokenizers.t5()
    latent: dict[str, Any] = {"block_out_channels": (8, 16), "layers_per_block": 1, "norm_num_groups": 8}
    unet = df.AudioLDM2UNet2DConditionModel(
        **latent,
        sample_size=8,
        in_channels=4,
        out_channels=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=(8, 16),
    )
    vae = df.AutoencoderKL(
        **latent,
        in_channels=1,
        out_channels=1,
        latent_channels=4,
        down_block_types=("DownEncoderBlock2D", "DownEncoderBlock2D"),
        up_block_types=("UpDecoderBlock2D", "UpDecoderBlock2D"),
    )
    reader = tr.T5Config(vocab_size=len(more_words), d_model=32, d_kv=8, d_ff=64, num_layers=1, num_heads=4)
    language = tr.GPT2Config(n_embd=16, n_head=1, n_layer=1, vocab_size=100, n_ctx=512, n_positions=512)
    language.max_new_tokens = 8
    vocoder = tr.SpeechT5HifiGanConfig(
        model_in_dim=8,
        sampling_rate=16_000,
        upsample_initial_channel=16,
        upsample_rates=[10, 16],
        upsample_kernel_sizes=[20, 32],
        resblock_kernel_sizes=[3],
        resblock_dilation_sizes=[[1, 3]],
        normalize_before=False,
    )
    pipe = df.AudioLDM2Pipeline(
        vae=vae,
        text_encoder=tr.ClapModel(clap_sizes(len(words))),
        text_encoder_2=tr.T5EncoderModel(reader),
        projection_model=df.AudioLDM2ProjectionModel(text_encoder_dim=16, text_encoder_1_dim=32, langauge_model_dim=16),
        language_model=tr.GPT2LMHeadModel(language),
        tokenizer=words,
        tokenizer_2=more_words,
        feature_extractor=tr.ClapFeatureExtractor(feature_size=16),
        unet=unet,
        scheduler=df.DDIMScheduler(beta_schedule="scaled_linear", clip_sample=False, set_alpha_to_one=False),
        vocoder=loud(tr.SpeechT5HifiGan(vocoder)),
    )
    save(folder, pipe)
