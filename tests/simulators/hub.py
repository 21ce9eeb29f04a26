"""A local Hugging Face Hub: repositories from folders, told and served as the real one does, with faults on demand.

In a test::

    async with Hub([Repository(id="org/model", folder=folder)]) as hub:
        HfApi(endpoint=hub.url).model_info("org/model")

By hand: ``python -m tests.simulators.hub org/model=FOLDER --port 8002``, then ``HF_ENDPOINT=http://127.0.0.1:8002``.

Large files are redirected to a second server, as the Hub does to its delivery network: the address is signed, and a
token sent along is refused. Xet storage is not offered, so clients use plain HTTP.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

from aiohttp import web
from yarl import URL

from tests.simulators.faults import HAPPENS, Fault, Faults, send
from tests.simulators.listening import listening, port_of
from tests.simulators.repository import File, Repository
from tests.simulators.telling import leaves, row, told, wanted

SIGNATURE = "signed"
TOKEN = web.RequestKey("token", str)
REPO = r"{repo:[^/]+(?:/[^/]+)?}"


@dataclass(slots=True, kw_only=True)
class Asked:
    """A request that came, and what it got."""

    method: str
    path: str
    token: str
    range: str
    cdn: bool
    query: Mapping[str, str]
    file: str = ""  # "org/model/file" where the answer is a file's content
    sent: int = 0  # bytes of it that left

    def count(self, size: int) -> None:
        """Count bytes that left."""
        self.sent += size


ASKED = web.RequestKey("asked", Asked)


class Hub:
    """The server. ``requests`` tells what was asked for, ``sent`` the bytes of each file that left."""

    def __init__(
        self,
        repositories: Iterable[Repository] = (),
        *,
        tokens: Iterable[str] = (),
        faults: Iterable[Fault] = (),
        page: int = 1000,
        port: int = 0,
    ) -> None:
        """Serve ``repositories``; with ``tokens``, no other ones are accepted. A list's page holds ``page`` models."""
        self.repositories = {one.id: one for one in repositories}
        self.faults = Faults(faults)
        self.requests: list[Asked] = []
        self.permissions: Iterable[str] | None = None  # of all tokens, where they are fine-grained ones
        self.port = port
        self.cdn_port = 0
        self._tokens = frozenset(tokens)
        self._page = page

    async def __aenter__(self) -> Self:
        front = web.Application(middlewares=[self._watch])
        front.router.add_get("/api/whoami-v2", self._whoami)
        front.router.add_get("/api/models", self._list)
        front.router.add_get(rf"/api/models/{REPO}/auth-check", self._auth_check)
        front.router.add_get(rf"/api/models/{REPO}/tree/{{revision:[^/]+}}{{under:.*}}", self._tree)
        front.router.add_get(rf"/api/models/{REPO}/revision/{{revision:.+}}", self._info)
        front.router.add_get(rf"/api/models/{REPO}", self._info)
        front.router.add_get(rf"/api/resolve-cache/models/{REPO}/{{revision:[^/]+}}/{{file:.+}}", self._small)
        front.router.add_get(rf"/{REPO}/resolve/{{revision:[^/]+}}/{{file:.+}}", self._resolve)
        behind = web.Application(middlewares=[self._watch])
        behind.router.add_get(rf"/cdn/{REPO}/{{sha256:[0-9a-f]+}}/{{file:.+}}", self._large)
        self._runners = [await listening(front, self.port), await listening(behind)]
        self.port, self.cdn_port = map(port_of, self._runners)
        return self

    async def __aexit__(self, *_: object) -> None:
        for runner in self._runners:
            await runner.cleanup()

    @property
    def url(self) -> str:
        """What to set HF_ENDPOINT to."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def sent(self) -> dict[str, int]:
        """Bytes that left of each file's content, as "org/model/file"."""
        names = dict.fromkeys(one.file for one in self.requests if one.file)
        return {name: sum(one.sent for one in self.requests if one.file == name) for name in names}

    def fetched(self, file: str) -> list[Asked]:
        """Return the requests that got a file's content or a part of it, by the end of its name, in order."""
        return [one for one in self.requests if one.method == "GET" and one.file.endswith(file)]

    # ------------------------------------------------------------ every request

    @web.middleware
    async def _watch(self, request: web.Request, handler: Any) -> web.StreamResponse:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        cdn = request.url.port == self.cdn_port
        asked = request[ASKED] = Asked(
            method=request.method,
            path=request.path,
            token=token,
            range=request.headers.get("Range", ""),
            cdn=cdn,
            query=dict(request.query),
        )
        self.requests.append(asked)
        fault = self.faults.take(request.method, request.path)
        request[HAPPENS] = fault
        if fault and fault.stalls_first:
            await asyncio.sleep(fault.hang)
        if fault and fault.status:
            return _error(fault.status, fault.code, fault.words, fault.headers)
        if token and not cdn and self._tokens and token not in self._tokens:
            return _error(401, "", "Invalid credentials in Authorization header")
        request[TOKEN] = token
        try:
            response: web.StreamResponse = await handler(request)
        except _Refused as refused:
            return refused.response
        return response

    async def _whoami(self, request: web.Request) -> web.Response:
        if not request[TOKEN]:
            return _error(401, "", "Invalid username or password.")
        access: dict[str, Any] = {"displayName": "jarvis", "role": "write"}
        if self.permissions is not None:
            scope = {"entity": {"type": "user", "name": "ada"}, "permissions": list(self.permissions)}
            access |= {"role": "fineGrained", "fineGrained": {"global": [], "scoped": [scope]}}
        told = {"type": "user", "name": "ada", "auth": {"type": "access_token", "accessToken": access}}
        return web.json_response(told)

    def _find(self, request: web.Request) -> Repository:
        """Return the repository, as far as the asker may know that it exists."""
        found = self.repositories.get(request.match_info["repo"])
        if found is None or (found.private and request[TOKEN] not in found.readers):
            # Who does not say who they are may not even learn that there is no such thing.
            raise _Refused(_error(404 if request[TOKEN] else 401, "RepoNotFound", "Repository not found"))
        return found

    def _commit(self, request: web.Request, repository: Repository) -> str:
        commit = repository.resolve(request.match_info.get("revision", "main"))
        if commit is None:
            raise _Refused(_error(404, "RevisionNotFound", "Invalid rev id"))
        return commit

    def _admit(self, request: web.Request, repository: Repository) -> None:
        if repository.gated and request[TOKEN] not in repository.readers:
            words = f"Access to model {repository.id} is restricted. You must have access to it and be authenticated."
            raise _Refused(_error(403 if request[TOKEN] else 401, "GatedRepo", words))

    # ------------------------------------------------------------ what is told

    async def _info(self, request: web.Request) -> web.Response:
        repository = self._find(request)
        return web.json_response(told(repository, request, self._commit(request, repository)))

    async def _auth_check(self, request: web.Request) -> web.Response:
        self._admit(request, self._find(request))
        return web.json_response({})

    async def _tree(self, request: web.Request) -> web.Response:
        repository = self._find(request)
        self._commit(request, repository)
        under = request.match_info["under"].strip("/")
        inside = [file for name, file in repository.files.items() if not under or name.startswith(f"{under}/")]
        if not inside:
            raise _Refused(_error(404, "EntryNotFound", f"{under} does not exist"))
        return web.json_response(leaves(inside, under, deep=request.query.get("recursive", "").lower() == "true"))

    async def _list(self, request: web.Request) -> web.Response:
        query = request.query
        found = [one for one in self.repositories.values() if not one.private and wanted(one, request)]
        key = query.get("sort", "trendingScore")
        found.sort(key=lambda one: one.facts()[key], reverse=query.get("direction", "-1") == "-1")
        start = int(query.get("cursor", "0"))
        end = start + min(int(query.get("limit", self._page)), self._page)
        answer = web.json_response([row(one, request) for one in found[start:end]])
        if end < len(found):
            more = (URL(self.url) / "api/models").with_query(query).update_query(cursor=str(end))
            answer.headers["Link"] = f'<{more}>; rel="next"'
        return answer

    # ------------------------------------------------------------ files

    async def _resolve(self, request: web.Request) -> web.Response:
        repository = self._find(request)
        commit = self._commit(request, repository)
        self._admit(request, repository)
        file = repository.files.get(request.match_info["file"])
        if file is None:
            raise _Refused(_error(404, "EntryNotFound", "Entry not found", {"X-Repo-Commit": commit}))
        headers = {
            "Location": self._location(repository, commit, file),
            "X-Repo-Commit": commit,
            "X-Linked-Size": str(file.size),
            "X-Linked-Etag": f'"{file.etag}"',
        }
        return web.Response(status=302 if file.sha256 else 307, headers=headers)

    def _location(self, repository: Repository, commit: str, file: File) -> str:
        if file.sha256 is None:
            return f"/api/resolve-cache/models/{repository.id}/{commit}/{file.name}"
        signed = {"X-Amz-Signature": SIGNATURE, "X-Amz-Expires": "3600"}
        path = f"/cdn/{repository.id}/{file.sha256}/{file.name}"
        return str(URL(f"http://127.0.0.1:{self.cdn_port}{path}").with_query(signed))

    async def _small(self, request: web.Request) -> web.StreamResponse:
        repository = self._find(request)
        commit = self._commit(request, repository)
        self._admit(request, repository)
        return await _content(request, repository, {"X-Repo-Commit": commit})

    async def _large(self, request: web.Request) -> web.StreamResponse:
        if request.query.get("X-Amz-Signature") != SIGNATURE:
            raise _Refused(_error(403, "", "The address is not signed"))
        if request[TOKEN]:
            raise _Refused(_error(400, "", "Only one auth mechanism allowed"))
        return await _content(request, self.repositories[request.match_info["repo"]])


