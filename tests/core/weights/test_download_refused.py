"""Downloads that end in a sentence: other bytes than promised, closed doors, names that lead away, too long a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest
from structlog.testing import capture_logs

from core.errors import DeadlineExceeded, ExpertFailed
from core.executors.pool import Pool
from core.weights.layout import Repo
from tests.core.weights.downloads import (
    BIG,
    SECRET,
    WEIGHTS,
    child_of,
    get,
    largest,
    model,
    noise,
    refusal,
    serve,
    until,
    whole,
)
from tests.simulators.faults import Fault
from tests.simulators.hub import SIGNATURE, Hub

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(path=WEIGHTS, after=1000, wrong=True),
        Fault(path="/api/resolve-cache/*/tokenizer.json", after=1000, wrong=True),
        Fault(path=WEIGHTS, total=BIG + 1),
        Fault(path=WEIGHTS, total=BIG * 20),
        Fault(path=WEIGHTS, total=BIG - 1, times=2),
        Fault(path=WEIGHTS, total=0),
    ],
    ids=["wrong", "small-wrong", "longer", "much-longer", "shorter", "empty"],
)
async def test_wrong_once(pool: Pool, hub: Hub, cache: Path, fault: Fault) -> None:
    """What is not what was promised is thrown away and fetched anew, once."""
    hub.faults.add(fault)
    await get(pool, hub, cache)
    assert hub.faults.happened
    assert whole(hub, cache)


async def test_wrong_for_ever(pool: Pool, hub: Hub, cache: Path) -> None:
    """What is wrong twice ends in a sentence; nothing of it stays, and the model does not count as here."""
    hub.faults.add(Fault(path=WEIGHTS, after=1000, wrong=True, times=None))
    said = await refusal(pool, hub, cache)
    assert "“model.safetensors”" in said
    repo = Repo(cache, "org/model")
    assert repo.complete() is None
    assert sum(path.stat().st_size for path in repo.folder.glob("blobs/*")) < 100_000
    hub.faults.clear()
    await get(pool, hub, cache)
    assert whole(hub, cache)


async def test_a_lying_size(pool: Pool, hub: Hub, cache: Path, tmp_path: Path) -> None:
    """A model that says it is small and sends without end is cut off right behind what it said."""
    serve(hub, model(tmp_path / "liar"), sizes={"model.safetensors": 1_000_000})
    hub.faults.add(Fault(path=WEIGHTS, total=BIG * 10, times=None))
    with pytest.raises(ExpertFailed, match="other bytes than it promises"):
        await get(pool, hub, cache, "org/other")
    assert largest(Repo(cache, "org/other")) < 1_000_000
    assert hub.sent["org/other/model.safetensors"] < BIG * 10


async def test_gated(pool: Pool, hub: Hub, cache: Path, tmp_path: Path) -> None:
    """A gated model is refused before the first byte, with what to do about it; who accepted the terms gets it."""
    serve(hub, model(tmp_path / "gated"), gated="manual", readers=[SECRET])
    for token in ("", "hf_stranger"):
        said = await refusal(pool, hub, cache, "org/other", token=token)
        assert f"{hub.url}/org/other" in said
        assert "HF_TOKEN" in said
    assert not hub.sent
    await get(pool, hub, cache, "org/other", token=SECRET)
    assert whole(hub, cache, "org/other")


@pytest.mark.parametrize(
    ("name", "inputs", "fault", "words"),
    [
        ("org/none", {}, None, "no model “org/none”"),
        ("org/none", {"token": SECRET}, None, "no model “org/none”"),
        ("org/model", {"revision": "v9"}, None, "no such revision"),
        ("no model/at all", {}, None, "cannot be the name"),
        ("org/model", {}, Fault(path="/api/*", status=429, headers={"Retry-After": "3600"}), "60 minutes of patience"),
        ("org/model", {}, Fault(path="/api/*", status=503, times=None), "status 503"),
        ("org/model", {}, Fault(path=WEIGHTS, status=500, times=None), "status 500"),
        ("org/model", {}, Fault(path=WEIGHTS, status=403, times=None), "does not let us"),
        ("org/model", {}, Fault(path="/api/*", status=401, times=None), "does not accept HF_TOKEN"),
        ("org/model", {}, Fault(path="*/resolve/*", status=404, code="EntryNotFound"), "lacks a file"),
        ("org/model", {"patience": 0.3}, Fault(path="/api/*", hang=30, times=None), "is silent"),
        ("org/model", {"patience": 0.3}, Fault(path=WEIGHTS, hang=30, times=None), "is silent"),
        ("org/model", {}, Fault(path="/api/*", status=200), "does not speak as the Hugging Face Hub does"),
        ("org/model", {}, Fault(path="/api/*", status=400), "status 400"),
        ("org/model", {}, Fault(path="/api/*", status=429, headers={"Retry-After": "1e12"}), "will help to wait"),
        ("org/model", {}, Fault(path=WEIGHTS, cut=True, after=0, times=None), "breaks off again and again"),
        (
            "org/model",
            {},
            Fault(path="/org/*", status=302, headers={"Location": "/org/x"}, times=None),
            "does not speak",
        ),
        ("org/model", {"endpoint": "nonsense"}, None, "cannot be reached"),
        ("org/model", {"endpoint": "http://127.0.0.1:9"}, None, "cannot be reached"),
        ("org/model", {"endpoint": "http://no.such.place.invalid"}, None, "cannot be reached"),
    ],
)
async def test_sentences(
    pool: Pool, hub: Hub, cache: Path, name: str, inputs: Mapping[str, Any], fault: Fault | None, words: str
) -> None:
    """Whatever the Hub refuses or fails at is told in words that name the model or the Hub, and what would help."""
    hub.faults.add(*([fault] if fault else []))
    said = await refusal(pool, hub, cache, name, **inputs)
    assert words in said
    assert "Traceback" not in said


async def test_no_secret_in_the_log(pool: Pool, hub: Hub, cache: Path) -> None:
    """Neither the token nor an address's signature gets into the log, however often something is tried again."""
    hub.faults.add(Fault(path=WEIGHTS, status=503, times=2), Fault(path="/org/*", status=500))
    with capture_logs() as logs:
        await get(pool, hub, cache, token=SECRET)
        await refusal(pool, hub, cache, "org/none", token=SECRET)
    assert len(hub.faults.happened) == 3
    assert SECRET not in str(logs)
    assert SIGNATURE not in str(logs)


