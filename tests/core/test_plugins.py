"""Packages installed beside JARVIS bring task types and models."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest

from core.contract import Model
from core.executors.pool import Pool
from core.ports import Job
from core.registry import Registry
from core.types import Place

TEMPLATE = Path(__file__).parents[2] / "examples" / "jarvis-shout"
Install = Callable[..., None]

MORE_MODELS = """
from core.experts.text_classification import TYPE
from core.contract import Model
MODELS = (Model(id="acme/mood", about="Ours."),)
"""
CLASHING = """
from core.contract import Expert, Model, TaskType, expert
TYPE = TaskType(name="translation", summary="Ours.", takes=(), gives=())
@expert(TYPE, Model(id="acme/better"))
class Better(Expert):
    def run(self, inputs, steer): return {}
"""


def wheel(folder: Path, name: str, source: str, version: str = "1.0") -> Path:
    """Write the package that a build of a module with one entry point gives."""
    path, info = folder / f"{name}-{version}-py3-none-any.whl", f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": source,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[jarvis.experts]\n{name} = {name}\n",
    }
    record = "".join(f"{file},,\n" for file in (*files, f"{info}/RECORD"))
    with ZipFile(path, "w") as archive:
        for file, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(file, text)
    return path


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install packages for real, where only this test sees them."""
    site = tmp_path / "site"

    def run(sources: Mapping[str, str]) -> None:
        wheels = [str(wheel(tmp_path, name, source)) for name, source in sources.items()]
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(site)]
        subprocess.run([*pip, *wheels], check=True, capture_output=True)
        monkeypatch.syspath_prepend(site)
        importlib.invalidate_caches()
        for name in sources:
            monkeypatch.delitem(sys.modules, name, raising=False)

    return run


def test_the_template_is_short_and_names_its_module() -> None:
    """Fewer than 40 lines together; the entry point names the module that lies beside it."""
    told = tomllib.loads((TEMPLATE / "pyproject.toml").read_text())
    assert told["project"]["entry-points"]["jarvis.experts"] == {"shout": "jarvis_shout"}
    assert sum(len(file.read_text().splitlines()) for file in TEMPLATE.iterdir() if file.is_file()) < 40


@pytest.mark.anyio
async def test_an_installed_expert_runs_like_any_other(install: Install) -> None:
    """Its task type is known, and its expert runs in a child process."""
    before = Registry.discover()
    install({"jarvis_shout": (TEMPLATE / "jarvis_shout.py").read_text()})
    registry = Registry.discover()
    assert set(registry.types) - set(before.types) == {"shout"}
    assert registry.code != before.code
    async with Pool(registry, types=["shout"]) as pool:
        (offer,) = pool.offers()
        assert (offer.model.id, offer.place) == ("acme/shout", Place.EMBEDDED)
        job = Job(id="1", type="shout", model="acme/shout", inputs={"text": "hear, hear"}, seconds=20)
        assert await pool.run(job, lambda _fraction, _note: None) == {"text": "HEAR, HEAR!"}


def test_a_package_may_bring_models_for_a_task_type_that_there_is(install: Install) -> None:
    """Our own experts run them, after those of the catalogue."""
    install({"jarvis_mood": MORE_MODELS})
    registry = Registry.discover(catalogue={"text-classification": [Model(id="org/known")]})
    ours, known = (registry.card("text-classification", name) for name in ("acme/mood", "org/known"))
    assert ours is not None
    assert known is not None
    assert (ours.place, ours.make, ours.model.about) == (known.place, known.make, "Ours.")


def test_what_is_broken_or_takes_a_taken_name_is_left_out_with_a_line(install: Install) -> None:
    """Everything else stays as it was."""
    before = Registry.discover()
    broken = {
        "jarvis_bug": "1 / 0",
        "jarvis_quits": "import sys; sys.exit('no')",
        "jarvis_lacks": "import no_such_module",
    }
    install({**broken, "jarvis_clash": CLASHING, "jarvis_shout": (TEMPLATE / "jarvis_shout.py").read_text()})
    registry = Registry.discover()
    assert set(registry.types) == {*before.types, "shout"}
    assert registry.types["translation"] is before.types["translation"]
    assert registry.left_out == (
        "The experts in jarvis_bug are left out: division by zero.",
        "The experts in jarvis_clash are left out: translation is there already.",
        "The experts in jarvis_lacks are left out: No module named 'no_such_module'.",
        "The experts in jarvis_quits are left out: no.",
    )
