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


def _library_of_tensors() -> Any:
    """Return PyTorch."""
    import torch

    return torch


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
        suppress_tokens=_unspoken(tokenizer, end, number(_TIMES[0])),
        max_initial_timestamp_index=50,
        no_timestamps_token_id=number("<|notimestamps|>"),
        prev_sot_token_id=number("<|startofprev|>"),
        is_multilingual=multilingual,
        **(known if multilingual else {}),
    )
    _saved(folder, model, tr.WhisperProcessor(tr.WhisperFeatureExtractor(feature_size=16), tokenizer))


def _unspoken(tokenizer: Any, end: int, below: int) -> list[int]:
    """Return what is no word of the tokens ``below`` a number: marks, signs, parts of letters."""
    texts = {number: tokenizer.decode([number]).strip() for number in range(below)}
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
    with _library_of_tensors().no_grad():
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


@tiny("moonshine", ("automatic-speech-recognition", "moonshine"))
def moonshine(folder: Path) -> None:
    """Moonshine, which hears samples and writes words."""
    tr = _library()
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
    _saved(folder, model, tokenizer, tr.Wav2Vec2FeatureExtractor(do_normalize=False, return_attention_mask=True))


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
    extractor = tr.ClapFeatureExtractor(feature_size=16, hop_length=1920, truncation="rand_trunc", max_length_s=10)
    _saved(folder, tr.ClapModel(_clap(len(tokenizer))), tr.ClapProcessor(extractor, tokenizer))


def _clap(vocabulary: int) -> Any:
    """Return the sizes of CLAP."""
    tr = _library()
    words = tr.ClapTextConfig(
        **_small(),
        vocab_size=vocabulary,
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
    return tr.ClapConfig(text_config=words.to_dict(), audio_config=sounds.to_dict(), projection_dim=16)


@tiny("vits", "text-to-speech")
def vits(folder: Path) -> None:
    """VITS that knows small letters."""
    _vits(folder, " '-" + string.ascii_lowercase, phonemize=False)


@tiny("vits-phonemes", "text-to-speech")
def vits_phonemes(folder: Path) -> None:
    """VITS that reads sounds, not letters."""
    _vits(folder, " ,.!?" + string.ascii_lowercase + "ɑæɐɔəɚɛɜɡɪŋɹɾʃʊʌʒðθːˈˌᵻ", phonemize=True)


def _vits(folder: Path, letters: str, *, phonemize: bool) -> None:
    tr = _library()
    tokenizer = tr.VitsTokenizer(
        _letters(folder, ["<pad>", "<unk>"], letters),
        pad_token="<pad>",
        unk_token="<unk>",
        phonemize=phonemize,
        add_blank=True,
        normalize=True,
    )
    config = tr.VitsConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        ffn_dim=32,
        flow_size=16,
        spectrogram_bins=9,
        upsample_initial_channel=16,
        upsample_rates=[8, 8],
        upsample_kernel_sizes=[16, 16],
        resblock_kernel_sizes=[3],
        resblock_dilation_sizes=[[1, 3]],
        prior_encoder_num_flows=1,
        prior_encoder_num_wavenet_layers=1,
        posterior_encoder_num_wavenet_layers=1,
        wavenet_kernel_size=3,
        depth_separable_num_layers=1,
        duration_predictor_num_flows=2,
        duration_predictor_filter_channels=16,
        sampling_rate=16_000,
    )
    _saved(folder, tr.VitsModel(config), tokenizer)


def _speech_t5(vocabulary: int) -> Any:
    """Return the sizes of SpeechT5."""
    return _library().SpeechT5Config(
        vocab_size=vocabulary,
        hidden_size=32,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        **_ears(),
        speech_decoder_prenet_units=16,
        speech_decoder_postnet_units=16,
        speech_decoder_postnet_layers=2,
        speaker_embedding_dim=8,
        num_mel_bins=16,
        reduction_factor=2,
        max_speech_positions=4_000,
        max_text_positions=310,
    )


@tiny("hifigan")
def hifigan(folder: Path) -> None:
    """Make the vocoder of SpeechT5: sixteen samples for each line of a spectrogram."""
    tr = _library()
    config = tr.SpeechT5HifiGanConfig(
        model_in_dim=16,
        upsample_initial_channel=16,
        upsample_rates=[4, 4],
        upsample_kernel_sizes=[8, 8],
        resblock_kernel_sizes=[3],
        resblock_dilation_sizes=[[1, 3]],
        normalize_before=False,
    )
    _saved(folder, _loud(tr.SpeechT5HifiGan(config)))


