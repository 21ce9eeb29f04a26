"""Commands that every platform has: what they do and what they say."""

import pytest

from bot.commands import (
    EVERYWHERE,
    Outlook,
    mode_named,
    models,
    set_mode,
    show_mode,
    status,
    stop,
    thumb,
    without_models,
)
from core.contract import Card, Model
from core.errors import BadInput
from core.events import Finished, Planned
from core.figures import Figure, Figures
from core.ports import Offer
from core.registry import Registry
from core.rules import DENY, Rule, Topic
from core.stages.policy import ANYTHING
from core.types import Mode, Place
from storage.memory import MemoryStore
from tests.cards import Idle
from tests.fakes import LOOK, NOWHERE, PROBE, WORD, ScriptedController, heard, mind, request, task

pytestmark = pytest.mark.anyio

SMALL = Model(id="small", licence="MIT", size=10, downloads=5, about="Little.")
POPULAR = Model(id="popular", downloads=500)
BARE = Model(id="bare", needs=("no_such_module_anywhere",))

REGISTRY = Registry(
    {type_.name: type_ for type_ in (LOOK, NOWHERE, PROBE, WORD)},
    (
        Card(type=WORD, model=SMALL, place=Place.EMBEDDED, make=Idle),
        Card(type=WORD, model=BARE, place=Place.EMBEDDED, make=Idle),
        Card(type=LOOK, model=SMALL, place=Place.EMBEDDED, make=Idle),
        Card(type=PROBE, model=SMALL, place=Place.EMBEDDED, make=Idle),
    ),
)
OFFERS = [
    Offer(type="word", model=SMALL, place=Place.EMBEDDED),
    Offer(type="word", model=POPULAR, place=Place.REMOTE),
    Offer(type="media-probe", model=SMALL, place=Place.EMBEDDED),
]


def test_the_catalogue_tells_what_can_run_and_why_the_rest_cannot() -> None:
    """Rows are sorted by task, then what is ready, then downloads; the house's own errands are left out."""
    rows = models(REGISTRY, OFFERS)
    assert [(row.task, row.id, row.available, row.why_not) for row in rows] == [
        ("look", "small", False, "no device runs it here"),
        ("word", "popular", True, ""),
        ("word", "small", True, ""),
        ("word", "bare", False, "needs no_such_module_anywhere, not installed"),
    ]
    assert (rows[2].licence, rows[2].size, rows[2].downloads, rows[2].about) == ("MIT", 10, 5, "Little.")
    assert without_models(REGISTRY, rows) == ["nowhere"]


def test_the_catalogue_of_one_task() -> None:
    """One task's models only; a misspelt name gets a hint, a strange one the list."""
    assert {row.task for row in models(REGISTRY, OFFERS, "word")} == {"word"}
    with pytest.raises(BadInput, match=r"no task called “wordd”\. Did you mean word\?"):
        models(REGISTRY, OFFERS, "wordd")
    with pytest.raises(BadInput, match=r"The tasks are: look, nowhere, word\."):
        models(REGISTRY, OFFERS, "xyz-123")


def test_the_catalogue_of_one_task_is_ranked_with_reasons() -> None:
    """As selection would choose: the preferred first, each with its reason; what is kept out has one, too."""
    figures, book = (
        Figures(),
        [
            Rule(topic=Topic.PREFERENCE, name="word", value="small"),
            Rule(topic=Topic.MODEL, name="bare", value=DENY),
        ],
    )
    figures.note("word", "small", Place.EMBEDDED, seconds=2.0)
    bare = Offer(type="word", model=BARE, place=Place.LOCAL)
    rows = models(REGISTRY, [*OFFERS, bare], "word", Outlook(policy=ANYTHING.under(book), figures=figures))
    assert [(row.id, row.why or row.why_not, row.figure.runs) for row in rows[:3]] == [
        ("small", "An admin prefers it here.", 1),
        ("popular", "The only remote model for word.", 0),
        ("bare", "denied by an admin", 0),
    ]
    (last,) = [row for row in models(REGISTRY, OFFERS, "word", Outlook(mode=Mode.LOCAL)) if row.id == "popular"]
    assert last.why_not == "not used in mode local"


async def test_a_thumb_counts_for_every_model_behind_an_answer() -> None:
    """It can be taken back; an answer in which no model had a part takes none."""
    store, asked = MemoryStore(), request("hi")
    events = await heard(mind(ScriptedController([task(0)]), store=store), asked)
    await store.journal.append(asked.id, [one for one in events if isinstance(one, Planned | Finished)], after=0)
    assert "remember" in await thumb(store.journal, store.ledger, asked.id, up=True)
    assert "remember" in await thumb(store.journal, store.ledger, asked.id, up=False)
    key = ("word", "toy", Place.LOCAL)
    assert await store.ledger.read() == {key: Figure(up=1, down=1)}
    await thumb(store.journal, store.ledger, asked.id, up=False, taken_back=True)
    assert await store.ledger.read() == {key: Figure(up=1)}
    assert "No model" in await thumb(store.journal, store.ledger, "unknown", up=True)


def test_modes_have_names() -> None:
    """Every mode is known by its name in any case, remote also by the original's word; others are refused."""
    assert [mode_named(word) for word in ("local", " Remote", "huggingface", "HYBRID")] == [
        Mode.LOCAL,
        Mode.REMOTE,
        Mode.REMOTE,
        Mode.HYBRID,
    ]
    with pytest.raises(BadInput, match="The modes are local, remote and hybrid"):
        mode_named("fast")


async def test_a_mode_is_set_and_shown_by_scope() -> None:
    """A place's own mode wins over the installation's, which wins over the default."""
    modes = MemoryStore().modes
    assert await show_mode(modes, EVERYWHERE, default=Mode.HYBRID) == (
        "The mode is hybrid: models on own devices where they are, hosted ones where not."
    )
    assert (await set_mode(modes, EVERYWHERE, "remote", by="ann")).startswith("The mode is remote from the next")
    await set_mode(modes, "web", "local", by="ann")
    assert "is local:" in await show_mode(modes, "web", EVERYWHERE, default=Mode.HYBRID)
    assert "is remote:" in await show_mode(modes, "discord", EVERYWHERE, default=Mode.HYBRID)


async def test_stopping_says_whether_there_was_anything_to_stop() -> None:
    """A request that waits can be stopped, one that nobody knows cannot."""
    inbox = MemoryStore().inbox
    await inbox.accept(request("hi"))
    assert await stop(inbox, request("hi").id, by="ada") == "I am stopping."
    assert await stop(inbox, "unknown", by="ada") == "There is nothing left to stop."


def test_the_status_is_counted() -> None:
    """The status counts the task types that can run, not the house's own errands."""
    assert status(REGISTRY, OFFERS, Mode.LOCAL) == (
        "I can do 1 of 3 tasks, with models that are embedded and remote. The mode is local."
    )
