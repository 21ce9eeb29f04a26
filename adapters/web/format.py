"""Blocks as the page's chat messages: Markdown, with players where there is something to see or hear."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import PurePosixPath
from typing import Any, TypeAlias

from adapters.render import Block, Calls, Files, Hidden, Notice, Question, Step, Text, Wait, blocks, providers
from adapters.web.files import link
from core.events import State, Trace
from core.types import Artifact, Kind

Message: TypeAlias = dict[str, Any]
"""A message as Gradio's Chatbot takes it."""

ICONS = {
    State.WAITING: "○",
    State.RUNNING: "",  # Gradio turns a wheel there
    State.DONE: "✓",
    State.FAILED: "✗",
    State.SKIPPED: "–",
    State.CANCELLED: "■",
}
WORDS = {State.FAILED: "failed", State.SKIPPED: "not run", State.CANCELLED: "not finished"}
"""Of states that a sign alone does not tell."""

_CODE = re.compile(r"(```.*?(?:```|\Z)|`[^`\n]*`)", re.DOTALL)

UNSHOWN = re.compile(
    r"image/(svg\+xml|tiff|hei[cf])|audio/(x-)?(aiff|amr|caf|flv|mp2[pt]|matroska|ms-wma|msvideo)"
    r"|video/(x-)?(flv|matroska|mp2t|mpeg|ms-wmv|msvideo)"
)
"""Pictures, sound and films that few browsers show: a link is better than a player that stays black."""

REMEMBERED = "remembered"

ENDING_CHARS = 5
"""Of a file's ending that says what sort of file it is."""

LABEL_CHARS = 60
"""Of a value that may stand in a line; a longer one gets a box of its own."""


def asked(text: str, files: Sequence[tuple[str, str, str]]) -> Message:
    """Return what a person said as a message; each file is (sha256, name, mime)."""
    media = "\n".join(player(link(sha256, name), name, mime) for sha256, name, mime in files)
    return {"role": "user", "content": "\n\n".join(part for part in (literal(text), media) if part) or "…"}


def answered(trace: Trace) -> list[Message]:
    """Return how far a request is: each task as a step that can be opened, then the answer and its files."""
    found = [message for block in _merged(blocks(trace)) for message in _message(block)]
    return found or [said("…" if not trace.over else "")]


def said(text: str) -> Message:
    """Return something JARVIS says."""
    return {"role": "assistant", "content": text}


def player(url: str, name: str, mime: str) -> str:
    """Return the HTML that shows a file: a picture, a player, or a link to save it."""
    source, label = escape(url), escape(name)
    match "" if UNSHOWN.fullmatch(mime) else mime.partition("/")[0]:
        case "image":
            return f'<a href="{source}" target="_blank"><img src="{source}" alt="{label}"></a>'
        case "audio":
            return f'<audio controls preload="metadata" src="{source}" title="{label}"></audio>'
        case "video":
            return f'<video controls preload="metadata" src="{source}" title="{label}"></video>'
        case _:
            ending = escape(PurePosixPath(name).suffix[1:].upper()[:ENDING_CHARS])
            sort = f"<small>{ending}</small> " if ending else ""
            return f'<a class="file" href="{source}" download="{label}" target="_blank">{sort}{label}</a>'


def literal(text: str) -> str:
    """Return text so that Markdown and HTML show it as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#+\-!|~$&])", r"\\\1", text)


def markup(text: str) -> str:
    """Return an answer's Markdown with every tag in it shown as the characters it is made of, code left alone."""
    parts = _CODE.split(text)  # what is code stands at the odd places
    return "".join(part if number % 2 else part.replace("<", "&lt;") for number, part in enumerate(parts))


def boxed(text: str) -> str:
    """Return text in a box that nothing inside can leave: what files and models say is no markup."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _merged(found: Iterable[Block]) -> Iterable[Block | tuple[Text, Files]]:
    """Put the answer's files into the message of its words."""
    waiting: Text | None = None
    for block in found:
        if isinstance(block, Text):
            waiting = block
        elif isinstance(block, Files) and waiting is not None:
            yield waiting, block
            waiting = None
        else:
            yield block
    if waiting is not None:
        yield waiting


