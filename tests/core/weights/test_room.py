"""Who leaves when there is no room: a rule, and what it does to the disk."""

import os
from pathlib import Path

import pytest

from core.errors import NotAvailable
from core.weights.layout import Record, Repo
from core.weights.room import Disk, Held, held, leaving, remove

A, B, C = (Held(model=f"org/{name}", commit=name * 40, size=10, here=10, used=at) for at, name in enumerate("abc"))
NEW = Held(model="org/new", commit="d" * 40, size=10, here=0)


@pytest.mark.parametrize(
    ("disk", "keep", "left"),
    [
        (Disk(free=100), set(), []),
        (Disk(budget=40, free=100), set(), []),
        (Disk(budget=30, free=100), set(), [A]),
        (Disk(budget=15, free=100), set(), [A, B, C]),
        (Disk(budget=30, free=100), {"org/a"}, [B]),
        (Disk(free=5), set(), [A]),
        (Disk(free=12, spare=5), set(), [A]),
        (Disk(budget=30, free=0), {"org/b"}, [A]),
    ],
)
def test_who_leaves(disk: Disk, keep: set[str], left: list[Held]) -> None:
    """The least recently used ones, no more than needed, never one that is kept; for the budget or for the disk."""
    assert leaving(NEW, [A, B, C], missing=10, disk=disk, keep=keep) == left


@pytest.mark.parametrize(
    ("disk", "keep"),
    [
        (Disk(budget=9, free=100), set()),
        (Disk(budget=20, free=100), {"org/a", "org/b"}),
        (Disk(free=0, spare=25), set()),
    ],
)
def test_no_room(disk: Disk, keep: set[str]) -> None:
    """Where even all that may leave would not do, nobody leaves and a sentence says how much is lacking."""
    with pytest.raises(NotAvailable, match=r"org/new.* bytes"):
        leaving(NEW, [A, B, C], missing=10, disk=disk, keep=keep)


def test_what_is_here_already_needs_no_room_twice() -> None:
    """A model that goes on is not counted beside itself, and its own older commit is no victim."""
    old = Held(model="org/new", commit="e" * 40, size=10, here=10)
    disk = Disk(budget=30, free=100)
    assert leaving(NEW, [old, NEW, A], missing=3, disk=disk, keep=()) == []
    assert leaving(NEW, [old, A, B], missing=3, disk=disk, keep=()) == [A]


def test_half_a_model_frees_what_came_of_it() -> None:
    """Within the budget, a model that is coming counts as a whole; on the disk, as the half that is there."""
    half = Held(model="org/half", commit="e" * 40, size=10, here=2)
    assert leaving(NEW, [half, A], missing=10, disk=Disk(budget=20, free=100), keep=()) == [half]
    assert leaving(NEW, [half, A], missing=10, disk=Disk(free=1), keep=()) == [half, A]


def put(cache: Path, name: str, commit: str, *, used: float, variants: tuple[str, ...] = ("",)) -> Repo:
    """Put a model of ours into a cache."""
    repo = Repo(cache, name)
    path = repo.snapshot(commit) / "model.safetensors"
    path.parent.mkdir(parents=True)
    repo.blob(commit).parent.mkdir(exist_ok=True)
    repo.blob(commit).write_bytes(b"12345")
    path.symlink_to(repo.blob(commit))
    (repo.folder / "refs").mkdir(exist_ok=True)
    (repo.folder / "refs" / "main").write_text(commit)
    record = Record(model=name, commit=commit, files={"model.safetensors": 5}, variants=variants)
    record.write(repo.record(commit))
    os.utime(repo.record(commit), (used, used))
    return repo


def test_only_what_is_ours_is_counted_and_removed(tmp_path: Path) -> None:
    """The oldest comes first; removing a model takes its folder, and somebody else's models are not even listed."""
    put(tmp_path, "org/new", "a" * 40, used=200)
    old = put(tmp_path, "org/old", "b" * 40, used=100)
    other = put(tmp_path, "org/other", "c" * 40, used=50)
    other.record("c" * 40).unlink()
    assert [(one.model, one.size) for one in held(tmp_path)] == [("org/old", 5), ("org/new", 5)]
    remove(tmp_path, held(tmp_path)[0])
    assert not old.folder.exists()
    assert other.complete()
    assert [one.model for one in held(tmp_path)] == ["org/new"]


def test_one_commit_of_two(tmp_path: Path) -> None:
    """Removing a commit leaves the other one whole, and the same commit of another model, too."""
    put(tmp_path, "org/x", "a" * 40, used=1)
    repo = put(tmp_path, "org/x", "b" * 40, used=2)
    copy = put(tmp_path, "org/copy", "a" * 40, used=3)
    remove(tmp_path, held(tmp_path)[0])
    assert repo.complete() == repo.snapshot("b" * 40)
    assert not repo.snapshot("a" * 40).exists()
    assert not repo.blob("a" * 40).exists()
    assert copy.complete()


def test_half_a_model(tmp_path: Path) -> None:
    """A download that broke off leaves with all that came of it."""
    repo = Repo(tmp_path, "org/half")
    repo.partial("e").parent.mkdir(parents=True)
    repo.partial("e").write_bytes(b"123")
    repo.blob("f").write_bytes(b"12")
    Record(model="org/half", commit="a" * 40, files={"a": 100, "b": 2}).write(repo.record("a" * 40))
    (one,) = held(tmp_path)
    assert (one.size, one.here, one.coming) == (102, 5, True)
    remove(tmp_path, one)
    assert not list(repo.folder.glob("blobs/*"))
    assert held(tmp_path) == []
