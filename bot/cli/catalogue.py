"""The catalogue in a terminal: a line a model below its task, in columns, and why some cannot run here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from adapters.terminal.format import size

if TYPE_CHECKING:
    from rich.text import Text

    from bot.commands import Row
    from core.figures import Figure

WIDEST = 48
"""Characters that the ids of all models are filled up to at most; a longer one pushes its own line to the right."""


def listed(rows: Sequence[Row], *, full: bool = False) -> Iterator[Text]:
    """Yield the lines for rows that are sorted by task.

    A model may have a row for each place. ``full`` tells of each what it is for, and why it cannot run; otherwise those
    that can run nowhere are only counted.
    """
    from rich.text import Text

    width = min(max((len(row.id) for row in rows if full or row.available), default=0), WIDEST)
    if width:
        heads = f"{'place':<9} {'size':>7} {'memory':>7} {'downloads':>9}  licence"
        yield Text(f"    {'model':<{width}} {heads}", style="dim")
    for task, group in groupby(rows, key=lambda row: row.task):
        models = list(group)
        ready, known = {row.id for row in models if row.available}, {row.id for row in models}
        yield Text.assemble((task, "bold"), (f"  {len(ready)} of {len(known)} can run", "dim"))
        yield from _full(models, width) if full else _brief(models, width)


def _full(models: Sequence[Row], width: int) -> Iterator[Text]:
    from rich.text import Text

    for row in models:
        yield _line(row, width)
        if not row.available:
            yield Text(f"      {row.why_not}", style="yellow")
        if row.why:
            yield Text(f"      {row.why}{_seen(row.figure)}", style="green")
        if row.about:
            yield Text(f"      {row.about}", style="dim")


def _brief(models: Sequence[Row], width: int) -> Iterator[Text]:
    from rich.text import Text

    able = [row for row in models if row.available]
    yield from (_line(row, width) for row in able)
    reasons = {row.id: row.why_not for row in reversed(models)}  # of several places the first one's
    for row in able:
        reasons.pop(row.id, None)
    for reason, count in Counter(reasons.values()).most_common():
        yield Text(f"  – {count} {'model' if count == 1 else 'models'}: {reason}", style="dim")


def _line(row: Row, width: int) -> Text:
    """Return what is known about a model in columns; what nobody knows is left empty."""
    from rich.text import Text

    figures = (_bytes(row.size), _bytes(row.memory), _count(row.downloads))
    facts = "{:<9} {:>7} {:>7} {:>9}  {}".format(row.place, *figures, row.licence)
    mark = ("✓ ", "green") if row.available else ("– ", "yellow")
    return Text.assemble("  ", mark, (f"{row.id:<{width}} ", "cyan"), facts.rstrip())


def _seen(figure: Figure) -> str:
    """Say how a model did here; nothing where it never ran."""
    told = [f"Ran {figure.runs} times" if figure.runs != 1 else "Ran once"] if figure.runs else []
    told += [f"failed {figure.failures} of them"] if figure.failures else []
    told += [f"{figure.seconds:.2g} s each"] if figure.seconds is not None else []
    told += [f"👍 {figure.up} 👎 {figure.down}"] if figure.up or figure.down else []
    return f" {', '.join(told)}." if told else ""


def _bytes(count: int | None) -> str:
    return "" if count is None else size(count)


def _count(number: int | None) -> str:
    """Return a number of downloads in three digits or fewer: how many there are, nobody needs to know exactly."""
    if number is None:
        return ""
    for unit in ("", "k"):
        if number < 1000:
            return f"{number}{unit}"
        number = round(number / 1000)
    return f"{number}M"
