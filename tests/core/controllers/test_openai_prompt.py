"""What the model is told: the same first bytes for every request, within its window, with nothing forgotten."""

import json
import time
from dataclasses import replace

import pytest

from core.contract import Model
from core.controllers.chat.catalogue import candidates, signatures
from core.controllers.chat.demonstrations import demonstrations
from core.controllers.chat.endpoint import Bounds
from core.controllers.chat.messages import to_answer, to_plan
from core.controllers.chat.reader import Reader
from core.controllers.chat.results import outcomes
from core.controllers.chat.schema import schema
from core.controllers.chat.tokens import estimate
from core.errors import BadInput
from core.events import Finished, Planned, Trace, fold
from core.types import Json, Kind, Place, Result, Task, Turn
from tests.core.controllers.desk import desk
from tests.simulators.openai import plan
from tests.simulators.strict import complaint
from tests.zoo import REGISTRY, Zoo, artifact, briefed

BOUNDS = Bounds()
WINDOW = BOUNDS.context_tokens


def turns(number: int, size: int = 200) -> list[Turn]:
    """Return a conversation."""
    return [
        Turn(request=f"r{one}", role="user" if one % 2 else "assistant", author="ada", text=f"turn {one} " + "x" * size)
        for one in range(number)
    ]


def test_the_first_bytes_never_change() -> None:
    """Whatever is asked, with whatever files and talk before it, all messages but the last are the same bytes."""
    told = [
        briefed("Hi"),
        briefed("How many zebras?", files=[artifact("a.png"), artifact("b.mp3", Kind.AUDIO)], own=1),
        briefed("x" * 5000, turns=turns(30)),
        briefed("நான் உன்னை காதலிக்கிறேன்" * 20),
    ]
    prefixes = {json.dumps(to_plan(one, BOUNDS, WINDOW)[:-1]) for one in told}
    assert len(prefixes) == 1


def test_the_order_of_offers_does_not_matter() -> None:
    """Places come and go in any order; the catalogue is sorted."""
    told = briefed("Hi", zoo=Zoo(models=4))
    shuffled = replace(
        told,
        offered=list(reversed(told.offered)),
        models={name: models[::-1] for name, models in reversed(list((told.models or {}).items()))},
    )
    assert to_plan(told, BOUNDS, WINDOW) == to_plan(shuffled, BOUNDS, WINDOW)
    assert schema(told.offered) == schema(shuffled.offered)


@pytest.mark.anyio
async def test_the_bytes_on_the_wire_start_alike() -> None:
    """Two different requests reach the server with the same beginning, up to the last message."""
    async with desk([plan(reply="Hello there!")]) as at:
        await at.trace("Hi")
        await at.trace("What can you do?", "a.png", message="2")
    first, second = (json.dumps(one["messages"][:-1]) for one in at.server.requests)
    assert first == second
    assert [one["temperature"] for one in at.server.requests] == [0, 0]


def test_the_catalogue_names_every_task_with_its_signature() -> None:
    """Name, what it takes (with kinds, optional ones marked) and what it gives, one line each."""
    lines = signatures([type_ for type_ in REGISTRY.types.values() if not type_.internal]).splitlines()
    assert len(lines) == len([type_ for type_ in REGISTRY.types.values() if not type_.internal])
    assert any(line.startswith("text-to-image(prompt: text, negative_prompt?: text, width?: number") for line in lines)
    assert any(line.startswith("object-detection(image, threshold?: number") for line in lines)


def test_candidates_are_the_most_used_and_short() -> None:
    """K models, by downloads, with their descriptions cut; none where there is no choice."""
    models = [Model(id=f"m/{one}", about="good at cats " * 30, downloads=one) for one in range(9)]
    line = candidates(REGISTRY.types["text-to-image"], models, most=3, chars=40)
    assert line.startswith("  text-to-image: m/8 (good at cats")
    assert [f"m/{one} (" in line for one in range(9)] == [False] * 6 + [True] * 3
    assert len(line) < 250
    assert candidates(REGISTRY.types["text-to-image"], models[:1], most=3, chars=40) == ""


def test_what_is_missing_is_named() -> None:
    """Known tasks that no place can run are told apart from those that can be planned."""
    told = briefed()
    told = replace(told, offered=told.offered[:3], missing=told.offered[3:])
    system = to_plan(told, BOUNDS, WINDOW)[0]["content"]
    catalogue, missing = system.split("nothing here can run them")
    assert "text-to-speech(" not in catalogue
    assert "text-to-speech" in missing


def test_demonstrations_show_only_what_can_be_done() -> None:
    """No demonstration uses a task that is not offered, and each follows the schema's form."""
    everything = [type_ for type_ in REGISTRY.types.values() if not type_.internal]
    assert len(list(demonstrations(everything))) == 6
    assert len(list(demonstrations([]))) == 1
    for _, written in demonstrations(everything):
        reader = Reader()
        found = [*reader.feed(written), *reader.close()]
        assert found
        assert json.loads(written).keys() == {"reply", "tasks"}


