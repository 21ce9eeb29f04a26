"""Tokenizers of tiny models: every kind that the real ones have, a few hundred tokens large.

They know the words of a few sentences whole and spell all else: those over bytes any text there is, BERT and T5 what
Latin letters can spell. Made by hand: the trainers of ``tokenizers`` break ties at random, and the same build must
give the same files.
"""

from __future__ import annotations

import string
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import transformers as tr

SENTENCES = (
    "my name is ada and i live in london with a black cat and a white dog",
    "the train to paris leaves at nine , the one to berlin at seven",
    "is this good or bad ? it is very good , thank you !",
    "please write a short letter to the office about the new house",
    "translate english to german : the weather was cold but the sun shone",
    "summarize : in every town people read more books than in the year before",
    "a picture of two children who play with a red ball in the garden",
    "politics , sport , music , science and travel are in the news today",
    "user assistant system hello how are you i am fine",
)
"""Their words are tokens of every tokenizer here."""

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% if message.content is string %}{{ message.content }}{% else %}"
    "{% for part in message.content %}{{ '<image>' if part.type == 'image' else part.text }}{% endfor %}"
    "{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""The chat template of many small models; a part of type "image" becomes ``<image>``."""


_LETTERS = [chr(code) for code in range(ord(" ") + 1, 127)] + list("äöüßéèàçñ")


def words() -> list[str]:
    """Return the words that tokenizers know, sorted."""
    return sorted({word for sentence in SENTENCES for word in sentence.split()})


def bert(**options: Any) -> tr.BertTokenizer:
    """Return a WordPiece tokenizer, lower case: known words whole, others letter by letter."""
    from transformers import BertTokenizer

    letters = string.ascii_lowercase + string.digits + string.punctuation
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters), *words()]
    return BertTokenizer(vocab=_numbered(tokens), **{"model_max_length": 64, **options})


def gpt2(**options: Any) -> tr.GPT2Tokenizer:
    """Return a byte-level BPE tokenizer whose one special token ends a text, begins it and fills it up."""
    from transformers import GPT2Tokenizer

    vocabulary, merges = _byte_pairs(["<|endoftext|>"])
    options = {"model_max_length": 128, "pad_token": "<|endoftext|>", **options}
    return GPT2Tokenizer(vocab=vocabulary, merges=merges, **options)


def roberta(**options: Any) -> tr.RobertaTokenizer:
    """Return the byte-level BPE tokenizer of RoBERTa and BART, with their special tokens."""
    from transformers import RobertaTokenizer

    vocabulary, merges = _byte_pairs(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    return RobertaTokenizer(vocab=vocabulary, merges=merges, **{"model_max_length": 77, **options})


def clip(**options: Any) -> tr.CLIPTokenizer:
    """Return the lower-case BPE tokenizer of CLIP, in which words end with ``</w>``."""
    from transformers import CLIPTokenizer

    signs = ["!", "<|startoftext|>", "<|endoftext|>"]  # as in the real one: OWL-ViT takes number 0 for no text
    vocabulary, merges = _byte_pairs(signs, end="</w>")
    return CLIPTokenizer(vocab=vocabulary, merges=merges, **{"model_max_length": 77, **options})


def chat(*more: str, **options: Any) -> tr.PreTrainedTokenizerFast:
    """Return a byte-level BPE tokenizer with a ChatML template; ``more`` are further special tokens."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    specials = ["<pad>", "<|im_start|>", "<|im_end|>", *more]
    vocabulary, merges = _byte_pairs(specials)
    pairs = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    pairs.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pairs.decoder = decoders.ByteLevel()
    pairs.add_special_tokens(specials)
    named = {"pad_token": "<pad>", "bos_token": "<|im_start|>", "eos_token": "<|im_end|>", "model_max_length": 256}
    make: Any = PreTrainedTokenizerFast
    made: tr.PreTrainedTokenizerFast = make(tokenizer_object=pairs, **{**named, **options})
    made.chat_template = CHATML
    return made


def t5(*more: str, **options: Any) -> tr.T5Tokenizer:
    """Return a unigram tokenizer: known words whole, others character by character; ``more`` are further pieces."""
    from transformers import T5Tokenizer

    pieces = list(unigrams(["<pad>", "</s>", "<unk>", *more]).items())
    return T5Tokenizer(vocab=pieces, **{"extra_ids": 8, "model_max_length": 128, **options})


def nllb(**options: Any) -> tr.NllbTokenizer:
    """Return the BPE tokenizer of NLLB, with a token for each of its 200 languages."""
    from transformers import NllbTokenizer

    known = dict.fromkeys(["<s>", "<pad>", "</s>", "<unk>", "▁", *_LETTERS])
    merges = _merged(known, [["▁", *word] for word in words()])
    return NllbTokenizer(vocab=_numbered(list(known)), merges=merges, **{"model_max_length": 128, **options})


def sentencepiece(folder: Path, *names: str) -> list[str]:
    """Write a SentencePiece model under each of these names; return its pieces. One thread always learns the same."""
    from sentencepiece import SentencePieceProcessor, SentencePieceTrainer

    model = BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter([*SENTENCES, *_LETTERS]),
        model_writer=model,
        vocab_size=200,
        hard_vocab_limit=False,
        character_coverage=1.0,
        num_threads=1,
        minloglevel=2,
    )
    for name in names:
        (folder / name).write_bytes(model.getvalue())
    read = SentencePieceProcessor(model_proto=model.getvalue())
    return [read.id_to_piece(number) for number in range(read.get_piece_size())]


def unigrams(specials: Sequence[str]) -> dict[str, float]:
    """Return pieces of a unigram model with their logarithmic probabilities, special ones first."""
    ranks = (dict.fromkeys(specials, 0.0), dict.fromkeys(["▁", *_LETTERS], -9.0))
    return {**ranks[0], **ranks[1], **dict.fromkeys((f"▁{word}" for word in words()), -4.0)}


def speaking(model: Any, tokenizer: Any, least: int = 4) -> Any:
    """Make a model with random weights write: no special tokens, and ``least`` tokens before it may end."""
    model.generation_config.suppress_tokens = sorted(set(tokenizer.all_special_ids))
    model.generation_config.forced_eos_token_id = None
    model.generation_config.min_new_tokens = least
    return model


def _numbered(tokens: Sequence[str]) -> dict[str, int]:
    return {token: number for number, token in enumerate(dict.fromkeys(tokens))}


def _byte_pairs(specials: Sequence[str], end: str = "") -> tuple[dict[str, int], Any]:
    """Return vocabulary and merges (a list of pairs) of a BPE over bytes that puts words together from the left.

    Words carry the mark of the blank before them, or where ``end`` is given that mark behind them.
    """
    from tokenizers import pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    known = dict.fromkeys([*specials, *alphabet, *(f"{letter}{end}" for letter in alphabet)])
    spelled = [[*word[:-1], word[-1] + end] if end else ["Ġ", *word] for word in words()]
    merges = _merged(known, spelled)
    return _numbered(list(known)), merges


def _merged(known: dict[str, None], spelled: Sequence[Sequence[str]]) -> Any:
    """Return the merges (a list of pairs) that put spelled words together from the left; what they make gets known."""
    merges: dict[tuple[str, str], None] = {}
    for begun, *rest in spelled:
        for letter in rest:
            merges[begun, letter] = None
            begun += letter  # noqa: PLW2901 - the word grows
            known[begun] = None
    return list(merges)
