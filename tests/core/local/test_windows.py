from itertools import pairwise
from pathlib import Path

import pytest

from core.errors import BadInput, NotAvailable
from core.local.windows import Cut, collated, windows
from tests.tiny import tokenizers

pytestmark = pytest.mark.slow

TEXT = "my name is ada and i live in london with a black cat and a white dog"


def test_windows_hold_every_word() -> None:
    """Windows are as long as allowed, share as many tokens as asked for, and say where each stands."""
    found = windows(tokenizers.bert(), TEXT, Cut(8, overlap=2))
    assert len(found) > 2
    assert all(len(window.ids) <= 8 for window in found)
    spans = [[place for place, own in zip(window.offsets, window.inside, strict=True) if own] for window in found]
    assert {TEXT[slice(*place)] for part in spans for place in part} == set(TEXT.split())
    assert all(before[-2:] == after[:2] for before, after in pairwise(spans))


@pytest.mark.parametrize("side", ["before", "after"])
def test_another_text_in_each_window(side: str) -> None:
    """The other text is in each window, and none of its tokens counts as the text's own."""
    tokenizer = tokenizers.bert()
    found = windows(tokenizer, TEXT, Cut(16), **{side: "who is ada ?"}, of=3)
    assert len(found) > 1
    for window in found:
        assert window.of == 3
        assert "who is ada?" in tokenizer.decode(window.ids)
        own = [token for token, inside in zip(window.ids, window.inside, strict=True) if inside]
        assert tokenizer.decode(own) in TEXT


def test_no_room_beside_the_other_text() -> None:
    """Another text that leaves no room gets a sentence."""
    with pytest.raises(BadInput, match="too long"):
        windows(tokenizers.bert(), TEXT, Cut(14), before=TEXT)


def test_no_text() -> None:
    """There is one window even without any text."""
    (window,) = windows(tokenizers.bert(), "", Cut(8))
    assert not any(window.inside)


def test_tokenizers_that_know_no_places(tmp_path: Path) -> None:
    """What a tokenizer written in Python gives is cut by hand; pairs are refused with a sentence."""
    import warnings

    from transformers import MarianTokenizer

    pieces = tokenizers.sentencepiece(tmp_path, "source.spm", "target.spm")
    names = {piece: number for number, piece in enumerate(dict.fromkeys(["</s>", "<pad>", *pieces]))}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Recommended: pip install sacremoses")
        tokenizer = MarianTokenizer(
            *(str(tmp_path / name) for name in ("source.spm", "target.spm")), _file(tmp_path, names)
        )
    found = windows(tokenizer, TEXT, Cut(16, overlap=4))
    whole = tokenizer(TEXT)["input_ids"]
    assert all(len(window.ids) <= 16 and window.ids[-1] == 0 for window in found)
    parts = [list(window.ids[:-1]) for window in found]
    assert [*parts[0], *(token for part in parts[1:] for token in part[4:])] == whole[:-1]
    with pytest.raises(NotAvailable):
        windows(tokenizer, TEXT, Cut(16), before="who?")


def _file(folder: Path, names: dict[str, int]) -> str:
    import json

    (folder / "vocab.json").write_text(json.dumps(names))
    return str(folder / "vocab.json")


@pytest.mark.parametrize("side", ["left", "right"])
def test_batches(side: str) -> None:
    """Shorter windows are filled up on the side that the tokenizer says, and the mask tells so."""
    tokenizer = tokenizers.bert(padding_side=side)
    pair = [windows(tokenizer, text, Cut(64))[0] for text in ("ada", TEXT)]
    made = collated(tokenizer, pair, "cpu")
    assert made.keys() == {"input_ids", "attention_mask", "token_type_ids"}
    assert made["input_ids"].shape == made["attention_mask"].shape == (2, len(pair[1].ids))
    kept = made["input_ids"][0][made["attention_mask"][0] == 1].tolist()
    assert kept == list(pair[0].ids)
    assert (made["attention_mask"][0, 0] == 0) == (side == "left")
