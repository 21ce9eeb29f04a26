"""Classifiers as large as those that people use, with random weights."""

from __future__ import annotations

from pathlib import Path

from tests.tiny.builder import Tiny
from tests.tiny.tokenizers import bert


def _bert(folder: Path, **size: int) -> None:
    import transformers

    tokenizer = bert()
    config = transformers.BertConfig(vocab_size=max(len(tokenizer), 30_522), num_labels=2, **size)
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _tiny(folder: Path) -> None:
    _bert(folder, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64)


def _small(folder: Path) -> None:
    _bert(folder, hidden_size=256, num_hidden_layers=4, num_attention_heads=4, intermediate_size=1024)


def _vit(folder: Path) -> None:
    import transformers

    transformers.ViTForImageClassification(transformers.ViTConfig(num_labels=1000)).save_pretrained(folder)
    transformers.ViTImageProcessorPil().save_pretrained(folder)


def _model(name: str, build: object, task: str) -> Tiny:
    return Tiny(id=f"sized/{name}", build=build, serves=((task, ""),))  # type: ignore[arg-type]


SIZED = (
    _model("bert-tiny", _tiny, "text-classification"),
    _model("bert-base", _bert, "text-classification"),
    _model("vit-base", _vit, "image-classification"),
)


def crowd() -> list[Tiny]:
    """Return ten models of 45 MB each."""
    return [_model(f"bert-small-{number}", _small, "text-classification") for number in range(10)]
