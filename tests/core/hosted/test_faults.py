"""Everything that can go wrong far away ends in a result from elsewhere, or in a sentence, in time."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import Any

import anyio
import pytest

from core.errors import NotAvailable
from tests import samples
from tests.core.hosted.far import Far, far
from tests.simulators.providers import Served
from tests.simulators.wrong import Wrong

pytestmark = pytest.mark.anyio

LOADING = {"error": "Model many/painter is currently loading", "estimated_time": 0.2}

FAULTS: dict[str, tuple[Wrong, str]] = {
    "401": (Wrong(status=401), "refuses the Hugging Face token"),
    "402": (Wrong(status=402), "credits are used up"),
    "403": (Wrong(status=403), "terms have not been accepted"),
    "404": (Wrong(status=404), "does not know the model"),
    "400, the model": (
        Wrong(status=400, body={"error": {"message": "not supported", "code": "model_not_supported"}}),
        "does not know the model",
    ),
    "410": (Wrong(status=410), "serves this model no longer"),
    "413": (Wrong(status=413), "too large"),
    "422": (Wrong(status=422), "does not take this input"),
    "429": (Wrong(status=429, headers={"Retry-After": "3600"}), "asked too often"),
    "429, a date": (Wrong(status=429, headers={"Retry-After": formatdate(time.time() + 3600)}), "asked too often"),
    "500": (Wrong(status=500), "has trouble"),
    "502": (Wrong(status=502), "has trouble"),
    "503": (Wrong(status=503), "has trouble"),
    "504": (Wrong(status=504), "no answer in time"),
    "a web page": (Wrong(page=True), "sent something that is no result"),
    "half an answer": (Wrong(cut=True), "broke off in the middle"),
    "rubbish": (Wrong(rubbish=True), "sent something that is no result"),
    "a hang": (Wrong(hang=60), "no answer in time"),
}


def _paint(seconds: float = 30.0) -> dict[str, Any]:
    return {"task": "text-to-image", "model": "many/painter", "inputs": {"prompt": "a cat"}, "seconds": seconds}


def _everywhere(wrong: Wrong) -> Wrong:
    return Wrong(**{name: getattr(wrong, name) for name in Wrong.__slots__} | {"times": None})


@pytest.mark.parametrize("name", FAULTS)
async def test_where_one_provider_fails_the_next_one_is_asked(there: Far, name: str) -> None:
    """The job ends well, and the trace told on the way why it was asked elsewhere."""
    wrong, why = FAULTS[name]
    there.router.fail(Wrong(**{field: getattr(wrong, field) for field in Wrong.__slots__} | {"provider": "fal-ai"}))
    began = time.monotonic()
    outputs = await there.run(**_paint(4.0))
    assert outputs["image"]
    assert time.monotonic() - began < 4.0
    assert [one.served.provider for one in there.router.questions() if one.served][-1] == "replicate"
    assert any(note.startswith("asking replicate: fal-ai") and why in note for note in there.notes)


@pytest.mark.parametrize("name", FAULTS)
async def test_where_all_fail_there_is_one_sentence(there: Far, name: str) -> None:
    """It names each provider and its trouble, comes before the deadline, and lets the task go on elsewhere."""
    wrong, why = FAULTS[name]
    there.router.fail(_everywhere(wrong))
    began = time.monotonic()
    with pytest.raises(NotAvailable) as error:
        await there.run(**_paint(3.0))
    assert time.monotonic() - began < 3.0
    assert all(provider in error.value.message for provider in ("fal-ai", "replicate", "hf-inference"))
    assert error.value.message.count(why) == 1
    assert "hf_" not in error.value.message
    assert "127.0.0.1" not in error.value.message


@pytest.mark.parametrize("state", ["failed", "canceled", "aborted"])
async def test_a_job_that_failed_is_not_waited_for_and_goes_on_elsewhere(there: Far, state: str) -> None:
    """Replicate tells it as a success without output, which the library takes for a wait that was too long."""
    there.router.fail(Wrong(provider="fal-ai", status=422), Wrong(provider="replicate", failed=state))
    assert (await there.run(**_paint()))["image"]
    assert [one.served.provider for one in there.router.questions() if one.served][-1] == "hf-inference"
    assert "asking hf-inference: replicate took the task and failed at it" in there.notes
    assert there.asked == ["fal-ai", "replicate", "hf-inference"]


@pytest.mark.parametrize(
    ("state", "task", "model"),
    [
        ("failed", "text-to-image", "rep/painter"),
        ("canceled", "automatic-speech-recognition", "rep/whisper"),
        ("FAILED", "text-to-video", "fal/filmer"),
        ("failed", "text-to-image", "wave/painter"),
        ("failed", "text-to-video", "tog/filmer"),
    ],
)
async def test_a_job_that_failed_reads_the_same_whoever_tells_it(there: Far, state: str, task: str, model: str) -> None:
    """At once, also where the library would ask on; nothing of the provider's own words is in it."""
    there.router.fail(Wrong(failed=state, times=None))
    given = {"audio": samples.wav(0.2)} if task == "automatic-speech-recognition" else {"prompt": "waves"}
    with pytest.raises(NotAvailable) as error:
        await there.run(task, model, given)
    assert error.value.message.endswith(" took the task and failed at it.")
    assert len(there.router.questions()) == 1


