import errno
import subprocess
import sys
import tracemalloc
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from hashlib import sha256

import anyio
import pytest

from core import intake
from core.errors import BadInput, DeadlineExceeded, NotAvailable, StoreFailed, WorkerDied
from core.events import Received, Refused
from core.executors.pool import Pool
from core.experts import media_probe
from core.intake import Intake
from core.limits import Limits
from core.ports import Fetch, Job, OnProgress
from core.registry import Registry
from core.types import Attachment, Kind, Media, Value
from storage.blobs import MemoryBlobs
from tests import samples
from tests.fakes import FunctionExecutor

pytestmark = pytest.mark.anyio

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[Pool]:
    """Run a real pool whose only expert is the probe."""
    only = Registry({media_probe.TYPE.name: media_probe.TYPE}, media_probe.Probe.__cards__)  # type: ignore[attr-defined]
    async with Pool(only) as made:
        yield made


class Sender:
    """Sends bytes in pieces and counts what was asked of it."""

    def __init__(self, data: bytes, piece: int = 64 * 1024) -> None:
        self.data = data
        self.piece = piece
        self.sent = 0
        self.closed = False

    async def fetch(self, address: str) -> AsyncIterator[bytes]:
        try:
            for start in range(0, len(self.data), self.piece):
                self.sent += 1
                yield self.data[start : start + self.piece]
        finally:
            self.closed = True


def sender(data: bytes) -> Fetch:
    """Return a source of these bytes."""
    return Sender(data).fetch


def promise(name: str, size: int | None = None) -> Attachment:
    """Return what a platform announces."""
    return Attachment(name=name, address="somewhere", mime="application/octet-stream", size=size)


async def taken(pool: Pool, sample: Media, name: str | None = None, limits: Limits | None = None) -> Received | Refused:
    """Take a sample in under a name."""
    blobs = MemoryBlobs()
    given = Intake(blobs=blobs, executor=pool, limits=limits or Limits())
    event = await given.take(3, promise(sample.name if name is None else name), sender(sample.data))
    if isinstance(event, Received):
        kept = await blobs.get(event.artifact.sha256)
        assert len(kept) == event.artifact.size
        assert sha256(kept).hexdigest() == event.artifact.sha256
    assert event.number == 3
    return event


@pytest.mark.parametrize("build", [*samples.ALL, *samples.OTHER_FILMS, *samples.OTHER_SOUNDS])
async def test_every_format_is_taken_in(pool: Pool, build: samples.Build) -> None:
    """Each of the formats becomes an artifact with its true kind, type and ending, under any name."""
    sample = build()
    event = await taken(pool, sample)
    assert isinstance(event, Received)
    artifact = event.artifact
    assert (artifact.kind, artifact.mime, artifact.name) == (sample.kind, sample.mime, sample.name)
    if sample.kind is not Kind.TEXT:
        assert artifact.sha256 == sha256(sample.data).hexdigest()
        nameless = await taken(pool, sample, "blob")
        assert isinstance(nameless, Received)
        assert nameless.artifact.name.startswith("blob.")
        assert (nameless.artifact.kind, nameless.artifact.mime) == (sample.kind, sample.mime)


async def test_content_counts_not_the_name(pool: Pool) -> None:
    """A PNG called evil.exe becomes a picture with a picture's name."""
    event = await taken(pool, samples.png(), "../evil.exe")
    assert isinstance(event, Received)
    assert (event.artifact.name, event.artifact.mime) == ("evil.exe.png", "image/png")


async def test_text_is_kept_as_utf8(pool: Pool) -> None:
    """Whatever encoding a text came in, the experts read UTF-8."""
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"):
        blobs = MemoryBlobs()
        given = Intake(blobs=blobs, executor=pool, limits=Limits())
        event = await given.take(0, promise("poem.txt"), sender(samples.txt(encoding=encoding).data))
        assert isinstance(event, Received)
        assert await blobs.get(event.artifact.sha256) == samples.POEM.encode()


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        (samples.media(b"", Kind.IMAGE, "", "a.png"), "a.png is empty"),
        (samples.media(b"#!/bin/sh\n", Kind.IMAGE, "", "cat.png"), "holds text"),
        (samples.media(b"<svg/>", Kind.IMAGE, "", "a.svg"), "Saved as PNG it would work"),
        (samples.media(b"PK\3\4" + bytes(100), Kind.IMAGE, "", "a.zip"), "send the files that are in it"),
        (samples.media(samples.webp().data[:90], Kind.IMAGE, "", "half.webp"), "half.webp cannot be opened"),
        (samples.mp4_without_frames(), "neither sound nor moving pictures"),
        (samples.pdf_locked(), "locked with a password"),
        (samples.pdf_of(10_000), "10,000 pages"),
        (samples.wav(0), "nothing in it can be played"),
    ],
)
async def test_refusals_are_sentences(pool: Pool, sample: Media, words: str) -> None:
    """What cannot be used comes back as a Refused that says why to its sender."""
    event = await taken(pool, sample)
    assert isinstance(event, Refused)
    assert event.name == sample.name
    assert words in event.why


