from __future__ import annotations

import pytest

from core.controllers.rules.plan import plan
from core.ports import Draft
from tests.core.controllers.briefs import MakeBrief


def steps(brief: MakeBrief, text: str, *files: str) -> list[tuple[str, dict[str, object]]]:
    """Return what is planned where everything can be run."""
    pieces = plan(brief(text, *files, everything=True))
    return [(piece.type, dict(piece.args)) for piece in pieces if isinstance(piece, Draft)]


MARKS = ["No, {}", "no wait, {}", "Actually, {}", "Oops, {}", "Sorry, I mean {}"]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize(
    ("first", "then", "wanted"),
    [
        ("Draw a cat", "a dog", ("text-to-image", {"prompt": "a dog"})),
        ("Draw a red car", "make it a truck", ("text-to-image", {"prompt": "a truck"})),
        ("Translate 'hi' to French", "Spanish", ("translation", {"text": "hi", "language": "Spanish"})),
        ("Say 'good night'", "'good morning'", ("text-to-speech", {"text": "good morning"})),
        ("Draw a cat", "say 'hello'", ("text-to-speech", {"text": "hello"})),
    ],
)
def test_what_is_taken_back_is_not_done(
    brief: MakeBrief, mark: str, first: str, then: str, wanted: tuple[str, dict[str, object]]
) -> None:
    """Only what is said last is planned: another wish, or another object of the same verb."""
    assert steps(brief, f"{first}. {mark.format(then)}.") == [wanted]


@pytest.mark.parametrize(
    "refusal",
    [
        "no summary please",
        "please don't summarise it",
        "but do not summarise",
        "without summarising it",
        "no need to sum it up",
    ],
)
def test_what_shall_not_be_done_is_not_planned(brief: MakeBrief, refusal: str) -> None:
    """A refusal is no wish, however politely it is put."""
    assert [type_ for type_, _ in steps(brief, f"Read this aloud, {refusal}", "a.jpg")] == [
        "image-to-text",
        "text-to-speech",
    ]


@pytest.mark.parametrize(
    ("text", "prompts"),
    [
        ("I'd like pictures of a lion, a tiger and a bear", ["a lion", "a tiger", "a bear"]),
        ("Draw a lion, a tiger and a bear", ["a lion", "a tiger", "a bear"]),
        ("Generate an image of a lion and of a bear", ["a lion", "a bear"]),
        ("Generate an image of a lion and a bear", ["a lion and a bear"]),
        ("Draw a picture of a lion and a bear", ["a lion and a bear"]),
    ],
)
def test_a_list_is_as_many_pictures_as_are_wished_for(brief: MakeBrief, text: str, prompts: list[str]) -> None:
    """Pictures of several things are several; one picture of them shows them all."""
    assert steps(brief, text) == [("text-to-image", {"prompt": prompt}) for prompt in prompts]
