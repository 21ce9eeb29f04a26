"""All tiny models as a catalogue, and their experts in this process."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from core.contract import Expert, Model
from core.registry import Catalogue, Registry
from tests.tiny import (
    controls,
    diffusion,
    films,
    hearing,
    language,
    matching,
    music,
    pages,
    seeing,
    speaking,
    vision,
    writing,
)
from tests.tiny.builder import TINY, installed

BUILDERS = (controls, diffusion, films, hearing, language, matching, music, pages, seeing, speaking, vision, writing)
"""Importing them declares their models."""


@cache
def catalogue() -> Catalogue:
    """Return the tiny models as the candidates of the task types they serve."""
    rows: dict[str, list[Model]] = {}
    for one in TINY.values():
        for task, family in one.serves:
            rows.setdefault(task, []).append(one.model(family))
    return rows


@cache
def registry() -> Registry:
    """Return all experts, with the tiny models as their catalogue."""
    return Registry.discover(catalogue=catalogue())


@cache
def hub_cache(*ids: str) -> Path:
    """Return a Hugging Face cache with these models, all if none is named; this process uses it from now on."""
    from huggingface_hub import constants

    wanted = {one: TINY[one] for one in ids} if ids else TINY
    folder = installed({**wanted, **{part: TINY[part] for one in wanted.values() for part in one.parts.values()}})
    os.environ["HF_HUB_CACHE"] = constants.HF_HUB_CACHE = str(folder)
    os.environ["HF_HUB_OFFLINE"] = "1"
    return folder


def loaded(task: str, model: str) -> Expert:
    """Return an expert of this process with a tiny model loaded: ``loaded("object-detection", "tiny/detr")``."""
    hub_cache(model)
    card = registry().card(task, model)
    assert card is not None, f"no local expert runs {model} for {task}"
    expert = card.make(card.model)
    expert.load()
    return expert
