from types import SimpleNamespace
from typing import Any

import pytest

from core.contract import Stopped
from core.local.generation import ENDLESS, Watch, reads, words_in, writes
from tests.steers import Steered

pytestmark = pytest.mark.slow


def model(**config: int) -> Any:
    """Return what of a model tells its limits."""
    return SimpleNamespace(config=SimpleNamespace(**config), named_modules=list)


def tokenizer(limit: int) -> Any:
    """Return what of a tokenizer tells its limit."""
    return SimpleNamespace(model_max_length=limit)


@pytest.mark.parametrize(
    ("config", "limit", "read", "written"),
    [
        ({"max_position_embeddings": 512}, 10**30, 512, 511),
        ({"max_position_embeddings": 1024}, 512, 512, 1000),
        ({"max_encoder_position_embeddings": 900, "max_decoder_position_embeddings": 300}, 10**30, 900, 299),
        ({"n_positions": 512, "relative_attention_num_buckets": 32}, 10**30, 1000, 1000),
        ({"n_positions": 512}, 10**30, 512, 1000),
        ({}, 10**30, 1000, 1000),
    ],
)
def test_limits(config: dict[str, int], limit: int, read: int, written: int) -> None:
    """A model reads and writes as much as it has places for and its tokenizer says, whichever is less."""
    assert reads(model(**config), tokenizer(limit), 1000) == read
    assert writes(model(**config), 1000) == written
    assert reads(model(), tokenizer(10**30)) == ENDLESS


def test_places_behind_the_filler() -> None:
    """RoBERTa's places begin behind the number of its filler."""
    import torch

    places = torch.nn.Embedding(514, 4, padding_idx=1)
    roberta = SimpleNamespace(
        config=SimpleNamespace(max_position_embeddings=514),
        named_modules=lambda: [("roberta.embeddings.position_embeddings", places)],
    )
    assert reads(roberta, tokenizer(10**30)) == 512


def test_the_watch_never_ends_a_text() -> None:
    """After each token it tells how far the text is within its share of the job, and leaves when stopped."""
    import torch

    steer = Steered(stop_at=4)
    watch = Watch(steer, most=2, done=0.5, share=0.5)
    for _ in range(3):
        assert watch(torch.zeros(2, 5), None).tolist() == [False, False]
    assert [fraction for fraction, _ in steer.progressed] == [0.75, 1.0, 1.0]
    with pytest.raises(Stopped):
        watch(torch.zeros(2, 5), None)


@pytest.mark.parametrize(("tokens", "words"), [(1, 1), (128, 96), (512, 380), (100_000, 75_000)])
def test_about_so_many_words(tokens: int, words: int) -> None:
    """Numbers for a sentence are round."""
    assert words_in(tokens) == words
