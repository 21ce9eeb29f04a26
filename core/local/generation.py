"""Texts that a model writes token by token: how far it is, whether it should stop, how much it can read and write."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.contract import Steer

if TYPE_CHECKING:
    import torch

ENDLESS = 1_000_000  # tokens; larger numbers mean that a tokenizer knows of no limit


class Watch:
    """A stopping criterion that never ends a text: it tells the progress, and leaves when the job was stopped.

    One token of ``most`` is one step; ``done`` and ``share`` place this text among several of one job, from 0 to 1.
    """

    def __init__(self, steer: Steer, most: int, note: str = "writing", done: float = 0.0, share: float = 1.0) -> None:
        self._steer, self._most, self._note = steer, max(most, 1), note
        self._done, self._share = done, share
        self._written = 0

    def __call__(self, input_ids: torch.Tensor, scores: object, **_: object) -> torch.Tensor:
        """Be asked after each token, for all texts of the batch; return that none of them is done."""
        import torch

        self._steer.check()
        self._written += 1
        part = min(self._written / self._most, 1.0)
        self._steer.progress(self._done + self._share * part, self._note)
        return torch.zeros(input_ids.shape[0], dtype=torch.bool, device=input_ids.device)


def generated(model: Any, encoded: Mapping[str, Any], watch: Watch, most: int, **options: Any) -> torch.Tensor:
    """Return the tokens that ``model`` writes (batch, tokens), ``most`` new ones at the most.

    ``options`` are those of ``generate``. A model that only continues repeats what it was given: cut it off.
    """
    import torch
    from transformers import StoppingCriteriaList

    config = model.generation_config
    least = {"min_new_tokens": min(config.min_new_tokens, most)} if config.min_new_tokens else {}
    criteria: Any = StoppingCriteriaList([watch])
    with torch.inference_mode():
        tokens: torch.Tensor = model.generate(
            **{name: value.to(model.device) for name, value in encoded.items()},
            **{**least, **options},
            max_new_tokens=most,
            max_length=None,
            stopping_criteria=criteria,
        )
    return tokens


def customs(model: Any, task: str) -> dict[str, Any]:
    """Return how the makers of an old model have it do a task: T5 above all keeps that in its settings."""
    told = getattr(model.config, "task_specific_params", None) or {}
    return dict(told.get(task) or {})


def seeded(seed: float | None) -> None:
    """Make the next random numbers those of ``seed``, or new ones: a fresh process would always draw the same."""
    import torch

    if seed is None:
        torch.seed()
    else:
        torch.manual_seed(int(seed) % 2**63)


def reads(model: Any, tokenizer: Any, most: int = ENDLESS) -> int:
    """Return how many tokens, special ones included, the model reads at once: what its facts say, ``most`` at most."""
    places = _places(model.config, "max_encoder_position_embeddings", "max_position_embeddings", "n_positions")
    return int(min(most, tokenizer.model_max_length, (places or ENDLESS) - _left_out(model)))


def writes(model: Any, most: int) -> int:
    """Return how many tokens the decoder of a model that reads and writes has places for, ``most`` at most."""
    places = _places(model.config, "max_decoder_position_embeddings", "max_position_embeddings")
    return min(most, (places or ENDLESS) - 1)


def _places(config: Any, *names: str) -> int | None:
    """Return the first number that a config has under one of these names; of T5, which counts distances, None."""
    if getattr(config, "relative_attention_num_buckets", None):
        names = tuple(name for name in names if name != "n_positions")
    values = [getattr(config, name, None) for name in names]
    return next((value for value in values if isinstance(value, int) and value > 0), None)


def _left_out(model: Any) -> int:
    """Return the places that nothing stands at: RoBERTa and its kin count from the number of the filler on."""
    import torch

    for name, module in model.named_modules():
        if name.endswith("position_embeddings") and isinstance(module, torch.nn.Embedding):
            return 0 if module.padding_idx is None else module.padding_idx + 1
    return 0


def words_in(tokens: int) -> int:
    """Return about how many English words so many tokens make, as a round number for a sentence."""
    words = tokens * 3 / 4
    grain = 10 ** max(0, int(math.log10(max(words, 1))) - 1)
    return int(max(1, round(words / grain) * grain))
