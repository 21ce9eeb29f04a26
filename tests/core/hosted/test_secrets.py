"""The token goes to the router and nowhere else; nothing that is sent is an address or a path."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import httpx2
import pytest
from structlog.testing import capture_logs

from core.errors import NotAvailable
from core.remote.gate import STAND_IN, Gate, Shut
from core.remote.terms import ROUTER, Terms, terms_here
from tests import samples
from tests.core.executors.pools import descendants, toy_pool
from tests.core.hosted.far import TOKEN, Far, far
from tests.simulators.providers import Served
from tests.simulators.wrong import Wrong

pytestmark = pytest.mark.anyio

QUEUED = (
    ("text-to-video", "fal/filmer", {"prompt": "waves"}),
    ("text-to-image", "wave/painter", {"prompt": "a cat"}),
    ("text-to-image", "rep/painter", {"prompt": "a cat"}),
    ("text-to-image", "fal/painter", {"prompt": "a cat"}),
)


async def test_the_token_goes_to_the_router_only(there: Far) -> None:
    """Questions and polls carry it; files that answers point to are fetched without any."""
    for task, model, inputs in QUEUED:
        await there.run(task, model, inputs)
    near = [one for one in there.router.requests if not one.far]
    distant = [one for one in there.router.requests if one.far]
    assert len(distant) == len(QUEUED)
    assert {one.token for one in near} == {TOKEN}
    assert {one.token for one in distant} == {""}
    assert not any(STAND_IN in str(one.headers) for one in there.router.requests)


async def test_polls_are_those_of_the_provider(there: Far) -> None:
    """The library compares the router's name: it finds the provider's path although the router is another one."""
    await there.run(*QUEUED[0])
    polls = [one.path for one in there.router.requests if one.method == "GET" and not one.far]
    assert polls
    assert all(path.startswith("/fal-ai/fal-ai/wan/requests/") for path in polls)


@pytest.mark.parametrize(
    "text", ["/etc/passwd", "http://127.0.0.1:1/secret.txt", "file:///etc/passwd", "../../pyproject.toml"]
)
async def test_words_that_look_like_a_path_or_an_address_stay_words(there: Far, text: str) -> None:
    """They are sent as they are; nothing is opened or fetched."""
    await there.run("text-to-speech", "fal/voice", {"text": f"{text}."})
    await there.run("text-to-image", "fal/painter", {"prompt": text})
    await there.run("text-classification", "far/text-classification", {"text": text})
    bodies = [one.json for one in there.router.questions()]
    assert [bodies[1]["prompt"], bodies[2]["inputs"]] == [text, text]


async def test_files_are_sent_as_bytes(there: Far) -> None:
    """Wherever a file goes, its bytes do: no body holds an address or a path, nor the name of the file."""
    image, audio = samples.jpg(), samples.mp4()
    jobs: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("image-classification", "far/image-classification", {"image": image}),
        ("image-to-image", "fal/editor", {"image": image, "prompt": "older"}),
        ("image-to-video", "wave/animator", {"image": image}),
        ("visual-question-answering", "talk/writer", {"image": image, "question": "What is it?"}),
        ("document-question-answering", "far/document-question-answering", {"image": image, "question": "What is it?"}),
        ("automatic-speech-recognition", "fal/whisper", {"audio": audio}),
        ("automatic-speech-recognition", "deep/whisper", {"audio": audio}),
        ("audio-classification", "far/audio-classification", {"audio": audio}),
    )
    for job in jobs:
        await there.run(*job)
    assert len(there.router.questions()) == len(jobs)
    for one in there.router.questions():
        assert b"://" not in one.body
        assert b"/tmp" not in one.body
        assert Path(image.name).stem.encode() not in one.body
        assert len(one.body) > 400  # a file is in it


async def test_neither_logs_nor_errors_nor_command_lines_tell_the_token() -> None:
    """Not even where the server writes it into its error."""
    served = (Served("fal-ai", "text-to-image", "fal/painter", "p"),)
    with capture_logs() as logs:
        async with far(served, slots=1) as there:
            there.router.fail(Wrong(status=500, body={"error": f"bad token {TOKEN}"}, times=None))
            with pytest.raises(NotAvailable) as error:
                await there.run("text-to-image", "fal/painter", {"prompt": "a cat"}, seconds=5)
            assert TOKEN not in str(error.value)
            for process in descendants(os.getpid()):
                assert TOKEN not in Path(f"/proc/{process}/cmdline").read_text()
    assert TOKEN not in repr(logs)
    assert TOKEN not in repr(Terms(token=TOKEN))


async def test_children_of_other_pools_do_not_know_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where the bot's own environment holds it."""
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    others = descendants(os.getpid())
    async with toy_pool() as pool:
        await pool.ready()
        assert descendants(os.getpid()) - others
        for process in descendants(os.getpid()) - others:
            assert TOKEN not in Path(f"/proc/{process}/environ").read_text()


def test_terms_travel_by_the_environment() -> None:
    """And come out as they went in; no library looks for the token there."""
    terms = Terms(token="hf_x", router="https://gateway.example/hf", endpoint="https://hub.example")
    assert terms_here(terms.environment()) == terms
    assert "HF_TOKEN" not in terms.environment()


def _sent(url: str, terms: Terms) -> httpx2.Request:
    request = httpx2.Request("POST", url, headers={"Authorization": f"Bearer {STAND_IN}"})
    Gate(terms).out(request)
    return request


def test_a_gateway_may_have_a_path_of_its_own() -> None:
    """The router's name becomes its address, path and all; queries stay."""
    terms = Terms(token="key", router="https://gateway.example:8443/hf")
    sent = _sent(f"{ROUTER}/fal-ai/fal-ai/flux?_subdomain=queue", terms)
    assert str(sent.url) == "https://gateway.example:8443/hf/fal-ai/fal-ai/flux?_subdomain=queue"
    assert sent.headers["Host"] == "gateway.example:8443"
    assert sent.headers["Authorization"] == "Bearer key"


def test_without_a_token_none_is_sent() -> None:
    """A gateway that needs none does not get the stand-in either."""
    assert "Authorization" not in _sent(f"{ROUTER}/v1/chat/completions", Terms()).headers


@pytest.mark.parametrize(
    "url",
    [
        "https://files.example/picture.png",
        "https://router.huggingface.co.evil.example/v1",
        "https://gateway.example.evil.example/hf",
        "https://gateway.example:444/hf",
    ],
)
def test_other_hosts_get_no_token(url: str) -> None:
    """However alike their names are."""
    sent = _sent(url, Terms(token="key", router="https://gateway.example"))
    assert "Authorization" not in sent.headers


@pytest.mark.parametrize("url", ["http://169.254.169.254/latest/meta-data", "http://files.example/a.png"])
def test_answers_lead_to_https_only(url: str) -> None:
    """Nobody's answer makes us ask a machine of our own network in plain words."""
    with pytest.raises(Shut):
        _sent(url, Terms(token="key", router="https://gateway.example"))
