"""What people can ask of the house besides answers: plain functions that every platform words its commands with."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from core.contract import Card, Model
from core.errors import BadInput
from core.events import fold
from core.figures import Figure, Figures
from core.ports import Inbox, Journal, Ledger, Modes, Offer, Rules
from core.registry import Registry
from core.rules import ALLOW, DENY, USE, Rule, Topic
from core.stages.policy import ALLOWED, ANYTHING, Policy, allowed
from core.stages.select import ranked, select
from core.types import Mode, Place, Task

EVERYWHERE = ""
"""The scope of the whole installation."""

MEANINGS = {
    Mode.LOCAL: "models on this installation's own devices",
    Mode.REMOTE: "hosted models",
    Mode.HYBRID: "models on own devices where they are, hosted ones where not",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One model in the catalogue. None means that nobody knows."""

    task: str
    id: str
    place: Place
    size: int | None  # bytes on disk
    memory: int | None  # bytes while running
    downloads: int | None
    licence: str
    available: bool
    why_not: str
    about: str
    why: str = ""  # it would be chosen, if those before it were not there
    figure: Figure = field(default_factory=Figure)  # how it did here


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What selection goes by besides the models: as it is for the next request."""

    mode: Mode = Mode.HYBRID
    policy: Policy = ANYTHING
    figures: Figures = field(default_factory=Figures)


def models(
    registry: Registry, offers: Collection[Offer], task: str | None = None, outlook: Outlook | None = None
) -> list[Row]:
    """Return the models of all task types, or of one: first those that can run, as selection ranks them.

    Then those used most; what is alike keeps the catalogue's order. Raises BadInput on no such type.
    """
    outlook = outlook or Outlook()
    if task is not None:
        known_task(registry, task)
    wanted = [task] if task else _named(registry)
    able = [row for name in sorted(wanted) for row in _able(name, offers, outlook)]
    others = [row for row in (*_kept_out(offers, outlook), *_absent(registry, offers)) if row.task in wanted]
    rest = sorted(others, key=lambda row: -(row.downloads or 0))
    return sorted([*able, *rest], key=lambda row: (row.task, not row.available))


def known_task(registry: Registry, task: str) -> str:
    """Return a task type's name. Raises BadInput with a hint where there is no such type."""
    if task in registry.types:
        return task
    close = get_close_matches(task, _named(registry), n=1, cutoff=0.4)
    hint = f"Did you mean {close[0]}?" if close else f"The tasks are: {', '.join(_named(registry))}."
    raise BadInput(f"There is no task called “{task}”. {hint}")


def without_models(registry: Registry, rows: Collection[Row]) -> list[str]:
    """Return the task types that no model at hand can do."""
    done = {row.task for row in rows}
    return [name for name in _named(registry) if name not in done]


def mode_named(word: str) -> Mode:
    """Return the mode that ``word`` names. Raises BadInput."""
    word = word.strip().lower()
    if word == "huggingface":  # the original's word
        return Mode.REMOTE
    if word not in set(Mode):
        raise BadInput(f"There is no mode “{word}”. The modes are local, remote and hybrid.")
    return Mode(word)


async def show_mode(modes: Modes, *scopes: str, default: Mode) -> str:
    """Say which mode applies in the first of ``scopes`` that has one."""
    mode = await modes.get(*scopes) or default
    return f"The mode is {mode}: {MEANINGS[mode]}."


async def set_mode(modes: Modes, scope: str, word: str, *, by: str) -> str:
    """Set the mode of a scope and say so. Raises BadInput where ``word`` names none."""
    mode = mode_named(word)
    await modes.set(scope, mode, by=by)
    return f"The mode is {mode} from the next request on: {MEANINGS[mode]}."


def use_rule(registry: Registry, subject: str, value: str, scope: str = EVERYWHERE) -> Rule:
    """Return the rule that allows or denies a ``subject``, or with an empty value leaves it open again.

    It is a model's id, or "author:", "licence:" or "task:" with a name. Raises BadInput.
    """
    word, colon, name = subject.strip().partition(":")
    topic, name = (word, name.strip()) if colon else (Topic.MODEL, word)
    if topic not in USE or not name:
        raise BadInput(f"“{subject}” is neither the id of a model nor one of author:NAME, licence:NAME and task:NAME.")
    return Rule(
        topic=Topic(topic), name=known_task(registry, name) if topic == "task" else name, value=value, scope=scope
    )


def preference_rule(registry: Registry, told: str, scope: str = EVERYWHERE) -> Rule:
    """Return the rule that "TASK=MODEL" asks for; "TASK=" takes the preference back. Raises BadInput."""
    task, model = _pair(told, "TASK=MODEL, such as text-to-image=stabilityai/sdxl-turbo")
    known_task(registry, task)
    if model and not registry.knows(task, model):
        raise BadInput(f"The catalogue has no model “{model}” for {task}. See: python -m bot models {task}")
    return Rule(topic=Topic.PREFERENCE, name=task, value=model, scope=scope)


