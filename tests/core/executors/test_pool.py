import asyncio
import contextlib
import os
import resource
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import anyio
import pytest
from structlog.testing import capture_logs

from core.contract import Model
from core.errors import Busy, DeadlineExceeded, ExpertFailed, JarvisError, NotAvailable, WorkerDied
from core.executors.pool import Pool
from core.ports import Job, OnProgress
from core.registry import Registry
from tests.core.executors.pools import alive, bad, descendants, echo, open_files, silent, toy_pool

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[Pool]:
    """One child that several tests use."""
    async with toy_pool() as pool:
        await pool.ready()
        yield pool


async def text(pool: Pool, job: Job) -> str:
    """Run a job and return its text."""
    with anyio.fail_after(30):
        return str((await pool.run(job, silent))["text"])


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something is so."""
    with anyio.fail_after(10):
        while not holds():  # noqa: ASYNC110 - processes raise no events
            await anyio.sleep(0.005)


def child_of(pool: Pool) -> int:
    """The process of a pool's first slot."""
    pid = pool.status().slots[0].pid
    assert pid is not None
    return pid


async def test_a_model_is_loaded_once_and_stays(pool: Pool) -> None:
    """The second job finds the model of the first."""
    first, second = [await text(pool, echo(model="toy/other")) for _ in range(2)]
    assert first == second
    assert ("echo", "toy/other") in pool.status().slots[0].loaded


async def test_warming_loads_ahead_of_the_first_job() -> None:
    """A warmed model is loaded before anybody asks for it."""
    async with toy_pool() as pool:
        await pool.warm("echo", "toy/echo")
        assert pool.status().slots[0].loaded == (("echo", "toy/echo"),)


async def test_only_so_many_models_stay_loaded() -> None:
    """The least recently used one leaves."""
    async with toy_pool(models=2) as pool:
        for model in ("toy/echo", "toy/other", "toy/reading"):
            await text(pool, echo("HOME", model=model))
        assert pool.status().slots[0].loaded == (("echo", "toy/other"), ("echo", "toy/reading"))


async def test_a_job_goes_where_its_model_is_loaded() -> None:
    """With two free slots, the one that has the model gets the job, whichever comes first."""
    async with toy_pool(slots=2) as pool:
        await pool.ready()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(text, pool, echo(model="toy/echo", wait=0.3))
            await anyio.sleep(0.1)
            home = (await text(pool, echo(model="toy/other"))).split()[1]
        assert [(await text(pool, echo(model="toy/other"))).split()[1] for _ in range(3)] == [home] * 3


async def test_a_deaf_job_is_killed_when_cancelled(pool: Pool) -> None:
    """Cancelling a job that hangs in C returns after the grace, with its process gone and the next one there."""
    pid, began = child_of(pool), anyio.current_time()
    with anyio.move_on_after(0.2):
        await pool.run(bad("deaf"), silent)
    assert anyio.current_time() - began < 1.5
    assert not alive(pid)
    assert await text(pool, echo())


async def test_a_plain_asyncio_cancel_works_too(pool: Pool, tmp_path: Path) -> None:
    """Task.cancel(), as libraries without anyio do it, stops the job."""
    ticks = tmp_path / "ticks"
    task = asyncio.create_task(text(pool, echo(str(ticks), model="toy/ticking", wait=60)))
    await until(ticks.exists)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    counted = ticks.stat().st_size
    await anyio.sleep(0.2)
    assert ticks.stat().st_size == counted


async def test_a_job_cancelled_while_it_waits_never_starts(pool: Pool, tmp_path: Path) -> None:
    """It leaves the queue, and those behind it move up."""
    ticks = tmp_path / "ticks"
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(text, pool, echo(wait=0.5))
        await anyio.sleep(0.1)
        with anyio.move_on_after(0.1):
            await text(pool, echo(str(ticks), model="toy/ticking"))
        assert pool.status().waiting == 0
        assert await text(pool, echo())
    assert not ticks.exists()


async def test_waiting_does_not_count_towards_the_deadline(pool: Pool) -> None:
    """The clock of a job starts when the job does."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(text, pool, echo(wait=0.8))
        await anyio.sleep(0.1)
        assert await text(pool, echo(deadline=0.5))


async def test_progress_that_fails_stops_the_job(pool: Pool, tmp_path: Path) -> None:
    """An exception of the listener is the listener's, and the slot is free again."""
    ticks = tmp_path / "ticks"

    def fail(fraction: float | None, note: str) -> None:
        raise LookupError("nobody listens")

    with pytest.raises(LookupError):
        await pool.run(echo(str(ticks), model="toy/ticking", wait=60), fail)
    counted = ticks.stat().st_size
    assert await text(pool, echo())
    assert ticks.stat().st_size == counted


