"""Whatever an expert gives is data and files that every platform can show, or no result."""

import json
from typing import Any

import pytest

from core.contract import Card, Give, Model, TaskType
from core.errors import Faulty
from core.executors import sound as sounding
from core.executors.check import checked
from core.executors.sound import sound
from core.types import Kind, Media, Place
from tests.cards import Idle

TYPE = TaskType(name="task", summary="", takes=(), gives=(Give(name="rows", kind=Kind.TABLE),))
CARD = Card(type=TYPE, model=Model(id="some/model"), place=Place.EMBEDDED, make=Idle)


def nested(depth: int) -> Any:
    """Return lists in lists."""
    found: list[Any] = []
    for _ in range(depth):
        found = [found]
    return found


@pytest.mark.parametrize(
    "rows",
    [
        [{"score": float("nan")}],
        [{"score": [1.0, float("-inf")]}],
        [{"label": "cat", "score": 10**400}],
        nested(40),
        nested(5000),
        [{"a": nested(40)}],
    ],
    ids=["nan", "infinite", "huge", "deep", "bottomless", "deep-inside"],
)
def test_what_none_can_take_is_no_result(rows: Any) -> None:
    """Numbers that JSON has not, or that no float holds, and lists without a bottom end in a sentence."""
    with pytest.raises(Faulty, match=r"some/model.*no result"):
        checked(CARD, {"rows": rows})


def test_a_table_has_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who gives more rows than anybody can write or show is told so; the last one that fits, fits."""
    monkeypatch.setattr(sounding, "MOST", 7)
    rows: list[Any] = [{"a": 1}, {"a": 2}]
    assert checked(CARD, {"rows": rows})
    with pytest.raises(Faulty, match="more than 7 values"):
        checked(CARD, {"rows": [*rows, {}]})


def test_halves_of_characters_become_whole() -> None:
    """Texts, names and values in tables can be sent as UTF-8 afterwards; halves that belong together are joined."""
    rows: Any = [{"a\udfff": ["b\ud800", "\ud83d\ude00", 1.5, None, True]}]
    found = checked(CARD, {"rows": rows})["rows"]
    assert found == [{"a\ufffd": ["b\ufffd", "😀", 1.5, None, True]}]
    assert json.dumps(found, ensure_ascii=False).encode()


def test_files_have_names_and_types_that_can_be_sent_along() -> None:
    """A name without halves, and a type that is one: both become headers of somebody's answer."""
    odd = Media(data=b"x", kind=Kind.IMAGE, mime="text/html\r\nSet-Cookie: a", name="a\ud800.png")
    good = Media(data=b"x", kind=Kind.AUDIO, mime="audio/vnd.wave", name="ä.wav")
    mended = Media(data=b"x", kind=Kind.IMAGE, mime="application/octet-stream", name="a\ufffd.png")
    assert sound(odd) == mended
    assert sound([good, odd]) == [good, mended]


@pytest.mark.parametrize(
    "value", ["text", "ä\0 😀", [{"label": "cat", "score": 0.5}], [[0.1] * 768], 5, [], [nested(20)]]
)
def test_what_is_sound_stays_as_it_is(value: Any) -> None:
    """Nothing is copied, let alone changed."""
    assert sound(value) is value
