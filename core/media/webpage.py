"""Web pages as text to read: what a person would read on them, without scripts, menus and forms."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_PAGE = re.compile(
    r"\ufeff?(?:<\?xml[^>]*+>|(?><!--.*?-->)|\s)*+<(?:!doctype\s+html|html|head|body)\b", re.DOTALL | re.IGNORECASE
)
_SILENT = frozenset(
    {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "canvas", "nav", "footer", "aside",
     "button", "select", "dialog"}
)  # fmt: skip
"""Elements that hold nothing to read."""

_BLOCKS = frozenset(
    {"p", "div", "section", "article", "main", "header", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl",
     "dt", "dd", "table", "tr", "blockquote", "pre", "figure", "br", "hr"}
)  # fmt: skip
_APART = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "section", "article"}
)
"""Blocks with an empty line around them."""

_MAIN = frozenset({"main", "article"})
_ENOUGH = 200
"""Characters from which on what a page calls its main part is taken for the whole of it."""


def is_page(text: str) -> bool:
    """Whether a text is the source of a web page."""
    return _PAGE.match(text[:10_000]) is not None


def readable(source: str) -> str:
    """Return what there is to read on a page: its title, then paragraphs with empty lines between; may be empty."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    main = _tidy(reader.main)
    body = main if len(main) >= _ENOUGH else _tidy(reader.all)
    title = " ".join("".join(reader.title).split())
    return body if title in ("", body.partition("\n")[0]) else f"{title}\n\n{body}".strip()


class _Reader(HTMLParser):
    """Gathers text. Elements that are never closed, as in most pages, close with those around them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title: list[str] = []
        self.all: list[str] = []
        self.main: list[str] = []
        self._silent: list[str] = []
        self._mains = 0
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        self._in_title = tag == "title" and not self._silent
        self._mains += tag in _MAIN
        self._break(tag)
        if tag == "li":
            self._write("- ")
        elif tag in ("td", "th"):
            self._write(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False
        if tag in self._silent:
            while self._silent.pop() != tag:
                pass
        self._break(tag)
        self._mains = max(0, self._mains - (tag in _MAIN))

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
        else:
            self._write(re.sub(r"\s+", " ", data))

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._write("\n\n" if tag in _APART else "\n")

    def _write(self, text: str) -> None:
        if self._silent:
            return
        self.all.append(text)
        if self._mains:
            self.main.append(text)


def _tidy(parts: list[str]) -> str:
    lines = [" ".join(line.split()) for line in "".join(parts).split("\n")]
    told = "\n".join("" if line == "-" else line for line in lines)
    return re.sub(r"\n{3,}", "\n\n", told).strip()