async def test_two_hundred_jobs_are_fair_between_owners() -> None:
    """Somebody with one job is not made to wait behind somebody with two hundred."""
    done: list[str] = []
    async with toy_pool(slots=2) as pool:

        async def ask(owner: str, wait: float = 0.0) -> None:
            await text(pool, echo(owner=owner, wait=wait))
            done.append(owner)

        async with anyio.create_task_group() as tasks:
            for _ in range(2):
                tasks.start_soon(ask, "many", 0.5)
            await until(lambda: all(slot.running for slot in pool.status().slots))
            for _ in range(198):
                tasks.start_soon(ask, "many")
            await until(lambda: pool.status().waiting == 198)
            tasks.start_soon(ask, "one")
    assert len(done) == 201
    assert done.index("one") < 6


async def test_a_full_queue_is_busy() -> None:
    """Nobody waits without end: one job more than fit is refused with words, and those that wait are served."""
    async with toy_pool(queue=3) as pool, anyio.create_task_group() as tasks:
        await pool.ready()
        for _ in range(4):
            tasks.start_soon(text, pool, echo(wait=0.1))
        await anyio.sleep(0.05)
        assert pool.status().waiting == 3
        with pytest.raises(Busy, match="waiting already"):
            await text(pool, echo())


async def test_a_pool_that_is_not_open_takes_nothing() -> None:
    """Neither before nor after its time does a job wait for ever."""
    pool = toy_pool()
    with pytest.raises(Busy):
        await text(pool, echo())
    async with pool:
        assert await text(pool, echo())
    with pytest.raises(WorkerDied, match="shutting down"):
        await text(pool, echo())


async def test_closing_ends_what_runs_and_what_waits() -> None:
    """Each job in flight fails with words, and no process is left."""
    words: list[str] = []

    async def ask(pool: Pool, job: Job) -> None:
        try:
            words.append(await text(pool, job))
        except JarvisError as error:
            words.append(error.message)

    before = descendants(os.getpid())
    async with anyio.create_task_group() as tasks, toy_pool(slots=2) as pool:
        for job in (bad("deaf"), bad("sleep"), echo(), echo()):
            tasks.start_soon(ask, pool, job)
        await until(lambda: pool.status().waiting == 2)
        began = anyio.current_time()
    assert anyio.current_time() - began < 2
    assert len(words) == 4
    assert all("shutting down" in word for word in words)
    assert descendants(os.getpid()) <= before


async def test_closing_while_it_still_starts_is_quick() -> None:
    """Nobody waits for imports that nobody needs any more."""
    before = descendants(os.getpid())
    began = anyio.current_time()
    async with toy_pool():
        await anyio.sleep(0.02)
    assert anyio.current_time() - began < 1
    assert descendants(os.getpid()) <= before


async def test_what_the_user_of_a_pool_raises_comes_out_as_it_is() -> None:
    """No exception group is put around it."""
    with pytest.raises(LookupError, match="mine"):
        async with toy_pool():
            raise LookupError("mine")


async def test_experts_that_cannot_be_imported_are_told_to_each_job() -> None:
    """When no child can be made, jobs fail with words instead of waiting, and the log says why."""
    pool = Pool(Registry.discover("tests.core.executors.toys"), packages=["tests.core.executors.no_such_package"])
    with capture_logs() as logs:
        async with pool:
            with pytest.raises(WorkerDied, match="No worker process"):
                await text(pool, echo())
    assert any("no_such_package" in str(line.get("said")) for line in logs)


async def test_a_polite_signal_to_all_processes_ends_the_bot_only(pool: Pool) -> None:
    """Service managers send SIGTERM to everybody at once: children go on, so that the bot can finish its jobs."""
    pid = child_of(pool)
    server = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    for each in (pid, server):
        os.kill(each, signal.SIGTERM)
        os.kill(each, signal.SIGINT)
    await anyio.sleep(0.1)
    assert await text(pool, echo())
    assert child_of(pool) == pid


@pytest.mark.crash
async def test_an_idle_child_that_is_killed_is_replaced_at_once() -> None:
    """Killed from outside, it is missed and replaced without any job asking."""
    async with toy_pool() as pool:
        await pool.ready()
        pid = child_of(pool)
        os.kill(pid, signal.SIGKILL)
        await until(lambda: pool.status().slots[0].deaths == 1 and pool.status().ready)
        assert child_of(pool) != pid
        assert await text(pool, echo())


