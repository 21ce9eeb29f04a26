"""The scripts on machines of many kinds: each test builds a PATH with only what that machine has. No network."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = "basename cat cksum dirname env grep id mkdir rm sh"
REAL_PYTHON = getattr(sys, "_base_executable", sys.executable)

needs_ensurepip = pytest.mark.skipif(find_spec("ensurepip") is None, reason="this Python cannot make environments")


def make_wheel(folder: Path, name: str, version: str) -> None:
    """Write the smallest wheel that pip installs: one module with the version in it."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = [f"{path},sha256={_digest(text)},{len(text)}" for path, text in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,"]) + "\n"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


@dataclass
class Machine:
    """A machine with its own PATH, a package index in a folder, and a copy of the scripts in a path with a space."""

    home: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def project(self) -> Path:
        return self.home / "my jarvis"

    @property
    def venv(self) -> Path:
        return self.project / ".venv"

    def build(self) -> None:
        shutil.copytree(ROOT / "scripts", self.project / "scripts")
        (self.project / "bot").mkdir()
        (self.project / "bot/__main__.py").write_text(
            "import sys, probe; print('started', probe.VERSION, sys.argv[1:])"
        )
        for name in ("bin", "wheels"):
            (self.home / name).mkdir()
        for tool in TOOLS.split():
            (self.home / "bin" / tool).symlink_to(str(shutil.which(tool)))
        make_wheel(self.home / "wheels", "setuptools", "1.0")
        self.lock("1.0")

    def lock(self, version: str) -> None:
        make_wheel(self.home / "wheels", "probe", version)
        text = f"setuptools==1.0\nprobe=={version}\n"
        (self.project / "requirements.lock").write_text(text)
        (self.project / "requirements-dev.lock").write_text(text)

    def program(self, name: str, script: str) -> None:
        path = self.home / "bin" / name
        path.unlink(missing_ok=True)  # it may be a link to the machine's own program, which must stay as it is
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def start(self, command: str) -> "subprocess.Popen[str]":
        environment = {
            "HOME": str(self.home),
            "PATH": str(self.home / "bin"),
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_FIND_LINKS": str(self.home / "wheels"),
            "PIP_NO_INDEX": "1",
            **self.more,
        }
        line = ["sh", "-c", command.replace("scripts/", f"'{self.project}'/scripts/")]
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        return subprocess.Popen(line, cwd="/", env=environment, text=True, **streams)  # type: ignore[call-overload, no-any-return]

    def run(self, command: str) -> tuple[int, str]:
        process = self.start(command)
        output, _ = process.communicate(timeout=120)
        assert "Traceback" not in output
        return process.returncode, output


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """A machine without Python, package manager or rights."""
    machine = Machine(tmp_path)
    machine.build()
    return machine


@pytest.fixture
def machine(bare: Machine) -> Machine:
    """A machine with a good Python."""
    bare.program("python3", f'exec "{REAL_PYTHON}" "$@"')
    return bare


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine with a good Python that several tests use: making an environment takes seconds."""
    machine = Machine(tmp_path_factory.mktemp("lasting"))
    machine.build()
    machine.program("python3", f'exec "{REAL_PYTHON}" "$@"')
    return machine


@pytest.fixture
def settled(lasting: Machine) -> Machine:
    """A machine on which JARVIS has run before."""
    lasting.lock("1.0")
    status, output = lasting.run("scripts/run")
    assert status == 0, output
    return lasting


def test_no_python(bare: Machine) -> None:
    """Without Python and without rights the script says in words what to install."""
    status, output = bare.run("scripts/run")
    assert status == 1
    assert "needs a complete Python 3.11 or newer, and this machine has no Python 3" in output
    assert "apt-get install python3" in output


def test_old_python(bare: Machine) -> None:
    """A Python that is too old is named with its version."""
    bare.program("python3", '[ "$1" = -V ] && echo Python 3.9.2; [ "$1" = -V ]')
    status, output = bare.run("scripts/test")
    assert status == 1
    assert "this machine has Python 3.9.2" in output


def test_newer_python_beside_an_old_one(bare: Machine) -> None:
    """A python3 that is too old does not hide a newer one beside it."""
    bare.program("python3", "exit 1")
    bare.program("python3.12", f'exec "{REAL_PYTHON}" "$@"')
    script = bare.project / "scripts/probe"
    script.write_text('. "$(dirname "$0")/lib/setup.sh"\nneed_python\necho "found $python"\n')
    status, output = bare.run("sh scripts/probe")
    assert (status, output) == (0, "found python3.12\n")


def test_named_python_is_unusable(machine: Machine) -> None:
    """A PYTHON that does not work is refused by its name, even where another would do."""
    machine.more["PYTHON"] = "/nowhere/python3"
    status, output = machine.run("scripts/run")
    assert status == 1
    assert "PYTHON=/nowhere/python3 is not a complete Python 3.11" in output
    assert not machine.venv.exists()


def test_folder_without_write_permission(machine: Machine) -> None:
    """Where the environment cannot be written, the script says where it wanted to write."""
    (machine.project / ".venv.lock").mkdir()
    status, output = machine.run("scripts/run")
    assert status == 1
    assert f"Cannot write to {machine.project}" in output


@pytest.mark.slow
@needs_ensurepip
def test_root_gets_python_by_apt(bare: Machine) -> None:
    """With rights and apt-get, a missing Python is installed after saying so, once the empty lists are filled."""
    lists, python = bare.home / "lists", bare.home / "bin/python3"
    bare.program("id", "echo 0")
    bare.program("apt-cache", f'[ -e "{lists}" ] && [ "$2" = python3 ] && echo "Package: python3"')
    bare.program(
        "apt-get",
        f"""case "$*" in
            *update*) : >"{lists}" ;;
            *install*" python3 python3-venv") echo 'exec "{REAL_PYTHON}" "$@"' >"{python}"; /bin/chmod +x "{python}" ;;
            *) exit 1 ;;
        esac""",
    )
    status, output = bare.run("scripts/run")
    assert status == 0, output
    assert "Installing with apt-get: python3 python3-venv" in output
    assert output.endswith("started 1.0 ['serve']\n")


@pytest.mark.slow
@needs_ensurepip
def test_second_run_starts_at_once(settled: Machine) -> None:
    """The second run starts with the user's options and touches neither pip nor the index."""
    pip, wheels = settled.venv / "bin/pip", settled.home / "wheels"
    pip.rename(pip.with_name("no pip"))
    wheels.rename(wheels.with_name("no wheels"))
    status, output = settled.run("scripts/run --port '80 80'")
    assert (status, output) == (0, "started 1.0 ['serve', '--port', '80 80']\n")
    pip.with_name("no pip").rename(pip)
    wheels.with_name("no wheels").rename(wheels)


