"""Where one controller fails, the next one goes on, and nothing is said or planned twice."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import pytest

from core.controllers.fallback import Down, FallbackController
from core.errors import BadInput, ControllerFailed
from core.events import Consulted, Trace
from core.ports import NO_CHOICE, Brief, Choice, Draft, Piece, Say, Tie
from core.types import Wish
from tests.fakes import task

pytestmark = pytest.mark.anyio

BRIEF = Brief(text="hi", artifacts={}, own=0)


@dataclass
class Played:
    """A controller by script: pieces, and perhaps an error at the end."""

    name: str
    pieces: Sequence[Piece | Exception]
    asked: int = 0
    closed: bool = False

    async def plan(self, brief: Brief) -> AsyncIterator[Piece]:
        self.asked += 1
        for piece in self.pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def respond(self, brief: Brief, trace: Trace) -> AsyncIterator[Piece]:
        async for piece in self.plan(brief):
            yield piece

    async def choose(self, text: str, ties: Sequence[Tie]) -> Choice:
        async for _ in self.plan(Brief(text=text, artifacts={}, own=0)):
            pass
        return Choice(wishes={0: Wish(model=self.name)})

    async def aclose(self) -> None:
        self.closed = True


RULES = Played("rules", [Say("By rule.")])


async def given(controller: FallbackController, said: str = "") -> tuple[str, list[Draft], list[str]]:
    """Return words, drafts and troubles of an answer; with ``said``, of a later stage."""
    pieces = controller.respond(BRIEF, Trace(saying=said)) if said else controller.plan(BRIEF)
    found = [piece async for piece in pieces]
    words = "".join(piece.text for piece in found if isinstance(piece, Say))
    troubles = [piece.trouble for piece in found if isinstance(piece, Consulted) and piece.trouble]
    return words, [piece for piece in found if isinstance(piece, Draft)], troubles


async def test_the_first_that_works_is_enough() -> None:
    """Nobody else is asked, and nothing is added."""
    spare = Played("spare", [Say("no")])
    assert await given(FallbackController([Played("a", [Say("yes")]), spare], RULES)) == ("yes", [], [])
    assert spare.asked == 0


async def test_the_next_goes_on_and_the_rules_say_that_they_stand_in() -> None:
    """A failed model before a working one is told in the trace only; before the rules, the person reads it."""
    broken = Played("a", [ControllerFailed("It broke.")])
    words, _, troubles = await given(FallbackController([broken, Played("b", [Say("yes")])], RULES))
    assert (words, troubles) == ("yes", ["It broke."])
    words, _, troubles = await given(FallbackController([broken], RULES))
    assert words == "(It broke. Built-in rules answer instead; they understand simple requests.)\n\nBy rule."


async def test_it_is_said_once_in_an_answer() -> None:
    """When the answer holds the sentence from planning, answering does not say it again."""
    words, _, _ = await given(FallbackController([Played("a", [ControllerFailed("It broke.")])], RULES), "It broke.")
    assert words == "By rule."


async def test_another_trouble_is_no_reason_to_say_it_again() -> None:
    """Who knows that rules answer need not read so twice; the trace holds both troubles."""
    down = FallbackController([Played("one", [ControllerFailed("It is away.")])], RULES)
    said, _, troubles = await given(
        down, "(It is slow. Built-in rules answer instead; they understand simple requests.)"
    )
    assert said == "By rule."
    assert troubles == ["It is away."]


async def test_what_was_given_stays() -> None:
    """After tasks the rest of the plan is lost; after words the answer ends with the reason; nobody starts anew."""
    _, drafts, troubles = await given(FallbackController([Played("a", [task(0), ControllerFailed("Cut.")])], RULES))
    assert ([one.id for one in drafts], troubles) == ([0], ["Cut."])
    words, _, _ = await given(FallbackController([Played("a", [Say("Half"), ControllerFailed("Cut.")])], RULES))
    assert words == "Half …\n\n(Cut. The answer ends here.)"


async def test_a_bug_is_a_failure_like_others(caplog: pytest.LogCaptureFixture) -> None:
    """An unexpected exception reaches the person in general words only."""
    words, _, _ = await given(FallbackController([Played("a", [KeyError("sk-secret")])], RULES))
    assert "Something went wrong inside JARVIS" in words
    assert "sk-secret" not in words


async def test_the_persons_own_mistake_is_not_tried_elsewhere() -> None:
    """While planning, BadInput goes to the person; while answering it is no reason to be silent about results."""
    controller = FallbackController([Played("a", [BadInput("Too long.")])], RULES)
    with pytest.raises(BadInput, match="Too long"):
        await given(controller)
    assert (await given(controller, "x"))[0].endswith("By rule.")


async def test_who_is_down_rests() -> None:
    """A controller that is down is not asked until its rest is over; meanwhile the reason is still known."""
    now = [0.0]
    down = Played("a", [Down("No connection.", rest=30)])
    controller = FallbackController([down], RULES, clock=lambda: now[0])
    for moment in (0.0, 10.0, 29.0):
        now[0] = moment
        assert (await given(controller))[0].startswith("(No connection. Built-in rules")
    assert down.asked == 1
    now[0] = 31.0
    await given(controller)
    assert down.asked == 2


async def test_without_any_model_the_rules_answer_alone() -> None:
    """Nothing is missing that would have to be said."""
    assert await given(FallbackController([], RULES)) == ("By rule.", [], [])


async def test_connections_are_closed() -> None:
    """Closing reaches every controller that holds connections."""
    one = Played("a", [])
    await FallbackController([one], RULES).aclose()
    assert one.closed


async def test_ties_are_broken_by_whoever_is_up() -> None:
    """A controller that fails at it leaves ties to the rule; the rules themselves are not asked."""
    good, bad = Played("good", []), Played("bad", [ControllerFailed("gone")])
    assert (await FallbackController([good], RULES).choose("x", [])).wishes == {0: Wish(model="good")}
    assert await FallbackController([bad, good], RULES).choose("x", []) == NO_CHOICE
    assert await FallbackController([], RULES).choose("x", []) == NO_CHOICE