@pytest.mark.parametrize("index", [b"[]", b"{", b"null", b"\xff", b"[" * 100_000])
async def test_a_pipeline_without_a_sound_index(
    pool: Pool, hub: Hub, cache: Path, tmp_path: Path, index: bytes
) -> None:
    """A pipeline whose list of parts is none is refused in words."""
    serve(hub, model(tmp_path / "p", files={"model_index.json": index, "unet/x.safetensors": b"1"}))
    assert "model_index.json, cannot be read" in await refusal(pool, hub, cache, "org/other")


async def test_pickles(pool: Pool, hub: Hub, cache: Path, tmp_path: Path) -> None:
    """A model whose weights run code when they are read is refused unless that is allowed."""
    serve(hub, model(tmp_path / "p", files={"config.json": b"{}", "pytorch_model.bin": noise(100)}))
    assert "MODEL_ALLOW_PICKLE" in await refusal(pool, hub, cache, "org/other")
    assert not hub.sent
    await get(pool, hub, cache, "org/other", allow_pickle=True)
    assert Repo(cache, "org/other").complete()


async def test_no_weights(pool: Pool, hub: Hub, cache: Path, tmp_path: Path) -> None:
    """A model in other formats only is refused before the first byte."""
    serve(hub, model(tmp_path / "p", files={"config.json": b"{}", "tf_model.h5": noise(100)}))
    assert "no weights" in await refusal(pool, hub, cache, "org/other")
    assert not hub.sent


@pytest.mark.parametrize(
    "name",
    [
        "../../../evil.json",
        "/etc/evil.json",
        "a//evil.json",
        "./evil.json",
        "evil\0.json",
        "evil\n.json",
        "evil\ud800.json",
        "evil" * 64 + ".json",
        "evil/" * 300 + "x.json",
        "config.json/evil.json",
    ],
)
async def test_a_name_that_leads_away(pool: Pool, hub: Hub, cache: Path, tmp_path: Path, name: str) -> None:
    """A file whose name leads out of the model's folder, or that no disk takes, is no file of a model."""
    repository = hub.repositories["org/model"]
    assert repository.sha  # it is made of the names
    repository.files[name] = replace(repository.files["config.json"], name=name)
    assert "makes no sense" in await refusal(pool, hub, cache)
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize(
    "facts",
    [
        {"size": float(BIG)},
        {"size": -1},
        {"sha256": "../x"},
        {"sha256": "a" * 500},
        {"sha256": 7},
    ],
    ids=str,
)
async def test_facts_that_are_none(pool: Pool, hub: Hub, cache: Path, facts: Mapping[str, Any]) -> None:
    """What the Hub tells about a file is believed only where it is of the kind that it should be."""
    repository = hub.repositories["org/model"]
    assert repository.sha  # it is made of the names
    files = repository.files
    files["model.safetensors"] = replace(files["model.safetensors"], **facts)
    assert "makes no sense" in await refusal(pool, hub, cache)
    assert not hub.sent


async def test_a_hang_has_a_deadline(pool: Pool, hub: Hub, cache: Path) -> None:
    """A Hub that sends a byte now and then ends at the job's deadline, and what came stays for the next time."""
    hub.faults.add(Fault(path=WEIGHTS, rate=BIG / 20, times=None))
    with pytest.raises(DeadlineExceeded):
        await get(pool, hub, cache, deadline=2.0)
    hub.faults.clear()
    await get(pool, hub, cache)
    assert hub.fetched("model.safetensors")[-1].range
    assert whole(hub, cache)


async def test_a_cancel_stops_it(pool: Pool, hub: Hub, cache: Path) -> None:
    """Who goes away stops the download softly: the child lives on, and what came stays for the next time."""
    hub.faults.add(Fault(path=WEIGHTS, rate=BIG / 4))
    repo = Repo(cache, "org/model")
    pid = child_of(pool)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(get, pool, hub, cache)
        await until(lambda: largest(repo) > BIG / 8)
        tasks.cancel_scope.cancel()
    assert child_of(pool) == pid
    await get(pool, hub, cache)
    rest = hub.fetched("model.safetensors")[1]
    assert rest.range
    assert rest.sent < BIG * 7 / 8
