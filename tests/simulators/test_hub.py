"""The local Hub against the library that talks to the real one."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

import anyio
import httpx
import pytest
from anyio import to_thread
from huggingface_hub import HfApi, constants, hf_hub_download, snapshot_download
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from tests.simulators.faults import Fault
from tests.simulators.hub import Hub
from tests.simulators.repository import Repository, git_blob

pytestmark = pytest.mark.anyio

T = TypeVar("T")
HEADER = b'{"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}'
WEIGHTS = len(HEADER).to_bytes(8, "little") + HEADER + bytes(range(24))
CONFIG = b'{"model_type": "bert", "architectures": ["BertModel"]}'


async def told(call: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Ask in a thread, so that the server in this one can answer."""
    return await to_thread.run_sync(lambda: call(*args, **kwargs))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model with a small file, a large one, and one in a folder."""
    (tmp_path / "model" / "onnx").mkdir(parents=True)
    (tmp_path / "model" / "config.json").write_bytes(CONFIG)
    (tmp_path / "model" / "model.safetensors").write_bytes(WEIGHTS)
    (tmp_path / "model" / "onnx" / "model.onnx").write_bytes(b"onnx")
    return tmp_path / "model"


@pytest.fixture
async def hub(folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hub]:
    """A Hub with an open model, a gated one, a private one and one without an author."""
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    mapping = {"acme": {"providerId": "acme/bert", "status": "live", "task": "fill-mask"}}
    card = {"license": "mit", "language": ["en", "de"]}
    repositories = [
        Repository(
            id="org/open",
            folder=folder,
            pipeline_tag="fill-mask",
            downloads=10,
            providers=mapping,
            card=card,
            refs={"v1": "1" * 40},
        ),
        Repository(id="org/gated", folder=folder, gated="auto", readers=["hf_reader"], downloads=30),
        Repository(id="other/private", folder=folder, private=True, readers=["hf_reader"]),
        Repository(id="plain", folder=folder, downloads=20, pipeline_tag="translation"),
    ]
    async with Hub(repositories, tokens=["hf_reader", "hf_stranger"], page=2) as server:
        yield server


async def test_a_model_tells_its_facts(hub: Hub) -> None:
    """Commit, files with sizes and digests, tags, card and the count of parameters arrive as the library's types."""
    info = await told(HfApi(endpoint=hub.url).model_info, "org/open", files_metadata=True)
    files = {one.rfilename: one for one in info.siblings or ()}
    assert info.sha == hub.repositories["org/open"].sha
    assert (files["config.json"].size, files["config.json"].lfs) == (len(CONFIG), None)
    assert files["config.json"].blob_id == git_blob(CONFIG)
    lfs = files["model.safetensors"].lfs
    assert lfs is not None
    assert (lfs.size, lfs.sha256) == (len(WEIGHTS), hashlib.sha256(WEIGHTS).hexdigest())
    assert info.safetensors is not None
    assert info.safetensors.parameters == {"F32": 6}
    assert info.card_data is not None
    assert info.card_data.license == "mit"
    assert {"fill-mask", "transformers", "license:mit", "de"} <= set(info.tags or ())
    assert info.inference_provider_mapping is None


async def test_expanded_facts_only(hub: Hub) -> None:
    """Who asks for providers and the gate gets these and nothing else."""
    wanted: Any = ["inferenceProviderMapping", "gated"]
    info = await told(HfApi(endpoint=hub.url).model_info, "org/open", expand=wanted)
    assert [(one.provider, one.status) for one in info.inference_provider_mapping or ()] == [("acme", "live")]
    assert (info.gated, info.sha, info.siblings) == (False, None, None)


async def test_a_revision_by_tag(hub: Hub) -> None:
    """A tag is a commit of its own; an unknown one is said to be unknown."""
    api = HfApi(endpoint=hub.url)
    assert (await told(api.model_info, "org/open", revision="v1")).sha == "1" * 40
    with pytest.raises(RevisionNotFoundError):
        await told(api.model_info, "org/open", revision="v2")


async def test_lists_are_filtered_sorted_and_paged(hub: Hub) -> None:
    """Private models stay out, the rest comes in the order asked for, over as many pages as it takes."""
    api = HfApi(endpoint=hub.url)
    found = await told(lambda: list(api.list_models(sort="downloads")))
    assert [one.id for one in found] == ["org/gated", "plain", "org/open"]
    assert len([one for one in hub.requests if one.path == "/api/models"]) == 2
    for criteria, ids in [
        ({"pipeline_tag": "translation"}, ["plain"]),
        ({"filter": ["fill-mask", "de"]}, ["org/open"]),
        ({"author": "org", "sort": "downloads", "limit": 1}, ["org/gated"]),
        ({"search": "PLA"}, ["plain"]),
        ({"gated": True}, ["org/gated"]),
        ({"inference_provider": "acme"}, ["org/open"]),
        ({"inference_provider": "all"}, ["org/open"]),
        ({"inference_provider": "nobody"}, []),
    ]:
        assert [one.id for one in await told(lambda c=criteria: list(api.list_models(**c)))] == ids, criteria


async def test_a_list_tells_more_when_asked(hub: Hub) -> None:
    """Providers come as a list there, and full rows name their files."""
    api = HfApi(endpoint=hub.url)
    expand: Any = ["inferenceProviderMapping"]
    (row,) = await told(lambda: list(api.list_models(search="open", expand=expand)))
    assert [one.provider for one in row.inference_provider_mapping or ()] == ["acme"]
    (row,) = await told(lambda: list(api.list_models(search="open", full=True, cardData=True)))
    assert [one.rfilename for one in row.siblings or ()] == ["config.json", "model.safetensors", "onnx/model.onnx"]
    assert row.card_data is not None


