"""A local Slack: Web API, Socket Mode, HTTP events, files and people, which refuses what the real one refuses."""

from tests.simulators.slack.app import App
from tests.simulators.slack.desk import Act
from tests.simulators.slack.people import Person
from tests.simulators.slack.server import Simulator
from tests.simulators.slack.views import View
from tests.simulators.slack.world import Channel, File, Message, Team

__all__ = ["Act", "App", "Channel", "File", "Message", "Person", "Simulator", "Team", "View"]
