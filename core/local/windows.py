"""Long texts for models that read a few hundred tokens at once: overlapping windows, and batches of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from core.errors import BadInput, NotAvailable
from core.local.batching import padded

if TYPE_CHECKING:
    import torch

LEAST = 8  # tokens of a window that are the text's own


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a text as tokens, special ones included."""

    ids: Sequence[int]
    types: Sequence[int] | None  # which of two texts a token belongs to, where the model wants to know
    inside: Sequence[bool]  # whether it is one of the text's own: neither special nor of the text before it; or empty
    offsets: Sequence[tuple[int, int]]  # where it stands in the text, in characters; empty if nobody asked or can say
    of: int = 0  # which of the texts of a job it is from


@dataclass(frozen=True, slots=True)
class Cut:
    """How to cut: into windows of at most ``limit`` tokens, of which ``overlap`` are in the next one too."""

    limit: int
    overlap: int = 0


def windows(tokenizer: Any, text: str, cut: Cut, before: str = "", after: str = "", of: int = 0) -> list[Window]:
    """Cut ``text`` into windows; there is at least one, even without any text.

    Each of them also holds the other text, if there is one: the question ``before``, the hypothesis ``after``. Raises
    BadInput where that one leaves no room.
    """
    other = before or after
    if not tokenizer.is_fast:
        return _by_hand(tokenizer, text, cut, other, of)
    if other:
        _check_room(tokenizer, other, cut)
    encoded = tokenizer(
        *([before, text] if before else [text, after] if after else [text]),
        truncation="only_second" if before else "only_first",
        max_length=cut.limit,
        stride=cut.overlap,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
    )
    own, types = 1 if before else 0, encoded.get("token_type_ids")
    return [
        Window(
            ids,
            types[number] if types else None,
            [part == own for part in encoded.sequence_ids(number)],
            encoded["offset_mapping"][number],
            of,
        )
        for number, ids in enumerate(encoded["input_ids"])
    ]


def windows_of(tokenizer: Any, texts: Sequence[str], cut: Cut) -> list[list[Window]]:
    """Cut each of ``texts`` as :func:`windows` does, without telling where tokens stand in them.

    Many short texts are read much quicker together.
    """
    if not tokenizer.is_fast:
        return [_by_hand(tokenizer, text, cut, "", 0) for text in texts]
    encoded = tokenizer(
        list(texts), truncation=True, max_length=cut.limit, stride=cut.overlap, return_overflowing_tokens=True
    )
    types = encoded.get("token_type_ids") or [None] * len(encoded["input_ids"])
    found: list[list[Window]] = [[] for _ in texts]
    for text, ids, kinds in zip(encoded["overflow_to_sample_mapping"], encoded["input_ids"], types, strict=True):
        found[text].append(Window(ids, kinds, (), ()))
    return found


def _check_room(tokenizer: Any, other: str, cut: Cut) -> None:
    """The text needs at least as much room as two windows share, and a few tokens more."""
    taken = len(
        tokenizer(other, add_special_tokens=False, verbose=False)["input_ids"]
    ) + tokenizer.num_special_tokens_to_add(pair=True)
    if taken + cut.overlap + LEAST > cut.limit:
        raise BadInput(f"“{shorten(other, 60, placeholder='…')}” is too long for this model. Say it in a few words.")


def _by_hand(tokenizer: Any, text: str, cut: Cut, other: str, of: int) -> list[Window]:
    """Cut what a tokenizer written in Python gives, which knows no places in the text."""
    if other:
        raise NotAvailable("This model cannot compare texts: its tokenizer does not tell where words stand.")
    ids = tokenizer.encode(text, add_special_tokens=False)
    size = cut.limit - tokenizer.num_special_tokens_to_add()
    starts = range(0, max(len(ids) - cut.overlap, 1), size - cut.overlap)
    whole = [tokenizer.build_inputs_with_special_tokens(ids[start : start + size]) for start in starts]
    return [Window(one, None, [True] * len(one), (), of) for one in whole]


def collated(tokenizer: Any, found: Sequence[Window], device: str) -> dict[str, torch.Tensor]:
    """Return windows as a model's input on ``device``: token numbers, mask and types, each (windows, tokens)."""
    import torch

    left = tokenizer.padding_side == "left"
    rows: dict[str, list[list[int]]] = {
        "input_ids": padded([window.ids for window in found], tokenizer.pad_token_id or 0, left),
        "attention_mask": padded([[1] * len(window.ids) for window in found], 0, left),
    }
    if all(window.types is not None for window in found):
        rows["token_type_ids"] = padded([window.types or () for window in found], tokenizer.pad_token_type_id, left)
    return {name: torch.tensor(values, dtype=torch.long, device=device) for name, values in rows.items()}
