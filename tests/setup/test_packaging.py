"""What is declared, what is locked and what is started agree with each other."""

import re
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
USUAL = ("web", "embedded", "openai", "discord", "slack")
RUN = [*PROJECT["dependencies"], *(line for extra in USUAL for line in EXTRAS[extra])]
LOCAL = [*RUN, *EXTRAS["local"]]
EVERYTHING = [*PROJECT["dependencies"], *(line for extra in EXTRAS.values() for line in extra)]


def locked(name: str) -> dict[str, set[str]]:
    """Package name -> versions, as the lock file says."""
    versions: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text().splitlines():
        if found := re.match(r"([A-Za-z0-9._-]+)==([^ ;]+)", line):
            versions.setdefault(canonicalize_name(found[1]), set()).add(found[2])
    return versions


DECLARED = {"requirements.lock": RUN, "requirements-local.lock": LOCAL, "requirements-dev.lock": EVERYTHING}


@pytest.mark.parametrize(("file", "declared"), list(DECLARED.items()))
def test_lock_covers_what_is_declared(file: str, declared: list[str]) -> None:
    """Every declared dependency is locked to versions that its range allows; else run ./scripts/lock."""
    versions = locked(file)
    for requirement in map(Requirement, declared):
        found = versions.get(canonicalize_name(requirement.name), set())
        assert found, f"{requirement.name} is not in {file}: run ./scripts/lock"
        assert all(requirement.specifier.contains(version) for version in found), f"{requirement}: run ./scripts/lock"


@pytest.mark.parametrize(("smaller", "larger"), list(pairwise(DECLARED)))
def test_locks_agree(smaller: str, larger: str) -> None:
    """Each lock holds the one before it unchanged, so tests test what runs."""
    everything = locked(larger)
    assert {name: everything.get(name) for name in locked(smaller)} == locked(smaller)


@pytest.mark.parametrize("file", DECLARED)
def test_locks_name_no_place(file: str) -> None:
    """A lock file says versions and nothing else: no index, no address, no path."""
    lines = [line for line in (ROOT / file).read_text().splitlines() if not line.startswith("#")]
    assert lines
    assert all(re.fullmatch(r"[a-z0-9.-]+==[a-z0-9.]+( ; .+)?", line) for line in lines)


def test_running_needs_no_deep_learning_framework() -> None:
    """What ./scripts/run installs stays small: no torch and nothing that comes with it."""
    assert "torch" in locked("requirements-local.lock")
    assert not {"torch", "transformers", "diffusers", "tensorflow", "jax"} & set(locked("requirements.lock"))


def test_old_tokenizers_can_be_read() -> None:
    """Older models come with a SentencePiece model only, which transformers reads by two libraries it does not name."""
    assert {"sentencepiece", "protobuf"} <= {canonicalize_name(Requirement(line).name) for line in EXTRAS["local"]}


def test_procfile() -> None:
    """The Procfile is well-formed and names the processes that exist."""
    command = [sys.executable, "-m", "honcho", "-f", str(ROOT / "Procfile"), "check"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert "(release, web, discord, slack, worker)" in answer.stdout + answer.stderr
