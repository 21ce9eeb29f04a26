"""Whatever the rule, the candidates stay the same, the order is as told, and there is a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.catalogue.snapshot import snapshot
from core.contract import Fit, Model
from core.errors import NotAvailable
from core.figures import REST, UNWELL, Figure, Figures
from core.ports import Offer
from core.registry import Registry
from core.stages.policy import Policy, allowed
from core.stages.select import others, ranked, select, worth_fetching
from core.types import Arg, Mode, Place, Task, TaskRef, Wish
from tests.core.stages.offers import offer

CARDS = Registry.discover(catalogue=snapshot()).cards


def order(*offers: Offer, mode: Mode = Mode.HYBRID, wish: str = "", figures: Figures | None = None, **args: Arg) -> str:
    """Return the ranked names as one word."""
    task = Task(id=0, type="translation", args=args, wish=Wish(model=wish) if wish else None)
    return "".join(one.model.id for one in ranked(task, allowed(offers, mode), mode, figures or Figures()))


E, L, R = offer("e", Place.EMBEDDED), offer("l", Place.LOCAL), offer("r", Place.REMOTE)


@pytest.mark.parametrize(("mode", "names"), [(Mode.LOCAL, "le"), (Mode.REMOTE, "re"), (Mode.HYBRID, "lre")])
def test_a_mode_says_which_places_and_in_which_order(mode: Mode, names: str) -> None:
    """Local has priority, embedded is the last resort, and the other place is out of the question."""
    assert order(E, R, L, mode=mode) == names


def test_the_most_downloaded_comes_first() -> None:
    """The paper's rule; what is unknown counts as nothing."""
    assert order(offer("a", downloads=10), offer("b"), offer("c", downloads=99)) == "cab"


def test_what_is_here_comes_before_what_must_be_fetched() -> None:
    """However often others download it; a wish still wins."""
    here, famous = offer("h", downloads=1), offer("f", downloads=99, present=False)
    assert order(famous, here) == "hf"
    assert order(offer("g", downloads=99, easy=False), offer("s", downloads=1)) == "sg"
    assert order(famous, here, wish="f") == "fh"


def test_after_an_out_of_memory_only_smaller_models_or_other_places_are_tried() -> None:
    """What needs as much, or may, would fail the same way; where sizes are unknown all are tried."""
    big, small, unknown = offer("b", memory=9), offer("s", memory=5), offer("u")
    away = offer("r", Place.REMOTE, memory=20)
    assert others([big, small, unknown, away], smaller=True) == [away, small]
    assert others([big, small, unknown, away], smaller=False) == [away, small, unknown]
    assert others([unknown, big], smaller=True) == [big]


def test_the_planners_wish_is_honoured_among_the_candidates() -> None:
    """A wish wins over place and downloads; a wish for what is not there is no wish."""
    assert order(offer("a", downloads=10), R, wish="r") == "ra"
    assert order(offer("a", downloads=10), R, wish="gpt-17") == "ar"


def test_ties_are_broken_by_what_is_loaded_then_by_what_was_faster() -> None:
    """Figures of our own decide only where the paper's rule does not."""
    figures = Figures()
    figures.note("translation", "a", Place.LOCAL, seconds=3.0)
    figures.note("translation", "b", Place.LOCAL, seconds=1.0)
    assert order(offer("a"), offer("b"), offer("c", ready=True), figures=figures) == "cba"


def test_what_keeps_failing_comes_last_until_it_works_again() -> None:
    """Even the wished and most downloaded one."""
    figures = Figures()
    for _ in range(UNWELL):
        figures.note("translation", "a", Place.LOCAL, seconds=None)
    offers = offer("a", downloads=99), offer("b", downloads=1)
    assert order(*offers, wish="a", figures=figures) == "ba"
    figures.note("translation", "a", Place.LOCAL, seconds=1.0)
    assert order(*offers, wish="a", figures=figures) == "ab"


def test_a_model_that_does_not_speak_the_language_comes_last() -> None:
    """Unknown languages are given a chance."""
    offers = offer("a", downloads=99, languages=("fr", "de")), offer("b"), offer("c", languages=("ta",))
    assert order(*offers, language="ta") == "bca"
    assert order(*offers, language="fr") == "abc"


