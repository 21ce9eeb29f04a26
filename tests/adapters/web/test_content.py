"""What a message of the API consists of."""

from __future__ import annotations

import base64
from collections.abc import Mapping

import pytest
from pydantic import ValidationError

from adapters.web.body import Said
from adapters.web.content import Sent
from adapters.web.misfit import misfit
from core.errors import BadInput

HELLO = base64.b64encode(b"hello").decode()


def said(**fields: object) -> Said:
    """A message of the user as it comes in."""
    return Said.model_validate({"role": "user", **fields})


def part(**fields: object) -> Sent:
    """The file that a message of one part holds."""
    (file,) = said(content=[fields]).content.files
    return file


def test_words_are_words() -> None:
    """A text, a list of texts, and nothing at all."""
    assert said(content="hi").content.text == "hi"
    assert said(content=[{"type": "text", "text": "a"}, {"type": "input_text", "text": "b"}]).content.text == "a\nb"
    assert said(content=None).content.text == said().content.text == said(content=[]).content.text == ""


@pytest.mark.parametrize(
    ("fields", "link"),
    [
        ({"type": "image_url", "image_url": {"url": "https://a.example/b.png", "detail": "low"}}, "https://a.example/b.png"),
        ({"type": "input_image", "image_url": "HTTP://a.example/b.png"}, "HTTP://a.example/b.png"),
        ({"type": "video_url", "video_url": {"url": "http://a.example/b.mp4"}}, "http://a.example/b.mp4"),
        ({"type": "audio_url", "audio_url": {"url": "http://a.example/b.wav"}}, "http://a.example/b.wav"),
        ({"type": "input_file", "file_url": "http://a.example/b.pdf"}, "http://a.example/b.pdf"),
    ],
)  # fmt: skip
def test_links(fields: Mapping[str, object], link: str) -> None:
    """What lies elsewhere is only an address here."""
    assert part(**fields).link == link


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"type": "image_url", "image_url": {"url": f"data:image/png;base64,{HELLO}"}}, "image.png"),
        ({"type": "image_url", "image_url": f"DATA:Image/JPEG;x=y;BASE64,{HELLO}"}, "image.jpg"),
        ({"type": "image_url", "image_url": "data:,hel%6Co"}, "file"),
        ({"type": "input_file", "file_data": f"data:application/json;base64,{HELLO}", "filename": ""}, "text.json"),
        ({"type": "input_audio", "input_audio": {"data": HELLO, "format": "wav"}}, "audio.wav"),
        ({"type": "file", "file": {"file_data": f"data:application/pdf;base64,{HELLO}", "filename": "a.pdf"}}, "a.pdf"),
        ({"type": "file", "file": {"file_data": f"data:application/pdf;base64,{HELLO}"}}, "document.pdf"),
        ({"type": "input_file", "file_data": HELLO, "filename": "b.txt"}, "b.txt"),
    ],
)
def test_files_that_come_along(fields: Mapping[str, object], name: str) -> None:
    """The bytes are those that were meant, under the name that was given or that such a file has."""
    file = part(**fields)
    assert (file.link, file.called, file.decoded()) == (None, name, b"hello")


@pytest.mark.parametrize("data", ["!", "a", "äöü"])
def test_what_is_no_base64(data: str) -> None:
    """It is said of which file, in words."""
    for sent in (Sent(name="x", data=data), Sent(name="x", url=f"data:image/png;base64,{data}")):
        with pytest.raises(BadInput, match="'x' is not valid base64"):
            sent.decoded()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (7, "must be text or a list of parts"),
        ({}, "must be text or a list of parts"),
        (["hi"], "must have objects with a type as its parts"),
        ([{"type": "hologram"}], "no type that is known: text, input_text"),
        ([{"type": ["text"], "text": "x"}], "no type that is known"),
        ([{"text": "x"}], "no type that is known"),
        ([{"type": "text"}], "type text that does not hold what it should"),
        ([{"type": "image_url", "image_url": {}}], "type image_url that does not hold"),
        ([{"type": "input_audio", "input_audio": {"data": 1}}], "type input_audio that does not hold"),
        ([{"type": "file", "file": {"file_id": "file-1"}}], "type file that does not hold"),
        ([{"type": "image_url", "image_url": "file:///etc/passwd"}], "url must match"),
    ],
)
def test_what_it_cannot_be(content: object, words: str) -> None:
    """The sentence says where and what is wanted, and shows nothing of a library."""
    with pytest.raises(ValidationError) as raised:
        said(content=content)
    told = misfit(raised.value.errors()[0])
    assert words in told
    assert "pydantic" not in told
