"""Draws what the bot says as HTML, so that one can see it without Slack.

``python -m tests.simulators.slack.preview OUT.html`` draws an invented request at every stage.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any

from tests.simulators.slack.streams import shown
from tests.simulators.slack.views import View
from tests.simulators.slack.world import Message

STYLE = """
body { background: #fff; color: #1d1c1d; font: 15px/1.47 Lato, "Noto Sans", sans-serif; margin: 24px; }
.message { max-width: 640px; margin: 0 0 18px 46px; position: relative; }
.message::before { content: "J"; position: absolute; left: -46px; width: 36px; height: 36px; border-radius: 8px;
  background: #4a154b; color: #fff; text-align: center; line-height: 36px; font-weight: 700; }
.name { font-weight: 900; } .app { background: #e8e8e8; color: #616061; font-size: 10px; font-weight: 700;
  padding: 1px 4px; border-radius: 2px; margin-left: 5px; } .small { color: #616061; font-size: 13px; }
.section { display: flex; justify-content: space-between; gap: 12px; margin: 4px 0; }
.header { font-size: 18px; font-weight: 900; margin: 6px 0; }
.row { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0; }
.button { border: 1px solid #bbbabb; border-radius: 8px; padding: 4px 12px; font-weight: 700; font-size: 14px; }
.button.primary { background: #007a5a; color: #fff; border-color: #007a5a; }
.button.danger { color: #e01e5a; border-color: #e01e5a; }
.file, .image, .card { border: 1px solid #ddd; border-radius: 8px; padding: 8px 12px; margin: 6px 0; }
.plan { border-left: 3px solid #ddd; padding-left: 12px; margin: 6px 0; }
.field { border: 1px solid #868686; border-radius: 4px; padding: 8px; margin: 4px 0 10px; color: #616061; }
.view { border: 1px solid #ddd; border-radius: 8px; width: 520px; padding: 16px 20px; margin: 0 0 18px;
  box-shadow: 0 0 12px #0002; }
pre { background: #f8f8f8; border: 1px solid #ddd; border-radius: 4px; padding: 8px; white-space: pre-wrap; }
code { background: #f8f8f8; border: 1px solid #ddd; border-radius: 3px; color: #e01e5a; padding: 0 3px; }
blockquote { border-left: 4px solid #ddd; margin: 0; padding-left: 12px; } a { color: #1264a3; }
hr { border: 0; border-top: 1px solid #ddd; } table { border-collapse: collapse; }
td { border: 1px solid #ddd; padding: 4px 8px; }
"""
MARKS = {"pending": "○", "in_progress": "◔", "complete": "✓", "error": "⚠"}


def page(things: Iterable[Message | View]) -> str:
    """Return a page with messages and views, one below the other."""
    drawn = (view(one) if isinstance(one, View) else message(one) for one in things)
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{''.join(drawn)}"


def message(one: Message) -> str:
    """Return one message."""
    only = '<div class="small">Only visible to you</div>' if one.for_only else ""
    name = f'<span class="name">{escape(one.author.name)}</span><span class="app">APP</span>'
    live = one.stream and one.stream.live
    blocks = shown(one.stream) if one.stream and live else one.blocks
    inner = "".join(map(block, blocks)) or f"<div>{mrkdwn(one.text)}</div>"
    files = "".join(_file(file.name, file.alt) for file in one.files)
    return f'<div class="message">{name}{only}{inner}{files}{"<div class=small>…</div>" if live else ""}</div>'


def view(one: View) -> str:
    """Return a modal or a home."""
    ends = [one.body.get("close"), one.body.get("submit")]
    buttons = "".join(f'<span class="button">{escape(end["text"])}</span>' for end in ends if end)
    title = f'<div class="header">{escape(one.title)}</div>' if one.title else ""
    return f'<div class="view">{title}{"".join(map(block, one.blocks))}<div class="row">{buttons}</div></div>'


def block(part: dict[str, Any]) -> str:
    """Return one block."""
    kind = part["type"]
    return BLOCKS[kind](part) if kind in BLOCKS else f"<div>[block of type {kind}]</div>"


def _section(part: dict[str, Any]) -> str:
    fields = "".join(f"<div>{_text(one)}</div>" for one in part.get("fields") or ())
    side = element(part["accessory"]) if part.get("accessory") else ""
    return f'<div class="section"><div>{_text(part.get("text"))}{fields}</div>{side}</div>'


def _row(part: dict[str, Any]) -> str:
    return f'<div class="row">{"".join(map(element, part["elements"]))}</div>'


def _plan(part: dict[str, Any]) -> str:
    return f'<b>{escape(part["title"])}</b><div class="plan">{"".join(map(block, part["tasks"]))}</div>'


def _table(part: dict[str, Any]) -> str:
    rows = ("".join(f"<td>{_cell(cell)}</td>" for cell in row) for row in part["rows"])
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def element(part: dict[str, Any]) -> str:
    """Return one element."""
    match part["type"]:
        case "button":
            return f'<span class="button {part.get("style", "")}">{_text(part["text"])}</span>'
        case "image":
            return f'<div class="image">🖼 {escape(part["alt_text"])}</div>'
        case "feedback_buttons":
            sides = (part["positive_button"], part["negative_button"])
            return "".join(f'<span class="button">{_text(side["text"])}</span>' for side in sides)
        case "plain_text" | "mrkdwn":
            return _text(part)
        case "static_select" | "radio_buttons" | "checkboxes" | "multi_static_select" | "overflow":
            chosen = part.get("initial_option") or {"text": part.get("placeholder") or {"text": "⋯"}}
            return f'<span class="button">{escape(chosen["text"]["text"])} ▾</span>'
        case "icon_button":
            return f'<span class="button">🗑 {_text(part["text"])}</span>'
        case _:
            words = part.get("initial_value") or (part.get("placeholder") or {}).get("text", "")
            return f'<div class="field">{escape(words) or "&nbsp;"}</div>'


def mrkdwn(text: str) -> str:
    """Return Slack's own markup, as far as it is used here."""
    safe = re.sub(r"<(https?://[^|>]+)\|([^>]+)>", r"\0\1\0\2\0", text)
    safe = escape(safe.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"), quote=False)
    safe = re.sub("\0([^\0]+)\0([^\0]+)\0", r'<a href="\1">\2</a>', safe)
    safe = re.sub(r"`([^`]+)`", r"<code>\1</code>", safe)
    safe = re.sub(r"(?<!\w)\*(.+?)\*(?!\w)", r"<b>\1</b>", safe)
    safe = re.sub(r"(?<!\w)_(.+?)_(?!\w)", r"<i>\1</i>", safe)
    return safe.replace("\n", "<br>")


def markdown(text: str) -> str:
    """Return common Markdown, as far as it is used here."""
    pieces = re.split(r"(```.*?```)", text, flags=re.DOTALL)
    return "".join(_code(one) if number % 2 else _lines(one) for number, one in enumerate(pieces))


def _code(piece: str) -> str:
    inner = re.sub(r"^[a-z]*\n", "", piece[3:-3])
    return f"<pre>{escape(inner)}</pre>"


def _lines(piece: str) -> str:
    return "".join(map(_line, piece.strip("\n").split("\n")))


def _line(line: str) -> str:
    if line.startswith("> "):
        return f"<blockquote>{_inline(line[2:])}</blockquote>"
    return f"<div>{_inline(line) or '&nbsp;'}</div>"


def _inline(line: str) -> str:
    line = re.sub(r"\\([\\*_`~|>#\-\[\]()<&!])", lambda found: f"&#{ord(found.group(1))};", line)
    line = re.sub(r"^#+ (.*)", r"**\1**", re.sub(r"^[-*] ", "• ", line)).replace("<", "&lt;")
    line = re.sub(r"`([^`]+)`", r"<code>\1</code>", line)
    line = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", line)
    return re.sub(r"\[([^\]]+)\]\((https?://[^)\s]+)\)", r'<a href="\2">\1</a>', line)


def _text(text: dict[str, Any] | None) -> str:
    if not text:
        return ""
    words = str(text["text"])
    return mrkdwn(words) if text["type"] == "mrkdwn" else escape(words).replace("\n", "<br>")


def _rich(part: dict[str, Any]) -> str:
    inner = "".join(
        _rich(one) if "elements" in one else escape(str(one.get("text") or one.get("url") or "")).replace("\n", "<br>")
        for one in part["elements"]
    )
    tag = {"rich_text_preformatted": "pre", "rich_text_quote": "blockquote"}.get(part["type"], "div")
    return f"<{tag}>{inner}</{tag}>"


def _task(part: dict[str, Any]) -> str:
    more = "".join(f'<div class="small">{block(part[name])}</div>' for name in ("details", "output") if part.get(name))
    links = " ".join(f'<a href="{escape(one["url"])}">{escape(one["text"])}</a>' for one in part.get("sources") or ())
    mark = MARKS[part.get("status", "pending")]
    return f'<div>{mark} {escape(part["title"])}{more}<div class="small">{links}</div></div>'


def _cell(cell: dict[str, Any]) -> str:
    return block(cell) if cell["type"] == "rich_text" else escape(str(cell.get("text", "")))


def _file(name: str, about: str) -> str:
    return f'<div class="file">📄 {escape(name)}<div class="small">{escape(about)}</div></div>'


BLOCKS: dict[str, Callable[[dict[str, Any]], str]] = {
    "section": _section,
    "actions": _row,
    "context_actions": _row,
    "context": lambda part: f'<div class="small">{" ".join(map(element, part["elements"]))}</div>',
    "header": lambda part: f'<div class="header">{_text(part["text"])}</div>',
    "divider": lambda _part: "<hr>",
    "image": element,
    "markdown": lambda part: markdown(part["text"]),
    "rich_text": lambda part: "".join(map(_rich, part["elements"])),
    "input": lambda part: f"<div><b>{_text(part['label'])}</b></div><div>{element(part['element'])}</div>",
    "plan": _plan,
    "task_card": _task,
    "table": _table,
}


if __name__ == "__main__":
    import anyio

    from tests.simulators.slack.stages import invented

    Path(sys.argv[1]).write_text(page(anyio.run(invented)))
