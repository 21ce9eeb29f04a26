"""Markdown where Slack takes only mrkdwn: it reads as it was meant, and nobody is called by it."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.slack.answer_blocks import bare, fallback
from adapters.slack.markup import JOINER, escaped
from adapters.slack.markup import markdown as shown
from adapters.slack.mrkdwn import NEXT, mrkdwn
from tests.simulators.slack.blocks import check_blocks
from tests.simulators.slack.mentions import TOKEN
from tests.simulators.slack.posting import MOST_BLOCK_TEXT
from tests.simulators.slack.world import texts

LINK = re.compile(r"<(?:https?://|mailto:)[^<>|\s]+(?:\|[^<>\n]+)?>")
PIECES = st.sampled_from(
    [
        *("<!channel>", "&lt;!here&gt;", "&#60;!channel&#62;", "<@U0ABC>", "<#C1>", "@channel", "<", ">", "&", "&lt;"),
        *("*", "**", "_", "~~", "`", "```\n", "\n", "\n\n", " ", "    ", "# ", "- ", "1. ", "> ", "|", "\n|-|\n"),
        *("[", "](https://a.example/@here?x=1&y=<!channel>)", "](<!channel>)", "](javascript:x)", "![", "a", "ß", "漢"),
    ]
)
WRITTEN = st.lists(PIECES, max_size=25).map("".join)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("It is **bold**, *leaning* and ~~gone~~.", "It is *bold*, _leaning_ and ~gone~."),
        ("## The **end**\nof it", "*The end*\nof it"),
        ("**two\nlines**", "*two*\n*lines*"),
        ("***both***", "_*both*_"),
        ("[a page](https://a.example/?x=1&y=2)", "<https://a.example/?x=1&amp;y=2|a page>"),
        ("See https://a.example/a_b_c.", "See <https://a.example/a_b_c>."),
        ("<https://a.example>", "<https://a.example>"),
        ("http://a http://a, http://... *", "<http://a> <http://a>, http://... *"),
        ("[here](../a.md) and [there](javascript:x)", "here and [there](javascript:x)"),
        ("![a cat](https://a.example/cat.png)", "<https://a.example/cat.png|a cat>"),
        ("- one\n- two\n  - deeper\n    - and deeper", "• one\n• two\n    ◦ deeper\n        ▪ and deeper"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("Thus:\n\n- one\n- two\n\nAnd so.", "Thus:\n\n• one\n• two\n\nAnd so."),
        ("> said\n> she", "> said\n> she"),
        ("`a < b` and a < b && c", "`a &lt; b` and a &lt; b &amp;&amp; c"),
        ("```py\nprint('<b>')\n```", "```\nprint('&lt;b&gt;')\n```"),
        ("|a|b|\n|-|-|\n|1|<b>|\n|漢字|`x`|", "```\na     b\n────  ───\n1     &lt;b&gt;\n漢字  x\n```"),
        ("<b>x</b> &copy; &lt;i&gt;", "&lt;b&gt;x&lt;/b&gt; © &lt;i&gt;"),
        (r"5 \* 3, \*not bold\*, ~5 to ~6", "5 * 3, ∗not bold*, ∼5 to ∼6"),
        ("**太字**です", f"*太字*{NEXT}です"),
        ("one\n\n---\n\ntwo", f"one\n\n{'─' * 12}\n\ntwo"),
    ],
)
def test_it_reads_as_it_was_meant(written: str, read: str) -> None:
    """Each of Markdown's marks becomes the one that Slack has for it, or what comes closest."""
    assert mrkdwn(written) == read


@given(WRITTEN | st.text())
@example("&lt;!channel&gt;")
@example("[<!channel>](https://a.example)")
def test_nobody_is_called(text: str) -> None:
    """Whatever a model writes: the only tokens are links, and all else is escaped."""
    for made in (mrkdwn(text), mrkdwn(shown(text)), fallback(text)):
        assert not TOKEN.search(made)
        assert not re.search(r"@(channel|here|everyone)\b", made, re.IGNORECASE)
        rest = re.sub(r"^((?:    )*)> ?", r"\1", LINK.sub("", made), flags=re.MULTILINE)
        assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", rest)


@given(st.lists(st.sampled_from(["alpha", "beta", "**gamma**", "- delta", "`eta`", "\n", "\n\n", " "])).map("".join))
def test_no_word_is_lost(text: str) -> None:
    """All that was written stands there, in its order."""
    words = re.compile("alpha|beta|gamma|delta|eta")
    assert words.findall(mrkdwn(text)) == words.findall(text)


@pytest.mark.parametrize(
    "part", ["`", "[", "*", "**a", "> ", "- ", "<", "![](", "|", "_a_ ", "<!channel> ", "&", "[a](b ", "http://a "]
)
def test_nothing_that_a_model_writes_keeps_us_busy(part: str) -> None:
    """A message's worth of it is read in no time, however it repeats itself, and what comes of it is taken."""
    text, began = (part * 10_500)[:10_500], time.process_time()
    blocks = list(bare(text))
    assert time.process_time() - began < 2
    check_blocks(blocks)
    assert sum(map(len, texts(blocks))) < MOST_BLOCK_TEXT


@pytest.mark.parametrize(
    "text", [f"{'*' * 5_000}a{'*' * 5_000}", f"{'_a ' * 300}{'b_ ' * 300}", f"{'> ' * 100}a", f"{'- ' * 50}a"]
)
def test_what_is_too_deep_is_shown_as_it_was_written(text: str) -> None:
    """No word of it is lost, and nothing overflows."""
    assert mrkdwn(text) == escaped(text)
    assert "a" in fallback(text) or len(text) > 600


def test_a_long_answer_is_cut_where_nothing_breaks() -> None:
    """Code that is longer than a paragraph goes on in the next one, and no link is parted from its words."""
    link = "[words that say where it leads](https://a.example/page)"
    blocks = bare("```\n" + "x = 1\n" * 600 + "```\n\n" + " ".join([link] * 100))
    said = [block["text"]["text"] for block in blocks]
    assert len(said) > 2
    assert all(part.count("```") % 2 == 0 and part.count("<") == part.count(">") for part in said)
    assert "".join(said).count("|words that say where it leads>") == 100


def test_notifications_have_no_raw_marks() -> None:
    """What stands in them, and is read aloud, is mrkdwn as well."""
    assert fallback("**Done.** See [it](https://a.example)") == "*Done.* See <https://a.example|it>"
    assert fallback(" \n") == "…"
    assert JOINER in fallback("<!channel>")
