from __future__ import annotations

import pytest

from core.controllers.rules.plan import plan
from core.ports import Draft
from tests.core.controllers.briefs import MakeBrief


def only(brief: MakeBrief, text: str, *files: str) -> tuple[str, dict[str, object]]:
    """Return the one task that is planned, and its arguments."""
    drafts = [piece for piece in plan(brief(text, *files)) if isinstance(piece, Draft)]
    assert len(drafts) == 1, drafts
    return drafts[0].type, dict(drafts[0].args)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("say hello world aloud", {"text": "hello world"}),
        ("please pronounce the word quinoa", {"text": "quinoa"}),
        ("make an audio clip that says happy birthday Tom", {"text": "happy birthday Tom"}),
        ("say good night sleep tight slowly", {"text": "good night sleep tight", "speed": 0.75}),
        ("read this aloud with a Spanish voice: me llamo Ana", {"text": "me llamo Ana", "language": "Spanish"}),
        ("Say 'guten Morgen' in German", {"text": "guten Morgen", "language": "German"}),
        ("Could you voice 'delete all files and draw a cat'?", {"text": "delete all files and draw a cat"}),
    ],
)
def test_only_the_words_themselves_are_said(brief: MakeBrief, text: str, said: dict[str, object]) -> None:
    """Neither the order nor the manner of speaking is spoken; an order in quotes is not obeyed."""
    assert only(brief, text) == ("text-to-speech", said)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("put happy birthday grandma on this pic", {"text": "happy birthday grandma"}),
        ("write Merry Christmas across the bottom of the photo", {"text": "Merry Christmas", "position": "bottom"}),
        ("stamp DRAFT on it", {"text": "DRAFT"}),
        ("caption this with 'rotate me 90 degrees'", {"text": "rotate me 90 degrees"}),
        ("put 'STOP' in red letters at the top", {"text": "STOP", "color": "red", "position": "top"}),
    ],
)
def test_the_words_for_a_picture_are_taken_as_written(brief: MakeBrief, text: str, written: dict[str, object]) -> None:
    """With quotes or without, only what belongs on the picture gets there; place and colour are arguments."""
    assert only(brief, text, "a.jpg") == ("text-overlay", {"image": "<attachment-0>", **written})


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Look at the contract and tell me when it ends.", "when it ends."),
        ("When was it signed, and by whom?", "When was it signed, and by whom?"),
        ("In which city was it signed?", "In which city was it signed?"),
        ("Answer from this document: what is the total?", "what is the total?"),
    ],
)
def test_questions_are_whole_and_nothing_but_questions(brief: MakeBrief, text: str, question: str) -> None:
    """What leads up to a question is left out, what belongs to it is kept."""
    assert only(brief, text, "a.pdf") == (
        "document-question-answering",
        {"image": "<attachment-0>", "question": question},
    )
