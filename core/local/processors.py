"""Processors of models that see and read."""

from __future__ import annotations

import json
from inspect import signature
from pathlib import Path
from typing import Any

FILMS = "video_processor"
"""The part that takes films apart. The library's own need torchvision; we give models pictures only."""

GONE = "FeatureExtractor"
"""How repositories of 2022 and 2023 call an image processor. The library knows classes of such names no more."""

PREPROCESSOR = "preprocessor_config.json"


def image_processor_of(folder: Path) -> Any:
    """Return what makes a model's input of pictures, also where its files call it by a name of the past."""
    import transformers as tr

    named = _named_of_old(folder)
    made = named and (getattr(tr, f"{named}Pil", None) or getattr(tr, named, None))
    return (made or tr.AutoImageProcessor).from_pretrained(folder)


def processor_of(folder: Path) -> Any:
    """Return a model's processor for pictures and words; where its part for films cannot be loaded, without that."""
    from transformers import AutoProcessor

    if not _named_of_old(folder):
        try:
            return AutoProcessor.from_pretrained(folder)
        except ImportError:
            if FILMS not in _class_of(folder).get_attributes():
                raise
    return _put_together(_class_of(folder), folder)


def _named_of_old(folder: Path) -> str:
    """Return today's name of an image processor whose files have the one of the past, else nothing."""
    name = str(_read(folder / PREPROCESSOR).get("image_processor_type", ""))
    return name.removesuffix(GONE) + "ImageProcessor" if name.endswith(GONE) else ""


def _class_of(folder: Path) -> Any:
    """Return the library's class of processors for a model: the one its files name, else the usual one."""
    import transformers as tr
    from transformers.models.auto.processing_auto import PROCESSOR_MAPPING

    files = ("processor_config.json", PREPROCESSOR, "tokenizer_config.json")
    names = (str(_read(folder / file).get("processor_class", "")) for file in files)
    named = next((getattr(tr, name) for name in names if hasattr(tr, name)), None)
    return named or PROCESSOR_MAPPING[type(tr.AutoConfig.from_pretrained(folder))]


def _put_together(made: Any, folder: Path) -> Any:
    """Put a processor together from its parts, as ``from_pretrained`` does; the one for films is left out."""
    from transformers import AutoTokenizer

    def check(self: Any, name: str, argument: Any) -> Any:
        return None if argument is None else super(lenient, self).check_argument_for_proper_class(name, argument)

    lenient: Any = type(made.__name__, (made,), {"check_argument_for_proper_class": check})
    written, _ = made.get_processor_dict(folder)
    takes = signature(made.__init__).parameters.keys() - {"self", "kwargs", *made.get_attributes()}
    options = {name: value for name, value in written.items() if name in takes}
    parts = {"image_processor": image_processor_of(folder), "tokenizer": AutoTokenizer.from_pretrained(folder)}
    absent = {FILMS: None} if FILMS in made.get_attributes() else {}
    return lenient(**parts, **absent, **options)


def _read(file: Path) -> dict[str, Any]:
    """Return what a file of settings says, nothing where it is not there."""
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
