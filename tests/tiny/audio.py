"""Tiny models: audio."""

from __future__ import annotations

import json
import string
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.tiny import tokenizers
from tests.tiny.builder import tiny

LANGUAGES = ("en", "de", "fr")
_TIMES = [f"<|{number * 0.02:.2f}|>" for number in range(1501)]


def _library() -> Any:
    """Return transformers; half of its classes have no types."""
    import transformers

    return transformers


def _saved(folder: Path, *parts: Any) -> None:
    for part in parts:
        part.save_pretrained(folder)


def _letters(folder: Path, specials: Sequence[str], letters: str) -> str:
    """Write a vocabulary of single letters and return its path."""
    path = folder / "vocab.json"
    path.write_text(json.dumps({token: number for number, token in enumerate([*specials, *letters])}))
    return str(path)


def _small(**more: Any) -> dict[str, Any]:
    """Return the sizes that all encoders here share."""
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    return {**sizes, **more}


def _ears() -> dict[str, Any]:
    """Return how wav2vec 2.0 and its kin listen: 320 samples a step, as the real ones."""
    return {
        "conv_dim": [16, 16, 16],
        "conv_kernel": [10, 8, 4],
        "conv_stride": [5, 8, 8],
        "num_feat_extract_layers": 3,
        "num_conv_pos_embeddings": 16,
        "num_conv_pos_embedding_groups": 2,
    }


def _labels(*names: str) -> dict[str, Any]:
    return {"id2label": dict(enumerate(names)), "label2id": {name: number for number, name in enumerate(names)}}


@tiny("whisper", "automatic-speech-recognition")
def whisper(folder: Path) -> None:
    """Whisper with three languages, and the tokens for times that its windows are put together by."""
    _whisper(folder, multilingual=True)


@tiny("whisper-en", "automatic-speech-recognition")
def whisper_english(folder: Path) -> None:
    """Whisper that knows English only, and therefore no languages."""
    _whisper(folder, multilingual=False)


def _whisper(folder: Path, *, multilingual: bool) -> None:
    tr = _library()

    tokenizer = whisper_tokenizer()
    number = tokenizer.convert_tokens_to_ids
    end = number("<|endoftext|>")
    config = tr.WhisperConfig(
        vocab_size=len(tokenizer),
        num_mel_bins=16,
        d_model=32,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        max_target_positions=24,
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=end,
        decoder_start_token_id=number("<|startoftranscript|>"),
    )
    model = tr.WhisperForConditionalGeneration(config)
    _prefer_words(model, number(_TIMES[0]))
    known = {
        "lang_to_id": {f"<|{code}|>": number(f"<|{code}|>") for code in LANGUAGES},
        "task_to_id": {task: number(f"<|{task}|>") for task in ("translate", "transcribe")},
    }
    model.generation_config = tr.GenerationConfig(
        bos_token_id=end,
        eos_token_id=end,
        pad_token_id=end,
        decoder_start_token_id=number("<|startoftranscript|>"),
        max_length=24,
        suppress_tokens=_unspoken(tokenizer, end),
        max_initial_timestamp_index=50,
        no_timestamps_token_id=number("<|notimestamps|>"),
        prev_sot_token_id=number("<|startofprev|>"),
        is_multilingual=multilingual,
        **(known if multilingual else {}),
    )
    _saved(folder, model, tr.WhisperProcessor(tr.WhisperFeatureExtractor(feature_size=16), tokenizer))


def _unspoken(tokenizer: Any, end: int) -> list[int]:
    """Return what is no word: marks, signs, parts of letters."""
    texts = {number: tokenizer.decode([number]).strip() for number in range(tokenizer.convert_tokens_to_ids(_TIMES[0]))}
    return [number for number, text in texts.items() if number != end and not (text.isascii() and text.isalpha())]


def whisper_tokenizer() -> Any:
    """Return Whisper's tokenizer over bytes, with its marks and times."""
    tr = _library()

    spelled = tokenizers.gpt2()
    vocabulary = spelled.get_vocab()
    state = json.loads(spelled.backend_tokenizer.to_str())
    merges = [tuple(pair) for pair in state["model"]["merges"]]
    tokenizer = tr.WhisperTokenizer(vocab=vocabulary, merges=merges, model_max_length=64)
    languages = [f"<|{code}|>" for code in LANGUAGES]
    tasks = ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"]
    marks = ["<|endoftext|>", "<|startoftranscript|>", *languages, *tasks]
    tokenizer.add_special_tokens({"additional_special_tokens": marks})
    tokenizer.add_tokens(_TIMES)
    return tokenizer