@pytest.mark.slow
@needs_ensurepip
def test_new_lock_is_installed(settled: Machine) -> None:
    """When the locked versions change, the next run installs them into the same environment."""
    (settled.venv / "mine").touch()
    settled.lock("2.0")
    status, output = settled.run("scripts/run")
    assert status == 0, output
    assert "started 2.0" in output
    assert (settled.venv / "mine").exists()


def cut_off(machine: Machine) -> None:
    """Leave what a killed set-up leaves."""
    (machine.venv / ".jarvis").write_text("broken\n")


def lose_python(machine: Machine) -> None:
    """Take away the Python it was made with."""
    (machine.venv / "bin/python").unlink()
    (machine.venv / "bin/python").symlink_to("/nowhere/python3")


def lose_pip(machine: Machine) -> None:
    """Take away pip, and the note of what is installed."""
    (machine.venv / ".jarvis").unlink()
    shutil.rmtree(next(machine.venv.glob("lib/python*/site-packages/pip")))


def move(machine: Machine) -> None:
    """Move everything to another folder."""
    old, machine.home = machine.home, machine.home / "elsewhere"
    machine.home.mkdir()
    for name in ("bin", "wheels", "my jarvis"):
        (old / name).rename(machine.home / name)


@pytest.mark.slow
@needs_ensurepip
@pytest.mark.parametrize("damage", [cut_off, lose_python, lose_pip, move])
def test_damaged_environment_is_remade(settled: Machine, damage: Callable[[Machine], None]) -> None:
    """An environment that was cut off half-way, lost its Python or pip, or was moved is replaced by a whole one."""
    (settled.venv / "old").touch()
    damage(settled)
    status, output = settled.run("scripts/run")
    assert status == 0, output
    assert "Replacing .venv" in output
    assert "started 1.0" in output
    assert not (settled.venv / "old").exists()


@pytest.mark.slow
@needs_ensurepip
def test_failed_install_goes_on_later(settled: Machine) -> None:
    """When a library cannot be fetched the script says so, and the next run goes on in the same environment."""
    settled.lock("3.0")
    wheel = settled.home / "wheels/probe-3.0-py3-none-any.whl"
    wheel.rename(settled.home / wheel.name)
    (settled.venv / "mine").touch()
    status, output = settled.run("scripts/run")
    assert status == 1
    assert "Could not install the libraries" in output
    assert "started" not in output

    (settled.home / wheel.name).rename(wheel)
    status, output = settled.run("scripts/run")
    assert status == 0, output
    assert "started 3.0" in output
    assert (settled.venv / "mine").exists()


@pytest.mark.slow
@needs_ensurepip
def test_two_at_once(machine: Machine) -> None:
    """Two scripts started together both work, and only one of them installs."""
    processes = [machine.start("scripts/run") for _ in range(2)]
    outputs = [process.communicate(timeout=120)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0], outputs
    assert "".join(outputs).count("Installing the libraries") == 1
    assert all("started 1.0" in output for output in outputs)


@pytest.mark.slow
@needs_ensurepip
def test_python_without_ensurepip(machine: Machine) -> None:
    """A Python whose venv brings no pip, as on a fresh Debian, gets it from the pip that this Python has."""
    import ensurepip

    bundled = Path(ensurepip.__file__).parent / "_bundled"
    for wheel in [*bundled.glob("pip-*.whl"), *Path("/usr/share/python-wheels").glob("pip-*.whl")]:
        shutil.copy(wheel, machine.home / "wheels")
    machine.program("python3", f'[ "$*" = "-m venv .venv" ] && exit 1; exec "{sys.executable}" "$@"')
    status, output = machine.run("scripts/run")
    assert status == 0, output
    assert "started 1.0" in output


@pytest.mark.parametrize(("ci", "expected"), [("true", 1), ("", 0)])
def test_no_chromium(machine: Machine, ci: str, expected: int) -> None:
    """Without Chromium the browser tests are announced as skipped, but CI stops instead."""
    machine.more["CI"] = ci
    script = machine.project / "scripts/probe"
    script.write_text('. "$(dirname "$0")/lib/setup.sh"\n. scripts/lib/testbed.sh\nneed_chromium 2>/dev/null || exit\n')
    status, output = machine.run("sh scripts/probe")
    assert status == expected
    assert ("will be SKIPPED" in output) == (expected == 0)
