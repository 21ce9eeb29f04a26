import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.executors import wire
from core.executors.wire import Envelope, Garbled, Letter, Sheet, Unsendable
from core.types import Json, Kind, Media, Value
from tests.core.executors.pools import open_files

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)
MEDIA = st.builds(
    Media,
    data=st.binary(),
    kind=st.sampled_from(Kind),
    mime=st.text(),
    name=st.text(st.characters(exclude_characters="/\\", exclude_categories=["Cc"]), max_size=50),
)


def travelled(letter: Letter) -> Letter:
    """Send a letter through a socket."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs, wire.seal(letter) as sealed:
        wire.send(ours, sealed)
        return read(theirs)


def read(sock: socket.socket) -> Letter:
    """Read the next letter."""
    received = wire.receive(sock)
    assert received is not None
    with received:
        return wire.unseal(received)


@given(st.dictionaries(st.text(), JSON | MEDIA | st.lists(MEDIA, min_size=1, max_size=3)))
def test_values_come_out_as_they_went_in(values: dict[str, Value]) -> None:
    """For any mix of data and media, packing, sending and unpacking changes nothing."""
    head, blobs = wire.pack(values)
    letter = travelled(Letter({"values": head}, blobs))
    assert wire.unpack(letter.head["values"], letter.blobs) == values


def test_letters_on_one_sheet_hold_what_they_hold() -> None:
    """A short letter after a long one says nothing of the long one; one that is not read yet is not written over."""
    sheet = Sheet()
    first, second = Letter({"n": 1}, [b"long" * 9_000]), Letter({"n": 2}, [b"short"])
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs, wire.seal(first, sheet) as one, wire.seal(second, sheet) as other:
        assert one.file != other.file
        for envelope in (one, other):
            wire.send(ours, envelope)
        assert [read(theirs), read(theirs)] == [first, second]
        sheet.turn()
        with wire.seal(second, sheet) as again:
            wire.send(ours, again)
        assert read(theirs) == second
    sheet.close()


def test_texts_beyond_a_packet_travel_in_a_file() -> None:
    """No length of text is too long for a letter."""
    text = "ä" * wire.PACKET * 20
    assert travelled(Letter({"text": text})).head["text"] == text


@pytest.mark.parametrize("sizes", [[], [1], [2, 0, 3], [wire.TOGETHER, 1], [wire.TOGETHER // 2] * 3])
def test_letters_that_go_together_come_apart_again(sizes: list[int]) -> None:
    """However much they hold, each has its own bytes, and none is longer than is sensible where several would be."""
    letters = [Letter({"id": number}, [bytes(size)] * (number % 2 + 1)) for number, size in enumerate(sizes)]
    sent = list(wire.together(letters))
    assert [one for letter in sent for one in wire.apart(letter)] == letters
    assert all(len(letter.head["all"]) == 1 or sum(map(len, letter.blobs)) <= wire.TOGETHER for letter in sent[1:])


def test_data_that_looks_like_the_wire_format_stays_data() -> None:
    """A table with a column called media is no medium."""
    rows: list[Json] = [{"media": [0, "image", "image/png", "x"]}, {"json": 1}, {"list": []}]
    values: dict[str, Value] = {"rows": rows}
    assert wire.unpack(*wire.pack(values)) == values


@pytest.mark.parametrize("value", [object(), float("nan"), float("inf"), {"a": {1, 2}}, b"bytes"])
def test_what_is_no_data_is_not_sent(value: Any) -> None:
    """The sender learns it, not the receiver."""
    with pytest.raises(Unsendable):
        wire.seal(Letter({"value": value}))


def test_a_name_cannot_be_a_path() -> None:
    """Whoever saves a file under its name saves it where he means to."""
    values: dict[str, Value] = {"x": Media(data=b"", kind=Kind.IMAGE, mime="", name="../..\\etc/pass\x00wd")}
    name = wire.unpack(*wire.pack(values))["x"].name  # type: ignore[union-attr]
    assert not set(name) & set("/\\\x00")


@given(st.binary(max_size=200))
def test_no_packet_breaks_the_reader(packet: bytes) -> None:
    """Any bytes are a letter or are refused."""
    try:
        wire.unseal(Envelope(packet))
    except Garbled:
        return


@given(JSON)
def test_no_values_break_the_reader(data: Any) -> None:
    """Any JSON data in the place of values are values or are refused."""
    try:
        wire.unpack(data, [b"one"])
    except Garbled:
        return


def test_a_hang_up_is_no_packet() -> None:
    """None says that the other side is gone."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        ours.close()
        assert wire.receive(theirs) is None


def test_an_envelope_closes_its_file() -> None:
    """Sealing and reading big letters leaves no descriptor open."""
    before = open_files()
    for _ in range(5):
        travelled(Letter({}, [b"x" * 100_000]))
    assert open_files() == before
