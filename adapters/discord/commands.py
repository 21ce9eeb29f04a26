"""The slash commands and the message menu."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
import structlog
from discord import app_commands

from adapters.concierge import Administration, Concierge
from adapters.discord.asking import Asking, Wish, named
from adapters.discord.hearing import about, promised
from adapters.discord.invite import NEEDED
from adapters.discord.line import Line
from adapters.discord.place import PLATFORM, scopes_of
from adapters.discord.presses import Presses
from adapters.discord.replies import confess, tell
from core.types import Mode

MENU = "Ask JARVIS about this"
MODES = [app_commands.Choice(name=str(mode), value=str(mode)) for mode in Mode]

WHERE = [app_commands.Choice(name=one, value=one) for one in ("server", "channel")]
SUGGESTED = 25

log = structlog.get_logger(__name__)


class Tree(app_commands.CommandTree[discord.AutoShardedClient]):
    """All commands. They reach Discord only when they have changed: it takes few changes a day."""

    async def on_error(self, interaction: discord.Interaction, error: app_commands.AppCommandError) -> None:
        """Tell who ran a command what went wrong with it."""
        cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
        await confess(interaction, cause)

    async def sync_if_changed(self) -> bool:
        """Bring Discord's list of commands up to date, and tell whether it had to be."""
        client = self.client
        number = client.application_id or 0
        ours = [command.to_dict(self) for command in self.get_commands()]
        theirs: Any = await client.http.get_global_commands(number)
        if same(ours, theirs):
            return False
        await client.http.bulk_upsert_global_commands(number, payload=ours)
        return True


def tree(
    client: discord.AutoShardedClient,
    line: Line,
    concierge: Concierge,
    administration: Administration,
    asking: Asking,
    presses: Presses,
) -> Tree:
    """Return all commands of ``client``."""
    found = Tree(
        client,
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
    )

    @found.command(name="jarvis", description="Ask JARVIS to do something, with pictures, sounds, films or papers")
    @app_commands.describe(
        text="What you would like",
        file="What it is about",
        file2="One more",
        file3="One more",
        file4="One more",
        mode="Where models may run, for this request",
        private="Only you see the answer",
    )
    @app_commands.choices(mode=MODES)
    async def jarvis(  # noqa: PLR0913, PLR0917 - the options of the command
        interaction: discord.Interaction,
        text: app_commands.Range[str, 1, 4000],
        file: discord.Attachment | None = None,
        file2: discord.Attachment | None = None,
        file3: discord.Attachment | None = None,
        file4: discord.Attachment | None = None,
        mode: str | None = None,
        private: bool = False,  # noqa: FBT001, FBT002 - an option of the command
    ) -> None:
        files = tuple(promised(one) for one in named([file, file2, file3, file4]))
        wish = Wish(text=text, files=files, mode=Mode(mode) if mode else None, private=private)
        await asking.ask(interaction, wish)

    @found.context_menu(name=MENU)
    async def ask_about(interaction: discord.Interaction, message: discord.Message) -> None:
        text, files = about(message, line.me)
        await presses.open_form(interaction, Wish(text=text, files=files, about=message.jump_url))

    found.add_command(Me(concierge, line))
    found.add_command(Admin(concierge, administration))
    return found


class Me(app_commands.Group):
    """What everybody may ask about themselves and about us."""

    def __init__(self, concierge: Concierge, line: Line) -> None:
        super().__init__(name="jarvis-me", description="Help, your data, and whether all is well here")
        self._concierge = concierge
        self._line = line

    @app_commands.command(description="What JARVIS can do here, with examples")
    async def help(self, interaction: discord.Interaction) -> None:
        """Show examples that can be run here."""
        examples = "\n".join(f"- `{example}`" for example in self._concierge.examples())
        status = await self._concierge.status(*scopes_of(interaction.guild_id, interaction.channel_id))
        how = "Mention me, reply to me, write me directly, use /jarvis, or choose Apps in a message's menu."
        await tell(interaction, f"{how} {status}\n\nFor example:\n{examples}")

    @app_commands.command(description="How much you asked")
    async def usage(self, interaction: discord.Interaction) -> None:
        """Say how much was asked."""
        await tell(interaction, await self._concierge.usage(PLATFORM, str(interaction.user.id)))

    @app_commands.command(name="my-data", description="Everything JARVIS keeps of you, as a file")
    async def my_data(self, interaction: discord.Interaction) -> None:
        """Send what is kept."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        data = await self._concierge.my_data(PLATFORM, str(interaction.user.id))
        if len(data) > interaction.filesize_limit:
            size = f"{len(data) / 2**20:.0f} MiB"
            await tell(
                interaction, f"What I keep of you has {size}, more than a message takes. Ask whoever runs me for it."
            )
            return
        await tell(interaction, "This is all I keep of you.", file=(data, "my-data.json"))

    @app_commands.command(name="forget-me", description="Delete what JARVIS keeps of you")
    async def forget_me(self, interaction: discord.Interaction) -> None:
        """Delete what is kept."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        said = await self._concierge.forget_me(PLATFORM, str(interaction.user.id))
        await tell(interaction, f"{said} The messages on Discord are yours to delete.")

    @app_commands.command(description="Whether JARVIS can work here")
    async def doctor(self, interaction: discord.Interaction) -> None:
        """Say what works here and what is missing."""
        status = await self._concierge.status(*scopes_of(interaction.guild_id, interaction.channel_id))
        await tell(interaction, "\n".join([*checked(interaction), f"- {status}"]))


