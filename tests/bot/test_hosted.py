"""Hosted inference is there where it can be reached."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.executors import Executors
from bot.settings import read_settings
from core.contract import Model
from core.registry import Registry
from core.types import Place

MODELS = (Model(id="a/talker", providers=("groq", "novita")),)


@pytest.mark.parametrize(
    ("told", "providers"),
    [
        ({}, None),
        ({"hf_token": "hf_x"}, ("groq", "novita")),
        ({"hf_router_url": "http://127.0.0.1:9/"}, ("groq", "novita")),
        ({"hf_token": "hf_x", "hf_providers": "novita, cerebras"}, ("novita",)),
    ],
)
def test_a_token_or_a_router_of_ones_own_makes_it_a_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: dict[str, Any], providers: tuple[str, ...] | None
) -> None:
    """It offers what the catalogue says is served, by the providers that may be asked, before it is entered."""
    for name in ("HF_TOKEN", "HF_ROUTER_URL", "HF_PROVIDERS"):
        monkeypatch.delenv(name, raising=False)
    settings = read_settings(data_dir=tmp_path, **told)
    place = Executors(settings, Registry.discover(catalogue={"conversational": MODELS})).hosted
    assert (place is None) == (providers is None)
    offers = place.offers() if place else []
    assert [(one.model.providers, one.place) for one in offers] == ([(providers, Place.REMOTE)] if providers else [])


def test_the_switch_for_files_is_part_of_the_policy() -> None:
    """What the executor holds, selection knows too."""
    assert read_settings(keep_media_local=True).policy.keep_media
    assert not read_settings().policy.keep_media