def _loud(vocoder: Any) -> Any:
    """Random weights hardly whisper."""
    with _library_of_tensors().no_grad():
        vocoder.conv_post.weight *= 60_000
    return vocoder


@tiny("speaker")
def one_speaker(folder: Path) -> None:
    """Write the vector of somebody's voice."""
    import numpy as np

    np.save(folder / "ada.npy", np.linspace(-1, 1, 8, dtype=np.float32))


@tiny("speecht5", ("text-to-speech", "speecht5"), parts={"vocoder": "tiny/hifigan"})
def speech_t5(folder: Path) -> None:
    """SpeechT5 that spells, in the voice of nobody."""
    _speech_t5_speaking(folder)


@tiny("speecht5-ada", ("text-to-speech", "speecht5"), parts={"vocoder": "tiny/hifigan", "speaker": "tiny/speaker"})
def speech_t5_ada(folder: Path) -> None:
    """SpeechT5 in the voice of a vector that came with it."""
    _speech_t5_speaking(folder)


def _speech_t5_speaking(folder: Path) -> None:
    tr = _library()
    tokenizer = tr.SpeechT5Tokenizer(_spelled(folder))
    _saved(folder, _talkative(tr.SpeechT5ForTextToSpeech(_speech_t5(len(tokenizer)))), tokenizer)


def _talkative(model: Any) -> Any:
    """Random weights would end a sentence with its first letter."""
    with _library_of_tensors().no_grad():
        model.speech_decoder_postnet.prob_out.bias.fill_(-1.14)
    return model


def _spelled(folder: Path) -> str:
    """Write a SentencePiece model of single letters and return its path."""
    from sentencepiece import SentencePieceTrainer

    path = folder / "spm_char.model"
    with path.open("wb") as file:
        SentencePieceTrainer.train(
            sentence_iterator=iter([*tokenizers.SENTENCES, string.ascii_letters]),
            model_writer=file,
            model_type="char",
            vocab_size=100,
            hard_vocab_limit=False,
            bos_id=0,
            pad_id=1,
            eos_id=2,
            unk_id=3,
            minloglevel=2,
        )
    return str(path)


@tiny("speecht5-voice", "audio-to-audio", parts={"vocoder": "tiny/hifigan", "speaker": "tiny/speaker"})
def speech_t5_voice(folder: Path) -> None:
    """SpeechT5 that says again what somebody said."""
    tr = _library()
    model = _talkative(tr.SpeechT5ForSpeechToSpeech(_speech_t5(81)))
    _saved(folder, model, tr.SpeechT5FeatureExtractor(num_mel_bins=16))


@tiny("musicgen", "text-to-audio")
def musicgen(folder: Path) -> None:
    """MusicGen of two voices, mono."""
    _musicgen(folder, channels=1)


@tiny("musicgen-stereo", "text-to-audio")
def musicgen_stereo(folder: Path) -> None:
    """MusicGen that writes left and right in turn."""
    _musicgen(folder, channels=2)


def _musicgen(folder: Path, channels: int) -> None:
    tr = _library()
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
    _saved(folder, model, tokenizer)


@tiny("audioldm2", ("text-to-audio", "diffusers"), settings={"steps": 4})
def audio_ldm2(folder: Path) -> None:
    """AudioLDM 2: two readers, a language model between them, diffusion over a spectrogram, a vocoder."""
    import diffusers as df

    tr = _library()
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
        text_encoder=tr.ClapModel(_clap(len(words))),
        text_encoder_2=tr.T5EncoderModel(reader),
        projection_model=df.AudioLDM2ProjectionModel(text_encoder_dim=16, text_encoder_1_dim=32, langauge_model_dim=16),
        language_model=tr.GPT2LMHeadModel(language),
        tokenizer=words,
        tokenizer_2=more_words,
        feature_extractor=tr.ClapFeatureExtractor(feature_size=16),
        unet=unet,
        scheduler=df.DDIMScheduler(beta_schedule="scaled_linear", clip_sample=False, set_alpha_to_one=False),
        vocoder=_loud(tr.SpeechT5HifiGan(vocoder)),
    )
    _saved(folder, pipe)