class Admin(app_commands.Group):
    """What the server's managers decide. Discord shows it to them only; a server may open it, so we look again."""

    def __init__(self, concierge: Concierge, administration: Administration) -> None:
        super().__init__(
            name="jarvis-admin",
            description="JARVIS in this server",
            guild_only=True,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            default_permissions=discord.Permissions(manage_guild=True),
        )
        self._concierge = concierge
        self._house = administration

    async def interaction_check(self, interaction: discord.Interaction) -> bool:
        """Let managers pass, and tell the others why not."""
        if interaction.permissions.manage_guild:
            return True
        await tell(interaction, "Only who may manage this server can do that.")
        return False

    @app_commands.command(description="Show or set where models may run")
    @app_commands.describe(mode="Leave it out to see which applies", where="This server, or this channel only")
    @app_commands.choices(mode=MODES, where=WHERE)
    async def mode(self, interaction: discord.Interaction, mode: str | None = None, where: str = "server") -> None:
        """Show or set the mode."""
        channel, server, *wider = scopes_of(interaction.guild_id, _parent(interaction))
        if mode is None:
            await tell(interaction, await self._house.show_mode(channel, server, *wider))
            return
        scope = server if where == "server" else channel
        await tell(interaction, await self._house.set_mode(scope, mode, by=str(interaction.user.id)))

    @app_commands.command(description="Show or set which models are kept out or go first here")
    @app_commands.describe(
        deny="A model's id, or author:, licence: or task: with a name",
        undo="What was denied and shall be so no longer",
        prefer="TASK=MODEL: the model that goes first; TASK= takes that back",
        where="This server, or this channel only",
    )
    @app_commands.choices(where=WHERE)
    async def models(
        self,
        interaction: discord.Interaction,
        deny: str | None = None,
        undo: str | None = None,
        prefer: str | None = None,
        where: str = "server",
    ) -> None:
        """Show or set the rules. To allow a model is for who runs us: it may bring code to their machine."""
        channel, server, *_ = scopes_of(interaction.guild_id, _parent(interaction))
        how: dict[str, Any] = {"scope": server if where == "server" else channel, "by": str(interaction.user.id)}
        house = self._house
        said = [await house.deny(deny, **how)] if deny else []
        said += [await house.undo(undo, **how)] if undo else []
        said += [await house.prefer(prefer, **how)] if prefer else []
        await tell(interaction, "\n".join(said or await house.show_rules(channel, server)))

    @models.autocomplete("deny")
    @models.autocomplete("undo")
    async def _models(self, _interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return choices(self._house.subjects(typed))

    @models.autocomplete("prefer")
    async def _preferences(self, _interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return choices(self._house.subjects(typed, preferences=True))

    @app_commands.command(description="What works now, and how much waits")
    async def status(self, interaction: discord.Interaction) -> None:
        """Say how JARVIS is."""
        await tell(interaction, await self._concierge.status(*scopes_of(interaction.guild_id, _parent(interaction))))


def choices(names: Sequence[str]) -> list[app_commands.Choice[str]]:
    """Return the first names as Discord suggests them."""
    fitting = [name for name in names if len(name) <= 100][:SUGGESTED]
    return [app_commands.Choice(name=name, value=name) for name in fitting]


def checked(interaction: discord.Interaction) -> list[str]:
    """Return what Discord lets us do here, line by line."""
    client = interaction.client
    content = client.intents.message_content
    latency = client.latency
    lines = [f"- The line to Discord takes {latency * 1000:.0f} ms." if latency == latency else "- The line is new."]  # noqa: PLR0124 - NaN
    lines.append(f"- Files may have {interaction.filesize_limit / 2**20:.0f} MiB here.")
    lines.append(
        "- I can read follow-ups in my threads without a mention."
        if content
        else "- I hear mentions, replies that ping me, direct messages and commands: Message Content is not granted."
    )
    missing = [
        name.replace("_", " ") for name, needed in NEEDED if needed and not getattr(interaction.app_permissions, name)
    ]
    if interaction.guild_id is not None:
        lines.append(
            f"- I lack these rights here: {', '.join(missing)}." if missing else "- I have all rights I need here."
        )
    return lines


def same(ours: Any, theirs: Any) -> bool:
    """Whether what we declare is what Discord has; what it adds of its own does not count, nor do empty values."""
    match ours:
        case dict():
            return isinstance(theirs, dict) and all(same(value, theirs.get(key)) for key, value in ours.items())
        case list() if ours and isinstance(ours[0], dict) and "name" in ours[0]:
            mine, other = (
                sorted(part or [], key=lambda one: (one.get("type", 1), one["name"])) for part in (ours, theirs)
            )
            return len(mine) == len(other) and all(map(same, mine, other))
        case None | False | [] | "":
            return not theirs
        case _:
            return ours == theirs or str(ours) == str(theirs)


def _parent(interaction: discord.Interaction) -> int | None:
    """Return the channel whose mode applies: a thread's parent."""
    channel = interaction.channel
    return channel.parent_id if isinstance(channel, discord.Thread) else interaction.channel_id