def _message(block: Block | tuple[Text, Files]) -> Iterable[Message]:
    match block:
        case Step():
            yield _step(block)
        case Calls(lines, whole):
            yield _calls(lines, whole)
        case Notice(text):
            yield said(f"⚠ {literal(text)}")
        case Text(text, whole):
            yield said(markup(text) if whole else f"{markup(text)} …")
        case Wait(text):
            yield said(f"Waiting: {literal(text)}")
        case Question(text):
            yield said(f"**{literal(text)}**")
        case Files(artifacts, hidden):
            yield said(_media(artifacts, hidden))
        case Text(text), Files(artifacts, hidden):
            yield said(f"{markup(text)}\n\n{_media(artifacts, hidden)}")


def _step(step: Step) -> Message:
    end = REMEMBERED if step.cached else WORDS.get(step.state, "")
    where = " · ".join(part for part in (step.model, step.place, providers(step), end) if part)
    icon = f'<span class="state {step.state}">{ICONS[step.state]}</span> ' if ICONS[step.state] else ""
    title = f"{icon}**{literal(step.type)}**"
    metadata: dict[str, Any] = {"id": step.task, "title": title, "log": where}
    metadata["status"] = "pending" if step.state is State.RUNNING else "done"
    if step.seconds is not None and not step.cached:
        metadata["duration"] = round(step.seconds, 2)
    return {"role": "assistant", "content": _details(step), "metadata": metadata}


def _calls(lines: Sequence[str], whole: str) -> Message:
    content = "\n".join(f"- {literal(line)}" for line in lines)
    metadata = {"title": "**language model**", "log": whole, "status": "done"}
    return {"role": "assistant", "content": content, "metadata": metadata}


def _details(step: Step) -> str:
    lines = [_facts(step), step.problem and f"**{literal(step.problem)}**"]
    lines += [_value(name, value) for name, value in step.values]
    lines += [_media(step.files, step.hidden)] if step.files else []
    return "\n\n".join(line for line in lines if line) or "Waiting for its turn."


def _facts(step: Step) -> str:
    facts = {
        "Model": step.model and literal(step.model),
        "Place": step.place,
        "By": literal(providers(step)),
        "Why": step.why and literal(step.why),
        "Time": _seconds(step),
        "Round": str(step.round + 1) if step.round else "",
        "Input": ", ".join(f"{literal(name)}: {literal(value[:LABEL_CHARS])}" for name, value in step.args),
        "Now": _progress(step),
    }
    return "  \n".join(f"**{name}** {value}" for name, value in facts.items() if value)


def _seconds(step: Step) -> str:
    if step.cached:
        return f"none: {REMEMBERED} from an earlier run"
    return "" if step.seconds is None else f"{step.seconds:.2f} s"


def _progress(step: Step) -> str:
    share = "" if step.progress is None else f"{step.progress:.0%}"
    return " ".join(part for part in (share, literal(step.note)) if part)


def _value(name: str, value: str) -> str:
    if len(value) <= LABEL_CHARS and "\n" not in value:
        return f"**{literal(name)}** {literal(value)}"
    return f"**{literal(name)}**\n{boxed(value)}"


def _media(artifacts: Sequence[Artifact], hidden: Hidden) -> str:
    return "\n".join(_shown(file, hidden.get(file.sha256, "")) for file in artifacts)


def _shown(file: Artifact, why: str) -> str:
    """Return the HTML of a file; where there is a reason against it, it has to be opened first."""
    html = player(link(file.sha256, file.name), file.name, _mime(file))
    if not why:
        return html
    words = escape(f"⚠ {file.name} is hidden: {why}. Click to see it.")
    return f'<details class="hidden"><summary>{words}</summary>{html}</details>'


def _mime(file: Artifact) -> str:
    known = {Kind.IMAGE: "image/", Kind.AUDIO: "audio/", Kind.VIDEO: "video/"}
    return file.mime or known.get(file.kind, "")