class _Refused(Exception):
    """Leaves a handler with an answer that is an error."""

    def __init__(self, response: web.Response) -> None:
        super().__init__(response.status)
        self.response = response


async def _content(
    request: web.Request, repository: Repository, headers: Mapping[str, str] = MappingProxyType({})
) -> web.StreamResponse:
    """Answer with the file that is asked for."""
    file = repository.files[request.match_info["file"]]
    asked = request[ASKED]
    asked.file = f"{repository.id}/{file.name}"
    return await send(request, file.path, {**headers, "ETag": f'"{file.etag}"'}, asked.count)


def _error(status: int, code: str, words: str, headers: Mapping[str, str] | None = None) -> web.Response:
    told = {"X-Error-Code": code} if code else {}
    return web.json_response(
        {"error": words}, status=status, headers={**told, "X-Error-Message": words, **(headers or {})}
    )


async def _by_hand(models: Iterable[str], port: int) -> None:
    pairs = [model.partition("=") for model in models]
    repositories = [Repository(id=name, folder=Path(folder)) for name, _, folder in pairs]
    async with Hub(repositories, port=port) as hub:
        print(f"HF_ENDPOINT={hub.url}")  # noqa: T201 - a command speaks
        await asyncio.Event().wait()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description="A local Hugging Face Hub.")
    options.add_argument("models", nargs="+", metavar="ID=FOLDER")
    options.add_argument("--port", type=int, default=8002)
    given = options.parse_args()
    asyncio.run(_by_hand(given.models, given.port))