def _prefer_words(model: Any, first_time: int) -> None:
    """Random weights would say nothing but times: there are more of them than letters."""
    import torch

    with torch.no_grad():
        weights = model.model.decoder.embed_tokens.weight
        weights[:first_time] *= 40


@tiny("wav2vec2-ctc", ("automatic-speech-recognition", "ctc"))
def wav2vec2_ctc(folder: Path) -> None:
    """wav2vec 2.0 that spells in capitals, normalised over the whole window as the first ones were."""
    _wav2vec2_ctc(folder, norm="group")


@tiny("wav2vec2-ctc-masked", ("automatic-speech-recognition", "ctc"))
def wav2vec2_ctc_masked(folder: Path) -> None:
    """wav2vec 2.0 that is told where a window ends, as the large ones are."""
    _wav2vec2_ctc(folder, norm="layer")


def _wav2vec2_ctc(folder: Path, norm: str) -> None:
    tr = _library()

    specials = ["<pad>", "<s>", "</s>", "<unk>", "|"]
    tokenizer = tr.Wav2Vec2CTCTokenizer(_letters(folder, specials, string.ascii_uppercase + "'"))
    config = tr.Wav2Vec2Config(
        **_small(), **_ears(), vocab_size=len(tokenizer), pad_token_id=0, feat_extract_norm=norm, layerdrop=0.0
    )
    extractor = tr.Wav2Vec2FeatureExtractor(return_attention_mask=norm == "layer")
    _saved(folder, tr.Wav2Vec2ForCTC(config), tr.Wav2Vec2Processor(extractor, tokenizer))


@tiny("wav2vec2-words", "audio-classification")
def wav2vec2_words(folder: Path) -> None:
    """wav2vec 2.0 that tells three words apart."""
    tr = _library()

    config = tr.Wav2Vec2Config(**_small(), **_ears(), **_labels("yes", "no", "stop"), layerdrop=0.0)
    _saved(folder, tr.Wav2Vec2ForSequenceClassification(config), tr.Wav2Vec2FeatureExtractor())


@tiny("hubert-emotions", "audio-classification")
def hubert_emotions(folder: Path) -> None:
    """HuBERT that is told where a window ends, and finds several labels at once."""
    tr = _library()

    config = tr.HubertConfig(
        **_small(),
        **_ears(),
        **_labels("happy", "angry", "sad"),
        feat_extract_norm="layer",
        layerdrop=0.0,
        problem_type="multi_label_classification",
    )
    extractor = tr.Wav2Vec2FeatureExtractor(return_attention_mask=True)
    _saved(folder, tr.HubertForSequenceClassification(config), extractor)


@tiny("ast", "audio-classification")
def spectrogram_transformer(folder: Path) -> None:
    """Return an audio spectrogram transformer, which looks at pictures of ten seconds."""
    tr = _library()

    sizes = {"max_length": 64, "num_mel_bins": 32}
    config = tr.ASTConfig(**_small(), **sizes, **_labels("Speech", "Music", "Dog", "Rain"))
    _saved(folder, tr.ASTForAudioClassification(config), tr.ASTFeatureExtractor(**sizes))


@tiny("clap", ("audio-classification", "zero-shot"))
def clap(folder: Path) -> None:
    """CLAP, whose two halves put sounds and words in one space."""
    tr = _library()

    tokenizer = tokenizers.roberta()
    words = tr.ClapTextConfig(
        **_small(),
        vocab_size=len(tokenizer),
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
    config = tr.ClapConfig(text_config=words.to_dict(), audio_config=sounds.to_dict(), projection_dim=16)
    extractor = tr.ClapFeatureExtractor(feature_size=16, hop_length=1920, truncation="rand_trunc", max_length_s=10)
    _saved(folder, tr.ClapModel(config), tr.ClapProcessor(extractor, tokenizer))
