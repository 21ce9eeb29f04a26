"""What only models on own devices can do: nobody else serves poses and what is painted after them."""

from __future__ import annotations

from core.events import State
from core.types import Kind
from tests.played import playable
from tests.scenarios.conversations import S5, SIX, plays, snap
from tests.scenarios.house import Home, PlannedByHand


async def test_s5_six_tasks_with_all_pictures_in_between(home: Home) -> None:
    """The paper's plan: each result goes where it is needed, and what came in between is there to be seen."""
    async with home.talk(plan=PlannedByHand(SIX)) as talk:
        heard = await talk.say(S5, snap("example.png"))
    assert [heard.trace.state(number) for number in range(6)] == [State.DONE] * 6
    for number, name in ((0, "image"), (2, "image"), (3, "image"), (5, "audio")):
        playable(await home.media(heard.made(number, name)))
    assert heard.made(0, "image").sha256 != heard.made(3, "image").sha256
    assert Kind.AUDIO in await plays(home, heard)
    assert "read aloud" in heard.text


async def test_s5_the_rules_carry_it_too(home: Home) -> None:
    """Pose, painting, description, voice: one after the other, each from the one before."""
    async with home.talk() as talk:
        heard = await talk.say(S5, snap("example.png", 40))
    assert heard.types == ["openpose-control", "openpose-text-to-image", "image-to-text", "text-to-speech"]
    assert [task.needs() for _, task in sorted(heard.trace.tasks.items())] == [set(), {0}, {1}, {2}]
    assert "The description of" in heard.text
    assert Kind.AUDIO in await plays(home, heard)