def test_policy_keeps_models_and_licences_out() -> None:
    """Neither is offered at all."""
    policy = Policy(models=frozenset({"a"}), licences=frozenset({"cc-by-nc-4.0"}))
    offers = [offer("a"), offer("b", licence="CC-BY-NC-4.0"), offer("c", licence="mit")]
    assert [one.model.id for one in allowed(offers, Mode.LOCAL, policy)] == ["c"]


@pytest.mark.parametrize(
    ("candidates", "wish", "words"),
    [
        ([L], None, "The only local model for translation."),
        ([offer("a", downloads=9), L], None, "The most downloaded of the 2 candidates that suit best."),
        ([L, E], Wish(model="l", why="It knows Tamil."), "It knows Tamil."),
        ([L, E], Wish(model="l"), "The planner asked for it."),
        (
            [L, R],
            None,
            "The first of 2 candidates. On a device of our own, since the model is there and nobody waits.",
        ),
        ([R, L], Wish(model="r"), "The planner asked for it."),
    ],
)
def test_every_selection_has_a_reason(candidates: list[Offer], wish: Wish | None, words: str) -> None:
    """In words a person understands."""
    assert select(Task(id=0, type="translation", wish=wish), candidates).why == words


def test_without_candidates_there_are_words() -> None:
    """What happened to the last one is told."""
    with pytest.raises(NotAvailable, match="No place can run translation now"):
        select(Task(id=0, type="translation"), [])
    with pytest.raises(NotAvailable, match="It crashed"):
        select(Task(id=0, type="translation"), [], after="It crashed.")


def test_what_failed_in_one_place_goes_on_in_the_other() -> None:
    """Before other models of the same place; embedded models stay the last resort."""
    assert others([L, offer("m"), R, E]) == [R, offer("m"), E]
    assert others([R, offer("s", Place.REMOTE), L, E]) == [L, offer("s", Place.REMOTE), E]
    assert others([R, offer("s", Place.REMOTE), L, E], gone=True) == [L, E]


def test_in_hybrid_mode_the_place_is_chosen_by_what_was_measured() -> None:
    """Within a place nothing changes; what is unwell there comes last wherever it is."""
    slow = [replace(offer(name), seconds=30.0) for name in "ab"]
    quick = [replace(offer(name, Place.REMOTE), seconds=1.0) for name in "xy"]
    assert order(*slow, *quick) == "xyab"
    assert order(*slow, *quick, mode=Mode.LOCAL) == "ab"
    figures = Figures()
    for _ in range(UNWELL):
        figures.note("translation", "x", Place.REMOTE, seconds=None)
    assert order(*slow, *quick, figures=figures) == "yabx"


def fitting(name: str, fit: Fit, place: Place = Place.LOCAL, **facts: int) -> Offer:
    """Return a model that suits every task as ``fit`` says."""
    return replace(offer(name, place, **facts), fit=lambda _: fit)  # type: ignore[arg-type]


def test_what_was_made_for_a_task_comes_first_and_what_would_refuse_last() -> None:
    """Before place and downloads, but not before the planner's wish; the reason says so."""
    made, some = fitting("m", Fit.MADE, Place.EMBEDDED), fitting("s", Fit.SOME)
    none = fitting("n", Fit.NONE, downloads=9)
    assert order(none, some, made) == "msn"
    assert order(none, some, made, wish="s") == "smn"
    task = Task(id=0, type="translation", args={})
    assert select(task, ranked(task, [some, made], Mode.LOCAL, Figures())).why == "It was made for just this."


