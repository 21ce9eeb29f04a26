"""Which Slack workspaces installed the app, in the tables of slack_sdk's stores."""

from __future__ import annotations

import time

from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from core.errors import NotAvailable
from storage.database import Database
from storage.engine import to_write
from storage.tables import slack_bots, slack_installations

STATE_SECONDS = 600
"""How long somebody may take to agree."""

KNOWN_SECONDS = 20.0
"""For so long a token that was read is believed: another process may have put a newer one there."""


class Installations:
    """One app's."""

    def __init__(self, engine: AsyncEngine, client_id: str) -> None:
        """Keep them by ``engine``, whose tables exist already."""
        self._database = Database(engine)
        self._client_id = client_id
        self._known: dict[str, tuple[str, float]] = {}
        self.store = AsyncSQLAlchemyInstallationStore(client_id, to_write(engine))
        self.states = AsyncSQLAlchemyOAuthStateStore(STATE_SECONDS, to_write(engine))

    async def token(self, team: str) -> str:
        """Return the bot token of a workspace. Raises NotAvailable where the app is not installed."""
        token, at = self._known.get(team, ("", 0.0))
        if not token or time.monotonic() - at > KNOWN_SECONDS:
            token = await self._read(team)
            self._known[team] = token, time.monotonic()
        return token

    async def _read(self, team: str) -> str:
        asked = (
            select(slack_bots.c.bot_token)
            .where(slack_bots.c.client_id == self._client_id, slack_bots.c.team_id == team)
            .order_by(slack_bots.c.installed_at.desc())
            .limit(1)
        )
        found = await self._database.read(asked)
        if not found or not found[0].bot_token:
            raise NotAvailable("The app is not installed in this workspace.")
        return str(found[0].bot_token)

    async def teams(self) -> list[str]:
        """Return the workspaces that the app is installed in."""
        asked = select(slack_bots.c.team_id).where(slack_bots.c.client_id == self._client_id).distinct()
        return [str(row.team_id) for row in await self._database.read(asked) if row.team_id]

    async def forget(self, team: str) -> None:
        """Forget the tokens of a workspace."""
        self._known.pop(team, None)
        async with self._database.writing() as connection:
            for table in (slack_bots, slack_installations):
                of_team = table.c.client_id == self._client_id, table.c.team_id == team
                await connection.execute(delete(table).where(*of_team))

    async def close(self) -> None:
        """Let go of the database."""
        await self._database.close()
