"""A local Discord: gateway, REST, CDN and people, which refuses what the real one refuses."""

from tests.simulators.discord.people import Person
from tests.simulators.discord.server import Simulator
from tests.simulators.discord.world import Channel, Guild, Message

__all__ = ["Channel", "Guild", "Message", "Person", "Simulator"]
