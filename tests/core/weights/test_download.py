"""Downloads from the local Hub by the real library, in the real pool's child: what comes, and how it goes on."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Mapping
from pathlib import Path

import anyio
import pytest

from core.executors.pool import Pool
from core.types import Value
from core.weights.layout import Repo
from tests.core.weights.downloads import (
    BIG,
    SECRET,
    WEIGHTS,
    Told,
    child_of,
    get,
    largest,
    model,
    noise,
    serve,
    until,
    whole,
)
from tests.simulators.faults import Fault
from tests.simulators.hub import Hub

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


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


async def test_what_lies_in_a_files_place_makes_room(pool: Pool, hub: Hub, cache: Path) -> None:
    """Folders and links that lead nowhere, where files should be, are no files: those come again."""
    await get(pool, hub, cache)
    repo = Repo(cache, "org/model")
    folder = repo.snapshot(hub.repositories["org/model"].sha)
    config, weights, words = (folder / name for name in ("config.json", "model.safetensors", "tokenizer.json"))
    blob = weights.resolve()
    for path in (config, blob):
        path.unlink()
        path.mkdir()
        (path / "inside").write_text("something")
    words.unlink()
    words.symlink_to(words.name)
    repo.partial(blob.name).symlink_to("nowhere/at/all")
    assert repo.complete() is None
    await get(pool, hub, cache)
    assert whole(hub, cache)


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
