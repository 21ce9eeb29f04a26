"""Downloads from the local Hub by the real library, in the real pool's child: progress, checks, faults, room."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest
from structlog.testing import capture_logs

from core.errors import DeadlineExceeded, ExpertFailed, JarvisError, NotAvailable
from core.executors.pool import Pool
from core.ports import Job
from core.types import Value
from core.weights.layout import Repo
from core.weights.store import MODEL, TYPE
from tests.core.weights.downloads import (
    BIG,
    Told,
    child_of,
    download_pool,
    model,
    noise,
    sha256,
    small_disk,
    until,
)
from tests.simulators.faults import Fault
from tests.simulators.hub import SIGNATURE, Hub
from tests.simulators.repository import Repository

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

SECRET = "hf_secret"
WEIGHTS = "/cdn/*/model.safetensors"


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[Pool]:
    """One child that all tests here download with."""
    async with download_pool() as pool:
        await pool.ready()
        yield pool


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[Hub]:
    """A Hub with one model of 6 MB."""
    repository = Repository(id="org/model", folder=model(tmp_path / "hub" / "model"), refs={"v1": "1" * 40})
    async with Hub([repository]) as server:
        yield server


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """An empty cache."""
    return tmp_path / "cache"


def serve(hub: Hub, folder: Path, name: str = "org/other", **facts: Any) -> None:
    """Add a model to the Hub."""
    hub.repositories[name] = Repository(id=name, folder=folder, **facts)


async def get(
    pool: Pool, hub: Hub, cache: Path, name: str = "org/model", *, deadline: float = 60.0, told: Told | None = None,
    **inputs: Any,
) -> Mapping[str, Value]:  # fmt: skip
    """Download a model."""
    given = {"endpoint": hub.url, "cache": str(cache), "model": name, "patience": 1.0, **inputs}
    job = Job(id="1", type=TYPE, model=MODEL, inputs=given, seconds=deadline)
    with anyio.fail_after(90):
        return await pool.run(job, told or Told())


async def refusal(pool: Pool, hub: Hub, cache: Path, name: str = "org/model", **inputs: Any) -> str:
    """Return the sentence that a download ends with."""
    with pytest.raises(JarvisError) as raised:
        await get(pool, hub, cache, name, **inputs)
    assert SECRET not in raised.value.message
    return raised.value.message


def whole(hub: Hub, cache: Path, name: str = "org/model") -> bool:
    """Whether the cache has a model's weights as the Hub has them, and says so."""
    folder = Repo(cache, name).complete()
    here = hub.repositories[name].folder
    return folder is not None and sha256(folder / "model.safetensors") == sha256(here / "model.safetensors")


def largest(repo: Repo) -> int:
    """Return the bytes of the largest content that is here or coming."""
    return max((path.stat().st_size for path in repo.folder.glob("blobs/*")), default=0)


# ---------------------------------------------------------------- all is well


async def test_a_model_comes_with_progress(pool: Pool, hub: Hub, cache: Path) -> None:
    """What it needs comes once, nothing else; progress only grows, in fractions and in words, up to the end."""
    told = Told()
    hub.faults.add(Fault(path=WEIGHTS, rate=BIG))
    got = await get(pool, hub, cache, told=told)
    commit = hub.repositories["org/model"].sha
    folder = Repo(cache, "org/model").snapshot(commit)
    assert whole(hub, cache)
    assert sorted(path.name for path in folder.iterdir()) == ["config.json", "model.safetensors", "tokenizer.json"]
    assert got == {"commit": commit, "bytes": sum(path.stat().st_size for path in folder.iterdir()), "evicted": []}
    assert sum(hub.sent.values()) == got["bytes"]
    assert len(told.fractions) >= 5
    assert told.fractions == sorted(told.fractions)
    assert any(note.endswith("of 6.0 MB") for _, note in told.all)


