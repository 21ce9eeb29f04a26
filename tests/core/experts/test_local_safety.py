"""Whether pictures and films are unsafe, by a classifier on own devices: a tiny one that takes red for unsafe."""

from __future__ import annotations

from io import BytesIO

import av
import pytest
from PIL import Image

from core.contract import Model, Outputs, Stopped
from core.errors import BadInput, ExpertFailed
from core.experts.image_safety import unsafe_labels, verdict
from core.types import Kind, Media
from tests import samples
from tests.steers import Steered
from tests.tiny.zoo import loaded

pytestmark = pytest.mark.slow

RED, BLUE = (Image.new("RGB", (64, 48), colour) for colour in ("red", "blue"))


def looked(media: Media) -> Outputs:
    """Return what the tiny classifier gives."""
    return loaded("image-safety", "tiny/nsfw").run({"image": media}, Steered())


def recorded(film: Media) -> Media:
    """Return a film as it is written while it is recorded: its length comes too late for its head."""
    file = BytesIO()
    with av.open(BytesIO(film.data), "r") as source, av.open(file, "w", "webm", options={"live": "1"}) as target:
        video = source.streams.video[0]
        copy = target.add_stream_from_template(video)
        for packet in source.demux(video):
            if packet.dts is not None:
                packet.stream = copy
                target.mux(packet)
    return Media(data=file.getvalue(), kind=Kind.VIDEO, mime="video/webm", name="recorded.webm")


def animation(form: str, *frames: Image.Image) -> Media:
    """Return pictures as an animation in one of Pillow's formats."""
    file = BytesIO()
    frames[0].save(file, form, save_all=True, append_images=frames[1:], duration=100)
    return samples.media(file.getvalue(), Kind.IMAGE, f"image/{form.lower()}", f"moving.{form.lower()}")


@pytest.mark.parametrize(("image", "unsafe"), [(RED, True), (BLUE, False), (samples.photo(), False)])
def test_a_picture_is_told_unsafe_or_not(image: Image.Image, unsafe: bool) -> None:
    """The network's own numbers decide."""
    found = looked(samples.picture(image))
    assert found["label"] == "nsfw"
    assert isinstance(found["score"], float)
    assert (found["score"] > 0.99) is unsafe
    assert (found["score"] < 0.01) is not unsafe


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_one_frame_of_an_animation_is_enough(form: str) -> None:
    """Each of its frames is looked at, not only the first; where they are many, some that are spread over it."""
    assert looked(animation(form, BLUE, BLUE, RED))["score"] > 0.99  # type: ignore[operator]
    assert looked(animation(form, BLUE, Image.new("RGB", (64, 48), "navy")))["score"] < 0.01  # type: ignore[operator]
    reds = (Image.new("RGB", (64, 48), (255, number % 7, 0)) for number in range(60))
    blues = (Image.new("RGB", (64, 48), (0, number % 7, 255)) for number in range(60))
    assert looked(animation(form, *blues, *reds))["score"] > 0.99  # type: ignore[operator]


@pytest.mark.parametrize("film", [samples.mp4(), samples.webm(), samples.mov(), samples.mp4(frames=600)])
def test_a_film_that_turns_red_is_unsafe(film: Media) -> None:
    """Its end counts, although it begins in black; as long films do."""
    assert looked(film)["score"] > 0.99  # type: ignore[operator]


def test_a_film_whose_length_nobody_knows_is_looked_at_to_its_end() -> None:
    """Browsers record without saying how long."""
    live = recorded(samples.webm())
    with av.open(BytesIO(live.data), "r") as container:
        assert container.duration is None
    assert looked(live)["score"] > 0.99  # type: ignore[operator]


def test_a_gif_that_counts_as_a_film_is_looked_at() -> None:
    """As conversion makes them."""
    film = samples.gif()
    moving = Media(data=film.data, kind=Kind.VIDEO, mime=film.mime, name=film.name)
    assert looked(moving)["score"] > 0.99  # type: ignore[operator]  # its first frame is red


@pytest.mark.parametrize(
    "media",
    [
        samples.media(b"nothing", Kind.IMAGE, "image/png", "broken.png"),
        samples.media(b"\x00\x00\x00\x18ftypmp42", Kind.VIDEO, "video/mp4", "broken.mp4"),
        samples.mp4_without_frames(),
    ],
)
def test_what_cannot_be_opened_gets_no_verdict(media: Media) -> None:
    """No words are better than “safe”."""
    with pytest.raises(BadInput):
        looked(media)


def test_a_cancel_is_heard_between_pictures() -> None:
    """A long film does not hold up whoever stopped the request."""
    steer = Steered(stop_at=2)
    with pytest.raises(Stopped):
        loaded("image-safety", "tiny/nsfw").run({"image": samples.mp4(frames=100)}, steer)


def test_unsafe_labels_add_up_and_the_worst_picture_counts() -> None:
    """Models that tell kinds of unsafe apart are as sure as all of them together."""
    model = Model(id="x", settings={"unsafe": "porn, Hentai"})
    rows = [{"neutral": 0.9, "porn": 0.1, "hentai": 0.0}, {"neutral": 0.3, "porn": 0.3, "hentai": 0.4}]
    assert verdict(rows, unsafe_labels(model)) == {"label": "hentai", "score": 0.7}


def test_a_model_without_such_a_label_says_nothing() -> None:
    """Its other labels do not make a picture safe."""
    with pytest.raises(ExpertFailed, match="nsfw"):
        verdict([{"cat": 1.0}], unsafe_labels(Model(id="x")))
