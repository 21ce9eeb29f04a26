"""However a server speaks and whatever it does not take, it is understood, and asked as it likes."""

import json
import time
from collections.abc import Mapping
from email.utils import formatdate
from typing import Any

import pytest

from core.controllers.chat.abilities import Abilities, Form
from core.controllers.chat.client import ChatClient
from core.controllers.chat.endpoint import Bounds, Endpoint
from tests.core.controllers.desk import QUICK, SENTIMENT, WISH, desk
from tests.simulators.openai import Reply, plan, stage
from tests.zoo import Zoo, planned

pytestmark = pytest.mark.anyio


PHRASES: dict[str, Mapping[str, str]] = {
    "vllm": {"json_schema": "guided_json is not supported: xgrammar does not support advanced JSON schema features"},
    "llama.cpp": {"json_schema": 'Failed to parse grammar: "response_format" of type "json_schema"'},
    "ollama": {"json_schema": 'invalid format: expected "json" or a JSON schema'},
    "tgi": {"json_schema": "response_format: unknown variant `json_schema`, expected `json_object` or `json`"},
    "openai old": {
        "json_schema": "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model."
    },
    "o-series": {
        "temperature": "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) is."
    },
    "no stream_options": {"stream_options": "Unrecognized request argument supplied: stream_options"},
    "no shapes at all": {"response_format": "Unknown parameter: 'response_format'."},
    "says nothing": {"response_format": "Bad Request"},
    "openai unverified": {"stream": "Your organization must be verified to stream this model."},
    "no streams": {"stream": "Streaming is not supported for this model."},
    "vllm gemma": {"system": "System role not supported"},
    "o1": {"system": "Unsupported value: 'messages[0].role' does not support 'system' with this model."},
    "gemini gemma": {"system": "Developer instruction is not enabled for models/gemma-3-27b-it"},
    "all of them": {
        "response_format": "extra_forbidden: response_format",
        "temperature": "Unsupported parameter: temperature",
        "stream_options": "extra fields not permitted: stream_options",
    },
}  # fmt: skip


@pytest.mark.parametrize("refuses", PHRASES.values(), ids=PHRASES)
async def test_what_a_server_does_not_take_is_learned_once(refuses: Mapping[str, str]) -> None:
    """The first request finds out, however the server words it; the second one asks right away as it should."""

    def script(body: dict[str, Any]) -> str:
        return SENTIMENT if stage(body) == "plan" else "Positive."

    async with desk(script, refuses=refuses) as at:
        for message in ("1", "2"):
            trace = await at.trace(WISH, message=message)
            assert trace.answer is not None
            assert trace.answer.text == "Positive."
    assert len(at.server.served) == 4
    assert at.server.requests[-2:] == at.server.served[-2:]
    assert len(at.server.requests) <= 4 + 5


async def test_the_window_is_learned_from_the_servers_own_words() -> None:
    """A server with a smaller window than was set says so; the prompt is made to fit, and stays so."""

    def script(body: dict[str, Any]) -> str:
        return SENTIMENT if stage(body) == "plan" else "Positive."

    async with desk(script, window=4500, zoo=Zoo(models=5)) as at:
        for message in ("1", "2"):
            trace = await at.trace(WISH, message=message)
            assert trace.answer is not None
            assert trace.answer.text == "Positive."
    assert len(at.server.requests) == 5


TOO_LONG = {
    "vllm": (400, "This model's maximum context length is %(window)d tokens. However, you requested %(sent)d tokens"),
    "llama.cpp": (400, "request (%(sent)d tokens) exceeds the available context size (%(window)d tokens)"),
    "llama.cpp of old": (500, "the request exceeds the available context size. try increasing the context size"),
    "tgi": (422, "Input validation error: `inputs` must have less than %(window)d tokens. Given: %(sent)d"),
    "groq": (413, "Request too large for model `x` on tokens per minute (TPM): Limit %(window)d, Requested %(sent)d"),
    "github": (413, "Request body too large for gpt-4o-mini model. Max size: %(window)d tokens."),
    "mistral": (400, "Prompt contains %(sent)d tokens, too large for model with %(window)d maximum context length"),
    "anthropic": (400, "prompt is too long: %(sent)d tokens > %(window)d maximum"),
    "lm studio": (0, "Trying to keep the first %(sent)d tokens. The context length is only %(window)d tokens"),
}
"""How servers say that a request is too long: status, and words. Status 0: within the stream."""


