"""Whatever an endpoint does, the person gets an answer."""

import json
import time
from typing import Any

import pytest

from core.controllers.chat.endpoint import Endpoint
from core.controllers.embedded import EmbeddedController
from core.controllers.fallback import FallbackController
from core.controllers.openai import OpenAIController
from core.events import Trace
from tests.core.controllers.desk import QUICK, SENTIMENT, WISH, Desk, desk
from tests.fakes import request
from tests.simulators.openai import Reply, Simulator, plan, stage
from tests.zoo import Zoo, fetch, orchestrator, planned

pytestmark = pytest.mark.anyio

FAULTS: dict[str, Reply] = {
    "401": Reply(status=401, text="Incorrect API key provided: sk-secret."),
    "403": Reply(status=403, text="You are not allowed to sample from this model."),
    "404 model": Reply(status=404, text="The model `toy` does not exist."),
    "429": Reply(status=429, text="Rate limit reached."),
    "429 come back at once": Reply(status=429, headers={"Retry-After": "0.05"}),
    "429 come back tomorrow": Reply(status=429, headers={"Retry-After": "86400"}),
    "429 no date": Reply(status=429, headers={"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}),
    "500": Reply(status=500),
    "502 html": Reply(status=502, body="<html><body><h1>502 Bad Gateway</h1></body></html>"),
    "503": Reply(status=503, text="Loading model"),
    "200 html": Reply(body="<html>Login</html>", text="{", garbage=0),
    "no first token": Reply(text=SENTIMENT, first=60),
    "stalls at once": Reply(text=SENTIMENT, stall=3),
    "cut at once": Reply(text=SENTIMENT, cut=3),
    "cut before anything": Reply(text=SENTIMENT, cut=0),
    "garbage": Reply(text=SENTIMENT, garbage=4),
    "error in the stream": Reply(text=SENTIMENT, error=4),
    "empty": Reply(text=""),
    "white space": Reply(text="  \n "),
    "empty plan": Reply(text=plan()),
    "too long": Reply(text=SENTIMENT[:40], finish="length"),
    "filtered": Reply(text="", finish="content_filter"),
    "refused": Reply(text="", refusal="I cannot help with that."),
    "no end": Reply(text=SENTIMENT[:60], finish=None),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_fault_while_planning_ends_in_an_answer(fault: Reply) -> None:
    """The rules stand in and say why, or the model's own refusal is passed on; no secret and no address is said."""
    async with desk([fault]) as at:
        trace = await at.trace(WISH)
    assert trace.answer is not None
    assert trace.failure is None
    if fault.refusal or fault.finish == "content_filter":
        assert "cannot help" in trace.answer.text or "content filter" in trace.answer.text
        return
    assert set(trace.results) == {0}
    assert "Built-in rules answer instead" in trace.answer.text
    assert trace.answer.text.count("Built-in rules") == 1
    assert "positive" in trace.answer.text
    assert not {"sk-secret", "127.0.0.1", "Traceback"} & set(trace.answer.text.split())
    assert any(one.trouble for one in trace.consulted)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_a_fault_while_answering_ends_in_an_answer(fault: Reply) -> None:
    """The tasks are done: what they found is said by the rules, or what the model managed to say stands."""

    def script(body: dict[str, Any]) -> Reply | str:
        return SENTIMENT if stage(body) == "plan" else fault

    async with desk(script) as at:
        trace = await at.trace(WISH)
    assert set(trace.results) == {0}
    assert trace.answer is not None
    assert trace.answer.text.strip()
    assert trace.failure is None


async def test_a_stream_cut_after_two_tasks_keeps_the_two() -> None:
    """Complete tasks are run although the rest of the plan never came; nothing is planned twice."""
    whole = plan(*(("text-classification", {"text": f"sentence {number}"}) for number in range(4)))
    two = whole.index('{"id": 2') + 20
    for fault in (Reply(text=whole, cut=two // 4), Reply(text=whole, stall=two // 4)):
        async with desk([fault, "Two of them."]) as at:
            trace = await at.trace("are these nice?")
        assert [args["text"] for _, args in planned(trace)] == ["sentence 0", "sentence 1"]
        assert set(trace.results) == {0, 1}
        assert any(one.trouble for one in trace.consulted)
        assert trace.answer is not None


async def test_a_reply_of_ten_megabytes_is_cut() -> None:
    """Nobody reads that much: the connection is closed at the limit, and what was read stands."""
    async with desk([Reply(text=json.dumps({"reply": "x" * 10_000_000}), letters=100_000)]) as at:
        trace = await at.trace("say x")
    assert trace.answer is not None
    assert len(trace.answer.text) < 300_000
    assert at.server.sent < 60


async def test_an_answer_cut_in_the_middle_says_so() -> None:
    """Half an answer is shown with the reason why it ends, and nothing is said twice."""
    script: list[Reply | str] = [SENTIMENT, Reply(text="It is a very positive sentence indeed, I am sure.", cut=5)]
    async with desk(script) as at:
        trace = await at.trace(WISH)
    assert trace.answer is not None
    assert trace.answer.text.startswith("It is a very positiv")
    assert "The answer ends here" in trace.answer.text
    assert "Built-in rules" not in trace.answer.text


@pytest.mark.parametrize(
    "fault", [Reply(status=500), Reply(status=429, headers={"Retry-After": "0.05"}), Reply(text=SENTIMENT, cut=0)]
)
async def test_what_may_pass_is_tried_again(fault: Reply) -> None:
    """One hiccup before the first word costs a moment, and the model still plans."""
    async with desk([fault, SENTIMENT, "Positive."]) as at:
        trace = await at.trace(WISH)
    assert trace.answer is not None
    assert trace.answer.text == "Positive."
    assert len(at.server.requests) == 3


async def test_who_asks_to_wait_long_is_not_waited_for() -> None:
    """A Retry-After beyond the limit is no reason to keep the person waiting: one call, then the rules."""
    async with desk([Reply(status=429, headers={"Retry-After": "60"})]) as at:
        began = time.perf_counter()
        trace = await at.trace(WISH)
    assert trace.answer is not None
    assert len(at.server.requests) == 1
    assert time.perf_counter() - began < 5


async def test_an_endpoint_that_is_down_is_left_alone_for_a_while() -> None:
    """A silent endpoint costs one request its patience, not every request."""
    async with desk([Reply(text=SENTIMENT, first=60)]) as at:
        mind = orchestrator(FallbackController([at.controller], EmbeddedController()), at.zoo)
        for message in ("1", "2", "3"):
            async with mind.answer(request(WISH, message=message), Trace(), fetch) as events:
                async for _ in events:
                    pass
    assert len(at.server.requests) == 1


async def test_a_second_model_stands_in_before_the_rules() -> None:
    """Where a second endpoint is set, it plans and answers, and nobody speaks of rules."""
    async with Simulator([Reply(status=500)]) as first, Simulator([SENTIMENT, "Positive."], models=["spare"]) as second:
        models = [
            OpenAIController(Endpoint(base_url=first.url, model="toy"), bounds=QUICK),
            OpenAIController(Endpoint(base_url=second.url, model="spare"), bounds=QUICK),
        ]
        both = FallbackController(models, EmbeddedController())
        async with orchestrator(both, Zoo()).answer(request(WISH), Trace(), fetch) as events:
            answers = [event async for event in events]
        await both.aclose()
    assert getattr(answers[-1], "text", "") == "Positive."


async def test_an_endpoint_that_is_not_there() -> None:
    """Connection refused: the rules answer at once."""
    controller = OpenAIController(Endpoint(base_url="http://127.0.0.1:9/v1", model="toy"), bounds=QUICK)
    async with Simulator() as unused:
        trace = await Desk(unused, controller, Zoo()).trace(WISH)
    await controller.aclose()
    assert trace.answer is not None
    assert "cannot be reached" in trace.answer.text


async def test_the_endpoint_dies_in_the_middle_of_a_request() -> None:
    """Planned by the model, answered by the rules: the endpoint went away in between."""
    server = Simulator([SENTIMENT])
    async with server:
        controller = OpenAIController(Endpoint(base_url=server.url, model="toy"), bounds=QUICK)
        mind = orchestrator(FallbackController([controller], EmbeddedController()), Zoo(seconds=0.3))
        async with mind.answer(request(WISH), Trace(), fetch) as events:
            trace = Trace()
            async for event in events:
                trace = trace.plus(event)
                if type(event).__name__ == "Started":
                    await server._runner.cleanup()
        await controller.aclose()
    assert trace.answer is not None
    assert "positive" in trace.answer.text
