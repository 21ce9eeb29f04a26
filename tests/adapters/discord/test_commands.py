"""Commands, menus, forms and buttons at the local Discord, by its real client; each button after a restart, too."""

from __future__ import annotations

import json
import time

import anyio
import pytest

from core.ports import Say
from core.types import Mode, Place
from tests.adapters.discord.house import House
from tests.adapters.discord.look import answered
from tests.fakes import TOYS, FunctionExecutor, ScriptedController, task
from tests.simulators.discord import Channel, Person, Simulator
from tests.simulators.discord.permissions import USUAL, May
from tests.zoo import REGISTRY, Zoo

pytestmark = pytest.mark.anyio


async def test_commands_are_synced_only_when_they_change(discord: Simulator, ada: Person) -> None:
    """A second start finds the same commands and leaves them."""
    for _ in range(2):
        async with House(discord).open():
            await discord.until(lambda: discord.world.commands)
    assert discord.rest.registered.synced == 1
    names = {command["name"] for command in discord.world.commands}
    assert names == {"jarvis", "jarvis-me", "jarvis-admin", "Ask JARVIS about this"}
    async with House(discord).open():
        discord.world.commands[0]["description"] = "old"
    async with House(discord).open():
        await discord.until(lambda: discord.rest.registered.synced == 2)


async def test_jarvis_asks_in_the_open(discord: Simulator, ada: Person, room: Channel) -> None:
    """The command's own answer shows what was asked; a thread opens from it, with card, answer and files."""
    controller = ScriptedController([task(0)])
    async with House(discord, controller).open():
        asked = await ada.slash(room, "jarvis", {"file": ("cat.png", b"\x89PNG\r\n\x1a\ncat")}, text="what is it?")
        (answer,) = await discord.until(lambda: answered(discord))
    assert "**Ada** asks\n> what is it?\n-# 📎 cat.png" in asked.said
    assert asked.original
    assert asked.original.thread is answer.channel
    assert answer.text == "0=<t0>"
    assert [file.name for file in controller.briefs[0].artifacts.values()] == ["cat.png"]
    assert controller.briefs[0].text == "what is it?"


async def test_a_command_names_whom_it_mentions(discord: Simulator, ada: Person, room: Channel) -> None:
    """Discord does not tell names along with a command: those that we know stand in place of the numbers."""
    controller, unknown = ScriptedController([task(0)]), "9" * 18
    async with House(discord, controller).open():
        await discord.until(lambda: discord.world.commands)
        await ada.slash(room, "jarvis", text=f"greet <@{ada.user.id}> and <@{unknown}> in <#{room.id}>")
        await discord.until(lambda: answered(discord))
    assert [brief.text for brief in controller.briefs] == [f"greet @Ada and <@{unknown}> in #general"]
    assert f"greet <@{ada.user.id}>" in discord.said(room)[0].text


async def test_jarvis_in_private_is_one_message_that_others_do_not_see(
    discord: Simulator, ada: Person, room: Channel
) -> None:
    """Plan, answer and picture come in the one private answer; nothing else is posted."""
    controller = ScriptedController(
        [task(0, "picture", texts=["a red car"]), 1.5], [[Say("Here it is. @everyone"), 0.5]]
    )
    async with House(discord, controller).open():
        asked = await ada.slash(room, "jarvis", text="draw a red car", mode="local", private=True)
        await discord.until(lambda: asked.original and "Here it is." in asked.original.text)
        await discord.until(lambda: asked.original and asked.original.attachments)
        assert asked.original
        pressed = await ada.click(asked.original, "Details")
    assert asked.private
    assert controller.briefs[0].mode is Mode.LOCAL
    assert not discord.said()
    assert len(discord.said(private=True)) == 2
    assert discord.file(asked.original.attachments[0]) == b"a red car"
    assert not asked.original.pinged
    assert "picture" in pressed.said


async def test_where_we_were_not_invited_one_message_is_enough(discord: Simulator, ada: Person) -> None:
    """Installed for a person only, the answer comes through the interaction, without any further message."""
    guild = discord.guild(ada)
    del guild.members[discord.world.bot.id]
    room = discord.channel(guild, "elsewhere")
    async with House(discord, ScriptedController([Say("x" * 9_000)])).open():
        asked = await ada.slash(room, "jarvis", text="hello", installed=False)
        await discord.until(lambda: asked.original and asked.original.attachments)
    assert asked.original
    assert asked.original.attachments[0]["filename"] == "answer.md"
    assert not asked.follow_ups


