"""Tiny models that see and write: captions, and answers about pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.tiny import tokenizers
from tests.tiny.builder import labels, save, tiny
from tests.tiny.vision import SIDE, VIT, size


@tiny("blip", "image-to-text")
def blip(folder: Path) -> None:
    """Caption after BLIP."""
    from transformers import BlipForConditionalGeneration, BlipImageProcessorPil, BlipProcessor

    words = tokenizers.bert()
    processor = BlipProcessor(BlipImageProcessorPil(size=size()), words)
    save(folder, tokenizers.speaking(BlipForConditionalGeneration(_blip(words)), words), processor)


@tiny("blip-vqa", ("visual-question-answering", "generative"))
def blip_vqa(folder: Path) -> None:
    """Answer questions about pictures after BLIP."""
    from transformers import BlipForQuestionAnswering, BlipImageProcessorPil, BlipProcessor

    words = tokenizers.bert()
    processor = BlipProcessor(BlipImageProcessorPil(size=size()), words)
    save(folder, tokenizers.speaking(BlipForQuestionAnswering(_blip(words)), words), processor)


def _blip(words: Any) -> Any:
    from transformers import BlipConfig

    text = {
        "vocab_size": len(words),
        "hidden_size": 32,
        "encoder_hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "max_position_embeddings": 128,
        "bos_token_id": words.cls_token_id,
        "pad_token_id": words.pad_token_id,
        "eos_token_id": words.sep_token_id,
        "sep_token_id": words.sep_token_id,
    }
    return BlipConfig(text_config=text, vision_config=VIT, projection_dim=32)


@tiny("git", "image-to-text")
def git(folder: Path) -> None:
    """Caption after GIT: one model sees and writes."""
    from transformers import CLIPImageProcessorPil, GitConfig, GitForCausalLM, GitProcessor

    words = tokenizers.bert()
    config = GitConfig(
        vision_config=VIT,
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
        bos_token_id=words.cls_token_id,
        eos_token_id=words.sep_token_id,
        pad_token_id=words.pad_token_id,
    )
    processor = GitProcessor(CLIPImageProcessorPil(size={"shortest_edge": SIDE}, crop_size=size()), words)
    save(folder, tokenizers.speaking(GitForCausalLM(config), words), processor)


@tiny("trocr", ("image-to-text", "line-reader"))
@tiny("vit-gpt2", ("image-to-text", "vision-encoder-decoder"))
def vit_gpt2(folder: Path) -> None:
    """Caption with ViT and GPT-2; also read lines, as TrOCR is built the same way."""
    from transformers import (
        GPT2Config,
        VisionEncoderDecoderConfig,
        VisionEncoderDecoderModel,
        ViTConfig,
        ViTImageProcessorPil,
    )

    words = tokenizers.gpt2()
    end = words.eos_token_id
    decoder = GPT2Config(
        vocab_size=len(words),
        n_embd=32,
        n_layer=2,
        n_head=2,
        n_positions=128,
        is_decoder=True,
        add_cross_attention=True,
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=end,
    )
    config = VisionEncoderDecoderConfig.from_encoder_decoder_configs(ViTConfig(**VIT), decoder)
    model = VisionEncoderDecoderModel(config)
    model.generation_config.decoder_start_token_id = model.generation_config.pad_token_id = end
    model.generation_config.eos_token_id = end
    save(folder, tokenizers.speaking(model, words), words, ViTImageProcessorPil(size=size()))


@tiny("vilt", "visual-question-answering")
def vilt(folder: Path) -> None:
    """Choose answers about pictures after ViLT."""
    from transformers import ViltConfig, ViltForQuestionAnswering, ViltImageProcessorPil, ViltProcessor

    words = tokenizers.bert(model_max_length=40)
    answers = labels("yes", "no", "blue", "two")
    config = ViltConfig(vocab_size=len(words), max_position_embeddings=40, **VIT, **answers)
    processor = ViltProcessor(ViltImageProcessorPil(size={"shortest_edge": SIDE}, size_divisor=8), words)
    save(folder, ViltForQuestionAnswering(config), processor)


@tiny(
    "llava",
    ("image-to-text", "image-text-to-text"),
    ("visual-question-answering", "image-text-to-text"),
    ("document-question-answering", "image-text-to-text"),
    settings={"tokens": 24},
)
def llava(folder: Path) -> None:
    """Chat about pictures after LLaVA."""
    from transformers import (
        CLIPImageProcessorPil,
        CLIPVisionConfig,
        LlamaConfig,
        LlavaConfig,
        LlavaForConditionalGeneration,
        LlavaProcessor,
    )

    words = tokenizers.chat("<image>", extra_special_tokens={"image_token": "<image>"})
    text = LlamaConfig(
        vocab_size=len(words),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=4096,
        bos_token_id=words.bos_token_id,
        eos_token_id=words.eos_token_id,
        pad_token_id=words.pad_token_id,
    )
    config = LlavaConfig(
        vision_config=CLIPVisionConfig(**VIT),
        text_config=text,
        image_token_index=words.convert_tokens_to_ids("<image>"),
        vision_feature_layer=-1,
        image_seq_length=(SIDE // 8) ** 2,
    )
    processor = LlavaProcessor(
        CLIPImageProcessorPil(size={"shortest_edge": SIDE}, crop_size=size()),
        words,
        patch_size=8,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
        chat_template=words.chat_template,
    )
    save(folder, tokenizers.speaking(LlavaForConditionalGeneration(config), words), processor)


@tiny("qwen-vl", ("visual-question-answering", "image-text-to-text"), settings={"tokens": 16})
def qwen_vl(folder: Path) -> None:
    """Chat about pictures after Qwen2.5-VL, whose processor also has a part for films."""
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration, Qwen2VLImageProcessorPil

    words = tokenizers.chat("<|vision_start|>", "<|image_pad|>", "<|video_pad|>", "<|vision_end|>")
    shown = "<|vision_start|><|image_pad|><|vision_end|>"
    words.chat_template = tokenizers.CHATML.replace("<image>", shown)
    text = {
        "vocab_size": len(words),
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "max_position_embeddings": 4096,
        "bos_token_id": words.bos_token_id,
        "eos_token_id": words.eos_token_id,
        "pad_token_id": words.pad_token_id,
        "rope_parameters": {"rope_type": "default", "mrope_section": [2, 3, 3], "rope_theta": 10_000.0},
    }
    vision = {
        "depth": 2,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_heads": 2,
        "patch_size": 14,
        "spatial_merge_size": 2,
        "temporal_patch_size": 2,
        "out_hidden_size": 32,
        "window_size": 56,
        "fullatt_block_indexes": [1],
    }
    number = words.convert_tokens_to_ids
    config = Qwen2_5_VLConfig(
        text_config=text,
        vision_config=vision,
        image_token_id=number("<|image_pad|>"),
        video_token_id=number("<|video_pad|>"),
        vision_start_token_id=number("<|vision_start|>"),
        vision_end_token_id=number("<|vision_end|>"),
    )
    pictures = Qwen2VLImageProcessorPil(min_pixels=28 * 28, max_pixels=112 * 112)
    save(folder, tokenizers.speaking(Qwen2_5_VLForConditionalGeneration(config), words), words, pictures)
