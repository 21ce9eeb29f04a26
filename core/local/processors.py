"""Processors of models that see and read."""

from __future__ import annotations

from inspect import signature
from pathlib import Path
from typing import Any

FILMS = "video_processor"
"""The part that takes films apart. The library's own need torchvision; we give models pictures only."""


def processor_of(folder: Path) -> Any:
    """Return a model's processor for pictures and words; where its part for films cannot be loaded, without that."""
    from transformers import AutoProcessor

    try:
        return AutoProcessor.from_pretrained(folder)
    except ImportError:
        made = _class_of(folder)
        if FILMS not in made.get_attributes():
            raise
        return _without_films(made, folder)


def _class_of(folder: Path) -> Any:
    """Return the library's class of processors for a model."""
    from transformers import AutoConfig
    from transformers.models.auto.processing_auto import PROCESSOR_MAPPING

    return PROCESSOR_MAPPING[type(AutoConfig.from_pretrained(folder))]


def _without_films(made: Any, folder: Path) -> Any:
    """Put a processor together from its other parts, as ``from_pretrained`` does."""
    from transformers import AutoImageProcessor, AutoTokenizer

    def check(self: Any, name: str, argument: Any) -> Any:
        return None if argument is None else super(lenient, self).check_argument_for_proper_class(name, argument)

    lenient: Any = type(made.__name__, (made,), {"check_argument_for_proper_class": check})
    written, _ = made.get_processor_dict(folder)
    takes = signature(made.__init__).parameters.keys() - {"self", "kwargs", *made.get_attributes()}
    options = {name: value for name, value in written.items() if name in takes}
    parts = {
        "image_processor": AutoImageProcessor.from_pretrained(folder),
        "tokenizer": AutoTokenizer.from_pretrained(folder),
    }
    return lenient(**parts, **{FILMS: None}, **options)
