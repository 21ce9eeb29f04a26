"""The snapshot of candidate models that comes with JARVIS: a file per task type, a JSON object a line."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from core.contract import Model
from core.registry import Catalogue

FOLDER = Path(__file__).parent / "models"

MODEL = TypeAdapter(Model)
"""Reads and writes a model's facts. What a line leaves out is unknown."""


@cache
def snapshot(folder: Path = FOLDER) -> Catalogue:
    """Return the candidates of each task type, in the order of the file ``<task type>.jsonl``."""
    return {file.stem: _models(file) for file in sorted(folder.glob("*.jsonl"))}


def _models(file: Path) -> tuple[Model, ...]:
    return tuple(MODEL.validate_json(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