def pin_rule(told: str, scope: str = EVERYWHERE) -> Rule:
    """Return the rule that "MODEL=REVISION" asks for; "MODEL=" lets go of it. Raises BadInput."""
    model, revision = _pair(told, "MODEL=REVISION, a commit, tag or branch of its repository")
    return Rule(topic=Topic.PIN, name=model, value=revision, scope=scope)


def _pair(told: str, form: str) -> tuple[str, str]:
    name, sign, value = (part.strip() for part in told.partition("="))
    if not name or not sign:
        raise BadInput(f"“{told}” should be {form}.")
    return name, value


async def set_rule(rules: Rules, rule: Rule, *, by: str) -> str:
    """Have a rule hold from the next request on, and say so."""
    await rules.set(rule, by=by)
    return f"{_sentence(rule)} This holds from the next request on."


async def show_rules(rules: Rules, *scopes: str) -> list[str]:
    """Say which rules there are, in these scopes or in all of them, a line each."""
    return [_sentence(rule) for rule in await rules.read(*scopes)] or ["There are no rules about models."]


def _sentence(rule: Rule) -> str:
    where = f"In {rule.scope}" if rule.scope else "Everywhere"
    match rule:
        case Rule(topic=Topic.PREFERENCE, value=""):
            return f"{where}, no model is preferred for {rule.name}."
        case Rule(topic=Topic.PREFERENCE):
            return f"{where}, {rule.value} is preferred for {rule.name}."
        case Rule(topic=Topic.PIN, value=""):
            return f"{where}, {rule.name} is not pinned."
        case Rule(topic=Topic.PIN):
            return f"{where}, {rule.name} is pinned to {rule.value}."
        case _:
            said = {ALLOW: "allowed", DENY: "denied"}.get(rule.value, "neither allowed nor denied")
            return f"{where}, the {rule.topic} {rule.name} is {said}."


async def thumb(journal: Journal, ledger: Ledger, request: str, *, up: bool, taken_back: bool = False) -> str:
    """Count a thumb on an answer for the models behind it, or take it back, and say so."""
    trace, count = fold(await journal.read(request)), -1 if taken_back else 1
    vote = Figure(up=count) if up else Figure(down=count)
    await ledger.add({(trace.tasks[one.task].type, one.model, one.place): vote for one in trace.results.values()})
    return "Thank you, I will remember it." if trace.results else "No model had a part in that answer."


async def stop(inbox: Inbox, request: str, *, by: str) -> str:
    """Have a request stopped and say so."""
    return "I am stopping." if await inbox.stop(request, by) else "There is nothing left to stop."


def status(registry: Registry, offers: Collection[Offer], mode: Mode) -> str:
    """Say what this installation can do now."""
    able = {offer.type for offer in offers} & {*_named(registry)}
    places = sorted({offer.place for offer in offers})
    where = f", with models that are {' and '.join(places)}" if places else ""
    return f"I can do {len(able)} of {len(_named(registry))} tasks{where}. The mode is {mode}."


def _named(registry: Registry) -> list[str]:
    return [name for name, type_ in registry.types.items() if not type_.internal]


def _able(task: str, offers: Collection[Offer], outlook: Outlook) -> Iterator[Row]:
    """Yield a task type's models that can run, the first choice first, each with the reason."""
    fit = [offer for offer in allowed(offers, outlook.mode, outlook.policy) if offer.type == task]
    asked = Task(id=0, type=task, wish=outlook.policy.preference(task, fit))
    order = ranked(asked, fit, outlook.mode, outlook.figures)
    for place, offer in enumerate(order):
        row = _row(task, offer.model, offer.place, why_not="")
        figure = outlook.figures.of(task, offer.model.id, offer.place)
        yield replace(row, why=select(asked, order[place:]).why, figure=figure)


def _kept_out(offers: Collection[Offer], outlook: Outlook) -> Iterator[Row]:
    """Yield the models that could run, but must not."""
    for offer in offers:
        mode = "" if offer.place in ALLOWED[outlook.mode] else f"not used in mode {outlook.mode}"
        if why_not := outlook.policy.objection(offer) or mode:
            yield _row(offer.type, offer.model, offer.place, why_not=why_not)


def _absent(registry: Registry, offers: Collection[Offer]) -> Iterator[Row]:
    there = {(offer.type, offer.model.id, offer.place) for offer in offers}
    for card in registry.cards:
        if (card.type.name, card.model.id, card.place) not in there:
            yield _row(card.type.name, card.model, card.place, why_not=_why_not(card))


def _why_not(card: Card) -> str:
    missing = card.missing()
    if missing:
        return f"needs {', '.join(missing)}, not installed"
    return (
        "hosted inference is not set up, or does not serve it"
        if card.place is Place.REMOTE
        else "no device runs it here"
    )


def _row(task: str, model: Model, place: Place, *, why_not: str) -> Row:
    return Row(
        task=task,
        id=model.id,
        place=place,
        size=model.size,
        memory=model.memory,
        downloads=model.downloads,
        licence=model.licence,
        available=not why_not,
        why_not=why_not,
        about=model.about,
    )
