"""Tiny models that hear: they write down what is said, or say what sounds."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Any

from tests.tiny import tokenizers
from tests.tiny.builder import labels, save, tiny
from tests.tiny.sounds import clap_sizes, ears, letters_in, library, small, tensors

LANGUAGES = ("en", "de", "fr")
_TIMES = [f"<|{number * 0.02:.2f}|>" for number in range(1501)]


@tiny("whisper", "automatic-speech-recognition")
def whisper(folder: Path) -> None:
    """Whisper with three languages, and the tokens for times that its windows are put together by."""
    _whisper(folder, multilingual=True)


@tiny("whisper-en", "automatic-speech-recognition")
def whisper_english(folder: Path) -> None:
    """Whisper that knows English only, and therefore no languages."""
    _whisper(folder, multilingual=False)


def _whisper(folder: Path, *, multilingual: bool) -> None:
    tr = library()

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
        suppress_tokens=_unspoken(tokenizer, end, number(_TIMES[0])),
        max_initial_timestamp_index=50,
        no_timestamps_token_id=number("<|notimestamps|>"),
        prev_sot_token_id=number("<|startofprev|>"),
        is_multilingual=multilingual,
        **(known if multilingual else {}),
    )
    save(folder, model, tr.WhisperProcessor(tr.WhisperFeatureExtractor(feature_size=16), tokenizer))


def _unspoken(tokenizer: Any, end: int, below: int) -> list[int]:
    """Return what is no word of the tokens ``below`` a number: marks, signs, parts of letters."""
    texts = {number: tokenizer.decode([number]).strip() for number in range(below)}
    return [number for number, text in texts.items() if number != end and not (text.isascii() and text.isalpha())]


def whisper_tokenizer() -> Any:
    """Return Whisper's tokenizer over bytes, with its marks and times."""
    tr = library()

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
    with tensors().no_grad():
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
    tr = library()

    specials = ["<pad>", "<s>", "</s>", "<unk>", "|"]
    tokenizer = tr.Wav2Vec2CTCTokenizer(letters_in(folder, specials, string.ascii_uppercase + "'"))
    config = tr.Wav2Vec2Config(
        **small(), **ears(), vocab_size=len(tokenizer), pad_token_id=0, feat_extract_norm=norm, layerdrop=0.0
    )
    extractor = tr.Wav2Vec2FeatureExtractor(return_attention_mask=norm == "layer")
    save(folder, tr.Wav2Vec2ForCTC(config), tr.Wav2Vec2Processor(extractor, tokenizer))


@tiny("moonshine", ("automatic-speech-recognition", "moonshine"))
def moonshine(folder: Path) -> None:
    """Moonshine, which hears samples and writes words."""
    tr = library()
    tokenizer = tokenizers.chat()
    config = tr.MoonshineConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        encoder_num_hidden_layers=1,
        decoder_num_hidden_layers=1,
        encoder_num_attention_heads=2,
        decoder_num_attention_heads=2,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        decoder_start_token_id=tokenizer.bos_token_id,
    )
    model = tr.MoonshineForConditionalGeneration(config)
    model.generation_config.suppress_tokens = _unspoken(tokenizer, tokenizer.eos_token_id, len(tokenizer))
    save(folder, model, tokenizer, tr.Wav2Vec2FeatureExtractor(do_normalize=False, return_attention_mask=True))


@tiny("wav2vec2-words", "audio-classification")
def wav2vec2_words(folder: Path) -> None:
    """wav2vec 2.0 that tells three words apart."""
    tr = library()

    config = tr.Wav2Vec2Config(**small(), **ears(), **labels("yes", "no", "stop"), layerdrop=0.0)
    save(folder, tr.Wav2Vec2ForSequenceClassification(config), tr.Wav2Vec2FeatureExtractor())


@tiny("hubert-emotions", "audio-classification")
def hubert_emotions(folder: Path) -> None:
    """HuBERT that is told where a window ends, and finds several labels at once."""
    tr = library()

    config = tr.HubertConfig(
        **small(),
        **ears(),
        **labels("happy", "angry", "sad"),
        feat_extract_norm="layer",
        layerdrop=0.0,
        problem_type="multi_label_classification",
    )
    extractor = tr.Wav2Vec2FeatureExtractor(return_attention_mask=True)
    save(folder, tr.HubertForSequenceClassification(config), extractor)


@tiny("ast", "audio-classification")
def spectrogram_transformer(folder: Path) -> None:
    """Return an audio spectrogram transformer, which looks at pictures of ten seconds."""
    tr = library()

    sizes = {"max_length": 64, "num_mel_bins": 32}
    config = tr.ASTConfig(**small(), **sizes, **labels("Speech", "Music", "Dog", "Rain"))
    save(folder, tr.ASTForAudioClassification(config), tr.ASTFeatureExtractor(**sizes))


@tiny("clap", ("audio-classification", "zero-shot"))
def clap(folder: Path) -> None:
    """CLAP, whose two halves put sounds and words in one space."""
    tr = library()

    tokenizer = tokenizers.roberta()
    extractor = tr.ClapFeatureExtractor(feature_size=16, hop_length=1920, truncation="rand_trunc", max_length_s=10)
    save(folder, tr.ClapModel(clap_sizes(len(tokenizer))), tr.ClapProcessor(extractor, tokenizer))
