from __future__ import annotations

import pytest

from core.controllers.rules.plan import plan
from core.ports import Brief, Draft, Say
from tests.core.controllers.briefs import MakeBrief, turn


def heard(brief: Brief) -> tuple[list[str], str]:
    """Return the task types that are planned, and what is said."""
    pieces = list(plan(brief))
    said = "".join(piece.text for piece in pieces if isinstance(piece, Say))
    return [piece.type for piece in pieces if isinstance(piece, Draft)], said


@pytest.mark.parametrize("courtesy", ["hey", "hi jarvis,", "hello!", "good morning,", "thanks!", "thank you, now"])
@pytest.mark.parametrize(
    ("wish", "tasks"), [("say 'hello world'", ["text-to-speech"]), ("who sent it?", ["document-question-answering"])]
)
def test_a_wish_behind_a_courtesy_is_heard(brief: MakeBrief, courtesy: str, wish: str, tasks: list[str]) -> None:
    """Who greets or thanks first is not answered with a greeting alone."""
    turns = [turn("user", "what is the date?", "a.pdf"), turn("assistant", "3 May")]
    assert heard(brief(f"{courtesy} {wish}", turns=turns))[0] == tasks


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("thanks for reading this", "You are welcome"),
        ("thank you so much for the summary", "You are welcome"),
        ("thx mate, you are great", "You are welcome"),
        ("hiya", "Hello!"),
        ("what are you able to do?", "What I can do here"),
        ("how can you help me", "What I can do here"),
        ("never mind", "Good."),
        ("lol ok", "Good."),
        ("sorry, that was wrong", "I am sorry."),
        ("no, that's not what I meant", "I am sorry."),
    ],
)
def test_what_wishes_for_nothing_is_answered_and_not_planned(brief: MakeBrief, text: str, said: str) -> None:
    """Thanks, moods and complaints need no task, even where files were sent before."""
    turns = [turn("user", "make it grey", "a.jpg"), turn("assistant", "Done.", "b.png")]
    tasks, words = heard(brief(text, turns=turns))
    assert tasks == []
    assert words.startswith(said)


@pytest.mark.parametrize(
    ("before", "text", "number"),
    [
        ("what does the first one say?", "what about the third one?", 2),
        ("what does the first one say?", "and now the second", 1),
        ("read the third one for me", "can you do the same with the first?", 0),
        ("what does the last one say?", "same for the first one please", 0),
    ],
)
def test_the_same_is_done_with_another_one(brief: MakeBrief, before: str, text: str, number: int) -> None:
    """A message that only names another of several pictures wishes for it what was wished for the one before."""
    names = ("a.jpg", "b.jpg", "c.jpg")
    turns = [turn("user", "look at these", *names), turn("assistant", "Yes."), turn("user", before)]
    asked = brief(text, turns=turns)
    found = [piece for piece in plan(asked) if isinstance(piece, Draft)]
    wanted = next(place for place, file in asked.artifacts.items() if file.name == names[number])
    assert [(one.type, one.args.get("image")) for one in found][:1] == [("image-to-text", f"<attachment-{wanted}>")]
