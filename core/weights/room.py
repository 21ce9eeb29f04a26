"""Room on the disk: who leaves when another model comes.

The budget is for what we downloaded, and only that ever leaves: the cache is shared with other programs, and what a
person put there stays.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.amounts import space
from core.errors import NotAvailable
from core.weights.layout import PARTIAL, Repo, records


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A commit of a model that we downloaded, or begin to."""

    model: str
    commit: str
    size: int  # bytes of all its files; of what is still coming, too, since it needs the room
    here: int  # bytes of them that are on disk: what leaving would free
    used: float = 0.0  # Unix seconds
    coming: bool = False  # nobody has said yet that all of it is here


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """How much room there is."""

    budget: int | None = None  # bytes of all models that we downloaded; None: as many as fit the disk
    free: int = 0  # bytes
    spare: int = 0  # bytes that stay free for others


def held(cache: Path) -> list[Held]:
    """Return what we downloaded into a cache, the least recently used first."""
    found = []
    for path, record in records(cache):
        with contextlib.suppress(OSError):
            used = path.stat().st_mtime
            coming = not record.variants
            here = _on_disk(Repo(cache, record.model)) if coming else record.size
            found.append(
                Held(model=record.model, commit=record.commit, size=record.size, here=here, used=used, coming=coming)
            )
    return sorted(found, key=lambda one: one.used)


def _on_disk(repo: Repo) -> int:
    """Return the bytes of a model's contents, half ones included."""
    return sum(path.stat().st_size for path in repo.folder.glob("blobs/*") if path.is_file())


def free_bytes(folder: Path) -> int:
    """Return how many bytes its disk has free for us."""
    return shutil.disk_usage(folder).free


def leaving(comer: Held, here: Sequence[Held], *, missing: int, disk: Disk, keep: Collection[str]) -> list[Held]:
    """Return who has to leave for ``comer``, of which ``missing`` bytes are still to come; the fewest, oldest first.

    Raises NotAvailable with a sentence where all that may leave would not be enough: then nobody has to.
    """
    if disk.budget is not None and comer.size > disk.budget:
        raise NotAvailable(
            f"The model “{comer.model}” takes {space(comer.size)} on disk. The models here may take "
            f"{space(disk.budget)} in all."
        )
    others = [one for one in here if (one.model, one.commit) != (comer.model, comer.commit)]
    total = sum(one.size for one in others) + comer.size
    over_budget = total - disk.budget if disk.budget is not None else 0
    over_disk = missing + disk.spare - disk.free
    found = []
    for one in others:
        if over_budget <= 0 and over_disk <= 0:
            break
        if one.model not in keep and one.model != comer.model:
            found.append(one)
            over_budget -= one.size
            over_disk -= one.here
    if (short := max(over_budget, over_disk)) > 0:
        raise NotAvailable(
            f"There is no room on the disk for the model “{comer.model}”: {space(missing)} are still to come, which "
            f"is {space(short)} too much, even without all models that are not in use."
        )
    return found


def remove(cache: Path, one: Held) -> None:
    """Delete a commit of a model: links first, then what no other commit needs. A half that came goes, too."""
    from huggingface_hub import scan_cache_dir

    repo = Repo(cache, one.model)
    repo.record(one.commit).unlink(missing_ok=True)
    if repo.snapshot(one.commit).exists():
        # Only this model's: a copy of a repository has its commits under the same names.
        scan = scan_cache_dir(cache)
        mine = frozenset(found for found in scan.repos if found.repo_path.name == repo.folder.name)
        replace(scan, repos=mine).delete_revisions(one.commit).execute()
    drop_partials(repo)


def drop_partials(repo: Repo) -> None:
    """Delete the contents of a model that came in part, and those that no snapshot ever got."""
    for path in _loose(repo):
        path.unlink(missing_ok=True)


def _loose(repo: Repo) -> Iterator[Path]:
    linked = {path.resolve().name for path in repo.folder.glob("snapshots/**/*") if path.is_symlink()}
    kept = any(repo.folder.glob("jarvis/*.json"))  # another commit of it may be coming
    for path in repo.folder.glob("blobs/*"):
        if path.name.endswith(PARTIAL) or (not kept and path.name not in linked and "." not in path.name):
            yield path
