"""What can be asked for, as a model reads it: one line for each task type, and its candidate models."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.contract import Model, Take, TaskType


def signatures(types: Sequence[TaskType], *, summaries: bool = True) -> str:
    """Return a line for each type: name, what it takes and gives, and with ``summaries`` what it does."""
    return "\n".join(
        _line(type_) + (f". {type_.summary}" if summaries else "") for type_ in sorted(types, key=lambda one: one.name)
    )


def candidates(type_: TaskType, models: Sequence[Model], *, most: int, chars: int) -> str:
    """Return the line of the best known models of a type; empty where there is no choice."""
    ranked = sorted({model.id: model for model in models}.values(), key=lambda one: (-(one.downloads or 0), one.id))
    if len(ranked) < 2 or most < 2:
        return ""
    return f"  {type_.name}: " + "; ".join(_model(model, chars) for model in ranked[:most])


def _line(type_: TaskType) -> str:
    takes = ", ".join(_take(take) for take in type_.takes)
    gives = ", ".join(f"{give.name}: {give.kind}" if give.name != give.kind else give.name for give in type_.promised)
    return f"{type_.name}({takes}) -> {gives}"


def _take(take: Take) -> str:
    kinds = "|".join(take.kinds)
    name = f"{take.name}{'' if take.required else '?'}"
    written = f"{name}: {'list of ' if take.many else ''}{kinds}" if kinds != take.name or take.many else name
    return written + "".join(_bounds(take))


def _bounds(take: Take) -> Iterator[str]:
    if take.choices:
        yield f" ({'|'.join(take.choices)})"
    if take.low is not None or take.high is not None:
        low, high = (f"{end:g}" if end is not None else "" for end in (take.low, take.high))
        yield f" ({low}..{high})"


def _model(model: Model, chars: int) -> str:
    about = " ".join(model.about.split())
    about = about if len(about) <= chars else about[: chars - 1].rstrip() + "…"
    facts = [about] if about else []
    facts += [f"{model.downloads} downloads"] if model.downloads else []
    facts += [f"languages {', '.join(model.languages[:8])}"] if model.languages else []
    return f"{model.id} ({'; '.join(facts)})" if facts and chars else model.id
