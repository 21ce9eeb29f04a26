"""People: they write, attach, reply, edit, delete, press and fill in, as Discord's clients let them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tests.simulators.discord.commands import filled
from tests.simulators.discord.interactions import AUTOCOMPLETE, COMMAND, COMPONENT, SUBMIT, Interaction
from tests.simulators.discord.permissions import May
from tests.simulators.discord.world import PUBLIC_THREAD, Channel, Message, Role, User, walk

if TYPE_CHECKING:
    from tests.simulators.discord.server import Simulator

File = tuple[str, bytes]


class Person:
    """Somebody with an account."""

    def __init__(self, discord: Simulator, user: User) -> None:
        self._discord = discord
        self.user = user

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def dm(self) -> Channel:
        """Where this person and the bot are alone."""
        return self._discord.world.dm(self.user)

    async def say(
        self, where: Channel, text: str, files: Sequence[File] = (), *, to: Message | None = None, ping: bool = True
    ) -> Message:
        """Write a message; ``to`` makes it a reply."""
        body: dict[str, Any] = {"content": text, "allowed_mentions": {"parse": ["users", "roles", "everyone"]}}
        body["allowed_mentions"]["replied_user"] = ping
        if to is not None:
            body["message_reference"] = {"message_id": to.id}
        body["attachments"] = [{"id": number} for number in range(len(files))]
        uploads = {f"files[{number}]": file for number, file in enumerate(files)}
        return await self._discord.post.create(where, self.user, body, uploads)

    async def voice(self, where: Channel, data: bytes) -> Message:
        """Send a voice message."""
        self._discord.world.may(self.user, where)
        made = Message(where, self.user, flags=1 << 13)
        about = {"duration_secs": 2.0, "waveform": "AAAA", "content_type": "audio/ogg"}
        made.attachments = [self._discord.post.attach(where, "voice-message.ogg", data) | about]
        where.messages[made.id] = made
        await self._discord.gateway.message("MESSAGE_CREATE", made)
        return made

    async def edit(self, message: Message, text: str) -> None:
        """Write it differently."""
        await self._discord.post.edit(message, self.user, {"content": text}, {})

    async def delete(self, message: Message) -> None:
        """Take it back."""
        await self._discord.post.delete(message)

    async def thread(self, message: Message, name: str) -> Channel:
        """Start a thread."""
        return await self._discord.post.thread(message, self.user, name)

    async def post(self, forum: Channel, title: str, text: str) -> Message:
        """Begin a post in a forum."""
        return await self._discord.post.forum_post(forum, self.user, title, text)

    # ------------------------------------------------------------ interactions

    async def slash(
        self,
        where: Channel,
        command: str,
        files: Mapping[str, File] | None = None,
        /,
        *,
        installed: bool = True,
        **values: Any,
    ) -> Interaction:
        """Run a slash command, its subcommands with spaces between them, and wait for the first answer."""
        made = self._command(COMMAND, where, command, files or {}, values, installed=installed)
        return await (await self._discord.desk.send(made)).acknowledged()

    async def complete(self, where: Channel, command: str, option: str, typed: str, **values: Any) -> list[Any]:
        """Type into an option and return the values that are suggested."""
        made = self._command(AUTOCOMPLETE, where, command, {}, {**values, option: typed}, partial=True)
        for one in walk_options(made.data["options"]):
            if one["name"] == option:
                one["focused"] = True
        await (await self._discord.desk.send(made)).acknowledged()
        return [choice["value"] for choice in made.choices or ()]

    async def menu(self, message: Message, name: str, *, installed: bool = True) -> Interaction:
        """Choose an entry from a message's Apps menu."""
        command = self._registered(name, 3)
        data = {"id": command["id"], "name": name, "type": 3, "target_id": message.id}
        data["resolved"] = {"messages": {message.id: message.json()}}
        made = Interaction(COMMAND, self.user, message.channel, data, installed=installed)
        return await (await self._discord.desk.send(made)).acknowledged()

    async def click(self, message: Message, label: str, values: Sequence[str] = ()) -> Interaction:
        """Press a button with these words or this picture on it, or choose from the list with this custom id."""
        assert not message.deleted, "the message is gone"
        assert message.for_only in {None, self.user}, "nobody but its reader sees an ephemeral message"
        if values:
            part = next(one for one in message.parts() if one["type"] == 3 and one["custom_id"].startswith(label))
            assert set(values) <= {option["value"] for option in part["options"]}
        else:
            part = message.button(label)
        return await self.press(message, part, values)

    async def press(self, message: Message, part: dict[str, Any], values: Sequence[str] = ()) -> Interaction:
        """Press a component as it is, or as it was: two people press at once, or a client is behind."""
        assert not part.get("disabled"), f"{part} is disabled"
        data: dict[str, Any] = {"custom_id": part["custom_id"], "component_type": part["type"]}
        data |= {"values": list(values)} if values else {}
        made = Interaction(COMPONENT, self.user, message.channel, data, message)
        return await (await self._discord.desk.send(made)).acknowledged()

    async def submit(self, opened: Interaction, *texts: str, files: Sequence[File] = ()) -> Interaction:
        """Fill in the modal that an interaction opened, from top to bottom, and send it."""
        assert opened.modal, "no modal was opened"
        parts = list(walk(opened.modal["components"]))
        inputs = [part for part in parts if part["type"] == 4]
        shape = []
        for part, text in zip(inputs, texts, strict=True):
            assert text or not part.get("required", True), "a required field is empty"
            assert len(text) <= part.get("max_length", 4000)
            field = {"type": 4, "custom_id": part["custom_id"], "value": text, "id": 1}
            shape.append({"type": 18, "component": field, "id": 2})
        data: dict[str, Any] = {"custom_id": opened.modal["custom_id"], "components": shape}
        for part in (part for part in parts if part["type"] == 19):
            assert part.get("min_values", 1) <= len(files) <= part.get("max_values", 1), "too few or too many files"
            sent = {one["id"]: one for one in (self._discord.post.attach(opened.channel, *file) for file in files)}
            field = {"type": 19, "custom_id": part["custom_id"], "values": list(sent), "id": 3}
            shape.append({"type": 18, "component": field, "id": 4})
            data |= {"resolved": {"attachments": sent}} if sent else {}
        made = Interaction(SUBMIT, self.user, opened.channel, data, opened.message, installed=opened.installed)
        return await (await self._discord.desk.send(made)).acknowledged()

    def _command(
        self,
        kind: int,
        where: Channel,
        words: str,
        files: Mapping[str, File],
        values: dict[str, Any],
        *,
        installed: bool = True,
        partial: bool = False,
    ) -> Interaction:
        name, *path = words.split()
        command = self._registered(name, 1)
        self._may_use(command, where)
        resolved: dict[str, dict[str, Any]] = {}
        for option, (file, content) in files.items():
            uploaded = self._discord.post.attach(where, file, content, ephemeral=True)
            resolved.setdefault("attachments", {})[uploaded["id"]] = uploaded
            values = {**values, option: uploaded["id"]}
        for option, value in values.items():
            if isinstance(value, Channel | Role | Person):
                values = {**values, option: _resolve(resolved, where, value)}
        options = (_partly if partial else filled)(command, path, values)
        data = {"id": command["id"], "name": name, "type": 1, "options": options}
        data |= {"resolved": resolved} if resolved else {}
        return Interaction(kind, self.user, where, data, installed=installed)

    def _registered(self, name: str, kind: int) -> dict[str, Any]:
        found = [one for one in self._discord.world.commands if (one["name"], one["type"]) == (name, kind)]
        assert found, f"{name} is not registered"
        return found[0]

    def _may_use(self, command: dict[str, Any], where: Channel) -> None:
        needs = command.get("default_member_permissions")
        if needs is not None and where.guild is not None:
            may = self._discord.world.may(self.user, where)
            assert int(needs) & int(may) == int(needs) or self._discord.overridden, "Discord does not show this command"
        if where.guild is None:
            assert 1 in (command.get("contexts") or [0, 1, 2]), "not in direct messages"


