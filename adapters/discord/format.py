"""Traces as Discord shows them: the live card of the plan, its receipt, and the sheets that the answer is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import discord
from discord import ui

from adapters.discord.markup import dialect, literal
from adapters.discord.press import Press, Verb
from adapters.discord.split import LIMIT, split
from adapters.render import Step, Text, blocks, calls, notices, steps
from core.events import State, Trace
from core.types import Artifact, ArtifactRef, Place, Request, TaskRef

CARD_CHARS = 3_600
"""Of a card's steps: with heading and footing it stays below the 4,000 that Discord allows over all texts."""

PARTS = 4
"""Messages that one answer may fill; a longer one comes as a file, too."""

PLAN = "answer.md"
GRAPH = "plan.png"
FEW = 4
"""Steps that need no picture."""


ICONS = {
    State.WAITING: "▫️",
    State.RUNNING: "⏳",
    State.DONE: "✅",
    State.FAILED: "❌",
    State.SKIPPED: "⏭️",
    State.CANCELLED: "⏹️",
}
PLACES = {Place.LOCAL: "🖥️ own device", Place.REMOTE: "☁️ cloud", Place.EMBEDDED: "📦 embedded"}
COLOURS = {"running": 0x5865F2, "done": 0x3BA55D, "failed": 0xED4245, "stopped": 0x99AAB5}