async def test_the_library_finds_it(pool: Pool, hub: Hub, cache: Path) -> None:
    """What we downloaded is a snapshot like any other to huggingface_hub, and links as it makes them."""
    from huggingface_hub import scan_cache_dir, try_to_load_from_cache

    await get(pool, hub, cache)
    found = try_to_load_from_cache("org/model", "model.safetensors", cache_dir=cache)
    assert isinstance(found, str)
    assert str(Path(found).readlink()).startswith("../../blobs/")
    (repo,) = scan_cache_dir(cache).repos
    assert (repo.repo_id, [sorted(one.refs) for one in repo.revisions]) == ("org/model", [["main"]])


async def test_a_second_time_costs_nothing(pool: Pool, hub: Hub, cache: Path) -> None:
    """What is here already is not fetched again."""
    await get(pool, hub, cache)
    sent = dict(hub.sent)
    await get(pool, hub, cache)
    assert hub.sent == sent


async def test_a_pinned_revision(pool: Pool, hub: Hub, cache: Path) -> None:
    """A tag is kept under its name, a commit under none; both are complete then."""
    repo = Repo(cache, "org/model")
    assert (await get(pool, hub, cache, revision="v1"))["commit"] == "1" * 40
    assert repo.complete("v1")
    assert repo.complete() is None
    await get(pool, hub, cache, revision=hub.repositories["org/model"].sha)
    assert repo.complete(hub.repositories["org/model"].sha)
    assert repo.complete() is None


async def test_a_pipeline_comes_in_its_parts(pool: Pool, hub: Hub, cache: Path, tmp_path: Path) -> None:
    """Of a pipeline, the folders that its index names come, in the variant asked for, without the parts left out."""
    index = {"_class_name": "P", "unet": ["diffusers", "U"], "safety_checker": ["s", "S"], "vae": [None, None]}
    files = {
        "model_index.json": json.dumps(index).encode(),
        "unet/config.json": b"{}",
        "unet/diffusion_pytorch_model.safetensors": noise(5000),
        "unet/diffusion_pytorch_model.fp16.safetensors": noise(2500),
        "safety_checker/model.safetensors": noise(3000),
        "vae/diffusion_pytorch_model.safetensors": noise(100),
        "everything.safetensors": noise(9000),
    }
    serve(hub, model(tmp_path / "pipeline", files=files), library_name="diffusers")
    await get(pool, hub, cache, "org/other", variant="fp16", without=["safety_checker"])
    repo = Repo(cache, "org/other")
    folder = repo.complete("", "fp16")
    assert folder is not None
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == {
        "model_index.json",
        "unet/config.json",
        "unet/diffusion_pytorch_model.fp16.safetensors",
    }
    assert repo.complete() is None
    await get(pool, hub, cache, "org/other")
    assert repo.complete()
    assert repo.complete("", "fp16")


async def test_the_token_stays_with_the_hub(pool: Pool, hub: Hub, cache: Path) -> None:
    """It is shown to the Hub at each request, and never to where the files lie."""
    await get(pool, hub, cache, token=SECRET)
    assert {one.token for one in hub.requests if not one.cdn} == {SECRET}
    assert {one.token for one in hub.requests if one.cdn} == {""}


# ---------------------------------------------------------------- goes on


async def test_after_a_kill_only_the_rest_comes(pool: Pool, hub: Hub, cache: Path) -> None:
    """The child is killed midway: the next one goes on with what is on disk, and fetches no byte of it again."""
    hub.faults.add(Fault(path=WEIGHTS, rate=BIG / 2))
    repo = Repo(cache, "org/model")
    got: list[Mapping[str, Value]] = []

    async def download() -> None:
        got.append(await get(pool, hub, cache))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(download)
        await until(lambda: largest(repo) > BIG / 3)
        came = largest(repo)
        pid = child_of(pool)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
    first, second = hub.fetched("model.safetensors")
    start = int(second.range.removeprefix("bytes=").removesuffix("-"))
    assert first.range == ""
    assert start >= came
    assert second.sent == BIG - start
    assert len(got) == 1
    assert whole(hub, cache)
    assert child_of(pool) != pid
    assert len(hub.fetched("tokenizer.json")) == 1


