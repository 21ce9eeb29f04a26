"""Hundreds of spoiled plans: none breaks anything, none makes an expert work on something it cannot take."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.controllers.chat.drafts import Drafts
from core.controllers.chat.reader import PATIENCE, Reader
from core.events import Rejected, Trace
from core.ports import Job
from core.stages.plan import Checker
from core.types import Kind, Media, Task
from tests.core.controllers.desk import Desk, desk
from tests.core.controllers.mutants import mutant
from tests.simulators.openai import Reply, stage
from tests.zoo import REGISTRY, Zoo, artifact

SEEDS = range(400)
PICTURE = Media(data=b"", kind=Kind.IMAGE, mime="image/png", name="a.png")
FILES = ("cat.png", "talk.mp3")


@pytest.mark.anyio
@pytest.mark.parametrize("inputs", [{"image": "words"}, {}, {"image": PICTURE, "more": "x"}, {"image": [PICTURE]}])
async def test_the_zoo_notices_what_no_expert_should_get(inputs: dict[str, Any]) -> None:
    """A wrong kind, a missing, an unknown and a multiplied argument would not go unseen below."""
    zoo = Zoo()
    job = Job(id="1", type="image-to-text", model="m", inputs=inputs, seconds=1)
    await zoo.run(job, lambda _fraction, _note: None)
    assert zoo.wrong


@pytest.mark.anyio
@pytest.mark.slow
@pytest.mark.parametrize("hundred", range(4))
async def test_four_hundred_mutants_end_in_an_answer(hundred: int) -> None:
    """Through the real client and orchestrator: an answer each, no failure, no bug, no input of a wrong kind."""
    text = ""

    def script(body: dict[str, Any]) -> Reply | str:
        if stage(body) == "respond":
            return "Done."
        return Reply(text=text, letters=9) if stage(body) == "plan" else "I cannot mend that."

    run = 0
    async with desk(script) as at:
        for seed in SEEDS[hundred::4]:
            text = mutant(seed)
            trace = await _answered(at, f"{seed}")
            assert trace.failure is None, (seed, text)
            assert trace.answer is not None, (seed, text)
            assert trace.answer.text.strip(), (seed, text)
            assert "Something went wrong inside" not in str(trace), (seed, text, trace)
            assert at.zoo.wrong == [], (seed, text)
            run += len(trace.results)
    assert run > 100


async def _answered(at: Desk, seed: str) -> Trace:
    return await at.trace(f"request {seed}", *FILES, message=seed)


@given(st.integers(), st.integers(1, 50))
@settings(max_examples=500, deadline=None)
def test_any_mutant_is_checked_without_an_exception(seed: int, piece: int) -> None:
    """Reader, drafts and checker take whatever comes; what passes is made of known types, bound to what is there."""
    known: set[int] = set()
    for found in _checked(mutant(seed), piece):
        if isinstance(found, Rejected):
            assert found.why
            continue
        assert found.needs() <= known
        known.add(found.id)
        assert found.type in REGISTRY.types
        assert set(found.args) <= {take.name for take in REGISTRY.types[found.type].takes}


@given(st.integers(0, 10_000), st.integers(0, 2**32), st.sampled_from("{}[]\",:\\'`<>\n x0"))
@settings(max_examples=500, deadline=None)
def test_any_letter_anywhere(seed: int, place: int, letter: str) -> None:
    """One letter too many anywhere costs at most the tasks it is in."""
    text = mutant(seed)
    place %= len(text) + 1
    for found in _checked(text[:place] + letter + text[place:], 17):
        assert isinstance(found, Rejected | Task)


def _checked(text: str, piece: int) -> list[Task | Rejected]:
    types = {name: type_ for name, type_ in REGISTRY.types.items() if not type_.internal}
    trace = Trace(artifacts={0: artifact("cat.png"), 1: artifact("talk.mp3", Kind.AUDIO)})
    reader, drafts, checker = Reader(patience=PATIENCE), Drafts(), Checker(types, trace, own=2)
    found: list[Task | Rejected] = []
    for part in [*(text[at : at + piece] for at in range(0, len(text), piece)), None]:
        for raw in reader.feed(part) if part is not None else reader.close(cut=random.Random(text).random() < 0.5):
            if isinstance(raw, dict):
                found += checker.offer(drafts.draft(raw))
    return [*found, *checker.close()]