@pytest.mark.parametrize("name", ["401", "402", "429", "500", "a web page", "half an answer", "a hang"])
async def test_talk_goes_on_with_the_next_provider_too(there: Far, name: str) -> None:
    """Through the router and the other client library."""
    wrong, _ = FAULTS[name]
    there.router.fail(Wrong(**{field: getattr(wrong, field) for field in Wrong.__slots__} | {"provider": "groq"}))
    outputs = await there.run("conversational", "many/talker", {"text": "Hi"}, seconds=6.0)
    assert outputs["text"] == "Hello from far away."
    assert [one.json["model"] for one in there.router.questions()][-1] == "many/talker:cerebras"


async def test_talk_that_a_filter_stopped_goes_on_elsewhere(there: Far) -> None:
    """Half of it would be taken for the whole."""
    there.router.fail(Wrong(provider="groq", finish="content_filter", times=None))
    outputs = await there.run("conversational", "many/talker", {"text": "Hi"})
    assert outputs["text"] == "Hello from far away."
    assert [one.json["model"] for one in there.router.questions()] == ["many/talker:groq", "many/talker:cerebras"]
    there.router.fail(Wrong(finish="content_filter", times=None))
    with pytest.raises(NotAvailable, match="stopped its answer, for its rules on content"):
        await there.run("conversational", "many/talker", {"text": "Hi"})


async def test_an_error_within_the_talk_is_no_end_of_it(there: Far) -> None:
    """The provider is asked again, and where it fails again the sentence says how."""
    there.router.fail(Wrong(provider="groq", error=True))
    assert (await there.run("conversational", "talk/writer", {"text": "Hi"}))["text"] == "Hello from far away."
    there.router.fail(Wrong(error=True, times=None))
    with pytest.raises(NotAvailable, match="groq broke off with an error of its own"):
        await there.run("conversational", "talk/writer", {"text": "Hi"})


async def test_talk_that_was_cut_shows_it(there: Far) -> None:
    """It is longer than it may be: what there is of it is no use elsewhere, and nobody takes it for the whole."""
    there.router.fail(Wrong(provider="groq", finish="length", times=None))
    outputs = await there.run("conversational", "many/talker", {"text": "Hi"})
    assert outputs["text"] == "Hello from far away. …"


async def test_a_model_that_is_being_loaded_is_waited_for(there: Far) -> None:
    """Whoever waits is told for what."""
    there.router.fail(Wrong(provider="hf-inference", status=503, body=LOADING, times=3))
    outputs = await there.run("text-classification", "far/text-classification", {"text": "I love you"})
    assert outputs["label"] == "POSITIVE"
    assert len(there.router.questions()) == 4
    assert "hf-inference: the model is being loaded there" in there.notes


