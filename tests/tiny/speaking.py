"""Tiny models that speak: texts said aloud, and what somebody said in another voice."""

from __future__ import annotations

import string
from pathlib import Path
from typing import Any

from tests.tiny import tokenizers
from tests.tiny.builder import save, tiny
from tests.tiny.sounds import ears, letters_in, library, loud, tensors


@tiny("vits", "text-to-speech")
def vits(folder: Path) -> None:
    """VITS that knows small letters."""
    _vits(folder, " '-" + string.ascii_lowercase, phonemize=False)


@tiny("vits-phonemes", "text-to-speech")
def vits_phonemes(folder: Path) -> None:
    """VITS that reads sounds, not letters."""
    _vits(folder, " ,.!?" + string.ascii_lowercase + "ɑæɐɔəɚɛɜɡɪŋɹɾʃʊʌʒðθːˈˌᵻ", phonemize=True)


def _vits(folder: Path, letters: str, *, phonemize: bool) -> None:
    tr = library()
    tokenizer = tr.VitsTokenizer(
        letters_in(folder, ["<pad>", "<unk>"], letters),
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
    save(folder, tr.VitsModel(config), tokenizer)


def _speech_t5(vocabulary: int) -> Any:
    """Return the sizes of SpeechT5."""
    return library().SpeechT5Config(
        vocab_size=vocabulary,
        hidden_size=32,
        encoder_layers=1,
        decoder_layers=1,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=64,
        decoder_ffn_dim=64,
        **ears(),
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
    tr = library()
    config = tr.SpeechT5HifiGanConfig(
        model_in_dim=16,
        upsample_initial_channel=16,
        upsample_rates=[4, 4],
        upsample_kernel_sizes=[8, 8],
        resblock_kernel_sizes=[3],
        resblock_dilation_sizes=[[1, 3]],
        normalize_before=False,
    )
    save(folder, loud(tr.SpeechT5HifiGan(config)))


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
    tr = library()
    tokenizer = tr.SpeechT5Tokenizer(_spelled(folder))
    save(folder, _talkative(tr.SpeechT5ForTextToSpeech(_speech_t5(len(tokenizer)))), tokenizer)


def _talkative(model: Any) -> Any:
    """Random weights would end a sentence with its first letter."""
    with tensors().no_grad():
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
    tr = library()
    model = _talkative(tr.SpeechT5ForSpeechToSpeech(_speech_t5(81)))
    save(folder, model, tr.SpeechT5FeatureExtractor(num_mel_bins=16))