@pytest.mark.parametrize(("status", "words"), TOO_LONG.values(), ids=TOO_LONG)
async def test_however_a_server_says_that_it_was_too_long(status: int, words: str) -> None:
    """It is made to fit, and nothing else is left out for it: the shape is still asked for."""
    more: dict[str, Any] = {"refusal": status or 400, "too_long": words, "told_late": not status}
    async with desk([SENTIMENT, "Positive."], window=4500, zoo=Zoo(models=5), **more) as at:
        trace = await at.trace(WISH)
    assert trace.answer is not None
    assert trace.answer.text == "Positive."
    assert at.server.served[0]["response_format"]["type"] == "json_schema"


async def test_a_server_that_never_streams_is_heard_in_one_piece() -> None:
    """Whatever it was asked for; what it cost is known as well."""
    async with desk([SENTIMENT, "Positive."], streams=False) as at:
        trace = await at.trace(WISH)
    assert trace.answer is not None
    assert trace.answer.text == "Positive."
    assert [one.trouble for one in trace.consulted] == ["", ""]
    assert all(one.tokens_in for one in trace.consulted)


async def test_words_may_come_as_lists_of_parts() -> None:
    """Thoughts among them are left out."""
    reply = Reply(text=plan(reply="Hello there!"), thoughts="hm hm", parts=True)
    async with desk([reply]) as at:
        trace = await at.trace("hi")
    assert trace.answer is not None
    assert trace.answer.text == "Hello there!"


@pytest.mark.parametrize("streams", [True, False])
async def test_calls_of_tools_are_tasks(streams: bool) -> None:
    """Some models write them although none were offered; their arguments come in pieces."""
    calls = [("text-classification", '{"text": "I love you"}'), ("text-to-speech", '{"text": "I love you"}')]
    async with desk([Reply(calls=calls, finish="tool_calls"), "Positive."], streams=streams) as at:
        trace = await at.trace(WISH)
    assert planned(trace) == [(name, json.loads(args)) for name, args in calls]
    assert trace.answer is not None
    assert trace.answer.text == "Positive."
    async with desk([Reply(finish="tool_calls")]) as at:
        trace = await at.trace(WISH)
    assert trace.answer is not None
    assert "called a tool instead of answering" in trace.answer.text


FINAL: dict[str, tuple[Reply, str]] = {
    "gemini key": (Reply(status=400, text="API key not valid. Please pass a valid API key."), "refuses the key"),
    "deepseek model": (Reply(status=400, text="Model Not Exist"), "knows no model “toy”"),
    "openrouter model": (Reply(status=400, text="toy is not a valid model ID"), "knows no model “toy”"),
    "ollama model": (Reply(status=404, text='model "toy" not found, try pulling it first'), "knows no model “toy”"),
    "no such page": (Reply(status=404, body="404 page not found"), "OPENAI_BASE_URL usually ends in /v1"),
    "azure's filter": (
        Reply(status=400, text="The response was filtered due to Azure OpenAI's content management policy."),
        "goes against its rules on content",
    ),
    "openrouter's filter": (Reply(status=403, text="Your input was flagged"), "goes against its rules on content"),
    "error and all is well": (Reply(body='{"error": {"message": "Provider returned error"}}'), "broke off"),
}
"""What asking differently does not mend, and a part of the sentence for it."""


@pytest.mark.parametrize(("reply", "said"), FINAL.values(), ids=FINAL)
async def test_what_no_other_way_of_asking_would_mend(reply: Reply, said: str) -> None:
    """It is asked once; the sentence says what is wrong; and the next request is asked for as strictly as this one."""
    async with desk([reply, SENTIMENT, "Positive."], streams=reply.status != 200) as at:
        trace = await at.trace(WISH)
        assert trace.answer is not None
        assert said in trace.answer.text
        assert [stage(body) for body in at.server.requests].count("plan") == 1
        assert at.controller._planner.abilities == Abilities()


@pytest.mark.parametrize("header", ["Retry-After-Ms", "date"])
async def test_the_time_to_wait_is_told_in_several_ways(header: str) -> None:
    """In thousandths of a second, or as a date: who is not to come back for an hour does not."""
    hour = {"Retry-After-Ms": "3600000"} if header != "date" else {"Retry-After": formatdate(time.time() + 3600)}
    async with desk([Reply(status=429, headers=hour), SENTIMENT]) as at:
        trace = await at.trace(WISH)
    assert trace.answer is not None
    assert "rate limit or quota is used up" in trace.answer.text
    assert len(at.server.requests) == 1


