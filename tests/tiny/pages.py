"""Tiny models that read documents and answer about them."""

from __future__ import annotations

from pathlib import Path

from tests.tiny import tokenizers
from tests.tiny.builder import save, tiny


@tiny("layoutlm", "document-question-answering")
def layoutlm(folder: Path) -> None:
    """Find answers among words and their places after LayoutLM."""
    from transformers import LayoutLMConfig, LayoutLMForQuestionAnswering

    words = tokenizers.roberta(model_max_length=128, add_prefix_space=True)
    config = LayoutLMConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=132,
        pad_token_id=words.pad_token_id,
    )
    model = LayoutLMForQuestionAnswering(config)
    model.qa_outputs.weight.data.mul_(100)  # sure of something, or no answer would count
    save(folder, model, words)


@tiny("donut", ("document-question-answering", "donut"))
def donut(folder: Path) -> None:
    """Answer from a page without text recognition after Donut."""
    from transformers import (
        DonutImageProcessorPil,
        DonutProcessor,
        DonutSwinConfig,
        MBartConfig,
        VisionEncoderDecoderConfig,
        VisionEncoderDecoderModel,
    )

    words = tokenizers.roberta(model_max_length=256)
    signs = ["<s_docvqa>", "<s_question>", "</s_question>", "<s_answer>", "</s_answer>"]
    words.add_tokens(signs, special_tokens=True)
    encoder = DonutSwinConfig(
        image_size=[64, 64], patch_size=4, embed_dim=16, depths=[1, 1], num_heads=[1, 2], window_size=4
    )
    decoder = MBartConfig(
        vocab_size=len(words),
        d_model=32,
        decoder_layers=1,
        decoder_attention_heads=2,
        decoder_ffn_dim=64,
        max_position_embeddings=256,
        is_decoder=True,
        is_encoder_decoder=False,
        add_cross_attention=True,
        scale_embedding=True,
        add_final_layer_norm=True,
        bos_token_id=words.bos_token_id,
        pad_token_id=words.pad_token_id,
        eos_token_id=words.eos_token_id,
    )
    model = VisionEncoderDecoderModel(VisionEncoderDecoderConfig.from_encoder_decoder_configs(encoder, decoder))
    model.generation_config.decoder_start_token_id = words.convert_tokens_to_ids("<s_docvqa>")
    model.generation_config.no_repeat_ngram_size = 1  # it would write the same blank for ever
    model.generation_config.pad_token_id = words.pad_token_id
    model.generation_config.eos_token_id = words.eos_token_id
    pictures = DonutImageProcessorPil(size={"height": 64, "width": 64}, do_align_long_axis=False)
    save(folder, tokenizers.speaking(model, words), DonutProcessor(pictures, words))
