"""What the bot shows at every stage can be looked at, and Slack takes all of it."""

from __future__ import annotations

import pytest

from tests.simulators.slack.preview import page
from tests.simulators.slack.stages import invented

pytestmark = pytest.mark.anyio


async def test_every_stage_is_taken_and_drawn() -> None:
    """No layout is refused, nobody is notified by one, and each is drawn without a block that is not known."""
    messages = await invented()
    drawn = page(messages)
    assert drawn.count('class="message"') == len(messages) == 8
    assert "[block of type" not in drawn
    assert not any(message.notified for message in messages)
