"""Markdown as Slack's mrkdwn, for workspaces that take no blocks of Markdown: the same words with the few marks it has.

Everything that is not a mark of ours is escaped, so nothing in it is a token of Slack's and nobody is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from adapters.links import parted
from adapters.slack.markup import escaped
from adapters.tables import aligned

MARKS = {"strong": "*", "em": "_", "s": "~"}
"""What Slack writes around words that are set off."""

BULLETS = "•◦▪"
"""Before the items of a list, by how deep it lies in others; the last one from there on."""

DEEPEST = 18
"""Of things in each other; from 20 on the parser leaves out what lies below."""

RULE = "─" * 12
NEXT = "\u200b"
"""Takes no room. A mark beside a letter means nothing to Slack unless this stands between them."""

_LISTS = frozenset({"bullet_list", "ordered_list"})
_LOOSE = re.compile(r"(?<!\w)[*~`](?=\S)")
_ALIKE = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
_FOLLOWED = re.compile(r"https?://[^/]|mailto:.")
_SHOUT = re.compile(r"@(?=(?:channel|here|everyone)\b)", re.IGNORECASE)


def mrkdwn(text: str) -> str:
    """Return Markdown as mrkdwn: headings are bold lines, tables stand in columns, pictures are links.

    What no person would write, one thing in another many times over, is shown as it was written.
    """
    tokens = _reader().parse(text)
    return _blocks(SyntaxTreeNode(tokens).children) if _depth(tokens) < DEEPEST else escaped(text)


@cache
def _reader() -> MarkdownIt:
    """Return the parser; to it tags are words, for nobody renders them."""
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def _depth(tokens: Sequence[Token]) -> int:
    """Return how many things lie in each other at most."""
    depth = deepest = 0
    for token in tokens:
        depth += token.nesting
        deepest = max(deepest, depth + (_depth(token.children) if token.children else 0))
    return deepest


# ---------------------------------------------------------------- blocks


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> str:
    """Return blocks below each other, as close as they were written."""
    made, end = "", 0
    for node in nodes:
        if shown := _block(node):
            begin = node.map[0] if node.map else end
            gap = "\n\n" if begin > end else "\n"
            made += f"{gap}{shown}" if made else shown
        end = _end(node)
    return made


def _end(node: SyntaxTreeNode) -> int:
    """Return the line after the last one with words of a block: lists count blank lines below them as theirs."""
    below = [child for child in node.children if child.map]
    return _end(below[-1]) if below else node.map[1] if node.map else 0


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "heading":
            return _marked(_inline(node, bold=True), "*")
        case "paragraph":
            return _inline(node)
        case "bullet_list" | "ordered_list":
            return "\n".join(_items(node))
        case "blockquote":
            said = _blocks(node.children)
            return said if _inside(node, {"blockquote", *_LISTS}) else _each("> ", said)
        case "fence" | "code_block":
            return _code(node.content)
        case "table":
            rows = [[_bare(cell) for cell in row.children] for part in node.children for row in part.children]
            return _code(aligned(rows))
        case "hr":
            return RULE
        case _:
            return escaped(node.content) if not node.children else _blocks(node.children)


def _items(node: SyntaxTreeNode) -> Iterable[str]:
    """Yield the items of a list; what belongs to one stands below it, further to the right."""
    first = int(node.attrs.get("start", 1))
    bullet = BULLETS[min(_inside(node, _LISTS), len(BULLETS) - 1)]
    for number, item in enumerate(node.children, first):
        mark = f"{number}." if node.type == "ordered_list" else bullet
        head, *more = _blocks(item.children).split("\n")
        yield "\n".join([f"{mark} {head}".rstrip(), *(f"    {line}".rstrip() for line in more)])


def _inside(node: SyntaxTreeNode, types: Iterable[str]) -> int:
    """Return in how many blocks of these types a block lies."""
    found, above = 0, node.parent
    while above is not None:
        found += above.type in types
        above = above.parent
    return found


def _code(text: str) -> str:
    """Return a block of code; what would end it early does not."""
    body = escaped(text.rstrip("\n")).replace("```", NEXT.join("```"))
    return f"```\n{body}\n```" if body.strip() else ""


def _each(before: str, text: str) -> str:
    return "\n".join(f"{before}{line}" for line in text.split("\n"))


# ---------------------------------------------------------------- words


def _inline(node: SyntaxTreeNode, *, bold: bool = False) -> str:
    """Return the words of a block; where all of it is ``bold``, nothing in it is anew."""
    words = (_words(part, bold=bold) for part in node.children[0].children) if node.children else ()
    return _joined(words)


def _words(node: SyntaxTreeNode, *, bold: bool) -> str:
    match node.type:
        case "text":
            return _text(node.content)
        case "code_inline":
            return f"`{escaped(node.content.translate(_ALIKE))}`" if node.content.strip() else ""
        case "strong" if bold:
            return _joined(_words(part, bold=True) for part in node.children)
        case "strong" | "em" | "s":
            inside = bold or node.type == "strong"
            return _marked(_joined(_words(part, bold=inside) for part in node.children), MARKS[node.type])
        case "link":
            return _link(str(node.attrs.get("href", "")), _bare(node))
        case "image":
            return _link(str(node.attrs.get("src", "")), _bare(node))
        case "softbreak" | "hardbreak":
            return "\n"
        case _:
            return escaped(node.content)


def _text(text: str) -> str:
    """Return plain words, in which addresses can be clicked and nothing sets anything off."""
    return "".join(f"{_plain(words)}{_link(link, link)}" for words, link in parted(text))


def _plain(text: str) -> str:
    return escaped(_LOOSE.sub(lambda found: found.group().translate(_ALIKE), text))


def _link(address: str, label: str) -> str:
    """Return words that lead somewhere; just the words where Slack would not follow."""
    said = " ".join(label.split())
    if not _FOLLOWED.match(address):
        return escaped(said)
    where = _SHOUT.sub("%40", address).replace("&", "&amp;").replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
    return f"<{where}>" if said in {"", address} else f"<{where}|{escaped(said)}>"


def _bare(node: SyntaxTreeNode) -> str:
    """Return the words of a node without any mark."""
    if node.type in {"softbreak", "hardbreak"}:
        return " "
    return "".join(map(_bare, node.children)) if node.children else node.content


def _marked(text: str, mark: str) -> str:
    """Return words that are set off, line by line: Slack's marks do not reach over the end of one."""
    return "\n".join(f"{mark}{line}{mark}" if line.strip() else line for line in text.split("\n"))


def _joined(parts: Iterable[str]) -> str:
    """Return pieces in a row, with something between a mark and a letter."""
    made = ""
    for part in parts:
        made += NEXT + part if made and part and _touch(made[-1], part[0]) else part
    return made


def _touch(before: str, after: str) -> bool:
    marks = {*MARKS.values(), "`"}
    return (before in marks and after.isalnum()) or (before.isalnum() and after in marks)
