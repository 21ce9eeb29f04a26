"""What the Hub tells about candidate models, as rows of the catalogue. Runs in a child process."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from core.catalogue.families import HOSTED, Search
from core.contract import Model
from core.weights.choice import PIPELINE, choose, pickled

if TYPE_CHECKING:
    from huggingface_hub import HfApi
    from huggingface_hub.hf_api import ModelInfo

EXPAND: list[Any] = [
    "cardData", "config", "disabled", "downloads", "gated", "inferenceProviderMapping", "library_name", "likes",
    "private", "safetensors", "siblings", "tags",
]  # fmt: skip

SECONDS = 15.0
"""For a question about one model."""

BITS = re.compile(r"\d+")
BIG = 2_000_000_000
"""Parameters from which on nobody runs a model on a processor, so that two bytes for each will do."""

WORK = 1.2
"""What a model takes while it runs, in sizes of its weights."""


def candidates(hub: HfApi, search: Search, limit: int) -> Iterator[Model]:
    """Yield the most downloaded models of a search that run here, or that somebody hosts.

    Raises the library's errors.
    """
    told = hub.list_models(
        pipeline_tag=search.pipeline, filter=search.tags, sort="downloads", limit=limit, expand=EXPAND
    )
    for info in told:
        if info.private or info.disabled:
            continue
        model = row(info, search)
        if model.family != HOSTED or model.providers:
            yield model


def known(hub: HfApi, ids: Iterable[str]) -> Iterator[Model]:
    """Yield what the Hub tells about these models; of those that it does not know, nothing. Raises as above."""
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    for name in ids:
        with suppress(RepositoryNotFoundError, HFValidationError):
            yield row(hub.model_info(name, expand=EXPAND, timeout=SECONDS), Search())


def row(info: ModelInfo, search: Search) -> Model:
    """Return a model's facts; what the Hub does not tell stays unknown."""
    tags, names = info.tags or [], [one.rfilename for one in info.siblings or ()]
    needed = _needed(names)
    family = search.family(info.library_name or "", tags, (info.config or {}).get("architectures") or ())
    served = {one.provider for one in info.inference_provider_mapping or () if one.status == "live"}
    counts: Mapping[str, int] = info.safetensors.parameters if info.safetensors else {}
    return Model(
        id=info.id,
        licence=_licence(info.card_data),
        languages=_languages(info.card_data),
        size=sum(count * _bytes(kind) for kind, count in counts.items()) or None,
        memory=_memory(sum(counts.values())),
        downloads=info.downloads,
        likes=info.likes,
        library=info.library_name or "",
        family=HOSTED if family is None or not needed else family,
        gated=bool(info.gated),
        pickled=bool(pickled(needed)),
        remote_code="custom_code" in tags,
        providers=tuple(sorted(served)),
    )


def _needed(names: list[str]) -> tuple[str, ...]:
    """Return the files that would be downloaded, as far as their names tell."""
    parts = {name.partition("/")[0] for name in names if name.count("/") == 1} if PIPELINE in names else None
    return choose(names, components=parts)


def _bytes(kind: str) -> int:
    """Return how many bytes a number of a safetensors type takes: F32, BF16, F8_E4M3, BOOL ..."""
    bits = BITS.search(kind)
    return int(bits.group()) // 8 if bits else 1


def _memory(parameters: int) -> int | None:
    return int(WORK * parameters * (2 if parameters >= BIG else 4)) or None


def _licence(card: Any) -> str:
    told = getattr(card, "license", None)
    if isinstance(told, list):  # any of them, as one likes
        told = next((one for one in told if isinstance(one, str)), None)
    if told == "other":
        told = getattr(card, "license_name", None) or told
    return told if isinstance(told, str) else ""


def _languages(card: Any) -> tuple[str, ...]:
    told = getattr(card, "language", None) or ()
    codes = [told] if isinstance(told, str) else told
    return tuple(sorted({code for code in codes if isinstance(code, str) and re.fullmatch("[a-z]{2,3}", code)}))
