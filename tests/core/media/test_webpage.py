from __future__ import annotations

import pytest

from core.errors import BadInput
from core.media.probe import Bounds, probe
from core.media.webpage import is_page, readable
from core.types import Kind, Media

BOUNDS = Bounds(pixels=1, seconds=1, pages=1, chars=1_000)

PAGE = """<!DOCTYPE html>
<html><head><title>Foxes &amp; hens</title><style>p { color: red }</style></head>
<body><nav><a href="/">Home</a> <a href="/more">More</a></nav>
<h1>On foxes</h1>
<p>Foxes are <b>red</b>,
   and   clever.<p>They eat:
<ul><li>mice<li>berries</ul>
<table><tr><td>Weight</td><td>6 kg</td></tr></table>
<script>if (a < b) { document.write("<p>no</p>") }</script>
<footer>Imprint</footer></body></html>"""

TEXT = "Foxes & hens\n\nOn foxes\n\nFoxes are red, and clever.\n\nThey eat:\n\n- mice\n- berries\n\nWeight 6 kg"


def page(source: str) -> Media:
    """Return a page as it arrives."""
    return Media(data=source.encode(), kind=Kind.TEXT, mime="text/plain", name="foxes")


def test_a_page_becomes_what_is_read_on_it() -> None:
    """Title, headings, paragraphs, lists and tables stay; scripts, styles, menus and signs for letters do not."""
    assert readable(PAGE) == TEXT


def test_the_main_part_is_enough() -> None:
    """Where a page names its main part, and there is something in it, what stands around it is left out."""
    main = "Foxes live in burrows. " * 20
    assert readable(f"<html><body><div>Buy now!</div><main><p>{main}</main><div>Cookies</div>") == main.strip()
    assert "Buy now!" in readable("<html><body><div>Buy now!</div><main><p>Foxes</main>")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (PAGE, True),
        ("<?xml version='1.0'?>\n<!-- hello -->\n<html xmlns='x'>", True),
        ("\ufeff\n<HTML>", True),
        ("How do I write <html> in a text?", False),
        ("<note><body>XML</body></note>", False),
        ("", False),
    ],
)
def test_pages_are_told_from_other_texts(text: str, *, is_one: bool) -> None:
    """A page begins as pages do; texts about pages are texts."""
    assert is_page(text) is is_one


@pytest.mark.parametrize("cut", range(0, len(PAGE), 7))
def test_any_part_of_a_page_can_be_read(cut: int) -> None:
    """What is cut off anywhere, or nested beyond reason, is read as far as it goes."""
    assert isinstance(readable(PAGE[:cut] + "<div>" * 2_000), str)


def test_a_probed_page_tells_its_text() -> None:
    """The facts hold the text to keep, and count its characters."""
    kind, facts = probe(page(PAGE), BOUNDS)
    assert (kind, facts["text"], facts["chars"]) == (Kind.TEXT, TEXT, len(TEXT))


def test_bounds_hold_for_what_is_read() -> None:
    """A page may be large for its scripts' sake; only too much text is too much."""
    probe(page(PAGE.replace("if (a", "x" * 5_000)), BOUNDS)
    with pytest.raises(BadInput, match="characters"):
        probe(page(f"<html><p>{'word ' * 1_000}"), BOUNDS)


def test_a_page_of_scripts_says_so() -> None:
    """A page that is empty until scripts fill it is refused in words."""
    with pytest.raises(BadInput, match="without its scripts"):
        probe(page("<html><body><div id=root></div><script>go()</script></body></html>"), BOUNDS)