async def test_a_request_too_long_by_itself_is_refused_with_the_limit() -> None:
    """Nothing is dropped from a request: the person learns how much fits, and no call is made."""
    async with desk([SENTIMENT], bounds=Bounds(context_tokens=8192)) as at:
        trace = await at.trace("word " * 6000)
    assert at.server.requests == []
    assert trace.failure is not None
    assert "too long for the language model" in trace.failure
    assert "OPENAI_CONTEXT_TOKENS" in trace.failure


async def test_a_reasoning_model_is_heard_and_its_thoughts_are_not() -> None:
    """Thoughts beside the words are a sign of life: they prolong the wait, and are never shown."""
    thinking = Reply(text=plan(reply="Hello there!"), thoughts="hm " * 10, rate=12)
    async with desk([thinking]) as at:
        trace = await at.trace("hi")
    assert trace.answer is not None
    assert trace.answer.text == "Hello there!"


@pytest.mark.parametrize("tag", ["think", "thinking"])
async def test_thoughts_before_the_words_are_not_shown(tag: str) -> None:
    """Servers that do not take thoughts apart send them in a tag before the reply."""
    async with desk([f'<{tag}>\nMaybe {{"tasks": []}}?\n</{tag}>\n\n{plan(reply="Hello there!")}']) as at:
        trace = await at.trace("hi")
    assert trace.answer is not None
    assert trace.answer.text == "Hello there!"


async def test_thoughts_that_nothing_marks_are_shown_once_at_most() -> None:
    """Where a model's template begins them itself, only their end shows: who did so once is heard out from then on."""
    spoken = "Okay, they want to be greeted. " * 20 + "</think>\n\nHello there!"
    async with desk([spoken]) as at:
        await at.trace("hi")
        trace = await at.trace("hi", message="2")
        assert trace.answer is not None
        assert trace.answer.text == "Hello there!"
        at.server.script = ["Good day!"]
        trace = await at.trace("hi", message="3")
        assert trace.answer is not None
        assert trace.answer.text == "Good day!"


@pytest.mark.parametrize(("finish", "why"), [("length", "was cut"), ("content_filter", "content filter stopped")])
async def test_an_answer_without_its_end_says_so(finish: str, why: str) -> None:
    """In the answer, and in the trace: half an answer is not to be taken for the whole."""
    async with desk([SENTIMENT, Reply(text="It is posi", finish=finish)]) as at:
        trace = await at.trace(WISH)
    assert trace.answer is not None
    assert trace.answer.text.startswith("It is posi …\n\n(")
    assert why in trace.answer.text
    assert why in trace.consulted[-1].trouble


@pytest.mark.parametrize("bare", [False, True])
async def test_the_first_model_that_talks_is_asked_where_none_is_set(bare: bool) -> None:
    """Without a model's name, the list of the server decides: small local servers have only one."""
    models = ["bge-embed", "qwen", "toy"]
    async with desk([plan(reply="Hello there!")], models=models, bare=bare, endpoint={"model": ""}) as at:
        trace = await at.trace("hi")
    assert trace.answer is not None
    assert at.server.requests[0]["model"] == "qwen"


async def test_the_key_is_shown_to_the_server_and_nobody_else() -> None:
    """The right key opens; a wrong one appears in no event."""
    async with desk([plan(reply="Hello there!")], key="sk-right", endpoint={"api_key": "sk-right"}) as at:
        assert "Hello there!" in str(await at.heard("hi"))
    async with desk([plan(reply="Hello there!")], key="sk-right", endpoint={"api_key": "sk-wrong"}) as at:
        assert "sk-" not in str(await at.heard("hi"))
    assert "sk-" not in repr(Endpoint(api_key="sk-wrong"))


async def test_an_endpoint_starts_with_hope() -> None:
    """Nothing is known about a server at first, so everything is tried."""
    client = ChatClient(Endpoint(model="toy"), QUICK)
    assert (client.abilities.form, client.abilities.temperature, client.abilities.usage) == (Form.SCHEMA, True, True)
    await client.aclose()
