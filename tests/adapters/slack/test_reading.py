"""Slack's markup, read as people read it."""

from __future__ import annotations

import pytest

from adapters.slack.reading import mentioned, words

NAMES = {"U2": "Bob"}


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("<@U1> hello", "hello"),
        ("hello <@U1>  there", "hello there"),
        ("ask <@U2> or <@U3> or <@U4|dora>", "ask @Bob or @U3 or @dora"),
        ("in <#C1|general> and <#C2>", "in #general and #C2"),
        ("<!channel> <!here> <!subteam^S1|@team> <!date^1^{date}|today>", "@channel @here @team today"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("see <https://a.example/x?a=1&amp;b=2>", "see https://a.example/x?a=1&b=2"),
        ("see <https://a.example/x|a.example/x>", "see https://a.example/x"),
        ("see <https://a.example/x|this picture>", "see this picture (https://a.example/x)"),
        ("write <mailto:ada@a.example|ada@a.example>", "write ada@a.example"),
        ("```a  <  b```\nkeep  gaps", "```a  <  b```\nkeep  gaps"),
        ("", ""),
    ],
)
def test_what_is_read(said: str, read: str) -> None:
    """Mentions become names, our own goes, links stay links, escapes are undone."""
    assert words(said, "U1", NAMES) == read


def test_who_is_mentioned() -> None:
    """People are, channels and groups are not."""
    assert mentioned("<@U1> <@W2|x> <#C1> <!here>") == ["U1", "W2"]
