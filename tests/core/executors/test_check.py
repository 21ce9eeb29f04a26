from typing import Any

import pytest

from core.contract import Card, Give, Model, TaskType
from core.errors import ExpertFailed
from core.executors.check import checked
from core.types import Kind, Media, Place
from tests.cards import Idle

TXT = Media(data=b"x", kind=Kind.TEXT, mime="text/plain", name="x.txt")
PNG = Media(data=b"x", kind=Kind.IMAGE, mime="image/png", name="x.png")


def card(**kinds: Kind) -> Card:
    """Return a card whose outputs are of these kinds."""
    gives = tuple(Give(name=name, kind=kind) for name, kind in kinds.items())
    task = TaskType(name="task", summary="", takes=(), gives=gives)
    return Card(type=task, model=Model(id="some/model"), place=Place.EMBEDDED, make=Idle)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.TEXT, ""),
        (Kind.TEXT, TXT),
        (Kind.NUMBER, 0),
        (Kind.NUMBER, 0.5),
        (Kind.TABLE, []),
        (Kind.TABLE, [{"label": "cat"}]),
        (Kind.IMAGE, PNG),
        (Kind.IMAGE, [PNG, PNG]),
    ],
)
def test_what_was_promised_passes(kind: Kind, value: Any) -> None:
    """A value of the declared kind comes out as it is."""
    assert checked(card(out=kind), {"out": value}) == {"out": value}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.TEXT, None),
        (Kind.TEXT, ["a"]),
        (Kind.TEXT, PNG),
        (Kind.NUMBER, "5"),
        (Kind.NUMBER, True),
        (Kind.TABLE, {"label": "cat"}),
        (Kind.TABLE, [PNG]),
        (Kind.IMAGE, []),
        (Kind.IMAGE, "a.png"),
        (Kind.AUDIO, PNG),
        (Kind.AUDIO, [PNG]),
    ],
)
def test_what_was_not_promised_is_refused_with_words(kind: Kind, value: Any) -> None:
    """The sentence names the model and the output."""
    with pytest.raises(ExpertFailed, match=r"some/model.*out"):
        checked(card(out=kind), {"out": value})


def test_outputs_come_in_the_order_of_their_declaration() -> None:
    """The main output is the first, however the expert wrote them down."""
    outputs = checked(card(main=Kind.TEXT, more=Kind.NUMBER), {"more": 1, "main": "a"})
    assert list(outputs) == ["main", "more"]


@pytest.mark.parametrize("given", [{}, {"out": "a", "surprise": "b"}])
def test_nothing_is_missing_and_nothing_is_added(given: dict[str, Any]) -> None:
    """Whoever reads the declaration knows the outputs."""
    with pytest.raises(ExpertFailed):
        checked(card(out=Kind.TEXT), given)


def test_an_optional_output_may_be_missing() -> None:
    """What is only there at times is checked when it is there, and no task can refer to it."""
    gives = (Give(name="text", kind=Kind.TEXT), Give(name="file", kind=Kind.TEXT, optional=True))
    task = TaskType(name="task", summary="", takes=(), gives=gives)
    made = Card(type=task, model=Model(id="some/model"), place=Place.EMBEDDED, make=Idle)
    assert checked(made, {"text": "a"}) == {"text": "a"}
    assert checked(made, {"file": TXT, "text": "a"}) == {"text": "a", "file": TXT}
    with pytest.raises(ExpertFailed):
        checked(made, {"text": "a", "file": 5})
    assert task.promised == gives[:1]