async def test_too_late_for_the_interaction_it_comes_directly(discord: Simulator, ada: Person, room: Channel) -> None:
    """When the interaction's time is over the private answer comes as a direct message."""
    async with House(discord, ScriptedController([task(0)]), FunctionExecutor(seconds=1)).open():
        asked = await ada.slash(room, "jarvis", text="hello", private=True)
        discord.desk.token_seconds = 0
        await discord.until(lambda: answered(discord, ada.dm))
    assert answered(discord, ada.dm)[0].text == "0=<t0>"
    assert asked.private


async def test_a_command_that_is_refused_tells_only_its_author(discord: Simulator, ada: Person, room: Channel) -> None:
    """What cannot be taken in leaves no trace in the channel."""
    async with House(discord).open():
        asked = await ada.slash(room, "jarvis", text="x" * 3_500)
        await discord.until(lambda: asked.follow_ups)
    assert "3,500 characters" in asked.said
    assert asked.private
    assert not discord.said(room)


async def test_the_menu_asks_about_any_message(discord: Simulator, ada: Person, room: Channel) -> None:
    """Without any intent, a message of somebody else and its picture are the input of what the form says.

    A restart before the form is sent loses nothing; what is not kept any more is told.
    """
    assert room.guild
    bob = discord.person("Bob", room.guild)
    controller = ScriptedController([task(0, "look", image="<attachment-0>")])
    house = House(discord, controller)
    async with house.open():
        shown = await bob.say(room, "my cat", [("cat.png", b"\x89PNG\r\n\x1a\ncat")])
        form = await ada.menu(shown, "Ask JARVIS about this")
    async with house.open():
        sent = await ada.submit(form, "Translate it")
        await discord.until(lambda: answered(discord))
        for name in await house.store.loose.files(time.time()):  # nothing else refers to what a form is about
            await house.blobs.delete(name)
        again = await ada.submit(form, "Once more")
    assert "asks [about this message](" in sent.said
    assert controller.briefs[0].text == "Translate it"
    assert "Please choose it" in again.said


async def test_stop_stops_and_only_for_who_asked_or_moderates(discord: Simulator, ada: Person, room: Channel) -> None:
    """Others are refused in private; the author's press stops the job itself, after a restart, too."""
    assert room.guild
    bob = discord.person("Bob", room.guild)
    executor = FunctionExecutor(seconds=60)
    house = House(discord, executor=executor)
    async with house.open():
        await bob.say(room, f"{discord.mention} hello")
        await discord.until(lambda: executor.ran)
    async with house.open():
        card = await discord.until(lambda: next((one for one in discord.said() if one.v2), None))
        await discord.until(lambda: len(executor.ran) == 2, 30)
        eve = discord.person("Eve", room.guild)
        assert "Only who asked" in (await eve.click(card, "Stop")).said
        assert (await ada.click(card, "Stop")).said == "I am stopping."  # the owner moderates
        await discord.until(lambda: answered(discord))
        await discord.until(lambda: "stopped by Ada" in card.text)
    assert answered(discord)[0].text == "Stopped."


async def test_buttons_work_after_a_restart(discord: Simulator, ada: Person, room: Channel) -> None:
    """Again, details and delete of an answer from an earlier life."""
    house = House(discord, ScriptedController([task(0, text="tea")]))
    async with house.open():
        await ada.say(room, f"{discord.mention} tea")
        (answer,) = await discord.until(lambda: answered(discord))
        card = discord.said(answer.channel)[0]
        await discord.until(lambda: "1 step" in card.text)
    async with house.open():
        assert "**1 · word**" in (await ada.click(card, "Details")).said
        pressed = await ada.click(answer, "Again")
        second = await discord.until(lambda: answered(discord, count=2))
        assert pressed.kind == 6
        await discord.until(lambda: sum("1 step" in one.text for one in discord.said(answer.channel)) == 2)
        await ada.click(answer, "🗑️")
        await discord.until(lambda: answer.deleted and card.deleted)
    assert second[1].channel is answer.channel
    assert not second[1].deleted


async def test_a_thumb_counts_for_the_models_once(discord: Simulator, ada: Person, room: Channel) -> None:
    """Who asked may say whether it was good; it counts for every model that worked on it, and cannot be repeated."""
    assert room.guild
    bob = discord.person("Bob", room.guild)
    async with House(discord, ScriptedController([task(0), task(1, "picture", texts=["a"])])).open() as house:
        await bob.say(room, f"{discord.mention} hello")
        (answer,) = await discord.until(lambda: answered(discord))
        eve = discord.person("Eve", room.guild)
        assert "Only who asked" in (await eve.click(answer, "👎")).said
        await bob.click(answer, "👍")
        kept = await house.store.ledger.read()
    assert {key: (figure.up, figure.down, figure.runs) for key, figure in kept.items()} == {
        ("word", "toy", Place.LOCAL): (1, 0, 0),
        ("picture", "toy", Place.LOCAL): (1, 0, 0),
    }
    assert answer.button("👍")["disabled"]
    assert answer.button("👎")["disabled"]
    assert not answer.button("Again").get("disabled")
    assert answer.attachments


