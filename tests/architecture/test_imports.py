"""The import law, beyond what the contracts in pyproject.toml say."""

import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("adapters", "bot", "core", "migrations", "storage")
HEAVY = (
    "av",
    "cv2",
    "diffusers",
    "gradio",
    "nltk",
    "onnxruntime",
    "pandas",
    "pypdfium2",
    "rapidocr",
    "sumy",
    "torch",
    "transformers",
)


def imported_by(module: str) -> set[str]:
    """The top-level packages that importing ``module`` alone brings into a fresh process."""
    program = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(answer.stdout.split())


def test_no_circles() -> None:
    """No module imports itself by way of others, under TYPE_CHECKING or inside a function neither."""
    graph = grimp.build_graph(*ROOMS, exclude_type_checking_imports=False, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert any(imports.values())
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(f"import circle: {' <- '.join(error.args[1])}", pytrace=False)


def test_core_is_light() -> None:
    """The whole of core, each module imported, brings neither a heavy library, nor a platform, nor the database.

    But for the one that is there to be imported by the fork server for what it brings.
    """
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted((ROOT / "core").rglob("*.py"))
        if path != ROOT / "core" / "local" / "preload.py"
    ]
    found = imported_by(", ".join(modules))
    assert not found & {*HEAVY, "aiosqlite", "discord", "fastapi", "numpy", "slack_bolt", "sqlalchemy"}


@pytest.mark.parametrize("room", ["bot", "bot.__main__", "adapters", "storage"])
def test_the_bot_is_light(room: str) -> None:
    """The process that listens to people loads none of the libraries that belong into the executor's child."""
    assert not imported_by(room) & (set(HEAVY) - {"gradio", "pandas"})