async def test_a_tree(hub: Hub) -> None:
    """A tree lists folders and files, at one level or all."""
    api = HfApi(endpoint=hub.url)
    top = await told(lambda: list(api.list_repo_tree("org/open")))
    assert sorted(one.path for one in top) == ["config.json", "model.safetensors", "onnx"]
    deep = await told(lambda: list(api.list_repo_tree("org/open", "onnx", recursive=True)))
    assert [one.path for one in deep] == ["onnx/model.onnx"]


async def test_the_library_downloads_from_it(hub: Hub, tmp_path: Path) -> None:
    """snapshot_download, unchanged, gets every byte; large files come from the delivery network, without the token."""
    got = await told(snapshot_download, "org/gated", endpoint=hub.url, cache_dir=tmp_path / "cache", token="hf_reader")
    assert Path(got, "model.safetensors").read_bytes() == WEIGHTS
    assert Path(got, "config.json").read_bytes() == CONFIG
    assert Path(got, "onnx", "model.onnx").read_bytes() == b"onnx"
    behind = [one for one in hub.requests if one.cdn]
    assert {one.token for one in behind} == {""}
    assert {one.token for one in hub.requests if not one.cdn} == {"hf_reader"}
    assert hub.sent["org/gated/model.safetensors"] == len(WEIGHTS)


async def test_the_safetensors_head_is_read_by_range(hub: Hub) -> None:
    """The library reads how many parameters there are without fetching them."""
    meta = await told(HfApi(endpoint=hub.url).get_safetensors_metadata, "org/open")
    assert meta.parameter_count == {"F32": 6}
    assert hub.fetched("model.safetensors")[0].range.startswith("bytes=0-")


async def test_ranges(hub: Hub) -> None:
    """A part of a file comes as 206 with its place; what begins beyond the end is refused."""
    url = f"{hub.url}/org/open/resolve/main/model.safetensors"
    async with httpx.AsyncClient(follow_redirects=True) as client:
        part = await client.get(url, headers={"Range": "bytes=8-"})
        assert (part.status_code, part.content) == (206, WEIGHTS[8:])
        assert part.headers["Content-Range"] == f"bytes 8-{len(WEIGHTS) - 1}/{len(WEIGHTS)}"
        assert (await client.get(url, headers={"Range": "bytes=0-3"})).content == WEIGHTS[:4]
        assert (await client.get(url, headers={"Range": f"bytes={len(WEIGHTS)}-"})).status_code == 416


@pytest.mark.parametrize(
    ("model", "file", "token", "error"),
    [
        ("org/none", "config.json", False, RepositoryNotFoundError),
        ("org/none", "config.json", "hf_reader", RepositoryNotFoundError),
        ("other/private", "config.json", "hf_stranger", RepositoryNotFoundError),
        ("org/gated", "config.json", False, GatedRepoError),
        ("org/gated", "config.json", "hf_stranger", GatedRepoError),
        ("org/open", "none.json", False, EntryNotFoundError),
        ("org/open", "config.json", "hf_wrong", HfHubHTTPError),
    ],
)
async def test_refusals(
    hub: Hub, tmp_path: Path, model: str, file: str, token: str | bool, error: type[Exception]
) -> None:
    """What is missing, closed, or asked for with a wrong token raises the library's own error for it."""
    with pytest.raises(error):
        await told(hf_hub_download, model, file, endpoint=hub.url, cache_dir=tmp_path / "cache", token=token)


async def test_access_is_checked(hub: Hub) -> None:
    """The check of access says the same as a download would, before anything is downloaded."""
    api = HfApi(endpoint=hub.url)
    await told(api.auth_check, "org/gated", token="hf_reader")
    with pytest.raises(GatedRepoError):
        await told(api.auth_check, "org/gated", token=False)


async def get(hub: Hub, fault: Fault) -> httpx.Response:
    """Fetch the weights while something goes wrong."""
    hub.faults.add(fault)
    async with httpx.AsyncClient(follow_redirects=True, timeout=1) as client:
        return await client.get(f"{hub.url}/org/open/resolve/main/model.safetensors")


async def test_faults(hub: Hub) -> None:
    """Each fault does what its name says, as often as it should, and nothing afterwards."""
    limited = Fault(path="*/resolve/*", status=429, headers={"Retry-After": "3"})
    response = await get(hub, limited)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "3")
    assert (await get(hub, Fault(path="/cdn/*", wrong=True, after=4))).content[:5] == WEIGHTS[:4] + b"\xff"
    assert len((await get(hub, Fault(path="/cdn/*", total=1000))).content) == 1000
    assert (await get(hub, Fault(path="/cdn/*", total=10))).content == WEIGHTS[:10]
    for broken in (Fault(path="/cdn/*", cut=True, after=9), Fault(path="/cdn/*", reset=True, after=9)):
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await get(hub, broken)
    for silent in (Fault(path="/cdn/*", hang=30), Fault(path="/cdn/*", hang=30, after=9)):
        with pytest.raises(httpx.ReadTimeout):
            await get(hub, silent)
    began = anyio.current_time()
    assert (await get(hub, Fault(path="/cdn/*", rate=len(WEIGHTS) * 4))).content == WEIGHTS
    assert anyio.current_time() - began > 0.2
    happened = len(hub.faults.happened)
    assert (await get(hub, Fault(path="/nothing"))).content == WEIGHTS
    assert len(hub.faults.happened) == happened == 9
