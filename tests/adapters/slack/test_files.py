"""Files that come from Slack: their bytes, or a sentence; and the token goes to nobody else."""

from __future__ import annotations

import pytest
from aiohttp import web

from adapters.slack.files import promised
from core.errors import BadInput
from tests.adapters.slack.talk import Talk
from tests.simulators.slack.world import File

pytestmark = pytest.mark.anyio


async def fetched(talk: Talk, file: File) -> bytes:
    """Return a file as the mouth fetches it by what its message promised."""
    promise = promised(file.json(), talk.slack.workspace.id)
    return await loaded(talk, promise.address)


async def loaded(talk: Talk, address: str) -> bytes:
    """Return what lies at an address."""
    return b"".join([chunk async for chunk in talk.mouth().fetch(address)])


async def refused(talk: Talk, file: File) -> str:
    """Return the sentence in place of a file."""
    with pytest.raises(BadInput) as raised:
        await fetched(talk, file)
    return raised.value.message


def tokens(talk: Talk) -> list[str]:
    """Return with which tokens the file host was asked."""
    return [token for _, token in talk.slack.files.loaded]


async def test_a_file_is_loaded_with_the_bots_token(talk: Talk) -> None:
    """By its promise, and by its address in Slack."""
    file = talk.ada.file("cat.png", b"\x89PNG" * 50_000)
    assert await fetched(talk, file) == file.data
    assert await loaded(talk, file.url) == file.data
    assert tokens(talk) == [f"Bearer {talk.slack.bot_token}"] * 2


async def test_a_promise_believes_nothing_but_is_complete(talk: Talk) -> None:
    """Name, type and size as Slack announces them."""
    promise = promised(talk.ada.file("cat.png", b"12345").json(), "T1")
    assert (promise.name, promise.mime, promise.size) == ("cat.png", "image/png", 5)
    assert promise.address.startswith("slack-file:T1/F")
    assert promised({"id": "F1"}, "T1").name == "F1"


@pytest.mark.parametrize("video", [True, False])
async def test_clips_are_files_as_well(talk: Talk, video: bool) -> None:
    """What people record in Slack itself."""
    clip = talk.ada.clip(b"sound", video=video)
    assert await fetched(talk, clip) == b"sound"


async def test_slack_is_waited_for_while_it_works_on_a_file(talk: Talk) -> None:
    """A file may be announced before it can be loaded."""
    assert await fetched(talk, talk.ada.file("film.mp4", b"film", seconds=0.3)) == b"film"


async def test_it_is_not_waited_for_ever(talk: Talk) -> None:
    """The sentence says to try again."""
    assert "has not finished" in await refused(talk, talk.ada.file("film.mp4", b"film", seconds=60))


async def test_a_file_of_a_shared_channel_is_asked_for(talk: Talk) -> None:
    """Of those, messages say nothing but the id."""
    file = talk.ada.file("cat.png", b"12345", access="check_file_info")
    assert await fetched(talk, file) == b"12345"


async def test_files_of_other_services_are_refused(talk: Talk) -> None:
    """They are not at Slack, and nobody there sees the token."""
    seen: list[str] = []

    async def steal(request: web.Request) -> web.Response:
        seen.append(request.headers.get("Authorization", ""))
        return web.Response(text="stolen")

    app = web.Application()
    app.router.add_get("/{path:.*}", steal)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    try:
        assert "outside of Slack" in await refused(talk, talk.ada.elsewhere("doc", f"http://127.0.0.1:{port}/doc"))
        sly = talk.ada.file("cat.png", b"12345")
        sly.url = f"http://127.0.0.1:{port}/{sly.id}/cat.png"
        assert "outside of Slack" in await refused(talk, sly)
        away = talk.ada.file("dog.png", b"12345")
        talk.slack.files.elsewhere[away.id] = f"http://127.0.0.1:{port}/dog.png"
        await refused(talk, away)
    finally:
        await runner.cleanup()
    assert seen == []


@pytest.mark.parametrize("mode", ["canvas", "list", "post"])
async def test_pages_of_slack_are_no_files(talk: Talk, mode: str) -> None:
    """Canvases, lists and posts are refused with a sentence."""
    assert "no file" in await refused(talk, talk.ada.file("plan", b"x", mode=mode))


async def test_what_is_gone_or_hidden_is_said(talk: Talk) -> None:
    """A deleted file, and one that a free plan hides."""
    file = talk.ada.file("cat.png", b"12345")
    file.deleted = True
    assert "not in Slack any more" in await refused(talk, file)
    assert "too old" in await refused(talk, talk.ada.file("old.png", b"1", mode="hidden_by_limit"))


async def test_a_file_in_a_channel_without_us_is_not_called_gone(talk: Talk) -> None:
    """Slack says the same of both, so the sentence names both."""
    elsewhere = talk.slack.channel("elsewhere", talk.ada, bot=False)
    file = talk.ada.file("cat.png", b"12345")
    await talk.ada.say(elsewhere, "look", [file])
    assert "in a channel that I am not in" in await refused(talk, file)


async def test_without_the_scope_the_sentence_names_it(talk: Talk) -> None:
    """An admin can then add it."""
    file = talk.ada.file("cat.png", b"12345")
    talk.slack.scopes("files:read")
    assert "files:read" in await refused(talk, file)


async def test_a_page_to_log_in_is_no_file(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack answers with one where a token may not read; it is not taken for the file."""
    file = talk.ada.file("cat.png", b"12345")
    monkeypatch.setattr(type(talk.slack.files), "_may", lambda *_: False)
    assert "files:read" in await refused(talk, file)


async def test_a_page_in_place_of_a_picture_is_none(talk: Talk) -> None:
    """Also where the page comes without being sent there."""
    file = talk.ada.file("cat.html", b"<html>", mime="text/html")
    assert await fetched(talk, file) == b"<html>"
    file.name = "cat.png"
    promise = promised(file.json(), talk.slack.workspace.id)
    assert promise.mime == "text/html"


async def test_a_file_that_is_too_large_is_not_loaded(talk: Talk) -> None:
    """Slack says how large it is."""
    assert "1 MiB" in await refused(talk, talk.ada.file("film.mp4", bytes(2**20 + 1)))
    assert tokens(talk) == []


async def test_trouble_that_passes_is_passed_over(talk: Talk) -> None:
    """The file host may fail now and then; if it keeps failing, that is said."""
    file = talk.ada.file("cat.png", b"12345")
    talk.slack.files.broken = [500, 503]
    assert await fetched(talk, file) == b"12345"
    talk.slack.files.broken = [500] * 5
    assert "could not be loaded" in await refused(talk, file)


async def test_a_line_that_breaks_is_taken_up_where_it_broke(talk: Talk) -> None:
    """The rest of a file comes over another one; if that keeps breaking, it is said."""
    data = bytes(range(256)) * 1_000
    file = talk.ada.file("film.mp4", data)
    talk.slack.files.cutting = [100_000, 30_000]
    assert await fetched(talk, file) == data
    talk.slack.files.cutting = [1] * 5
    assert "could not be loaded" in await refused(talk, file)


@pytest.mark.parametrize("address", ["slack-file:", "slack-file:T1", "slack-file:T1/F404", "slack-file:../../x"])
async def test_addresses_that_name_nothing(talk: Talk, address: str) -> None:
    """They are refused in words."""
    with pytest.raises(BadInput):
        await loaded(talk, address)
