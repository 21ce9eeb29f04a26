"""Model servers that somebody named: found out, asked by the real client libraries, and left when they fail."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import anyio
import httpx2
import pytest

from core.errors import JarvisError, NotAvailable
from core.executors.hosted import Hosted
from core.ports import Job
from core.registry import Registry
from core.remote.gate import STAND_IN, Gate, Shut
from core.remote.servers import TEI, Server
from core.remote.terms import Terms, terms_here
from core.types import Media, Place
from tests import samples
from tests.simulators.servers import REPLY, EmbeddingServer, ModelServer
from tests.simulators.wrong import Wrong

pytestmark = pytest.mark.anyio

MODELS = ("some/chat-7b", "some/llava-7b", "whisper-1", "tts-1", "text-embedding-3-small", "dall-e-3")
KEY = "sk-next-door"

ASKED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "chat": ("conversational", "some/chat-7b", {"text": "Hi"}),
    "short": ("summarization", "some/chat-7b", {"text": "A long story about nothing."}),
    "see": ("image-to-text", "some/llava-7b", {"image": samples.png()}),
    "hear": ("automatic-speech-recognition", "whisper-1", {"audio": samples.mp3(), "language": "English"}),
    "say": ("text-to-speech", "tts-1", {"text": "Hello there."}),
    "compare": ("sentence-similarity", "text-embedding-3-small", {"text": "a cat", "sentences": ["a cat", "zzz"]}),
    "paint": ("text-to-image", "dall-e-3", {"prompt": "a cat", "seed": 7, "width": 512, "height": 512}),
}


async def run(place: Hosted, task: str, model: str, inputs: Mapping[str, Any], *, seconds: float = 30.0) -> Any:
    """Run a job."""
    job = Job(id="1", type=task, model=model, inputs=dict(inputs), seconds=seconds, owner="somebody")
    with anyio.fail_after(seconds + 20):
        return await place.run(job, lambda _, __: None)


@asynccontextmanager
async def opened(*servers: Server, **settings: Any) -> AsyncIterator[Hosted]:
    """Open a place that asks these servers and no Hub, once it knows what they serve."""
    place = Hosted(Registry.discover(), Terms(servers=servers), slots=2, hub=False, **settings)
    async with place:
        await place.ready()
        await place.ask_servers()
        yield place


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[ModelServer]:
    """A server that wants a key."""
    async with ModelServer(MODELS, key=KEY) as server:
        yield server


@pytest.fixture(scope="module")
async def place(server: ModelServer) -> AsyncIterator[Hosted]:
    """A place that asks it."""
    async with opened(Server(name="next", url=server.url, key=KEY, own=True)) as place:
        yield place


@pytest.fixture(autouse=True)
def _well(server: ModelServer) -> None:
    server.heal()
    server.asked.clear()


def offered(place: Hosted) -> set[tuple[str, str]]:
    """Return what is offered."""
    return {(offer.type, offer.model.id) for offer in place.offers()}


async def test_what_a_server_tells_of_is_offered_for_what_it_is_made_for(place: Hosted) -> None:
    """By its own word or its name; talk is enough for texts, pictures need a model that sees."""
    found = offered(place)
    assert {(task, f"next/{model}") for task, model, _ in ASKED.values()} <= found
    assert ("image-to-text", "next/some/chat-7b") not in found
    assert ("conversational", "next/whisper-1") not in found
    assert {offer.place for offer in place.offers()} == {Place.LOCAL}


@pytest.mark.parametrize("name", ASKED)
async def test_each_kind_of_question_is_answered(place: Hosted, server: ModelServer, name: str) -> None:
    """With the key, under the server's own name of the model; what comes back is what the task promises."""
    task, model, inputs = ASKED[name]
    outputs = await run(place, task, f"next/{model}", inputs)
    assert server.asked[-1][1]["model"] == model
    match name:
        case "chat" | "short" | "see":
            assert outputs["text"] == REPLY
        case "hear":
            assert outputs["text"].strip() == "hello from next door"
            assert [row["end"] for row in outputs["chunks"]] == [0.5, 1.0]
            assert server.asked[-1][1]["language"] == "en"
        case "compare":
            assert outputs["scores"][0]["label"] == "a cat"
        case "paint":
            asked = server.asked[-1][1]
            assert (asked["seed"], asked["size"]) == (7, "512x512")
            assert isinstance(outputs["image"], Media)
        case _:
            assert isinstance(outputs["audio"], Media)


@pytest.mark.parametrize("name", ["chat", "hear", "say", "compare", "paint"])
@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (Wrong(status=500, times=None), "has trouble"),
        (Wrong(status=401, times=None), "refuses the key"),
        (Wrong(status=404, times=None), "does not know the model"),
        (Wrong(page=True, times=None), "sent something that is no result"),
        (Wrong(rubbish=True, times=None), ""),
        (Wrong(hang=60.0, times=None), "gave no answer in time"),
    ],
    ids=["error", "key", "model", "page", "rubbish", "hang"],
)
async def test_whatever_goes_wrong_is_a_sentence_in_time(
    place: Hosted, server: ModelServer, name: str, wrong: Wrong, why: str
) -> None:
    """It names the server, tells nothing of its address, and lets the task go on elsewhere."""
    server.fail(wrong)
    task, model, inputs = ASKED[name]
    with pytest.raises(NotAvailable) as error:
        await run(place, task, f"next/{model}", inputs, seconds=1.5)
    assert f"next {why}" in error.value.message
    assert "127.0.0.1" not in error.value.message
    assert KEY not in error.value.message


async def test_a_stumble_is_no_fall(place: Hosted, server: ModelServer) -> None:
    """Asked again, the server answers."""
    server.fail(Wrong(status=500), Wrong(status=503))
    assert (await run(place, *_of("chat")))["text"] == REPLY


