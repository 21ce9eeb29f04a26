"""The catalogue as it is used: the snapshot that comes with JARVIS, brought up to date by what the Hub told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.catalogue.families import HOSTED
from core.contract import Model
from core.registry import Catalogue

FILES = "files"
"""The setting that names a model's unusual files."""


def merged(snapshot: Catalogue, found: Mapping[str, Sequence[Model]]) -> Catalogue:
    """Return the snapshot with fresh figures, and behind its models those that are new, by task type.

    A row of the snapshot keeps what somebody found out about running the model. A new model comes without its
    downloads: they decide between models that somebody has looked at, and what is merely popular shall not go before.
    """
    facts = {model.id: model for models in found.values() for model in models}
    return {
        task: (
            *(_fresh(model, facts.get(model.id)) for model in snapshot.get(task, ())),
            *_new(snapshot.get(task, ()), found.get(task, ())),
        )
        for task in sorted({*snapshot, *found})
    }


def _fresh(model: Model, told: Model | None) -> Model:
    if told is None:
        return model
    return replace(
        model,
        downloads=told.downloads if told.downloads is not None else model.downloads,
        likes=told.likes if told.likes is not None else model.likes,
        licence=_licence(model, told),
        languages=model.languages or told.languages,
        size=model.size or told.size,
        memory=model.memory or told.memory,
        gated=told.gated,
        pickled=_pickled(model, told),
        remote_code=model.remote_code,  # our experts were seen to run it without
        providers=told.providers or model.providers,
    )


def _licence(model: Model, told: Model) -> str:
    """Return the licence that the Hub tells now, where it has a name; authors change them."""
    return model.licence if model.licence and told.licence in ("", "other") else told.licence


def _pickled(model: Model, told: Model) -> bool:
    """Whether a model's weights are pickles; of those in unusual files the Hub's usual ones tell nothing."""
    return model.family != HOSTED and (model.pickled if FILES in model.settings else told.pickled)


def _new(known: Sequence[Model], found: Sequence[Model]) -> Sequence[Model]:
    ids = {model.id for model in known}
    return [replace(model, downloads=None) for model in found if model.id not in ids]
