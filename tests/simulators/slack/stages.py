"""An invented request, at the stages that a person sees: messages as they go to Slack."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.sheets import sheets
from adapters.slack.format import PAPER, Layout, Look, card, going, sheet_layout
from core.events import Answered, Cancelled, fold
from tests.fakes import request
from tests.simulators.invented import DONE, GIRL, PLANNED, TROUBLE, VOICE, WORKING
from tests.simulators.slack.server import Simulator
from tests.simulators.slack.world import Message

REMARKS = ["film.mp4 has 2.1 GiB, and this place takes 1 GiB."]


async def invented() -> list[Message]:
    """Return a request's messages at several stages. Slack takes them all."""
    slack = Simulator()
    where = slack.person("Ada").dm
    bot = slack.token.bot
    told = ({"text": layout.text, "blocks": list(layout.blocks)} for layout in stages())
    return [slack.post.create(where, bot, args, app=slack.app.id) for args in told]


def stages() -> Iterator[Layout]:
    """Yield layouts, from the first sign to the end, well and badly, rich and bare."""
    asked = request("Draw a girl reading a book in the pose of the boy", platform="slack")
    for look in (Look.RICH, Look.SIMPLE, Look.BARE):
        yield card(asked, fold(WORKING), look)
    yield going(fold(PLANNED), Look.RICH)
    done = fold(DONE)
    papers = sheets(asked, done, PAPER, [[GIRL, VOICE]], REMARKS)
    for look in (Look.RICH, Look.BARE):
        for number, sheet in enumerate(papers):
            yield sheet_layout(asked, done, sheet, look, first=number == 0)
    for trace in (fold([Answered("I could not.")], fold(TROUBLE)), fold([Cancelled("Ada")], fold(WORKING))):
        for number, sheet in enumerate(sheets(asked, trace, PAPER, [], [])):
            yield sheet_layout(asked, trace, sheet, Look.RICH, first=number == 0)
