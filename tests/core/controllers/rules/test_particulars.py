from __future__ import annotations

import pytest

from core.controllers.rules.plan import plan
from core.ports import Draft
from tests.core.controllers.briefs import MakeBrief

A, B = "<attachment-0>", "<attachment-1>"


def types(brief: MakeBrief, text: str, *files: str) -> list[str]:
    """Return which task types are planned where everything can be run."""
    pieces = plan(brief(text, *files, everything=True))
    return [piece.type for piece in pieces if isinstance(piece, Draft)]


def looked_at(brief: MakeBrief, text: str, *files: str) -> list[object]:
    """Return the files that are looked at on a fresh machine, where nothing else is planned."""
    drafts = [piece for piece in plan(brief(text, *files)) if isinstance(piece, Draft)]
    assert all(draft.type == "file-information" for draft in drafts)
    return [draft.args["file"] for draft in drafts]


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("how long is this film?", "a.mp4"),
        ("How long is it", "a.mp4"),
        ("how many seconds is it and does it have sound?", "a.mp4"),
        ("Could you please tell me how long this recording is?", "a.mp3"),
        ("How long does this song last?", "a.mp3"),
        ("Tell me the duration", "a.mp3"),
        ("What is the resolution of this video?", "a.mp4"),
        ("what resolution is a.mp4", "a.mp4"),
        ("how many frames per second does it have", "a.mp4"),
        ("What codec does the video use?", "a.mp4"),
        ("Is there any sound in the video?", "a.mp4"),
        ("what's the frame rate?", "a.mp4"),
        ("what is the video's length?", "a.mp4"),
        ("What is the file size?", "a.mp4"),
        ("Give me the file information", "a.mp4"),
        ("how big is this picture in pixels?", "a.png"),
        ("What are the dimensions of the image?", "a.png"),
        ("which format is this picture", "a.png"),
        ("Is this animated?", "a.png"),
        ("what kind of file is this?", "a.png"),
        ("how large is the file?", "a.txt"),
        ("How many pages does the contract have?", "a.pdf"),
        ("how many pages?", "a.pdf"),
        ("how many words are in this text", "a.txt"),
        ("Wie lang ist dieser Film?", "a.mp4"),
        ("Wie viele Seiten hat das Dokument?", "a.pdf"),
        ("Welche Auflösung hat das Bild?", "a.png"),
        ("¿Cuánto dura este vídeo?", "a.mp4"),
        ("¿Cuántas páginas tiene este documento?", "a.pdf"),
        ("Combien de temps dure cette vidéo ?", "a.mp4"),
        ("Quelle est la résolution de cette image ?", "a.png"),
    ],
)
def test_who_asks_what_a_file_is_has_it_looked_at(brief: MakeBrief, text: str, file: str) -> None:
    """Length, size, format, pages, sound: one look answers, and nothing is heard or read for it."""
    assert looked_at(brief, text, file) == [A]
    assert types(brief, text, file) == ["file-information"]


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("how long is the dog's tail in this picture", "a.png"),
        ("what is the size of the dog", "a.png"),
        ("how big is it?", "a.png"),
        ("how long is it?", "a.png"),
        ("how many zebras are in this picture?", "a.png"),
        ("what kind of animal is this?", "a.png"),
        ("how many people speak in this recording?", "a.mp3"),
        ("how many words does she say?", "a.mp3"),
        ("what is the song about?", "a.mp3"),
        ("how long did the war last?", "a.txt"),
        ("how long is the movie?", "a.txt"),
        ("how long is it?", "a.txt"),
        ("how long is the contract?", "a.pdf"),
        ("how many pages does the contract say are attached", "a.pdf"),
        ("What is the length of the bridge?", "a.pdf"),
        ("what is the format of the date?", "a.pdf"),
        ("extract the information of this document", "a.pdf"),
        ("what is the document's date?", "a.pdf"),
        ("Wie lange dauert die Kündigungsfrist?", "a.pdf"),
        ("Wie groß ist der Hund?", "a.png"),
        ("Convert the format of this recording to FLAC", "a.mp3"),
    ],
)
def test_what_a_file_shows_or_says_is_another_question(brief: MakeBrief, text: str, file: str) -> None:
    """The same words about what is in a file still go to who sees, hears or reads it."""
    planned = types(brief, text, file)
    assert planned
    assert "file-information" not in planned


def test_each_of_several_files_is_looked_at_unless_one_is_named(brief: MakeBrief) -> None:
    """Files are told about one by one."""
    assert looked_at(brief, "How long are these videos?", "a.mp4", "b.mp4") == [A, B]
    assert looked_at(brief, "How long is the second video?", "a.mp4", "b.mp4") == [B]
    assert looked_at(brief, "How long is b.mp4?", "a.mp4", "b.mp4") == [B]
    assert looked_at(brief, "How long is the song?", "a.png", "b.mp3") == [B]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("How many pages are in this pdf and what is it about?", ("summarization", "<resource-1>")),
        ("How many pages are in this pdf? Read it to me.", ("text-to-speech", "<resource-1>")),
        ("How many pages are in this pdf? Say it aloud.", ("text-to-speech", "<resource-0>")),
    ],
)
def test_how_long_a_file_is_is_nothing_to_read(brief: MakeBrief, text: str, last: tuple[str, str]) -> None:
    """What follows works on the file; only "say it" means the answer."""
    drafts = [piece for piece in plan(brief(text, "a.pdf", everything=True)) if isinstance(piece, Draft)]
    assert drafts[0].type == "file-information"
    assert (drafts[-1].type, drafts[-1].args["text"]) == last


def test_a_look_goes_with_other_wishes(brief: MakeBrief) -> None:
    """What else is wished for is done as well, and what was made is what "it" means then."""
    assert types(brief, "Transcribe it and tell me how long it is", "a.mp3") == [
        "automatic-speech-recognition",
        "file-information",
    ]
    pieces = plan(brief("Make a gif of this video. How large is the file?", "a.mp4"))
    assert [(piece.type, piece.args) for piece in pieces if isinstance(piece, Draft)] == [
        ("video-conversion", {"video": A, "format": "gif"}),
        ("file-information", {"file": "<resource-0>"}),
    ]
