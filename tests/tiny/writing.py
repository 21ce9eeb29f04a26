"""Tiny models that write texts: translators, summarisers, chatters and those that only go on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.tiny import tokenizers
from tests.tiny.builder import save, tiny

PLACES = 128  # tokens that all of them read and write


def t5_model(tokenizer: Any) -> Any:
    """Return a T5 of two layers that writes for any text."""
    from transformers import T5Config, T5ForConditionalGeneration

    config = T5Config(
        vocab_size=len(tokenizer),
        d_model=32,
        d_kv=8,
        d_ff=64,
        num_layers=2,
        num_heads=4,
        initializer_factor=4.0,
        decoder_start_token_id=0,
        pad_token_id=0,
        eos_token_id=1,
    )
    return tokenizers.speaking(T5ForConditionalGeneration(config), tokenizer)


def many_layers() -> dict[str, int]:
    """Return the sizes of an encoder and a decoder of two layers each."""
    sizes = {"d_model": 32, "max_position_embeddings": PLACES}
    for side in ("encoder", "decoder"):
        sizes |= {f"{side}_layers": 2, f"{side}_attention_heads": 2, f"{side}_ffn_dim": 64}
    return sizes


@tiny("t5", "text2text-generation", "summarization", "translation")
def t5(folder: Path) -> None:
    """Write a T5, which is told in words what to do."""
    tokenizer = tokenizers.t5()
    save(folder, tokenizer, t5_model(tokenizer))


@tiny("madlad", "translation")
def madlad(folder: Path) -> None:
    """Write a T5 that is told the language in a token."""
    tokenizer = tokenizers.t5("<2de>", "<2en>", "<2fr>")
    save(folder, tokenizer, t5_model(tokenizer))


@tiny("bart", "summarization", ("conversational", "seq2seq"))
def bart(folder: Path) -> None:
    """Write a BART, which has places for so many tokens and no more."""
    from transformers import BartConfig, BartForConditionalGeneration

    tokenizer = tokenizers.roberta(model_max_length=PLACES)
    made: dict[str, Any] = {"vocab_size": len(tokenizer), "init_std": 0.3, **many_layers()}
    marks = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 2}
    save(folder, tokenizer, tokenizers.speaking(BartForConditionalGeneration(BartConfig(**made, **marks)), tokenizer))


@tiny("opus-mt-en-de", ("translation", "marian"))
def marian_pair(folder: Path) -> None:
    """Write a Marian model for one pair of languages."""
    _marian(folder, source_lang="en", target_lang="de")


@tiny("opus-mt-en-many", ("translation", "marian"))
def marian_group(folder: Path) -> None:
    """Write a Marian model that is told in a token which language of a group to write."""
    _marian(folder, ">>deu<<", ">>fra<<", source_lang="en", target_lang="gmw")


def _marian(folder: Path, *tokens: str, **languages: str) -> None:
    import warnings

    from transformers import MarianConfig, MarianMTModel, MarianTokenizer

    pieces = tokenizers.sentencepiece(folder, "source.spm", "target.spm")
    named = dict.fromkeys(["</s>", "<unk>", *tokens, *pieces, "<pad>"])
    (folder / "vocab.json").write_text(json.dumps({piece: number for number, piece in enumerate(named)}))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
        tokenizer = MarianTokenizer(
            *(str(folder / name) for name in ("source.spm", "target.spm", "vocab.json")),
            model_max_length=PLACES,
            **languages,
        )
    made: dict[str, Any] = {"vocab_size": len(tokenizer), "init_std": 0.3, **many_layers()}
    filler = len(tokenizer) - 1
    marks = {"pad_token_id": filler, "eos_token_id": 0, "decoder_start_token_id": filler}
    model = tokenizers.speaking(MarianMTModel(MarianConfig(**made, **marks)), tokenizer)
    model.generation_config.num_beams = 2  # real ones follow four ways of writing or more
    save(folder, tokenizer, model)


@tiny("nllb", ("translation", "nllb"))
def nllb(folder: Path) -> None:
    """Write an NLLB, with its own codes of languages."""
    tokenizer = tokenizers.nllb()
    save(folder, tokenizer, _m2m_model(len(tokenizer), tokenizer.convert_tokens_to_ids("ace_Arab")))


@tiny("m2m100", ("translation", "m2m100"))
def m2m100(folder: Path) -> None:
    """Write an M2M-100, whose tokens of languages are made of ISO codes."""
    from transformers import M2M100Tokenizer

    pieces = tokenizers.sentencepiece(folder, "sentencepiece.bpe.model")
    named = dict.fromkeys(["<s>", "<pad>", "</s>", "<unk>", *pieces])
    (folder / "vocab.json").write_text(json.dumps({piece: number for number, piece in enumerate(named)}))
    files = (str(folder / name) for name in ("vocab.json", "sentencepiece.bpe.model"))
    tokenizer = M2M100Tokenizer(*files, model_max_length=PLACES)
    languages = tokenizer.lang_token_to_id.values()
    save(folder, tokenizer, _m2m_model(max(*languages, len(tokenizer)) + 1, min(languages)))


@tiny("mbart50", ("translation", "mbart"))
def mbart50(folder: Path) -> None:
    """Write an mBART-50, whose tokens of languages name a country too."""
    from transformers import MBart50Tokenizer, MBartConfig, MBartForConditionalGeneration

    pieces = list(tokenizers.unigrams(["<unk>", "<s>", "</s>"]).items())
    tokenizer = MBart50Tokenizer(vocab=pieces, model_max_length=PLACES)
    made: dict[str, Any] = {"vocab_size": len(tokenizer), "init_std": 0.3, **many_layers()}
    config = MBartConfig(**made, bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2)
    languages = tokenizer.convert_tokens_to_ids("ar_AR")
    save(folder, tokenizer, _plain(MBartForConditionalGeneration(config), languages))


def _m2m_model(size: int, languages: int) -> Any:
    from transformers import M2M100Config, M2M100ForConditionalGeneration

    made: dict[str, Any] = {"vocab_size": size, "init_std": 0.3, **many_layers()}
    config = M2M100Config(**made, bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2)
    return _plain(M2M100ForConditionalGeneration(config), languages)


def _plain(model: Any, languages: int) -> Any:
    """Make a translator write words: tokens of languages, from this number on, are possible, since it begins with one.

    They are made unlikely instead, the special ones before them impossible.
    """
    import torch

    with torch.no_grad():
        model.get_input_embeddings().weight[languages:] *= 0.05
    model.generation_config.suppress_tokens = [0, 1, 2, 3, 4]
    model.generation_config.forced_eos_token_id = None
    model.generation_config.min_new_tokens = 4
    return model


@tiny("gpt2", "text-generation", "conversational")
def gpt2(folder: Path) -> None:
    """Write a GPT-2, which only goes on with what it is given."""
    from transformers import GPT2Config, GPT2LMHeadModel

    tokenizer = tokenizers.gpt2()
    marks = {"bos_token_id": tokenizer.eos_token_id, "eos_token_id": tokenizer.eos_token_id}
    sizes = {"vocab_size": len(tokenizer), "n_embd": 32, "n_layer": 2, "n_head": 2, "n_positions": PLACES}
    made: dict[str, Any] = {**sizes, **marks, "initializer_range": 0.3}
    save(folder, tokenizer, tokenizers.speaking(GPT2LMHeadModel(GPT2Config(**made)), tokenizer))


@tiny("llama-chat", "text-generation", "conversational")
def llama_chat(folder: Path) -> None:
    """Write a Llama with a chat template, which samples by itself, as most of today's chat models do."""
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = tokenizers.chat("<think>", "</think>")
    made: dict[str, Any] = {
        "vocab_size": len(tokenizer),
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "max_position_embeddings": 256,
        "initializer_range": 0.3,
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
    }
    model = tokenizers.speaking(LlamaForCausalLM(LlamaConfig(**made)), tokenizer)
    model.generation_config.do_sample = True
    model.generation_config.temperature = 0.7
    save(folder, tokenizer, model)
