"""The snapshot and what the Hub told since, as one catalogue."""

from __future__ import annotations

from core.catalogue.merge import merged
from core.catalogue.snapshot import snapshot
from core.contract import Model

KNOWN = Model(
    id="org/x",
    about="Good.",
    downloads=5,
    licence="mit",
    family="ctc",
    settings={"steps": 4},
    parts={"base": "b"},
    memory=7,
)


def test_a_known_model_gets_fresh_figures_and_keeps_what_people_found_out() -> None:
    """In every task type that it is a candidate for, wherever the Hub told of it."""
    told = Model(
        id="org/x", downloads=9, likes=2, licence="other", gated=True, providers=("p",), memory=1, family="hosted"
    )
    found = merged({"a": (KNOWN,), "b": (KNOWN,)}, {"a": (told,)})
    assert found["a"] == found["b"]
    (model,) = found["a"]
    assert (model.downloads, model.likes, model.gated, model.providers) == (9, 2, True, ("p",))
    assert (model.about, model.licence, model.family, model.memory) == ("Good.", "mit", "ctc", 7)
    assert (model.settings, model.parts) == (KNOWN.settings, KNOWN.parts)


def test_a_licence_that_was_changed() -> None:
    """What admins deny by licence is denied by today's; where the Hub has no name for it, the one we know stands."""
    told = [Model(id="org/x", licence=licence) for licence in ("cc-by-nc-4.0", "other", "")]
    found = [merged({"a": (KNOWN,)}, {"a": (one,)})["a"][0].licence for one in told]
    assert found == ["cc-by-nc-4.0", "mit", "mit"]


def test_whether_unusual_files_are_pickles_is_not_told_by_the_usual_ones() -> None:
    """A repository may hold safetensors by now; what a row names itself stays as somebody found it."""
    usual = Model(id="org/x", pickled=True)
    unusual = Model(id="org/x", pickled=True, settings={"files": "x.pth"})
    found = merged({"a": (usual,), "b": (unusual,)}, {"a": (Model(id="org/x"),)})
    assert [found[task][0].pickled for task in ("a", "b")] == [False, True]


def test_a_new_model_comes_behind_and_cannot_win_by_being_popular() -> None:
    """Its downloads are left out: nobody here has looked at it."""
    new = Model(id="org/new", downloads=10**9, licence="mit", family="hosted", providers=("p",))
    known, other = merged({"a": (KNOWN,)}, {"a": (new,), "c": (new,)})["a"]
    assert known == KNOWN
    assert (other.id, other.downloads, other.licence, other.providers) == ("org/new", None, "mit", ("p",))


def test_without_news_the_snapshot_stands() -> None:
    """Nothing is lost, nothing changes order."""
    assert merged(snapshot(), {}) == dict(snapshot())
