"""What all tests share: one event loop library, the browser or a clear word about it, and long tests first."""

import os

import pytest

# Experts that run in this process: their runtime tells nobody about it.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

# Workers share the cores: threads of PyTorch that wait for each other would cost several times the time.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# A test that wants models on this machine's devices says so: looking for them and importing PyTorch takes seconds.
os.environ.setdefault("DEVICES", "none")

from tests.browser import chromium


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """JARVIS runs on asyncio."""
    return "asyncio"


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where Chromium lies, for Playwright's ``executable_path``; only tests marked ``browser`` may ask."""
    path = chromium()
    assert path, "ask for Chromium only in tests marked browser"
    return path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put files with long tests first, so that no worker is left alone with one at the end."""
    long = {item.path for item in items if any(map(item.get_closest_marker, ("browser", "crash", "slow")))}
    items.sort(key=lambda item: item.path not in long)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a browser test where there is no browser; in CI, where nobody would notice, fail instead."""
    if item.get_closest_marker("browser") is None or chromium():
        return
    why = "no Chromium that works on this machine: ./scripts/test says what to install"
    if os.environ.get("CI") == "true":
        pytest.fail(why, pytrace=False)
    pytest.skip(why)