def _resolve(resolved: dict[str, dict[str, Any]], where: Channel, value: Channel | Role | Person) -> str:
    """Put what an option names among what Discord sends along, and return its id."""
    if isinstance(value, Person):
        assert where.guild
        resolved.setdefault("users", {})[value.user.id] = value.user.json()
        resolved.setdefault("members", {})[value.user.id] = where.guild.member(value.user) | {"permissions": "0"}
        return value.user.id
    kind = "channels" if isinstance(value, Channel) else "roles"
    more = {"permissions": "0"} if isinstance(value, Channel) else {}
    resolved.setdefault(kind, {})[value.id] = value.json() | more
    return value.id


def walk_options(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return options, however deep."""
    return [one for option in options for one in (option, *walk_options(option.get("options") or []))]


def _partly(command: dict[str, Any], path: list[str], values: dict[str, Any]) -> list[dict[str, Any]]:
    if path:
        inner = next(one for one in command["options"] if one["name"] == path[0])
        return [{"name": inner["name"], "type": inner["type"], "options": _partly(inner, path[1:], values)}]
    known = {one["name"]: one for one in command.get("options") or ()}
    assert all(known[name].get("autocomplete") for name in list(values)[-1:]), "nothing is suggested there"
    return [{"name": name, "type": known[name]["type"], "value": value} for name, value in values.items()]


__all__ = ["PUBLIC_THREAD", "File", "May", "Person"]
