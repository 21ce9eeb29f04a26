"""What experts started and left running does not outlive the child they ran in."""

import contextlib
import os
import signal
import sys
from pathlib import Path

import anyio
import pytest

from tests.core.executors.pools import alive, bad, silent, toy_pool

pytestmark = [pytest.mark.anyio, pytest.mark.crash]


async def gone(file: Path) -> None:
    """Wait until the processes whose numbers are in a file are gone."""
    pids = [int(pid) for pid in file.read_text().split()]
    assert pids
    with anyio.fail_after(20):
        while any(map(alive, pids)):  # noqa: ASYNC110 - processes raise no events
            await anyio.sleep(0.01)


@pytest.mark.parametrize("how", ["leave another", "leave a stranger"])
async def test_what_a_child_left_behind_goes_with_it(tmp_path: Path, how: str) -> None:
    """The job is done and its child killed from outside: neither the child's group nor who left that goes on."""
    file = tmp_path / "pids"
    async with toy_pool() as pool:
        await pool.run(bad(how, file=str(file)), silent)
        assert all(alive(int(pid)) for pid in file.read_text().split())
        pid = pool.status().slots[0].pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await gone(file)


async def test_what_children_left_behind_goes_with_the_pool(tmp_path: Path) -> None:
    """Closing a pool leaves nothing running, daemons included."""
    file = tmp_path / "pids"
    async with toy_pool() as pool:
        await pool.run(bad("leave a stranger", file=str(file)), silent)
    await gone(file)


async def test_a_fork_server_that_was_stopped_does_not_outlive_its_bot() -> None:
    """The bot is killed while its fork server hangs: that wakes up, ends its children and itself."""
    program = """
import anyio
from tests.core.executors.pools import toy_pool

async def main():
    async with toy_pool() as pool:
        await pool.ready()
        print(pool.status().slots[0].pid, flush=True)
        await anyio.sleep(60)

anyio.run(main)
"""
    async with await anyio.open_process([sys.executable, "-c", program], stderr=None) as bot:
        assert bot.stdout is not None
        pid = int(await bot.stdout.receive())
        server = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        os.kill(server, signal.SIGSTOP)
        bot.kill()
        try:
            with anyio.fail_after(20):
                while alive(server) or alive(pid):  # noqa: ASYNC110 - processes raise no events
                    await anyio.sleep(0.01)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(server, signal.SIGKILL)
