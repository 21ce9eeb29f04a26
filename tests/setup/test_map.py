"""The map of the code is true: what the documents name exists, and no room is missing from them."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("adapters", "bot", "core", "storage", "migrations", "tests", "benchmarks", "examples", "scripts")
FILES = {f"/{path.relative_to(ROOT)}" for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file()}
FILES |= {f"/{path.name}" for path in ROOT.iterdir()}

NAMED = re.compile(r"`([\w./-]+\.(?:py|toml|md|lock|jsonl))`")
"""A file in a document; with a placeholder or a pattern in it, it is none."""

ANCHOR = re.compile(r"\]\(#([\w-]+)\)")


@pytest.mark.parametrize("document", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_files_that_a_document_names_are_there(document: str) -> None:
    """By their whole path, or by the end of it."""
    named = NAMED.findall((ROOT / document).read_text())
    assert [name for name in named if not any(file.endswith(f"/{name}") for file in FILES)] == []


@pytest.mark.parametrize("room", ["adapters", "bot", "core"])
def test_every_file_of_a_room_is_on_the_map(room: str) -> None:
    """Who looks for the place of something new finds each module beside the others."""
    text = (ROOT / "ARCHITECTURE.md").read_text()
    modules = {path.name for path in (ROOT / room).glob("*.py")} - {"__init__.py", "__main__.py"}
    missing = {name for name in modules if f"`{name}`" not in text and f"/{name}`" not in text}
    assert not missing, f"ARCHITECTURE.md has no line for these of {room}/"


def test_links_within_the_map_lead_somewhere() -> None:
    """Each names a heading."""
    text = (ROOT / "ARCHITECTURE.md").read_text()
    headings = {line.lstrip("# ").lower().replace(" ", "-") for line in text.splitlines() if line.startswith("#")}
    assert set(ANCHOR.findall(text)) <= headings
