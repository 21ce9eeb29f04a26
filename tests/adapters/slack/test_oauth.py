"""Several workspaces: each installs the app with its own token, and what belongs to one that leaves goes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from pathlib import Path

import aiohttp
import anyio
import pytest
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore as Store
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore as States
from sqlalchemy import MetaData

from adapters.press import Verb
from adapters.slack.door import INSTALL
from adapters.slack.needs import SCOPES
from bot.compose import House, compose
from bot.platforms import platforms
from bot.settings import Settings, read_settings
from core.errors import NotAvailable
from migrations import upgrade
from storage.engine import open_engine, sqlite_url
from storage.installations import Installations
from storage.tables import metadata
from tests.adapters.slack.look import with_button
from tests.simulators.slack import Person, Simulator

pytestmark = pytest.mark.anyio


def settings(slack: Simulator, folder: Path, port: int) -> Settings:
    """An installation for several workspaces, over sockets."""
    return read_settings(
        data_dir=folder,
        slack_app_token=slack.app.app_token,
        slack_client_id=slack.app.client_id,
        slack_client_secret=slack.app.client_secret,
        slack_url=f"http://127.0.0.1:{port}",
        slack_port=port,
        slack_sockets=1,
        slack_api_base=f"{slack.host}/api",
        slack_files=slack.host,
        devices=("none",),
    )


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[House]:
    """The whole house, as ``serve`` composes it."""
    async with compose(settings) as house:
        (slack,) = platforms(house, ["slack"], on_ready=lambda _url: None)
        worker = house.worker({"slack": slack.mouth})
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(slack.ear.listen, house.reception())
                group.start_soon(worker.run)
                yield house
                group.cancel_scope.cancel()
        finally:
            assert slack.close
            with anyio.CancelScope(shield=True):
                await slack.close()


async def install(slack: Simulator, url: str, who: Person) -> str:
    """Open the page as somebody's browser does, agree, and return what the last page says."""
    slack.oauth.who = who.user
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        page = await browser.get(f"{url}{INSTALL}")
        assert page.status == 200
        state = page.cookies["slack-app-oauth-state"].value
        (link,) = re.findall(r'href="([^"]*/oauth/v2/authorize[^"]*)"', await page.text())
        agreed = await browser.get(unescape(link), allow_redirects=False)
        # The cookie is for https alone, as it should be; here there is none.
        done = await browser.get(agreed.headers["location"], headers={"cookie": f"slack-app-oauth-state={state}"})
        return await done.text()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # slack_sdk's way to exchange a code
async def test_a_workspace_comes_and_goes(slack: Simulator, free_tcp_port: int, tmp_path: Path) -> None:
    """It installs the app, asks and is answered with its own token; thrown out, we forget tokens and requests."""
    team = slack.team("Another")
    eve = slack.person("Eve", team=team)
    url = f"http://127.0.0.1:{free_tcp_port}"
    set_up = settings(slack, tmp_path, free_tcp_port)
    async with running(set_up) as house:
        await slack.ready()
        assert "Thank you" in await install(slack, url, eve)
        room = slack.channel("elsewhere", eve, team=team)
        mention = f"<@{slack.world.bots[team.id].id}>"
        await eve.say(room, f"{mention} what is the sentiment of 'I love you'?")
        await slack.until(lambda: with_button(slack, room, Verb.AGAIN), 60)
        installations = Installations(open_engine(set_up.database), slack.app.client_id)
        assert await installations.teams() == [team.id]
        assert await house.store.people.requests("slack", eve.user.id)
        slack.oauth.uninstall(team)
        for _ in range(400):
            if not await installations.teams() and not await house.store.people.requests("slack", eve.user.id):
                break
            await anyio.sleep(0.05)
        assert not await installations.teams()
        assert not await house.store.people.requests("slack", eve.user.id)
        with pytest.raises(NotAvailable):
            await installations.token(team.id)
        await installations.close()


async def test_the_tables_are_those_of_the_library(tmp_path: Path) -> None:
    """What is migrated is what slack_sdk reads and writes, column by column."""
    theirs = MetaData()
    made = (
        Store.build_bots_table(theirs, "slack_bots"),
        Store.build_installations_table(theirs, "slack_installations"),
        States.build_oauth_states_table(theirs, "slack_oauth_states"),
    )
    for table in made:
        ours = metadata.tables[table.name]
        assert {(one.name, str(one.type), one.nullable, one.primary_key) for one in ours.columns} == {
            (one.name, str(one.type), one.nullable, one.primary_key) for one in table.columns
        }
        assert {(one.name, tuple(one.columns.keys())) for one in ours.indexes} == {
            (one.name, tuple(one.columns.keys())) for one in table.indexes
        }
    assert await upgrade(sqlite_url(tmp_path))
    assert len(",".join(SCOPES)) < 1_000
