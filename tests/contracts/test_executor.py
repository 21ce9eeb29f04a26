"""What every executor must hold, whatever runs behind it."""

import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import anyio
import pytest

from core.errors import BadInput, DeadlineExceeded, ExpertFailed, JarvisError, NotAvailable, WorkerDied
from core.executors.route import Route
from core.ports import Executor, Job
from core.types import Kind, Media, Value
from tests.core.executors.pools import bad, distant_pool, echo, silent, toy_pool

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module", params=["pool", "route", "hosted"])
async def executor(request: pytest.FixtureRequest) -> AsyncIterator[Executor]:
    """Each executor, with the toy experts."""
    async with distant_pool() if request.param == "hosted" else toy_pool() as pool:
        yield Route([pool]) if request.param == "route" else pool


async def run(executor: Executor, job: Job) -> Mapping[str, Value]:
    """Run a job that must come to its end soon."""
    with anyio.fail_after(30):
        return await executor.run(job, silent)


def picture(data: bytes, name: str = "a.png") -> Media:
    """Return a file that passes for a picture."""
    return Media(data=data, kind=Kind.IMAGE, mime="image/png", name=name)


async def serves(executor: Executor) -> bool:
    """Whether a harmless job gets its result."""
    outputs = await run(executor, echo("still here"))
    return str(outputs["text"]).startswith("still here")


async def test_offers_name_every_model_that_can_run(executor: Executor) -> None:
    """Each declared expert is offered under its task type."""
    offers = {(offer.type, offer.model.id) for offer in executor.offers()}
    assert {("echo", "toy/echo"), ("mirror", "toy/mirror"), ("misbehave", "toy/bad")} <= offers


async def test_a_model_that_lacks_its_library_is_not_offered(executor: Executor) -> None:
    """What cannot run is known before anybody asks for it, and asking is answered with words."""
    assert "toy/dreaming" not in {offer.model.id for offer in executor.offers()}
    with pytest.raises(NotAvailable, match="toy/dreaming"):
        await run(executor, echo(model="toy/dreaming"))


async def test_a_job_gives_its_outputs(executor: Executor) -> None:
    """A result comes back, from a process that is not ours."""
    text, pid, _ = str((await run(executor, echo("hello")))["text"]).split()
    assert text == "hello"
    assert int(pid) != os.getpid()


async def test_big_media_come_and_go_unharmed(executor: Executor) -> None:
    """Several files of some megabytes, an empty one among them, keep every byte, their order and their names."""
    files = [os.urandom(5 << 20), b"", os.urandom(3 << 20)]
    images: Any = [picture(data, f"{number}.png") for number, data in enumerate(files)]
    job = Job(id="1", type="mirror", model="toy/mirror", inputs={"images": images}, seconds=20)
    outputs = await run(executor, job)
    assert outputs["images"] == [picture(data[::-1], f"back-{n}.png") for n, data in enumerate(files)]
    assert outputs["rows"] == [{"name": f"back-{n}.png", "size": len(data)} for n, data in enumerate(files)]


async def test_long_texts_come_and_go_unharmed(executor: Executor) -> None:
    """A text of a million letters of all kinds is no different from a short one."""
    text = "ä€\N{PILE OF POO}\x00" * 200_000
    outputs = await run(executor, echo(text))
    assert str(outputs["text"]).startswith(text)


async def test_halves_of_characters_are_replaced(executor: Executor) -> None:
    """JSON may hold them, but no model takes them."""
    outputs = await run(executor, echo("a\ud83d b \ude00\ud83d\ude00"))
    assert str(outputs["text"]).startswith("a\ufffd b \ufffd😀")


async def test_progress_is_told_in_order(executor: Executor, tmp_path: Path) -> None:
    """While an expert works, its fractions arrive rising, with their notes."""
    heard: list[tuple[float | None, str]] = []
    job = echo(str(tmp_path / "ticks"), model="toy/ticking", wait=1.0)
    await executor.run(job, lambda fraction, note: heard.append((fraction, note)))
    fractions = [fraction for fraction, _ in heard if fraction is not None]
    assert len(fractions) >= 4
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] < fractions[-1] < 1
    assert heard[0][1] == "step 0 of 50"


async def test_an_experts_own_words_reach_the_user(executor: Executor) -> None:
    """A BadInput raised inside the child is raised here, word for word."""
    with pytest.raises(BadInput, match=r"^That picture is a sandwich\.$"):
        await run(executor, bad("bad input"))


