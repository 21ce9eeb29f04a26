"""The doctor: finds what a person has wrong, and says what to do."""

import json
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp.web
import pytest
from typer.testing import CliRunner

from bot.cli.app import app
from bot.doctor import accounts, house, machine
from bot.doctor.checks import CHECKS, Check, examine
from bot.doctor.finding import Finding, Health
from bot.settings import Settings, read_settings

pytestmark = pytest.mark.anyio


async def found(check: Check, **changes: object) -> list[Finding]:
    """What one check finds with these settings."""
    return [finding async for finding in check(read_settings(**changes))]


async def only(check: Check, **changes: object) -> tuple[Health, str]:
    """How bad the one thing is that a check finds, and its words."""
    (finding,) = await found(check, **changes)
    return finding.health, finding.words


@pytest.fixture
async def endpoint() -> AsyncIterator[tuple[str, list[str]]]:
    """A server that lists models for whoever has the key, and the keys it was shown."""
    shown: list[str] = []

    async def models(request: aiohttp.web.Request) -> aiohttp.web.Response:
        shown.append(request.headers.get("Authorization", ""))
        return aiohttp.web.json_response({}, status=200 if shown[-1] == "Bearer right" else 401)

    served = aiohttp.web.Application()
    served.router.add_get("/v1/models", models)
    runner = aiohttp.web.AppRunner(served)
    await runner.setup()
    site = aiohttp.web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    host, port = site._server.sockets[0].getsockname()  # type: ignore[attr-defined]
    yield f"http://{host}:{port}/v1", shown
    await runner.cleanup()


async def test_this_python_is_well() -> None:
    """The Python that runs the tests is one that JARVIS can use."""
    assert (await only(machine.python))[1].startswith(f"Python {sys.version_info[0]}.{sys.version_info[1]}")


async def test_misspelt_names_are_found(installation: Path) -> None:
    """A name in .env that is no setting is told, with the one that was meant; comments are none."""
    (installation / ".env").write_text("WEB_PROT=1\n# MODUS=x\nexport MODE=local\nLUNCH=12\n")
    assert [(finding.health, finding.words) for finding in await found(accounts.names)] == [
        (Health.NOTE, "WEB_PROT in .env is no setting of JARVIS. Did you mean WEB_PORT?"),
        (Health.NOTE, "LUNCH in .env is no setting of JARVIS."),
    ]


async def test_a_data_folder_that_cannot_be_written_is_broken(installation: Path) -> None:
    """A file in the way is found, and DATA_DIR named; the probe leaves nothing behind."""
    (installation / "taken").write_text("")
    health, words = await only(machine.data_folder, data_dir="taken")
    assert (health, "DATA_DIR" in words) == (Health.BROKEN, True)
    assert (await only(machine.data_folder))[0] is not Health.BROKEN
    assert list((installation / "data").iterdir()) == []


async def test_a_database_is_made_or_its_fault_is_told(installation: Path) -> None:
    """A missing database is made, a good one is well, a damaged one is told as such."""
    assert "brought up to date just now" in (await only(house.database))[1]
    assert (await only(house.database))[0] is Health.OK
    (installation / "bad.db").write_bytes(b"no database" * 500)
    health, words = await only(house.database, database_url=f"sqlite:///{installation / 'bad.db'}")
    assert (health, "damaged" in words) == (Health.BROKEN, True)


async def test_media_are_stored_and_read(installation: Path) -> None:
    """The place for media works, or the sentence names it."""
    (installation / "taken").write_text("")
    assert (await only(house.media))[0] is Health.OK
    health, words = await only(house.media, blobs_url=str(installation / "taken"))
    assert (health, str(installation / "taken") in words) == (Health.BROKEN, True)