async def test_again_brings_each_file_once(discord: Simulator, ada: Person) -> None:
    """A link in the words and a file beside them come once each, from what we have."""
    discord.world.files["/attachments/1/1/dog.png"] = b"\x89PNG\r\n\x1a\ndog"
    controller = ScriptedController([task(0)])
    async with House(discord, controller).open():
        text = f"compare it with {discord.cdn}/attachments/1/1/dog.png"
        await ada.say(ada.dm, text, [("cat.png", b"\x89PNG\r\n\x1a\ncat")])
        (answer,) = await discord.until(lambda: answered(discord))
        discord.world.files.clear()
        await ada.click(answer, "Again")
        await discord.until(lambda: answered(discord, count=2))
    for brief in controller.briefs:
        assert [brief.artifacts[number].name for number in range(brief.own)] == ["cat.png", "dog.png"]


async def test_jarvis_works_in_direct_messages(discord: Simulator, ada: Person) -> None:
    """Alone with the bot the command's answer is followed by card and answer in the same place."""
    async with House(discord).open():
        await discord.until(lambda: discord.world.commands)
        asked = await ada.slash(ada.dm, "jarvis", text="Hello, who are you?")
        (answer,) = await discord.until(lambda: answered(discord, ada.dm))
    assert "Hello, who are you?" in asked.said
    assert answer.text == "0=<t0>"
    assert len(discord.said(ada.dm)) == 3


async def test_a_request_can_be_changed_in_a_form(discord: Simulator, ada: Person) -> None:
    """The form holds what was asked; what comes back is asked in its place, with the same files; a restart between."""
    controller = ScriptedController([task(0)])
    house = House(discord, controller)
    async with house.open():
        await ada.say(ada.dm, "what is in this picture?", [("cat.png", b"\x89PNG\r\n\x1a\ncat")])
        (answer,) = await discord.until(lambda: answered(discord))
        form = await ada.click(answer, "Change")
    assert form.modal
    assert form.modal["components"][0]["component"]["value"] == "what is in this picture?"
    discord.world.files.clear()  # Discord's links to files live for a day
    async with house.open():
        await ada.submit(form, "what colour is it?")
        await discord.until(lambda: answered(discord, count=2))
    assert [brief.text for brief in controller.briefs] == ["what is in this picture?", "what colour is it?"]
    assert controller.briefs[1].own == 1


async def test_admins_set_the_mode_and_nobody_else(discord: Simulator, ada: Person, room: Channel) -> None:
    """A manager sets it for server or channel; who was let in by the server's own rules is refused in private."""
    assert room.guild
    bob = discord.person("Bob", room.guild)
    async with House(discord).open() as house:
        await discord.until(lambda: discord.world.commands)
        assert "remote" in (await ada.slash(room, "jarvis-admin mode", mode="remote", where="channel")).said
        assert "hybrid" in (await ada.slash(room, "jarvis-admin mode", mode="hybrid")).said
        shown = await ada.slash(room, "jarvis-admin mode")
        with pytest.raises(AssertionError, match="does not show"):
            await bob.slash(room, "jarvis-admin mode", mode="local")
        discord.overridden = True
        refused = await bob.slash(room, "jarvis-admin mode", mode="local")
        mode = await house.store.modes.get(f"discord/{room.guild.id}/{room.id}")
    assert "The mode is remote" in shown.said
    assert "Only who may manage" in refused.said
    assert shown.private
    assert refused.private
    assert mode is Mode.REMOTE


