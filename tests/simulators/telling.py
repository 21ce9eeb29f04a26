"""How the Hub tells of its repositories: in lists, one by one, as a tree of files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from tests.simulators.repository import File, Repository

BRIEF = (
    "_id", "id", "modelId", "private", "likes", "trendingScore", "downloads", "tags", "pipeline_tag", "library_name",
    "createdAt",
)  # fmt: skip
"""What a list tells about each model unless more is asked for."""


def wanted(repository: Repository, request: web.Request) -> bool:
    """Whether a list holds a repository, by the filters that are asked for."""
    query = request.query
    serves = query.getall("inference_provider", [])
    checks = (
        set(query.getall("filter", [])) <= set(repository.all_tags),
        query.get("pipeline_tag") in (None, repository.pipeline_tag),
        query.get("author") in (None, repository.author),
        query.get("search", "").lower() in repository.id.lower(),
        query.get("gated", "").lower() in ("", str(bool(repository.gated)).lower()),
        query.get("inference") in (None, "warm" if repository.providers else ""),
        not serves or bool(repository.providers if "all" in serves else set(serves) & repository.providers.keys()),
    )
    return all(checks)


def row(repository: Repository, request: web.Request) -> dict[str, Any]:
    """Return a repository as a row of a list, with as much as is asked for."""
    facts = repository.facts()
    mapping = [{"provider": name, **served} for name, served in repository.providers.items()]
    facts["inferenceProviderMapping"] = mapping  # a list of models has a list where a model has a mapping
    names = _expanded(request) or (*BRIEF, *_more(request))
    return {name: facts[name] for name in dict.fromkeys(("_id", "id", *names))}


def told(repository: Repository, request: web.Request, commit: str) -> dict[str, Any]:
    """Return what is told of one model at a commit, with as much as is asked for."""
    facts = {**repository.facts(blobs="blobs" in request.query), "sha": commit}
    if names := _expanded(request):
        return {name: facts[name] for name in ("_id", "id", *names)}
    return {name: value for name, value in facts.items() if name != "inferenceProviderMapping"}


def leaves(files: Iterable[File], under: str, *, deep: bool) -> list[dict[str, Any]]:
    """Return files, and folders as their own rows; without ``deep``, those right under a folder."""
    rows: dict[str, dict[str, Any]] = {}
    for file in files:
        parts = file.name.split("/")
        depth = len(under.split("/")) if under else 0
        for end in range(depth + 1, len(parts)):
            folder = "/".join(parts[:end])
            if deep or end == depth + 1:
                rows[folder] = {"type": "directory", "oid": "0" * 40, "size": 0, "path": folder}
        if deep or len(parts) == depth + 1:
            rows[file.name] = file.leaf()
    return list(rows.values())


def _expanded(request: web.Request) -> list[str]:
    return [*request.query.getall("expand", []), *request.query.getall("expand[]", [])]


def _more(request: web.Request) -> list[str]:
    names = [name for name in ("config", "cardData") if name in request.query]
    return (
        [*names, "author", "sha", "lastModified", "gated", "disabled", "siblings"] if "full" in request.query else names
    )