async def test_a_taken_port_is_told_from_ourselves() -> None:
    """A free port is well; one that another program has is broken, and WEB_PORT named."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        health, words = await only(machine.port, web_port=number)
        assert (health, "WEB_PORT" in words) == (Health.BROKEN, True)
    assert await only(machine.port, web_port=number) == (Health.OK, f"127.0.0.1:{number} is free.")


async def test_an_address_of_another_machine_is_broken() -> None:
    """A WEB_HOST that is not of this machine cannot be listened on."""
    health, words = await only(machine.port, web_host="192.0.2.1")
    assert (health, "WEB_HOST" in words) == (Health.BROKEN, True)


async def test_the_language_model_is_asked(endpoint: tuple[str, list[str]]) -> None:
    """The endpoint is asked with the key: refused, absent and silent ones are told apart."""
    url, shown = endpoint
    assert (await only(accounts.language_model))[0] is Health.OK
    assert (await only(accounts.language_model, openai_base_url=url, openai_api_key="right"))[0] is Health.OK
    assert shown == ["Bearer right"]
    for changes, hint in [
        ({"openai_base_url": url, "openai_api_key": "wrong"}, "OPENAI_API_KEY"),
        ({"openai_base_url": f"{url}/v2", "openai_api_key": "right"}, "/v1"),
        ({"openai_base_url": "http://127.0.0.1:9/v1"}, "does not answer"),
    ]:
        health, words = await only(accounts.language_model, **changes)
        assert (health, hint in words) == (Health.BROKEN, True)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("hf_token", "hf_" + "a" * 34, "a" * 37),
        ("slack_bot_token", "xoxb-" + "1" * 20, "xapp-" + "1" * 20),
        ("slack_app_token", "xapp-" + "1" * 20, "xoxb-" + "1" * 20),
        ("slack_signing_secret", "0a" * 16, "0a" * 15),
        ("discord_token", ".".join(["a" * 24, "b" * 6, "c" * 38]), "abc"),
    ],
)
async def test_tokens_are_looked_at_and_never_shown(name: str, good: str, bad: str) -> None:
    """The form of a token is checked by the variable's name, and the token itself stays out of the report."""
    assert await found(accounts.tokens) == []
    for token, health in ((good, Health.OK), (bad, Health.BROKEN)):
        (finding,) = await found(accounts.tokens, **{name: token})
        assert (finding.name, finding.health) == (name.upper(), health)
        assert token not in finding.words


async def test_a_library_that_cannot_be_imported_is_named() -> None:
    """Libraries that raise or that kill Python when imported are told from those that work."""
    assert house._import(["json", "no_such_module"]) == {
        "no_such_module": "ModuleNotFoundError: No module named 'no_such_module'"
    }


async def test_a_library_that_kills_python_is_named(installation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that crashes the process costs neither the doctor nor the finding about the others."""
    (installation / "crashing.py").write_text("import os; os.abort()")
    monkeypatch.setenv("PYTHONPATH", str(installation))
    assert house._import(["crashing", "json"]) == {"crashing": "Importing it ends Python with code -6."}


async def test_a_check_that_breaks_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bug in one check is reported and the others still run."""

    async def broken_check(_settings: Settings) -> AsyncIterator[Finding]:
        raise ZeroDivisionError
        yield

    monkeypatch.setattr("bot.doctor.checks.CHECKS", (broken_check, machine.python))
    assert [finding.health is Health.BROKEN async for finding in examine(read_settings())] == [True, False]


async def test_it_says_whether_unsafe_pictures_can_be_told() -> None:
    """By whom; and where by nobody, what comes of that and what would help."""
    (blind,) = [finding async for finding in house.safety(read_settings(devices=("none",), hf_token=""))]
    assert blind.health is Health.NOTE
    assert "No model here can tell unsafe pictures" in blind.words
    assert "HF_TOKEN" in blind.words
    asking = read_settings(devices=("none",), hf_token="hf_secret", hf_providers=("nobody",))
    (blind,) = [finding async for finding in house.safety(asking)]
    assert blind.words.endswith("A device of our own (./scripts/local installs what it needs) would change that.")
    pytest.importorskip("torch")
    (seeing,) = [finding async for finding in house.safety(read_settings(devices=("cpu",)))]
    assert seeing.health is Health.OK
    assert "Falconsai/nsfw_image_detection" in seeing.words


@pytest.mark.slow
def test_the_whole_examination(installation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On this machine everything is well, a child process included; with a fault the code is 1 and JSON names it."""
    monkeypatch.setenv("DATA_DIR", str(installation / "data"))
    monkeypatch.setenv("WEB_PORT", "17999")
    result = CliRunner().invoke(app, ["doctor"])
    assert result.exit_code == 0, result.output
    assert len(result.stdout.splitlines()) >= len(CHECKS) - 1
    assert "executor: a child process started and did a job" in result.stdout
    monkeypatch.setenv("HF_TOKEN", "nonsense")
    result = CliRunner().invoke(app, ["doctor", "--json"])
    rows = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [row["name"] for row in rows if row["health"] == "broken"] == ["HF_TOKEN"]
