from __future__ import annotations

import pytest

from adapters.links import links_in, promise


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("what is in https://example.org/cat.png ?", ("https://example.org/cat.png",)),
        ("Look at http://example.org/a.pdf.", ("http://example.org/a.pdf",)),
        ("(see https://example.org/x)", ("https://example.org/x",)),
        ("https://en.wikipedia.org/wiki/Cat_(animal)", ("https://en.wikipedia.org/wiki/Cat_(animal)",)),
        ("[a](https://example.org/a), <https://example.org/b>", ("https://example.org/a", "https://example.org/b")),
        ("HTTPS://Example.org/?q=1&r=2#top!", ("HTTPS://Example.org/?q=1&r=2#top",)),
        ("twice https://a.org https://a.org", ("https://a.org",)),
        ("ftp://a.org javascript:alert(1) file:///etc/passwd", ()),
    ],
)
def test_links_in(text: str, links: tuple[str, ...]) -> None:
    """Links are found without the sentence's punctuation around them; other schemes are no links."""
    assert links_in(text) == links


def test_a_link_is_named_after_its_path() -> None:
    """The name people see is the file's, or the host where the path names nothing."""
    assert promise("https://example.org/my%20cat.png?size=2").name == "my cat.png"
    assert promise("https://example.org/").name == "example.org"