@pytest.mark.crash
async def test_a_job_whose_child_is_killed_from_outside_is_done_anyway() -> None:
    """The other slot's job notices nothing; the one hit runs again."""
    async with toy_pool(slots=2) as pool, anyio.create_task_group() as tasks:
        await pool.ready()
        tasks.start_soon(text, pool, echo(wait=1))
        tasks.start_soon(text, pool, echo(wait=1))
        await anyio.sleep(0.3)
        os.kill(child_of(pool), signal.SIGKILL)


@pytest.mark.crash
async def test_the_fork_server_may_die_too() -> None:
    """Its children go with it; it is started again, and the job under way is done anyway."""
    async with toy_pool() as pool, anyio.create_task_group() as tasks:
        await pool.ready()
        pid = child_of(pool)
        server = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
        tasks.start_soon(text, pool, echo(wait=0.5))
        await anyio.sleep(0.1)
        os.kill(server, signal.SIGKILL)
        await until(lambda: not alive(pid))


@pytest.mark.crash
async def test_a_fork_server_that_hangs_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """It tells of no death and makes no child: then it is ended, and the job that waits is done."""
    monkeypatch.setattr("core.executors.process._BURIAL", 0.1)
    async with toy_pool() as pool:
        await pool.ready()
        pid = child_of(pool)
        os.kill(int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1]), signal.SIGSTOP)
        os.kill(pid, signal.SIGKILL)
        with anyio.fail_after(60):
            assert await text(pool, echo("hello"))


async def test_a_machine_without_open_files_is_said_so(pool: Pool) -> None:
    """The job goes to another place, or its asker reads why; the child lives on and the next one is done."""
    await text(pool, echo())
    pid, (soft, hard) = child_of(pool), resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_files(), hard))
    held: list[int] = []
    try:
        with contextlib.suppress(OSError):
            while True:
                held.append(os.dup(0))
        with pytest.raises(NotAvailable, match="short of memory, disk or open files"):
            await pool.run(echo("long" * 100_000), silent)
    finally:
        for descriptor in held:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert await text(pool, echo("long" * 100_000))
    assert child_of(pool) == pid


@pytest.mark.crash
async def test_what_a_job_started_dies_with_it(pool: Pool, tmp_path: Path) -> None:
    """A process that an expert left running is killed along with its child."""
    file = tmp_path / "pid"
    with pytest.raises(DeadlineExceeded):
        await text(pool, bad("start another", file=str(file), deadline=0.5))
    await until(lambda: not alive(int(file.read_text())))


@pytest.mark.crash
async def test_replacing_children_leaves_no_descriptors_behind() -> None:
    """After thirty deaths the bot has as many open files as after one."""
    async with toy_pool() as pool:

        async def die() -> int:
            with pytest.raises(WorkerDied):
                await text(pool, bad("os._exit"))
            assert await text(pool, echo())
            return open_files()

        first = await die()
        assert [await die() for _ in range(15)][-1] <= first


@pytest.mark.crash
@pytest.mark.parametrize("busy", ["deaf", ""])
async def test_children_do_not_outlive_a_bot_that_is_killed(busy: str) -> None:
    """After kill -9 of the bot its children are gone, even one that hangs in C."""
    program = f"""
import anyio
from tests.core.executors.pools import bad, silent, toy_pool

async def main():
    async with toy_pool(slots=2) as pool, anyio.create_task_group() as tasks:
        await pool.ready()
        if {busy!r}:
            tasks.start_soon(pool.run, bad({busy!r}), silent)
        print(*[slot.pid for slot in pool.status().slots], flush=True)
        await anyio.sleep(60)

anyio.run(main)
"""
    async with await anyio.open_process([sys.executable, "-c", program], stderr=None) as bot:
        assert bot.stdout is not None
        pids = [int(pid) for pid in (await bot.stdout.receive()).split()]
        family = descendants(bot.pid) | set(pids)
        assert all(map(alive, pids))
        await anyio.sleep(0.2)
        bot.kill()
        await bot.wait()
        await until(lambda: not any(map(alive, family)))