async def test_admins_decide_about_models(discord: Simulator, ada: Person, room: Channel) -> None:
    """What is kept out of a server is not chosen there; models are suggested while typing; nothing can be allowed."""
    assert room.guild
    controller = ScriptedController([task(0)])
    house = House(discord, controller, registry=TOYS, executor=FunctionExecutor(models={"word": ("toy", "bad/model")}))
    async with house.open():
        await discord.until(lambda: discord.world.commands)
        assert "no rules" in (await ada.slash(room, "jarvis-admin models")).said
        denied = await ada.slash(room, "jarvis-admin models", deny="bad/model")
        refused = await ada.slash(room, "jarvis-admin models", prefer="nonsense")
        shown = await ada.slash(room, "jarvis-admin models")
        assert await ada.complete(room, "jarvis-admin models", "deny", "zzz") == []
        await ada.say(room, f"{discord.mention} hello")
        await discord.until(lambda: answered(discord))
        undone = await ada.slash(room, "jarvis-admin models", undo="bad/model")
    assert "the model bad/model is denied" in denied.said
    assert "should be TASK=MODEL" in refused.said
    assert "bad/model" in shown.said
    assert "neither allowed nor denied" in undone.said
    assert isinstance(house.executor, FunctionExecutor)
    assert {job.model for job in house.executor.ran} == {"toy"}
    options = next(one for one in discord.world.commands if one["name"] == "jarvis-admin")["options"]
    assert "allow" not in {option["name"] for command in options for option in command.get("options", ())}


async def test_what_is_typed_is_completed_from_the_catalogue(discord: Simulator, ada: Person, room: Channel) -> None:
    """Models and preferences of the whole catalogue, 25 at most."""
    async with House(discord, registry=REGISTRY, executor=Zoo()).open():
        await discord.until(lambda: discord.world.commands)
        found = await ada.complete(room, "jarvis-admin models", "deny", "esp")
        preferred = await ada.complete(room, "jarvis-admin models", "prefer", "text-to-speech=")
        everything = await ada.complete(room, "jarvis-admin models", "deny", "")
    assert "espeak-ng" in found
    assert "text-to-speech=espeak-ng" in preferred
    assert len(everything) <= 25


async def test_everybody_may_see_and_delete_their_data(discord: Simulator, ada: Person) -> None:
    """Help, usage, export and forgetting, all in private."""
    async with House(discord).open() as house:
        await ada.say(ada.dm, "my secret")
        await discord.until(lambda: answered(discord))
        await discord.until(lambda: "1 step" in discord.said(ada.dm)[0].text)
        assert "For example" in (await ada.slash(ada.dm, "jarvis-me help")).said
        assert "1 time in the last day" in (await ada.slash(ada.dm, "jarvis-me usage")).said
        export = await ada.slash(ada.dm, "jarvis-me my-data")
        await discord.until(lambda: export.original and export.original.attachments)
        await anyio.sleep(0.2)  # it is settled a moment after it is posted
        forgot = await ada.slash(ada.dm, "jarvis-me forget-me")
        await discord.until(lambda: "I forgot 1 request" in forgot.said)
        assert "0 times in all" in (await ada.slash(ada.dm, "jarvis-me usage")).said
        assert await house.store.people.requests("discord", ada.user.id) == []
    assert export.original
    kept = json.loads(discord.file(export.original.attachments[0]))
    assert kept[0]["request"]["text"] == "my secret"
    assert export.private


async def test_an_example_is_run_from_the_help(discord: Simulator, ada: Person, room: Channel) -> None:
    """Chosen from the list in one life, completed with a file in the next: asked where the help was read."""
    controller = ScriptedController([task(0, "look", image="<attachment-0>")])
    house = House(discord, controller)
    async with house.open():
        await discord.until(lambda: discord.world.commands)
        shown = await ada.slash(room, "jarvis-me help")
    assert shown.original
    async with house.open():
        form = await ada.click(shown.original, "jarvis/try", ["a word, please"])
        sent = await ada.submit(form, "Look at it, please", files=[("cat.png", b"\x89PNG\r\n\x1a\ncat")])
        await discord.until(lambda: answered(discord))
        alone = await ada.submit(form, "Just a word")
        await discord.until(lambda: len(controller.briefs) == 2)
    assert shown.private
    assert form.modal
    assert form.modal["components"][0]["component"]["value"] == "a word, please"
    assert "**Ada** asks\n> Look at it, please\n-# 📎 cat.png" in sent.said
    assert [file.name for file in controller.briefs[0].artifacts.values()] == ["cat.png"]
    assert "> Just a word" in alone.said


async def test_doctor_names_the_rights_that_are_missing(discord: Simulator, ada: Person) -> None:
    """Rights, intent and upload limit of this very channel."""
    guild = discord.guild(ada, permissions=USUAL & ~May.ATTACH_FILES, tier=2)
    guild.roles[guild.id].permissions = May.VIEW_CHANNEL
    room = discord.channel(guild, "general")
    async with House(discord).open():
        await discord.until(lambda: discord.world.commands)
        told = await ada.slash(room, "jarvis-me doctor")
    assert "I lack these rights here: attach files." in told.said
    assert "50 MiB" in told.said
    assert "Message Content is not granted" in told.said