def test_the_schema_is_one_that_strict_decoding_takes() -> None:
    """For the whole catalogue, for one type, and for none."""
    everything = [type_ for type_ in REGISTRY.types.values() if not type_.internal]
    for types in (everything, everything[:1], []):
        assert complaint({"name": "plan", "strict": True, "schema": schema(types)}) is None
    assert len(json.dumps(schema(everything))) < 20_000
    assert complaint({"name": "plan", "strict": True, "schema": {"type": "object", "properties": {"a": {}}}})


@pytest.mark.parametrize("window", [4_000, 8_192, 16_384, 128_000])
def test_the_prompt_fits_the_window(window: int) -> None:
    """The newest turns that fit are there, all files by number, and the request whole."""
    told = briefed(
        "How many zebras?", files=[artifact(f"{one}.png") for one in range(20)], own=1, turns=turns(30, 2000)
    )
    messages = to_plan(told, BOUNDS, window)
    assert sum(estimate(message["content"]) for message in messages) <= window - min(BOUNDS.reply_tokens, window // 4)
    asked = json.loads(messages[-1]["content"])
    assert asked["request"] == "How many zebras?"
    assert len(asked["files"]) == 20
    kept = [turn["says"].split(" x")[0] for turn in asked.get("conversation", [])]
    assert kept == [f"turn {one}" for one in range(30)][30 - len(kept) :]
    assert len(kept) == 30 if window == 128_000 else len(kept) < 30


def test_a_request_too_long_names_the_limit() -> None:
    """The sentence holds the size of the request, what fits, and the setting."""
    with pytest.raises(BadInput, match=r"about 66,\d+ tokens.*1\d,\d+ fit.*OPENAI_CONTEXT_TOKENS"):
        to_plan(briefed("x" * 200_000), BOUNDS, WINDOW)


def test_outcomes_shrink_until_they_fit() -> None:
    """Long texts and tables are cut, and said to be; counts are of all rows."""
    rows: list[Json] = [{"label": "bird" if one % 2 else "cat", "score": 0.123456789} for one in range(1000)]
    results = [
        Result(task=0, outputs={"text": "word " * 40_000}, seconds=1, model="m", place=Place.LOCAL),
        Result(task=1, outputs={"objects": rows}, seconds=1, model="m", place=Place.LOCAL),
    ]
    tasks = [Task(id=0, type="image-to-text"), Task(id=1, type="object-detection")]
    trace = fold([*map(Planned, tasks), *map(Finished, results)], Trace())
    for window in (4_000, 16_384):
        messages = to_answer(briefed("what is it?"), trace, BOUNDS, window, rounds=True)
        assert sum(estimate(message["content"]) for message in messages) <= window - min(
            BOUNDS.reply_tokens, window // 4
        )
        text, table = json.loads(messages[-1]["content"])["outcomes"]
        assert "(200000 characters in all)" in text["outputs"]["text"]
        assert table["outputs"]["objects"]["count"] == 1000
        assert table["outputs"]["objects"]["labels"] == {"cat": 500, "bird": 500}
        assert table["outputs"]["objects"]["rows"][0]["score"] == 0.123
    assert len(json.dumps(outcomes(trace, 150))) < 2000


def test_many_long_outcomes_fit_too() -> None:
    """Thirty tasks that all found a lot are told in a window of 16,384 tokens, each with its beginning."""
    tasks = [Task(id=one, type="image-to-text") for one in range(30)]
    results = [
        Result(task=one, outputs={"text": f"page {one} " + "word " * 2000}, seconds=1, model="m", place=Place.LOCAL)
        for one in range(30)
    ]
    trace = fold([*map(Planned, tasks), *map(Finished, results)], Trace())
    messages = to_answer(briefed("read it all"), trace, BOUNDS, WINDOW, rounds=False)
    told = json.loads(messages[-1]["content"])["outcomes"]
    assert [one["outputs"]["text"].startswith(f"page {one['id']} ") for one in told] == [True] * 30


def test_writing_a_prompt_is_quick() -> None:
    """It is done for every request: a few milliseconds."""
    told = briefed("Hi", zoo=Zoo(models=5), turns=turns(30, 1000))
    to_plan(told, BOUNDS, WINDOW)
    began = time.perf_counter()
    for _ in range(10):
        to_plan(told, BOUNDS, WINDOW)
    assert (time.perf_counter() - began) / 10 < 0.1


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("The quick brown fox jumps over the lazy dog.", 10), ('{"id": 0, "task": "text-to-image", "args": {}}', 16)],
)
def test_tokens_are_never_underestimated(text: str, tokens: int) -> None:
    """``tokens`` is what OpenAI's o200k tokeniser makes of the text: the estimate lies above, and not by far."""
    assert tokens <= estimate(text) <= 3 * tokens