@pytest.mark.parametrize(
    "fault",
    [
        Fault(path=WEIGHTS, after=BIG // 2, cut=True),
        Fault(path=WEIGHTS, after=BIG // 2, reset=True),
        Fault(path=WEIGHTS, after=BIG // 2, hang=20),
        Fault(path=WEIGHTS, status=503),
        Fault(path="/org/model/resolve/*", status=429, headers={"Retry-After": "1"}),
        Fault(path="/api/models/*", status=500),
        Fault(path="/api/models/*", hang=20),
    ],
    ids=["truncated", "reset", "hang", "503", "429", "api-500", "api-hang"],
)
async def test_trouble_on_the_way(pool: Pool, hub: Hub, cache: Path, fault: Fault) -> None:
    """What passes is waited for, and what came before it is not fetched again."""
    hub.faults.add(fault)
    await get(pool, hub, cache)
    assert hub.faults.happened
    assert whole(hub, cache)
    if fault.after:
        rest = hub.fetched("model.safetensors")[1]
        assert rest.range.startswith("bytes=")
        assert BIG // 4 < rest.sent == BIG - int(rest.range[6:-1])


async def test_a_server_that_gives_no_parts(pool: Pool, hub: Hub, cache: Path) -> None:
    """Where a part is asked for and the whole comes, the whole is taken."""
    hub.faults.add(Fault(path=WEIGHTS, after=BIG // 2, cut=True))
    hub.faults.add(Fault(path=WEIGHTS, no_parts=True))
    await get(pool, hub, cache)
    assert len(hub.faults.happened) == 2
    assert whole(hub, cache)


async def test_many_breaks(pool: Pool, hub: Hub, cache: Path) -> None:
    """A connection that breaks more often than anything is tried again still brings a model, a piece each time."""
    hub.faults.add(Fault(path=WEIGHTS, after=BIG // 9, cut=True, times=8))
    await get(pool, hub, cache)
    assert whole(hub, cache)
    assert hub.sent["org/model/model.safetensors"] == BIG


# ---------------------------------------------------------------- other bytes than promised


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


# ---------------------------------------------------------------- refused


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
        ("org/model", {}, Fault(path="/api/*", status=429, headers={"Retry-After": "3600"}), "3600 seconds"),
        ("org/model", {}, Fault(path="/api/*", status=503, times=None), "status 503"),
        ("org/model", {}, Fault(path=WEIGHTS, status=500, times=None), "status 500"),
        ("org/model", {}, Fault(path=WEIGHTS, status=403, times=None), "does not let us"),
        ("org/model", {}, Fault(path="/api/*", status=401, times=None), "does not accept HF_TOKEN"),
        ("org/model", {}, Fault(path="*/resolve/*", status=404, code="EntryNotFound"), "lacks a file"),
        ("org/model", {"patience": 0.3}, Fault(path="/api/*", hang=30, times=None), "is silent"),
        ("org/model", {"patience": 0.3}, Fault(path=WEIGHTS, hang=30, times=None), "is silent"),
        ("org/model", {}, Fault(path="/api/*", status=200), "does not speak as the Hugging Face Hub does"),
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


@pytest.mark.parametrize("index", [b"[]", b"{", b"null", b"\xff"])
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


@pytest.mark.parametrize("name", ["../../../evil.json", "/etc/evil.json", "a//evil.json", "./evil.json"])
async def test_a_name_that_leads_away(pool: Pool, hub: Hub, cache: Path, tmp_path: Path, name: str) -> None:
    """A file whose name leads out of the model's folder is no file of a model."""
    repository = hub.repositories["org/model"]
    repository.files[name] = replace(repository.files["config.json"], name=name)
    assert "makes no sense" in await refusal(pool, hub, cache)
    assert not list(tmp_path.rglob("evil*"))


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


# ---------------------------------------------------------------- room


async def test_the_least_recently_used_leaves(pool: Pool, hub: Hub, cache: Path, tmp_path: Path) -> None:
    """Under a budget for two models, the third one takes the place of the older one that nobody uses."""
    budget = int(BIG * 2.5)
    for number, name in enumerate(("org/a", "org/b", "org/c")):
        serve(hub, model(tmp_path / name, seed=number * 10), name)
    await get(pool, hub, cache, "org/a", budget=budget)
    await get(pool, hub, cache, "org/b", budget=budget)
    record = next(Repo(cache, "org/b").folder.glob("jarvis/*.json"))
    os.utime(record, (1, 1))
    got = await get(pool, hub, cache, "org/c", budget=budget, keep=["org/b"])
    assert isinstance(got["evicted"], list)
    assert [row["model"] for row in got["evicted"] if isinstance(row, dict)] == ["org/a"]
    assert [Repo(cache, name).complete() is not None for name in ("org/a", "org/b", "org/c")] == [False, True, True]
    assert not Repo(cache, "org/a").folder.exists()


async def test_no_room_costs_nobody_their_place(pool: Pool, hub: Hub, cache: Path, tmp_path: Path) -> None:
    """A model larger than the budget, or than what may leave, is refused before the first byte, and all stay."""
    serve(hub, model(tmp_path / "other", seed=5))
    await get(pool, hub, cache)
    sent = dict(hub.sent)
    assert "may take 1.0 MB" in await refusal(pool, hub, cache, "org/other", budget=1_000_000)
    assert "no room" in await refusal(pool, hub, cache, "org/other", budget=BIG * 2 - 1, keep=["org/model"])
    assert "no room" in await refusal(pool, hub, cache, "org/other", spare=10**15)
    assert hub.sent == sent
    assert whole(hub, cache)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB."""
    with small_disk(tmp_path / "disk", "8m") as folder:
        yield folder


async def test_a_small_disk(pool: Pool, hub: Hub, disk: Path, tmp_path: Path) -> None:
    """Without any budget, the disk is the bound: what we downloaded leaves for what comes; too much is refused."""
    serve(hub, model(tmp_path / "other", seed=5))
    serve(hub, model(tmp_path / "large", size=9_000_000), "org/large")
    cache = disk / "cache"
    await get(pool, hub, cache)
    await get(pool, hub, cache, "org/other")
    assert not Repo(cache, "org/model").folder.exists()
    assert whole(hub, cache, "org/other")
    assert "no room" in await refusal(pool, hub, cache, "org/large")
    assert whole(hub, cache, "org/other")


async def test_the_disk_becomes_full(pool: Pool, hub: Hub, disk: Path) -> None:
    """Another program fills the disk midway: a sentence, and what had come is given back."""
    cache = disk / "cache"
    repo = Repo(cache, "org/model")
    hub.faults.add(Fault(path=WEIGHTS, rate=BIG))
    said: list[str] = []

    async def download() -> None:
        said.append(await refusal(pool, hub, cache))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(download)
        await until(lambda: largest(repo) > BIG / 8)
        hog = disk / "hog"
        with hog.open("wb") as file:
            try:
                while True:
                    file.write(bytes(100_000))
                    file.flush()
            except OSError:
                pass
    assert "disk became full" in said[0]
    assert sum(path.stat().st_size for path in repo.folder.glob("blobs/*")) < 100_000
    hog.unlink()
    await get(pool, hub, cache)
    assert whole(hub, cache)


async def test_two_processes_one_cache(pool: Pool, hub: Hub, cache: Path) -> None:
    """Two installations that share a cache and want the same model at once: one fetches, the other waits for it."""
    hub.faults.add(Fault(path=WEIGHTS, rate=BIG / 2, times=None))
    told = Told()
    async with download_pool() as second:
        await second.ready()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(get, pool, hub, cache)
            await until(lambda: any(Repo(cache, "org/model").folder.glob("blobs/*.incomplete")))
            await get(second, hub, cache, told=told)
    assert "Another process is downloading this model." in {note for _, note in told.all}
    assert hub.sent["org/model/model.safetensors"] == BIG


async def test_a_child_without_the_right_to_write(pool: Pool, hub: Hub, tmp_path: Path) -> None:
    """A cache that cannot be written is told as such."""
    (tmp_path / "file").write_text("")
    with pytest.raises(NotAvailable, match="cannot be written"):
        await get(pool, hub, tmp_path / "file" / "cache")