async def test_loading_that_never_ends_ends_with_the_job(there: Far) -> None:
    """In a sentence, before the deadline."""
    there.router.fail(Wrong(status=503, body=LOADING, times=None))
    with pytest.raises(NotAvailable, match="is still loading the model"):
        await there.run("text-classification", "far/text-classification", {"text": "I love you"}, seconds=1.5)


async def test_who_is_asked_too_often_is_asked_again_when_it_says(there: Far) -> None:
    """Where the wait is short: other providers cost as much."""
    there.router.fail(Wrong(provider="fal-ai", status=429, headers={"Retry-After": "0.3"}, times=1))
    began = time.monotonic()
    await there.run(**_paint())
    assert time.monotonic() - began >= 0.3
    assert [one.served.provider for one in there.router.questions() if one.served] == ["fal-ai", "fal-ai"]


async def test_the_only_provider_is_asked_again_after_an_error_of_its_own(there: Far) -> None:
    """Servers stumble; an input that is refused is refused again."""
    there.router.fail(Wrong(status=502, times=2))
    outputs = await there.run("text-classification", "far/text-classification", {"text": "I love you"})
    assert outputs["label"] == "POSITIVE"
    there.router.fail(Wrong(status=422, times=1))
    with pytest.raises(NotAvailable, match="does not take this input"):
        await there.run("text-classification", "far/text-classification", {"text": "I love you"})


@pytest.mark.parametrize(
    ("provider", "model", "task"),
    [
        ("fal-ai", "fal/filmer", "text-to-video"),
        ("wavespeed", "wave/painter", "text-to-image"),
        ("together", "tog/filmer", "text-to-video"),
    ],
)
async def test_a_provider_that_is_never_done_is_left(there: Far, provider: str, model: str, task: str) -> None:
    """The library's own thread, which would ask for ever, stops asking too."""
    there.router.fail(Wrong(provider=provider, endless=True, times=None))
    with pytest.raises(NotAvailable, match="no answer in time"):
        await there.run(task, model, {"prompt": "waves"}, seconds=2.5)
    await anyio.sleep(2.5)  # a poll may still have been on its way
    polls = len(there.router.requests)
    await anyio.sleep(2.5)
    assert len(there.router.requests) == polls


async def test_a_stopped_job_leaves_its_child_at_once(there: Far) -> None:
    """Nobody is killed for it, and the next job is taken up."""
    there.router.fail(Wrong(hang=60, times=None))
    deaths = [slot.deaths for slot in there.place.status().slots]
    with anyio.move_on_after(0.5):
        await there.run(**_paint())
    began = time.monotonic()
    there.router.heal()
    await there.run(**_paint())
    assert time.monotonic() - began < 2
    assert [slot.deaths for slot in there.place.status().slots] == deaths


async def test_the_bot_goes_on_while_it_is_waited_for(there: Far) -> None:
    """Providers hang, pictures are decoded: the event loop waits for none of it, but maybe for a busy machine, once."""
    there.router.fail(Wrong(provider="groq", hang=1.0, times=None))
    held: list[float] = []

    async def watch() -> None:
        while True:
            before = time.perf_counter()
            await anyio.sleep(0.005)
            held.append(time.perf_counter() - before - 0.005)

    async with anyio.create_task_group() as watching:
        watching.start_soon(watch)
        async with anyio.create_task_group() as group:
            for _ in range(4):
                group.start_soon(there.run, "conversational", "talk/writer", {"text": "Hi"})
                group.start_soon(there.run, "text-to-image", "fal/painter", {"prompt": "a cat"})
        watching.cancel_scope.cancel()
    assert sorted(held)[-3] < 0.05


async def test_without_a_router_there_is_a_sentence() -> None:
    """Nobody listens at the address."""
    served = (Served("fal-ai", "text-to-image", "fal/painter", "p"),)
    async with far(served, slots=1) as there:
        await there.router.__aexit__()
        with pytest.raises(NotAvailable, match="fal-ai cannot be reached"):
            await there.run("text-to-image", "fal/painter", {"prompt": "a cat"}, seconds=6)
