"""``python -m bot`` starts light: an executor's children and ``--help`` must not pay for what they do not use."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {"aiohttp", "alembic", "av", "cv2", "fastapi", "gradio", "onnxruntime", "rapidocr", "sqlalchemy", "torch"}


def loaded_after(code: str) -> set[str]:
    """The modules of ``HEAVY`` that are loaded after ``code``."""
    program = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return HEAVY & set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "code",
    [
        "import bot.__main__",
        "from bot.cli.app import app; from typer.testing import CliRunner; CliRunner().invoke(app, ['--help'])",
        "from bot.cli.app import app; from typer.testing import CliRunner; CliRunner().invoke(app, ['plan', 'hi'])",
    ],
)
def test_nothing_heavy_is_loaded(code: str, installation: Path) -> None:
    """Importing the program, asking for help and planning load neither database, web server nor models."""
    assert loaded_after(f"import os; os.environ['DATA_DIR'] = {str(installation)!r}; {code}") == set()


def test_importing_the_program_does_nothing() -> None:
    """A child that imports ``bot.__main__`` anew loads nothing of the command line."""
    program = "import sys; import bot.__main__; print('typer' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
