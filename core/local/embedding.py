"""Texts as vectors, by the conventions of sentence-transformers: how tokens are pooled, and what comes after."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from core.local.encoder import Encoder
from core.local.windows import Window, collated

if TYPE_CHECKING:
    import torch

Layer: TypeAlias = "Callable[[torch.Tensor], torch.Tensor]"


class Embedder(Encoder["torch.Tensor"]):
    """Gives a vector of length 1 for each text."""

    auto = "AutoModel"

    def load(self) -> None:
        super().load()
        folder = self.folder
        self._pool = _pooling(_read(folder / "1_Pooling" / "config.json"))
        self._layers = [self._dense(folder / path) for path in _paths(folder, "Dense")]
        known = _read(folder / "sentence_bert_config.json").get("max_seq_length")
        self.limit = min(self.limit, known or self.limit)
        self.prompt = str(self.model.settings.get("prompt", "")) or _prompt(folder)
        if self._pool == "lasttoken":
            self.tokenizer.padding_side = "left"  # then the last token of all texts stands in the same place

    def forward(self, pieces: Sequence[Window]) -> Sequence[torch.Tensor]:
        """Return the vector of each window, on the processor."""
        inputs = collated(self.tokenizer, pieces, self.device)
        vectors = _pooled(self.network(**inputs).last_hidden_state, inputs["attention_mask"], self._pool)
        for layer in self._layers:
            vectors = layer(vectors)
        return list(vectors.float().cpu())

    def vectors(self, pieces: Sequence[Window], found: Sequence[torch.Tensor], count: int) -> list[torch.Tensor]:
        """Return the vector of each of ``count`` texts: the mean of its windows, longer ones counting more."""
        import torch

        sums = torch.zeros(count, found[0].shape[-1])
        for piece, vector in zip(pieces, found, strict=True):
            sums[piece.of] += vector / vector.norm().clamp(min=1e-9) * len(piece.ids)
        return list(torch.nn.functional.normalize(sums, dim=-1))

    def _dense(self, folder: Path) -> Layer:
        """Return a layer that comes after the pooling."""
        import torch

        facts = _read(folder / "config.json")
        layer = torch.nn.Linear(facts["in_features"], facts["out_features"], bias=facts.get("bias", True))
        layer.load_state_dict({name.removeprefix("linear."): value for name, value in _weights(folder).items()})
        kind = str(facts.get("activation_function", "torch.nn.modules.activation.Tanh")).rpartition(".")[2]
        activation = getattr(torch.nn, kind if kind in _ACTIVATIONS else "Identity")()
        made: Layer = self.placed(torch.nn.Sequential(layer, activation).to(self.dtype))
        return made


_ACTIVATIONS = frozenset(("Tanh", "ReLU", "GELU", "Sigmoid", "SiLU"))


def _pooled(states: torch.Tensor, mask: torch.Tensor, way: str) -> torch.Tensor:
    """Make one vector of the states of all tokens (texts, tokens, width), fillers left out."""
    kept = mask.unsqueeze(-1).to(states.dtype)
    if way == "cls":
        return states[:, 0]
    if way == "lasttoken":
        return states[:, -1]
    if way == "max":
        return states.masked_fill(kept == 0, float("-inf")).amax(1)
    return (states * kept).sum(1) / kept.sum(1).clamp(min=1)


def _pooling(facts: dict[str, Any]) -> str:
    """Return "cls", "max", "lasttoken" or "mean", the usual one."""
    named = {
        "cls": facts.get("pooling_mode_cls_token"),
        "max": facts.get("pooling_mode_max_tokens"),
        "lasttoken": facts.get("pooling_mode_lasttoken"),
    }
    way = facts.get("pooling_mode") or next((name for name, chosen in named.items() if chosen), "mean")
    return way if way in named else "mean"


def _prompt(folder: Path) -> str:
    """Return what a model wants in front of texts that are compared with each other."""
    facts = _read(folder / "config_sentence_transformers.json")
    prompts = facts.get("prompts") or {}
    return str(prompts.get("STS") or prompts.get(facts.get("default_prompt_name") or "") or "")


def _paths(folder: Path, kind: str) -> list[str]:
    modules = _read(folder / "modules.json") or []
    return [module["path"] for module in modules if module["type"].rpartition(".")[2] == kind]


def _weights(folder: Path) -> dict[str, torch.Tensor]:
    import torch
    from safetensors.torch import load_file

    if (folder / "model.safetensors").exists():
        return load_file(folder / "model.safetensors")
    weights: dict[str, torch.Tensor] = torch.load(folder / "pytorch_model.bin", weights_only=True, map_location="cpu")
    return weights


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