def test_the_programs_main_module_is_not_run_again(tmp_path: Path) -> None:
    """A script without a guard starts a pool; its children do not run it."""
    script = tmp_path / "script.py"
    script.write_text(
        "print('main runs', flush=True)\n"
        "import anyio\n"
        "from tests.core.executors.pools import echo, silent, toy_pool\n"
        "async def main():\n"
        "    async with toy_pool(slots=2) as pool:\n"
        "        await pool.ready()\n"
        "        print((await pool.run(echo('served'), silent))['text'])\n"
        "anyio.run(main)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    run = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.count("main runs") == 1
    assert "served" in run.stdout


async def test_children_know_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens of the bot's environment are not in a child's; what keeps libraries quiet and apart is."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    async with toy_pool(slots=64 if (os.cpu_count() or 1) > 64 else 2) as pool:
        names = ("OPENAI_API_KEY", "HF_TOKEN", "ORT_DISABLE_TELEMETRY", "OMP_WAIT_POLICY", "PATH")
        known = {name: await text(pool, echo(name, model="toy/reading")) for name in names}
        threads = int(await text(pool, echo("OMP_NUM_THREADS", model="toy/reading")))
    assert known["OPENAI_API_KEY"] == known["HF_TOKEN"] == "unset"
    assert known["ORT_DISABLE_TELEMETRY"] == "1"
    assert known["OMP_WAIT_POLICY"] == "PASSIVE"
    assert known["PATH"] == os.environ["PATH"]
    assert threads >= 1


async def test_what_a_library_prints_goes_to_the_log(capfd: pytest.CaptureFixture[str]) -> None:
    """Neither stdout nor stderr of the bot sees it."""
    with capture_logs() as logs:
        async with toy_pool() as pool:
            await text(pool, echo("a library's greeting", model="toy/noisy"))
            await until(lambda: any("from deep below" in str(line.get("said")) for line in logs))
    assert any("a library's greeting" in str(line.get("said")) for line in logs)
    assert "greeting" not in "".join(capfd.readouterr())


async def test_noise_without_end_does_not_fill_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log takes so much of it, says that there was more, and the job is done."""
    monkeypatch.setattr("core.executors.process._NOISE", 100_000)
    with capture_logs() as logs:
        async with toy_pool() as pool:
            await text(pool, echo("noise " * 200_000, model="toy/noisy"))
            await until(lambda: any(line["event"] == "executor.too_much_noise" for line in logs))
    assert sum(len(str(line.get("said", ""))) for line in logs) < 300_000


async def test_the_traceback_of_an_expert_is_in_the_log(pool: Pool) -> None:
    """What the user is spared, whoever runs the bot can read."""
    with capture_logs() as logs, pytest.raises(ExpertFailed):
        await text(pool, bad("raise"))
    assert any("the secret is 42" in str(line.get("exception")) for line in logs)


@pytest.mark.crash
@pytest.mark.parametrize(
    "how",
    [
        "pickle",
        "no letter",
        "no answer",
        "another job's answer",
        "wrong fields",
        "an early end",
        "more bytes than there are",
        "the same answer twice",
        "deep",
        "a pipe",
        "a short file",
        "sizes that lie",
        "negative sizes",
        "many files",
    ],
)
async def test_a_child_that_was_taken_over_is_killed(pool: Pool, how: str) -> None:
    """What is no proper letter ends the child, runs no code here and leaves no file open."""
    await text(pool, echo())
    before = open_files()
    pid = child_of(pool)
    job = Job(id="1", type="forge", model="toy/forger", inputs={"how": how}, seconds=10)
    with pytest.raises(WorkerDied):
        await text(pool, job)
    assert not alive(pid)
    assert not Path("/tmp/jarvis-was-here").exists()  # noqa: S108 - what the forger would have made
    assert await text(pool, echo())
    assert open_files() <= before


async def test_a_forged_result_is_no_result(pool: Pool) -> None:
    """An answer in good form that speaks of bytes it did not bring fails its job, and the next one is served."""
    job = Job(id="1", type="forge", model="toy/forger", inputs={"how": "bytes that are not there"}, seconds=10)
    with pytest.raises(ExpertFailed, match="no result"):
        await text(pool, job)
    assert await text(pool, echo())  # from another child: the forger went on after its answer


class Asked:
    """A stock that remembers what it was asked to have here."""

    def __init__(self) -> None:
        self.models: list[Model] = []

    def present(self, model: Model) -> bool:
        return True

    def obtainable(self, model: Model) -> bool:
        return True

    def revision(self, model: Model) -> str:
        return model.revision

    async def ensure(self, model: Model, on_progress: OnProgress) -> None:
        self.models.append(model)


async def test_what_an_admin_settled_reaches_whoever_fetches_weights() -> None:
    """The revision that is pinned, and whether pickles will do; other jobs know nothing of it."""
    stock = Asked()
    async with toy_pool(stock=stock) as pool:
        for job in (echo(), echo(revision="v1"), echo(trusted=True)):
            await text(pool, job)
    assert [(model.revision, model.pickled) for model in stock.models] == [("", False), ("v1", False), ("", True)]