@pytest.mark.parametrize(
    ("type_", "args", "expert", "fit"),
    [
        ("image-to-image", {"prompt": "make it black and white"}, "SimpleEdits", Fit.MADE),
        ("image-to-image", {"prompt": "put a hat on the cat"}, "SimpleEdits", Fit.NONE),
        ("image-to-image", {"prompt": TaskRef(0)}, "SimpleEdits", Fit.SOME),
        ("image-to-image", {"prompt": "Upscale this, please"}, "Enlarger", Fit.MADE),
        ("image-to-image", {"prompt": "put a hat on the cat"}, "Enlarger", Fit.NONE),
        ("audio-to-audio", {}, "Cleaner", Fit.MADE),
        ("tabular-classification", {"question": "Who is oldest?"}, "TableReader", Fit.SOME),
        ("tabular-classification", {"labels": ("old", "young")}, "TableReader", Fit.NONE),
        ("tabular-classification", {"labels": ("old", "young")}, "RowSorter", Fit.SOME),
        ("translation", {"language": "French"}, "PairTranslator", Fit.SOME),
        ("translation", {"language": "fr", "source": "German"}, "PairTranslator", Fit.NONE),
        ("translation", {"language": "German"}, "PairTranslator", Fit.NONE),
    ],
)
def test_experts_know_what_they_are_made_for(type_: str, args: dict[str, Arg], expert: str, fit: Fit) -> None:
    """Asked with the arguments alone, before anything is loaded."""
    model = Model(id="some/model", settings={"source": "en", "target": "fr"} if type_ == "translation" else {})
    (made,) = {card.make for card in CARDS if card.make.__name__ == expert and card.type.name == type_}
    assert made.fit(model, args) is fit


def test_what_is_here_steps_in_while_a_better_model_is_fetched() -> None:
    """The first of our devices' models that is no giant is fetched for the next time, and the reason says so."""
    task = Task(id=0, type="translation", args={})
    here, giant = offer("e", Place.EMBEDDED), offer("g", downloads=9, present=False, easy=False)
    better = offer("b", downloads=5, present=False)
    candidates = ranked(task, [giant, better, here], Mode.HYBRID, Figures())
    assert [one.model.id for one in candidates] == ["e", "b", "g"]
    assert worth_fetching(task, candidates) is better
    assert "“b” is being fetched for the next time" in select(task, candidates).why
    wished = replace(task, wish=Wish(model="e"))
    assert worth_fetching(wished, candidates) is None
    assert worth_fetching(task, [here, giant]) is None
    assert worth_fetching(task, [offer("l"), better]) is None


def test_what_people_liked_breaks_a_tie() -> None:
    """Before speed, after all rules of the field's."""
    figures = Figures()
    figures.note("translation", "a", Place.LOCAL, seconds=1.0)
    figures.note("translation", "b", Place.LOCAL, seconds=3.0)
    assert order(offer("a"), offer("b"), figures=figures) == "ab"
    figures.learn({("translation", "b", Place.LOCAL): Figure(up=3)})
    assert order(offer("a"), offer("b"), figures=figures) == "ba"


def test_what_was_unwell_gets_another_try_after_a_rest() -> None:
    """And is unwell again at once if it fails again."""
    now = 0.0
    figures = Figures(clock=lambda: now)

    def fails(times: int) -> None:
        for _ in range(times):
            figures.note("translation", "a", Place.LOCAL, seconds=None)

    fails(UNWELL)
    assert order(offer("a"), offer("b"), figures=figures) == "ba"
    now += REST
    assert order(offer("a"), offer("b"), figures=figures) == "ab"
    fails(1)
    assert order(offer("a"), offer("b"), figures=figures) == "ba"


def test_the_reason_names_what_would_have_gone_first() -> None:
    """A model that failed too often and would be first otherwise; not one that would not be."""
    figures, task = Figures(), Task(id=0, type="translation", args={})
    for name, place in (("r", Place.REMOTE), ("few", Place.REMOTE)):
        for _ in range(UNWELL):
            figures.note("translation", name, place, seconds=None)
    offers = [offer("r", Place.REMOTE, downloads=9), offer("few", Place.REMOTE), E]
    selection = select(task, ranked(task, offers, Mode.REMOTE, figures), figures=figures)
    assert (selection.model, selection.place) == ("e", Place.EMBEDDED)
    assert selection.why.endswith("“r” failed too often lately, so it is asked last.")
    better = [offer("b", Place.REMOTE, downloads=99), *offers]
    assert "failed" not in select(task, ranked(task, better, Mode.REMOTE, figures), figures=figures).why