Item: TypeAlias = ui.Item[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One message of the answer."""

    text: str = ""
    files: tuple[Artifact, ...] = ()
    whole: str = ""  # the text of an answer that is too long, to go along as a file
    buttons: tuple[Press, ...] = field(default=())


class Layout(ui.LayoutView):
    """A message made of components. It listens to nothing itself: presses are told apart by what they say."""

    def __init__(self, *items: Item) -> None:
        super().__init__(timeout=None)
        for item in items:
            self.add_item(item)
        self.stop()


class Row(ui.View):
    """Buttons below a plain message; they listen to nothing themselves."""

    def __init__(self, *items: Item) -> None:
        super().__init__(timeout=None)
        for item in items:
            self.add_item(item)
        self.stop()


def picture(view: Layout) -> str:
    """Return what a layout looks like, to be compared."""
    parts: list[Any] = view.to_components()  # type: ignore[no-untyped-call]
    return repr(parts)


# ---------------------------------------------------------------- the card


def card(request: Request, trace: Trace) -> Layout:
    """Return the plan as far as it is, with a button that stops it."""
    row: ui.ActionRow[Layout] = ui.ActionRow(button(Press.on(Verb.STOP, request)))
    return Layout(_frame("running", [heading(trace), *lines(trace)]), row)


def receipt(request: Request, trace: Trace, *, pictured: bool = False) -> Layout:
    """Return what the card folds to at the end: one line, and a button that tells the rest.

    ``pictured``: the file ``plan.png`` goes along, which shows a larger plan as a graph.
    """
    line = ui.TextDisplay[Layout](f"{verdict(trace)} {summary(trace)}")
    troubles = [ui.TextDisplay[Layout](f"⚠️ {literal(one.text, 300)}") for one in notices(trace)[:5]]
    section = ui.Section[Layout](line, accessory=button(Press.on(Verb.DETAILS, request)))
    drawn = [ui.MediaGallery[Layout](discord.MediaGalleryItem(f"attachment://{GRAPH}", description=heading(trace)))]
    items = [section, *troubles, *(drawn if pictured else [])]
    return Layout(ui.Container(*items, accent_colour=COLOURS[outcome(trace)]))


def is_large(trace: Trace) -> bool:
    """Whether a plan has so many steps that a picture says more than lines."""
    return len(trace.tasks) > FEW


def details(trace: Trace) -> Layout:
    """Return the whole plan as it went."""
    asked = [f"-# language model: {literal(line, 200)}" for line in calls(trace).lines] if trace.consulted else []
    return Layout(_frame(outcome(trace), [heading(trace), *lines(trace), *asked]))


def heading(trace: Trace) -> str:
    """Return the card's first line."""
    if not trace.tasks:
        return "**Thinking …**" if not trace.over else "**No step was needed.**"
    states = [trace.state(task) for task in trace.tasks]
    done = sum(state is State.DONE for state in states)
    count = "1 step" if len(states) == 1 else f"{len(states)} steps"
    return f"**Plan** · {count}, {done} done"


def lines(trace: Trace) -> list[str]:
    """Return a text for each step and notice, as many as fit and the rest as a number."""
    found = [*(_step(trace, step) for step in steps(trace)), *(f"⚠️ {literal(one.text, 300)}" for one in notices(trace))]
    shown: list[str] = []
    for number, text in enumerate(found):
        if sum(map(len, shown)) + len(text) > CARD_CHARS:
            return [*shown, f"-# … and {len(found) - number} more"]
        shown.append(text)
    return shown


def _frame(how: str, texts: Sequence[str]) -> ui.Container[Layout]:
    return ui.Container(ui.TextDisplay("\n".join(texts)), accent_colour=COLOURS[how])


def _step(trace: Trace, step: Step) -> str:
    again = f" · round {step.round + 1}" if step.round else ""
    head = f"{ICONS[step.state]} **{step.task + 1} · {literal(step.type, 60)}**{_inputs(trace, step.task)}{again}"
    facts = [literal(step.model, 80) if step.model else "", PLACES[step.place] if step.place else "", _pace(step)]
    under = " · ".join(fact for fact in [*facts, literal(step.note, 60), literal(step.why, 120)] if fact)
    problem = f"\n-# {literal(step.problem, 200)}" if step.problem else ""
    return head + (f"\n-# {under}" if under else "") + problem


def _inputs(trace: Trace, number: int) -> str:
    """Return what a step waits for or reads: numbers of other steps, names of files."""
    named = []
    for ref in trace.tasks[number].references():
        match ref:
            case TaskRef(other):
                named.append(str(other + 1))
            case ArtifactRef(file):
                named.append(literal(trace.artifacts[file].name, 40) if file in trace.artifacts else "a file")
    return f" ← {', '.join(dict.fromkeys(named))}" if named else ""


def _pace(step: Step) -> str:
    if step.cached:
        return "remembered"
    if step.seconds is not None:
        return seconds(step.seconds)
    if step.progress is None:
        return ""
    full = round(step.progress * 10)
    return f"{'▰' * full}{'▱' * (10 - full)} {step.progress:.0%}"


def seconds(count: float) -> str:
    """Return a time as people say it."""
    if count < 60:
        return f"{count:.1f} s" if count < 10 else f"{count:.0f} s"
    return f"{count // 60:.0f} min {count % 60:.0f} s"


def outcome(trace: Trace) -> str:
    """Return how a request stands: "running", "done", "failed" or "stopped"."""
    if trace.cancelled is not None:
        return "stopped"
    if trace.failure is not None or (trace.failures and not trace.results):
        return "failed"
    return "done" if trace.over else "running"


def verdict(trace: Trace) -> str:
    """Return how a request stands as one sign."""
    return {"stopped": "⏹️", "failed": "❌", "done": "✅", "running": "⏳"}[outcome(trace)]


def summary(trace: Trace) -> str:
    """Return the plan in a line: how many steps, which models, how long."""
    found = steps(trace)
    count = "1 step" if len(found) == 1 else f"{len(found)} steps"
    failed = sum(step.state is State.FAILED for step in found)
    models = list(dict.fromkeys(literal(step.model, 60) for step in found if step.model and step.state is State.DONE))
    named = ", ".join(models[:3]) + (f" and {len(models) - 3} more" if len(models) > 3 else "")
    spent = sum(step.seconds or 0 for step in found)
    parts = [count, f"{failed} failed" if failed else "", named, seconds(spent) if spent else ""]
    parts += [calls(trace).whole] if trace.consulted else []
    by = f"stopped by {literal(trace.cancelled, 60)}" if trace.cancelled is not None else ""
    return " · ".join(part for part in [*parts, by] if part)


# ---------------------------------------------------------------- the answer


def writing(trace: Trace) -> tuple[Sheet, ...]:
    """Return the answer as far as it is written."""
    return tuple(Sheet(text=part) for part in split(dialect(words(trace)))[:PARTS])


def sheets(
    request: Request, trace: Trace, attached: Sequence[Sequence[Artifact]], remarks: Sequence[str]
) -> tuple[Sheet, ...]:
    """Return the whole answer: its texts, then files in bundles that one message holds each; buttons at the end.

    ``remarks`` are sentences about files that could not come along.
    """
    said = "\n\n".join(part for part in (dialect(words(trace)).strip(), *(f"-# {one}" for one in remarks)) if part)
    texts = split(said)
    made = [Sheet(text=part) for part in texts[:PARTS]]
    if len(texts) > PARTS:
        rest = f"\n-# This goes on: the whole answer is in {PLAN}."
        made[-1] = Sheet(text=split(made[-1].text, LIMIT - len(rest))[0] + rest, whole=said)
    bundles = [tuple(bundle) for bundle in attached]
    if bundles and made and not made[-1].whole:
        made[-1] = Sheet(text=made[-1].text, files=bundles.pop(0))
    made += [Sheet(files=bundle) for bundle in bundles]
    last = made.pop() if made else Sheet(text="Done.")
    return (*made, Sheet(text=last.text, files=last.files, whole=last.whole, buttons=_closing(request, trace)))


def answer_row(buttons: Iterable[Press], voted: Verb | None = None) -> Row:
    """Return the buttons below an answer; who ``voted`` did so, and cannot do it twice."""
    return Row(*(button(press, voted=voted) for press in buttons))


def button(press: Press, *, voted: Verb | None = None) -> ui.Button[Any]:
    """Return the button for something to press."""
    label, emoji, style = FACES[press.verb]
    over = voted is not None and press.verb in THUMBS
    chosen = discord.ButtonStyle.success if press.verb is voted else style
    return ui.Button(label=label, emoji=emoji, style=chosen, disabled=over, custom_id=str(press))


THUMBS = (Verb.UP, Verb.DOWN)


FACES: dict[Verb, tuple[str | None, str | None, discord.ButtonStyle]] = {
    Verb.STOP: ("Stop", None, discord.ButtonStyle.danger),
    Verb.DETAILS: ("Details", None, discord.ButtonStyle.secondary),
    Verb.AGAIN: ("Again", "🔁", discord.ButtonStyle.secondary),
    Verb.CHANGE: ("Change", "✏️", discord.ButtonStyle.secondary),
    Verb.UP: (None, "👍", discord.ButtonStyle.secondary),
    Verb.DOWN: (None, "👎", discord.ButtonStyle.secondary),
    Verb.DELETE: (None, "🗑️", discord.ButtonStyle.secondary),
}


def _closing(request: Request, trace: Trace) -> tuple[Press, ...]:
    rated = THUMBS if trace.answer is not None and trace.results else ()
    return tuple(Press.on(verb, request) for verb in (Verb.AGAIN, Verb.CHANGE, *rated, Verb.DELETE))


def words(trace: Trace) -> str:
    """Return the answer's words as far as they are written, or the sentence in their place."""
    return next((block.text for block in blocks(trace) if isinstance(block, Text)), "")


def alt_text(trace: Trace, file: Artifact) -> str:
    """Return what a file is, for those who cannot see it: the step that made it and what it was made from."""
    for step in steps(trace):
        if file in step.files:
            made = "; ".join(value for _, value in step.args)
            return f"{step.type}: {made}"[:1024] if made else step.type
    return file.name[:1024]


def bundled(files: Sequence[Artifact], *, most: int, size: int) -> Iterator[list[Artifact]]:
    """Yield files in groups of at most ``most`` that have at most ``size`` bytes together, where one alone has."""
    group: list[Artifact] = []
    for file in files:
        if group and (len(group) == most or sum(one.size for one in group) + file.size > size):
            yield group
            group = []
        group.append(file)
    if group:
        yield group