async def test_the_installations_limits_count(pool: Pool) -> None:
    """Pixels, seconds, pages and characters are those of the settings."""
    tight = Limits(pixels=2000, media_seconds=0.5, pages=1, document_chars=50)
    for build in (samples.webp, samples.wav, samples.mp4, samples.pdf, samples.tiff, samples.txt):
        assert isinstance(await taken(pool, build(), limits=tight), Refused)
        assert isinstance(await taken(pool, build()), Received)


async def test_announced_size_is_refused_without_a_byte(pool: Pool) -> None:
    """A file that says it is too large is not fetched."""
    source = Sender(b"x" * 100)
    given = Intake(blobs=MemoryBlobs(), executor=pool, limits=Limits())
    event = await given.take(0, promise("film.mp4", size=51 * MEGABYTE), source.fetch)
    assert event == Refused(0, "film.mp4", "film.mp4 is larger than 50 MB, the most I take in.")
    assert source.sent == 0


async def test_a_lie_about_the_size_is_cut_at_the_limit(pool: Pool) -> None:
    """A file that announces ten bytes and sends megabytes is read up to the limit and no further, then closed."""
    source = Sender(bytes(5 * MEGABYTE))
    given = Intake(blobs=MemoryBlobs(), executor=pool, limits=Limits(file_bytes=MEGABYTE))
    tracemalloc.start()
    event = await given.take(0, promise("film.mp4", size=10), source.fetch)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(event, Refused)
    assert "larger than 1 MB" in event.why
    assert source.sent == 17
    assert source.closed
    assert peak < 3 * MEGABYTE


async def test_failed_downloads_are_sentences(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fetcher's own sentence, a bug in it, and a source that never ends are all told in words."""

    async def refusing(address: str) -> AsyncIterator[bytes]:
        raise BadInput("This address is private.")
        yield b""

    async def broken(address: str) -> AsyncIterator[bytes]:
        yield b"abc"
        raise OSError(errno.ECONNRESET, "reset")

    async def endless(address: str) -> AsyncIterator[bytes]:
        yield b"abc"
        await anyio.sleep_forever()

    monkeypatch.setattr(intake, "FETCH_SECONDS", 0.05)
    given = Intake(blobs=MemoryBlobs(), executor=pool, limits=Limits())
    said = [await given.take(0, promise("a.png"), fetch) for fetch in (refusing, broken, endless)]
    assert [event.why for event in said if isinstance(event, Refused)] == [
        "This address is private.",
        "a.png could not be fetched. Please send it again.",
        "a.png took too long to arrive. Please send it again.",
    ]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (DeadlineExceeded("slow"), "photo.jpg could not be opened: it is damaged, or too much for me."),
        (WorkerDied("dead"), "photo.jpg could not be opened: it is damaged, or too much for me."),
        (NotAvailable("no probe here"), "no probe here"),
    ],
)
async def test_a_probe_that_dies_is_a_sentence(error: Exception, why: str) -> None:
    """A file that kills or hangs its reader costs nothing but itself."""

    class Failing(FunctionExecutor):
        async def run(self, job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
            raise error

    given = Intake(blobs=MemoryBlobs(), executor=Failing(), limits=Limits())
    event = await given.take(0, promise("photo.jpg"), sender(samples.jpg().data))
    assert event == Refused(0, "photo.jpg", why)


async def test_a_full_disk_is_a_sentence(pool: Pool) -> None:
    """Where the file cannot be kept, the store's words are passed on."""

    class Full(MemoryBlobs):
        async def put(self, data: bytes) -> str:
            raise StoreFailed("The disk is full.")

    given = Intake(blobs=Full(), executor=pool, limits=Limits())
    assert await given.take(0, promise("a.jpg"), sender(samples.jpg().data)) == Refused(0, "a.jpg", "The disk is full.")


async def test_one_bad_file_among_good_ones(pool: Pool) -> None:
    """Attachments are taken in at once, and the bad one does not touch the others."""
    given = Intake(blobs=MemoryBlobs(), executor=pool, limits=Limits())
    files = [samples.jpg(), samples.txt(), replace(samples.wav(), data=b"RIFF1234WAVE"), samples.pdf()]
    events: dict[int, Received | Refused] = {}

    async def take(number: int) -> None:
        events[number] = await given.take(number, promise(files[number].name), sender(files[number].data))

    async with anyio.create_task_group() as group:
        for number in range(len(files)):
            group.start_soon(take, number)
    assert [type(events[number]) for number in range(4)] == [Received, Received, Refused, Received]


def test_the_bots_process_decodes_nothing() -> None:
    """Taking files in does not bring image, film or PDF libraries into the bot's process."""
    code = (
        "import sys; from core.intake import Intake; from core.media.sniff import sniff; "
        "sniff(b'hello', 'a.txt'); sniff(b'%PDF-1.7', 'a.pdf'); "
        "print({'PIL', 'av', 'pypdfium2', 'cv2', 'numpy', 'pillow_heif', 'charset_normalizer'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"
