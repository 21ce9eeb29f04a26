"""All checks, in the order in which a person would look."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from bot.doctor import accounts, discord, hosted, house, machine, slack
from bot.doctor.finding import Finding, broken
from bot.settings import Settings
from core.errors import words_for

Check = Callable[[Settings], AsyncIterator[Finding]]

CHECKS: tuple[Check, ...] = (
    machine.python,
    accounts.names,
    machine.data_folder,
    house.database,
    house.media,
    house.libraries,
    house.web,
    house.executor,
    house.devices,
    house.tasks,
    house.safety,
    machine.port,
    accounts.language_model,
    accounts.tokens,
    hosted.token,
    hosted.servers,
    discord.discord,
    slack.slack,
)


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Yield what each check finds; a check that breaks is a finding, too."""
    for check in CHECKS:
        try:
            async for finding in check(settings):
                yield finding
        except Exception as error:  # noqa: BLE001 - the other checks still count
            yield broken(check.__name__.replace("_", " "), words_for(error))