async def test_a_bug_in_an_expert_is_told_without_its_insides(executor: Executor) -> None:
    """Any other exception becomes a general sentence that names the model."""
    with pytest.raises(ExpertFailed, match="toy/bad") as failed:
        await run(executor, bad("raise"))
    assert "secret" not in failed.value.message
    assert "Traceback" not in failed.value.message


@pytest.mark.parametrize(
    "how",
    [
        "nothing",
        "a string",
        "too little",
        "too much",
        "the wrong kind",
        "a medium for a text",
        "an object",
        "not a number",
        "no bytes",
    ],
)
async def test_a_wrong_result_is_the_experts_failure(executor: Executor, how: str) -> None:
    """What does not fit the declaration is refused with a sentence that names the model."""
    with pytest.raises(ExpertFailed, match="toy/bad"):
        await run(executor, bad(how))
    assert await serves(executor)


@pytest.mark.parametrize("how", ["memory", "sys.exit", "stop unasked", "speak of leases"])
async def test_whatever_an_expert_raises_is_an_answer(executor: Executor, how: str) -> None:
    """No exception ends the worker or passes for something it is not."""
    with pytest.raises(ExpertFailed):
        await run(executor, bad(how))
    assert await serves(executor)


async def test_a_model_that_does_not_load_fails_its_job_only(executor: Executor) -> None:
    """An exception in load() is the job's failure, each time anew."""
    for _ in range(2):
        with pytest.raises(ExpertFailed, match="toy/unloadable"):
            await run(executor, bad("behave", model="toy/unloadable"))
    assert await serves(executor)


async def test_cancelling_stops_the_job_itself(executor: Executor, tmp_path: Path) -> None:
    """When run() has been cancelled, the expert has stopped working."""
    ticks = tmp_path / "ticks"
    with anyio.move_on_after(0.5) as scope:
        await executor.run(echo(str(ticks), model="toy/ticking", wait=60), silent)
    assert scope.cancelled_caught
    counted = len(ticks.read_text().split())
    assert counted > 5
    await anyio.sleep(0.3)
    assert len(ticks.read_text().split()) == counted
    assert await serves(executor)


@pytest.mark.parametrize("how", ["sleep", "spin", "deaf"])
async def test_a_deadline_ends_even_what_does_not_listen(executor: Executor, how: str) -> None:
    """A job that sleeps, computes or hangs in C is over soon after its deadline, with words, and the next one runs."""
    began = anyio.current_time()
    with pytest.raises(DeadlineExceeded, match=r"0\.4 seconds"):
        await run(executor, bad(how, deadline=0.4))
    assert 0.4 <= anyio.current_time() - began < 3
    assert await serves(executor)


@pytest.mark.crash
@pytest.mark.parametrize("how", ["os._exit", "kill", "segfault"])
async def test_a_job_that_always_crashes_fails_with_words(executor: Executor, how: str) -> None:
    """A child lost twice to one job is that job's failure; the next job has a new child."""
    with pytest.raises(WorkerDied, match="crashed"):
        await run(executor, bad(how))
    assert await serves(executor)


@pytest.mark.crash
async def test_a_job_that_lost_its_child_once_is_done_anyway(executor: Executor, tmp_path: Path) -> None:
    """The second try runs on a fresh child and gives the result."""
    outputs = await run(executor, bad("die once", file=str(tmp_path / "mark")))
    assert str(outputs["text"]).startswith("well")


async def test_jobs_for_unknown_models_are_refused(executor: Executor) -> None:
    """There is no such thing as a model made up by a planner."""
    with pytest.raises(NotAvailable, match="toy/imagined"):
        await run(executor, echo(model="toy/imagined"))


async def test_warming_up_is_never_anybodys_trouble(executor: Executor) -> None:
    """Warming what exists, what does not, and what cannot be loaded: nothing raises."""
    for type_, model in (("echo", "toy/other"), ("echo", "toy/imagined"), ("misbehave", "toy/unloadable")):
        await executor.warm(type_, model)
    assert await serves(executor)


async def test_every_error_is_a_sentence(executor: Executor) -> None:
    """What a user reads begins like a sentence and ends like one."""
    for job in (bad("raise"), bad("nothing"), bad("memory"), bad("kill"), echo(model="toy/imagined")):
        with pytest.raises(JarvisError) as failed:
            await run(executor, job)
        assert failed.value.message[0].isupper()
        assert failed.value.message.endswith(".")