def _of(name: str) -> tuple[str, str, dict[str, Any]]:
    task, model, inputs = ASKED[name]
    return task, f"next/{model}", inputs


async def test_strict_servers_are_asked_in_words_that_they_know() -> None:
    """What one refuses is left out: a seed, times in a transcript, a bound, a stream. Pictures may come as addresses.

    A seed that was refused is no seed of the picture, so nobody is told of one.
    """
    async with (
        ModelServer(MODELS, strict=True, links=True) as server,
        opened(Server(name="next", url=server.url)) as place,
    ):
        painted = await run(place, *_of("paint"))
        assert isinstance(painted["image"], Media)
        assert "seed" not in painted
        assert b"Seed: " not in painted["image"].data
        assert (await run(place, *_of("chat")))["text"] == REPLY
        assert (await run(place, *_of("hear")))["text"].strip() == "hello from next door"
        assert [path for path, _ in server.asked].count("/v1/images/generations") == 2


async def test_models_come_and_go_and_servers_too() -> None:
    """What a server serves now is offered from the next look on; one that is away offers nothing."""
    async with (
        ModelServer(["some/chat-7b"], tasks={"odd-name": "automatic-speech-recognition"}, bare=True) as server,
        opened(Server(name="next", url=server.url)) as place,
    ):
        assert ("conversational", "next/some/chat-7b") in offered(place)
        server.models[:] = ["odd-name"]
        await place.ask_servers()
        assert offered(place) == {("automatic-speech-recognition", "next/odd-name")}
        await server.__aexit__()
        await place.ask_servers()
        assert not offered(place)
        with pytest.raises(NotAvailable):
            await run(place, *_of("chat"))
        await server.__aenter__()
        await place.ask_servers()
        assert offered(place)


async def test_the_settings_say_what_a_server_does() -> None:
    """Then nothing else is offered of it, and nothing is found out but whether it is there."""
    does = (("image-to-image", "editor"), ("text-generation", "writer"))
    asked: dict[str, Any] = {"image": samples.png(), "prompt": "make it red"}
    async with (
        ModelServer(["editor", "writer", "other"]) as server,
        opened(Server(name="next", url=server.url, does=does)) as place,
    ):
        assert offered(place) == {("image-to-image", "next/editor"), ("text-generation", "next/writer")}
        assert isinstance((await run(place, "image-to-image", "next/editor", asked))["image"], Media)


async def test_files_go_to_servers_of_our_own_house_alone_where_they_are_to_stay() -> None:
    """Elsewhere only words are asked about."""
    async with ModelServer(MODELS) as server:
        servers = (Server(name="in", url=server.url, own=True), Server(name="out", url=server.url))
        async with opened(*servers, keep_media=True) as place:
            found = offered(place)
            assert ("image-to-text", "in/some/llava-7b") in found
            assert ("image-to-text", "out/some/llava-7b") not in found
            assert ("conversational", "out/some/llava-7b") in found
            assert (await run(place, "image-to-text", "in/some/llava-7b", ASKED["see"][2]))["text"] == REPLY
            with pytest.raises(JarvisError):
                await run(place, "image-to-text", "out/some/llava-7b", ASKED["see"][2])


KINDS: dict[str, tuple[str, dict[str, Any], str]] = {
    "embedding": ("sentence-similarity", {"text": "a cat", "sentences": ["a cat", "zzz"]}, "scores"),
    "reranker": ("sentence-similarity", {"text": "a cat", "sentences": ["a cat", "zzz"]}, "scores"),
    "classifier": ("text-classification", {"text": "Hooray!"}, "label"),
}


async def test_servers_of_embeddings_do_what_their_model_is_made_for() -> None:
    """One embeds, one ranks, one sorts; each is asked by the path that it has."""
    async with AsyncExitStack() as stack:
        servers = [
            Server(name=kind, url=(await stack.enter_async_context(EmbeddingServer(kind))).url, protocol=TEI)
            for kind in KINDS
        ]
        place = await stack.enter_async_context(opened(*servers))
        assert offered(place) == {(task, f"{kind}/some/embedder") for kind, (task, _, _) in KINDS.items()}
        for kind, (task, inputs, gives) in KINDS.items():
            outputs = await run(place, task, f"{kind}/some/embedder", inputs)
            assert outputs[gives] if gives == "label" else outputs[gives][0]["label"] == "a cat"


async def test_each_server_gets_its_own_key_and_nobody_else_does() -> None:
    """Neither another server, nor what answers point to, nor a server that answers leads on to."""
    servers = (Server(name="a", url="http://127.0.0.1:7001/v1", key="sk-a"), Server(name="b", url="http://h:7002"))
    gate = Gate(Terms(token="hf_x", servers=servers, router="http://127.0.0.1:7000"))

    def sent(url: str) -> str | None:
        request = httpx2.Request("GET", url, headers={"Authorization": f"Bearer {STAND_IN}"})
        gate.out(request)
        return request.headers.get("Authorization")

    assert sent("http://127.0.0.1:7001/v1/models") == "Bearer sk-a"
    assert sent("http://127.0.0.1:7000/v1") == "Bearer hf_x"
    assert sent("http://h:7002/info") is None
    assert sent("https://elsewhere.example/picture.png") is None
    with pytest.raises(Shut):
        sent("http://h:7003/picture.png")


def test_children_know_the_servers_and_their_keys_and_no_command_line_does() -> None:
    """What the settings said reaches them whole, by their environment."""
    servers = (Server(name="a", url="http://b/v1", does=(("translation", "m"),), voice="v", own=True, key="sk-a"),)
    terms = Terms(servers=servers)
    assert terms_here(terms.environment()).servers == servers
    assert "sk-a" not in repr(terms)
