"""What is on disk: when a model counts as complete."""

import json
from pathlib import Path

import pytest

from core.weights.layout import Record, Repo, read_record

COMMIT = "a" * 40


def snapshot(cache: Path, files: dict[str, bytes], *, ref: str = "main") -> Repo:
    """Put a model into a cache as huggingface_hub does."""
    repo = Repo(cache, "org/model")
    for number, (name, data) in enumerate(files.items()):
        blob = repo.blob(f"{number:064}")
        path = repo.snapshot(COMMIT) / name
        blob.parent.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(parents=True, exist_ok=True)
        blob.write_bytes(data)
        path.symlink_to(blob)
    (repo.folder / "refs").mkdir()
    (repo.folder / "refs" / ref).write_text(COMMIT)
    return repo


def test_somebody_elses_download(tmp_path: Path) -> None:
    """A model that another program downloaded whole is taken as it is, by branch and by commit."""
    repo = snapshot(tmp_path, {"config.json": b"{}", "model.safetensors": b"weights"})
    assert repo.complete() == repo.snapshot(COMMIT)
    assert repo.complete(COMMIT) == repo.snapshot(COMMIT)
    assert repo.complete("v2") is None
    assert Repo(tmp_path, "org/other").complete() is None


def test_another_file_of_somebody_elses_download(tmp_path: Path) -> None:
    """Of a repository that holds many models, what another program has needed is not all that anybody needs."""
    repo = snapshot(tmp_path, {"body_pose_model.pth": b"poses"})
    assert repo.complete("", "", ("ControlNetHED.pth",)) is None
    assert repo.complete("", "", ("body_*.pth",)) == repo.snapshot(COMMIT)


def test_a_content_that_is_gone(tmp_path: Path) -> None:
    """A link to nothing is no file."""
    repo = snapshot(tmp_path, {"config.json": b"{}", "model.safetensors": b"weights"})
    repo.blob(f"{1:064}").unlink()
    assert repo.complete() is None


def test_settings_alone_are_no_model(tmp_path: Path) -> None:
    """Without weights, nothing is complete."""
    assert snapshot(tmp_path, {"config.json": b"{}"}).complete() is None


def test_a_missing_shard(tmp_path: Path) -> None:
    """An index that names a shard that is not here makes it incomplete; once it is here, all is well."""
    index = json.dumps({"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}).encode()
    repo = snapshot(tmp_path, {"model.safetensors.index.json": index, "model-1.safetensors": b"1"})
    assert repo.complete() is None
    (repo.snapshot(COMMIT) / "model-2.safetensors").write_bytes(b"2")
    assert repo.complete()


def test_an_index_of_weights_in_another_format(tmp_path: Path) -> None:
    """Where the safetensors are here, the pickles' index says nothing."""
    index = json.dumps({"weight_map": {"a": "pytorch_model-1.bin"}}).encode()
    assert snapshot(tmp_path, {"pytorch_model.bin.index.json": index, "model.safetensors": b"1"}).complete()


def test_a_missing_part(tmp_path: Path) -> None:
    """A pipeline without one of its parts is incomplete; parts that its index leaves empty are none."""
    index = {"_class_name": "X", "unet": ["diffusers", "U"], "vae": ["diffusers", "V"], "filter": [None, None]}
    repo = snapshot(tmp_path, {"model_index.json": json.dumps(index).encode(), "unet/x.safetensors": b"1"})
    assert repo.complete() is None
    (repo.snapshot(COMMIT) / "vae").mkdir()
    assert repo.complete()


def test_a_record_says_what_belongs_to_it(tmp_path: Path) -> None:
    """What we downloaded is complete for a variant when the record says so and every size fits."""
    repo = snapshot(tmp_path, {"config.json": b"{}", "model.fp16.safetensors": b"weights"})
    files = {"config.json": 2, "model.fp16.safetensors": 7}
    for variants, variant, whole in [((), "fp16", False), (("fp16",), "fp16", True), (("fp16",), "", False)]:
        Record(model="org/model", commit=COMMIT, files=files, variants=variants).write(repo.record(COMMIT))
        assert bool(repo.complete("", variant)) is whole
    repo.blob(f"{1:064}").write_bytes(b"short")
    assert repo.complete("", "fp16") is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"model": "x"}', '{"model":1,"commit":2,"files":[],"variants":[]}'])
def test_a_record_that_cannot_be_read(tmp_path: Path, text: str) -> None:
    """A broken record is no record, and no error."""
    (tmp_path / "r.json").write_text(text)
    assert read_record(tmp_path / "r.json") is None


@pytest.mark.parametrize("index", ["[]", "{", '{"weight_map": 3}', '{"weight_map": {"a": 1}}'])
def test_an_index_that_cannot_be_read(tmp_path: Path, index: str) -> None:
    """What is no index names no shards."""
    files = {"model.safetensors.index.json": index.encode(), "model_index.json": b"[1]", "model.safetensors": b"1"}
    assert snapshot(tmp_path, files).complete()


@pytest.mark.parametrize("told", ["/", "../..", "a" * 5000, "\0", "main", ""])
def test_a_branch_that_leads_to_no_commit(tmp_path: Path, told: str) -> None:
    """What stands in a damaged cache where a commit should is looked for nowhere, and stops nobody."""
    repo = snapshot(tmp_path, {"model.safetensors": b"weights"})
    (repo.folder / "refs" / "main").write_text(told)
    assert repo.commit() is None
    assert repo.complete() is None


@pytest.mark.parametrize("part", ["a" * 5000, "\0", "unet"])
def test_parts_that_no_disk_takes(tmp_path: Path, part: str) -> None:
    """A pipeline whose index names what cannot be is not whole."""
    index = json.dumps({part: ["diffusers", "UNet"]}).encode()
    assert snapshot(tmp_path, {"model.safetensors": b"weights", "model_index.json": index}).complete() is None


def test_settings_without_a_bottom(tmp_path: Path) -> None:
    """JSON that nests deeper than anybody reads says nothing, in an index and in a record."""
    repo = snapshot(tmp_path, {"model.safetensors": b"weights", "model_index.json": b"[" * 100_000})
    assert repo.complete()
    repo.record(COMMIT).parent.mkdir()
    repo.record(COMMIT).write_bytes(b"[" * 100_000)
    assert read_record(repo.record(COMMIT)) is None
