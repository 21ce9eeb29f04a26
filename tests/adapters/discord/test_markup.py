from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.markup import LIMIT, dialect, literal
from adapters.split import split as split_at

LINK = "[a long name of a link](https://a.example/" + "p" * 80 + ")"
LINES = st.lists(st.sampled_from(["```python", "```", "word " * 30, "x" * 2500, LINK, "", "~~~", LINK * 30, "- item"]))


def split(text: str) -> list[str]:
    """A text as Discord gets it."""
    return split_at(text, LIMIT)


def open_fences(piece: str) -> int:
    """How many code blocks a piece leaves open."""
    mark = ""
    for line in piece.split("\n"):
        found = re.match(r"\s*(`{3,}|~{3,})(.*)$", line)
        if found and not mark:
            mark = found.group(1)
        elif found and found.group(1).startswith(mark) and not found.group(2).strip():
            mark = ""
    return bool(mark)


@given(LINES)
def test_every_piece_fits_and_is_whole(lines: list[str]) -> None:
    """No piece is longer than Discord takes or empty, and each closes the code block that it opens."""
    for piece in split("\n".join(lines)):
        assert 0 < len(piece) <= LIMIT
        assert piece.strip()
        assert not open_fences(piece)


@given(LINES, st.integers(0, 400))
def test_pieces_stay_as_they_are_while_a_text_grows(lines: list[str], cut: int) -> None:
    """All pieces but the last two of what is written so far are those of the whole text."""
    text = "\n".join(lines)
    before, after = split(text[: len(text) - cut]), split(text)
    assert after[: max(len(before) - 2, 0)] == before[:-2] or len(before) < 3


@given(LINES)
def test_nothing_is_lost(lines: list[str]) -> None:
    """Every letter that is no space is in the pieces, in order; only fences are said again."""
    text = "\n".join(lines)

    def bare(said: str) -> str:
        return re.sub(r"\s|```(python)?|~~~", "", said)

    assert bare("".join(split(text))) == bare(text)


def test_a_link_is_never_broken() -> None:
    """A link moves to the next piece as a whole."""
    text = " ".join([LINK] * 60)
    assert sum(piece.count(LINK) for piece in split(text)) == 60


def test_code_goes_on_as_code() -> None:
    """A long code block is closed at the end of a piece and opened again in its language."""
    first, second, *_ = split("```python\n" + "x = 1\n" * 600 + "```")
    assert first.endswith("\n```")
    assert second.startswith("```python\nx = 1")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("| a | b |\n|---|---|\n| 1 | 22 |\n\nEnd", "```\na  b\n─  ──\n1  22\n```\n\nEnd"),
        ("##### Deep", "**Deep**"),
        ("### Fine", "### Fine"),
        ("![cat](https://a.example/cat.png)", "[cat](https://a.example/cat.png)"),
        ("```\n| a |\n|---|\n##### x\n```", "```\n| a |\n|---|\n##### x\n```"),
    ],
)
def test_markdown_in_discords_dialect(said: str, shown: str) -> None:
    """What Discord does not know is said in what it knows; code stays as it is."""
    assert dialect(said) == shown


def test_what_others_say_is_no_markup() -> None:
    """Stars, ticks and lines of a file's name or a model's words are shown as they are, cut to length."""
    assert literal("*a*\n`b`", 40) == r"\*a\* \`b\`"
    assert len(literal("x" * 100, 10)) == 10


@pytest.mark.parametrize("piece", ["![", "[", "#### x ", "| ", "`", "```\n", "[a](", "|-", "*_", "http://", "~~~\n"])
@pytest.mark.parametrize("tail", ["", "y", ")", "\n| a |\n"])
def test_hostile_text_does_not_keep_us_busy(piece: str, tail: str) -> None:
    """A hundred thousand letters of what could drive a pattern mad are laid out like any others."""
    text = piece * (100_000 // len(piece)) + tail
    spaces = f"#### x{' ' * 100_000}y"
    for said in (text, spaces):
        assert all(len(part) <= LIMIT for part in split(dialect(said)))
