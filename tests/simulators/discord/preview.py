"""Draws what the bot says as HTML, so that one can see it without Discord.

``python -m tests.simulators.discord.preview OUT.html`` draws a card at every stage of an invented request.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from tests.simulators.discord.world import EPHEMERAL, Message, World

STYLE = """
body { background: #313338; color: #dbdee1; font: 15px/1.4 "gg sans", "Noto Sans", sans-serif; margin: 24px; }
.message { max-width: 640px; margin: 0 0 18px 52px; position: relative; }
.message::before { content: "J"; position: absolute; left: -52px; width: 38px; height: 38px; border-radius: 50%;
  background: #5865f2; color: #fff; text-align: center; line-height: 38px; font-weight: 700; }
.name { font-weight: 600; color: #f2f3f5; } .app { background: #5865f2; color: #fff; font-size: 10px; padding: 1px 5px;
  border-radius: 3px; margin-left: 4px; } .only { color: #949ba4; font-size: 12px; }
.container { border: 1px solid #3f4147; border-left: 4px solid var(--accent, #3f4147); border-radius: 8px;
  padding: 10px 14px; background: #2b2d31; margin: 4px 0; }
.section { display: flex; justify-content: space-between; gap: 12px; align-items: center; }
hr { border: 0; border-top: 1px solid #3f4147; margin: 8px 0; }
.sub { font-size: 12px; color: #949ba4; } h3 { margin: 4px 0; font-size: 17px; }
.row { display: flex; gap: 8px; margin: 8px 0 0; }
.button { background: #4e5058; color: #fff; border-radius: 8px; padding: 5px 14px; font-size: 14px;
  white-space: nowrap; }
.button.s1 { background: #5865f2; } .button.s3 { background: #248046; } .button.s4 { background: #da373c; }
.select { background: #1e1f22; border: 1px solid #3f4147; border-radius: 8px; padding: 8px 12px; width: 100%; }
.select div { color: #b5bac1; } .option { padding: 4px 0 0; color: #dbdee1 !important; }
.file { background: #2b2d31; border: 1px solid #3f4147; border-radius: 8px; padding: 8px 12px; margin: 6px 0; }
.gallery { display: grid; grid-template-columns: 1fr 1fr; gap: 4px; margin: 6px 0; }
.gallery div { background: #1e1f22; height: 120px; display: grid; place-items: center; border-radius: 8px; }
pre { background: #1e1f22; border: 1px solid #3f4147; border-radius: 4px; padding: 8px; white-space: pre-wrap; }
code { background: #1e1f22; border-radius: 3px; padding: 0 3px; } a { color: #00a8fc; }
blockquote { border-left: 4px solid #4e5058; margin: 0; padding-left: 10px; }
"""


def page(messages: Iterable[Message]) -> str:
    """Return a page with messages, one below the other."""
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{''.join(map(drawn, messages))}"


def drawn(message: Message) -> str:
    """Return one message."""
    only = '<div class="only">Only you can see this</div>' if message.flags & EPHEMERAL else ""
    files = "" if message.v2 else "".join(_file(file) for file in message.attachments)
    parts = "".join(_part(part) for part in message.components)
    name = f'<span class="name">{escape(message.author.name)}</span><span class="app">APP</span>'
    text = f"<div>{markdown(message.content)}</div>" if message.content else ""
    return f'<div class="message">{name}{text}{"" if message.v2 else files}{parts}{only}</div>'


def markdown(text: str) -> str:
    """Return Discord's Markdown, as far as it is used here."""
    blocks = re.split(r"(```.*?```)", text, flags=re.DOTALL)
    return "".join(_code(block) if number % 2 else _lines(block) for number, block in enumerate(blocks))


def _code(block: str) -> str:
    inner = re.sub(r"^[a-z]*\n", "", block[3:-3])
    return f"<pre>{escape(inner)}</pre>"


def _lines(text: str) -> str:
    return "".join(_line(line) for line in text.strip("\n").split("\n"))


def _line(line: str) -> str:
    for mark, before, after in (
        ("-# ", '<div class="sub">', "</div>"),
        ("> ", "<blockquote>", "</blockquote>"),
        ("### ", "<h3>", "</h3>"),
    ):
        if line.startswith(mark):
            return before + _inline(line.removeprefix(mark)) + after
    return f"<div>{_inline(line) or '&nbsp;'}</div>"


def _inline(text: str) -> str:
    text = re.sub(r"\\([\\*_`~|>#\-\[\]()])", lambda found: f"&#{ord(found.group(1))};", escape(text, quote=False))
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    return re.sub(r"\[([^\]]+)\]\((https?://[^)\s]+)\)", r'<a href="\2">\1</a>', text)


def _part(part: dict[str, Any]) -> str:
    inner = "".join(map(_part, part.get("components") or ()))
    match part["type"]:
        case 1:
            return f'<div class="row">{inner}</div>'
        case 2:
            face = f"{(part.get('emoji') or {}).get('name', '')} {part.get('label') or ''}".strip()
            return f'<span class="button s{part["style"]}">{escape(face)}</span>'
        case 3:
            return f'<div class="select"><div>{escape(part.get("placeholder") or "")} ⌄</div>{_options(part)}</div>'
        case 9:
            return f'<div class="section"><div>{inner}</div>{_part(part["accessory"])}</div>'
        case 10:
            return f"<div>{markdown(part['content'])}</div>"
        case 12:
            names = (item.get("description") or item["media"]["url"] for item in part["items"])
            return f'<div class="gallery">{"".join(f"<div>🖼 {escape(name)}</div>" for name in names)}</div>'
        case 13:
            return _file({"filename": part["file"]["url"].partition("?")[0].rpartition("/")[2]})
        case 14:
            return "<hr>"
        case 17:
            accent = f"#{part.get('accent_color') or 0x3F4147:06x}"
            return f'<div class="container" style="--accent: {accent}">{inner}</div>'
        case _:
            return f"<div>[component of type {part['type']}]</div>"


def _options(part: dict[str, Any]) -> str:
    """Return a list as it looks when it is open."""
    shown = ((escape(one["label"]), escape(one.get("description") or "")) for one in part["options"])
    return "".join(f'<div class="option">{label}<div class="sub">{about}</div></div>' for label, about in shown)


def _file(file: dict[str, Any]) -> str:
    about = f'<div class="sub">{escape(file["description"])}</div>' if file.get("description") else ""
    return f'<div class="file">📄 {escape(file["filename"])}{about}</div>'


async def invented() -> Sequence[Message]:
    """Return a request's messages at several stages."""
    from tests.simulators.discord.stages import stages

    world = World()
    where = world.dm(world.user("Ada"))
    return [Message(where, world.bot, **facts) for facts in stages()]


if __name__ == "__main__":
    import anyio

    Path(sys.argv[1]).write_text(page(anyio.run(invented)))
