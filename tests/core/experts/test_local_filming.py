"""Films by diffusion: text-to-video and image-to-video, with tiny random models of six families."""

import json
import shutil
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import pytest
import torch

from core.contract import Stopped
from core.errors import BadInput
from core.executors.check import checked
from core.local.filming import FilmingExpert
from core.local.pipelines import Base
from core.local.weights import folder_of
from core.types import Kind, Media
from tests import samples
from tests.core.experts.odd import ODD
from tests.steers import Steered
from tests.tiny.zoo import loaded, registry

pytestmark = [
    pytest.mark.slow,
    # Euler's schedule hands NumPy a tensor, and PyTorch's tensors do not know NumPy 2's newest word yet.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"),
]

TEXT, IMAGE = "text-to-video", "image-to-video"
WAN, WAN_I2V, LTX, OLD = "tiny/wan", "tiny/wan-image-to-video", "tiny/ltx", "tiny/text-to-video-sd"
SVD, COG = "tiny/stable-video-diffusion", "tiny/cogvideox-image-to-video"
FILMERS = {WAN: (5, (48, 32), 8), LTX: (9, (64, 64), 24), OLD: (4, (48, 32), 8)}
"""Pictures, their size, and how many come a second."""
ANIMATORS = {
    WAN: (5, (48, 32), 8),
    WAN_I2V: (5, (48, 32), 8),
    LTX: (9, (96, 32), 24),
    SVD: (4, (64, 32), 7),
    COG: (8, (48, 32), 8),
}

ALL = [*((TEXT, model) for model in FILMERS), *((IMAGE, model) for model in ANIMATORS)]


def filmer(task: str, model: str) -> FilmingExpert:
    """Return a loaded expert."""
    made = loaded(task, model)
    assert isinstance(made, FilmingExpert)
    return made


def run(expert: FilmingExpert, task: str, steer: Steered | None = None, **inputs: Any) -> dict[str, Any]:
    """Return the outputs, checked against the task type; an animator gets a photo and no prompt unless given one."""
    card = registry().card(task, expert.model.id)
    assert card is not None
    usual: dict[str, Any] = {"image": photo()} if task == IMAGE else {"prompt": "a red ball in the garden"}
    return checked(card, expert.run({**usual, **inputs}, steer or Steered()))


def photo() -> Media:
    """Return a picture that is twice as wide as it is high."""
    return samples.picture(samples.photo(128, 64))


def seen(film: object) -> tuple[tuple[bytes, ...], tuple[int, int], float, dict[str, str]]:
    """Decode a film as browsers and Discord do: its pictures, their size, how many a second, and what it tells."""
    assert isinstance(film, Media)
    assert (film.kind, film.mime) == (Kind.VIDEO, "video/mp4")
    assert film.name.endswith(".mp4")
    assert film.data.index(b"moov") < film.data.index(b"mdat")  # plays before it is loaded to its end
    with av.open(BytesIO(film.data), "r", format="mov") as container:
        (stream,) = container.streams
        assert isinstance(stream, av.VideoStream)
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert stream.average_rate is not None
        pictures = tuple(frame.to_ndarray(format="rgb24").tobytes() for frame in container.decode(stream))
        return (
            pictures,
            (stream.width, stream.height),
            float(stream.average_rate),
            dict(container.metadata),
        )


@pytest.mark.parametrize("model", FILMERS)
def test_a_film_that_can_be_made_again(model: str) -> None:
    """A film of the model's length, size and pace; its seed makes it again, another seed makes another."""
    expert = filmer(TEXT, model)
    first = run(expert, TEXT)
    pictures, size, rate, told = seen(first["video"])
    assert (len(pictures), size, rate) == FILMERS[model]
    assert f"Seed: {first['seed']}, Size: {size[0]}x{size[1]}, Model: {model}" in told["comment"]
    again, other = (run(expert, TEXT, seed=first["seed"] ^ bit) for bit in (0, 1))
    assert seen(again["video"])[0] == pictures
    assert seen(other["video"])[0] != pictures
    assert first["video"].name == "a-red-ball-in-the-garden.mp4"


@pytest.mark.parametrize("model", ANIMATORS)
def test_a_picture_comes_to_life(model: str) -> None:
    """A film in the picture's shape that depends on the picture; no prompt is needed."""
    expert = filmer(IMAGE, model)
    first, other = run(expert, IMAGE, seed=1), run(expert, IMAGE, seed=1, image=samples.picture(samples.photo(65, 129)))
    pictures, size, rate, _ = seen(first["video"])
    assert len(pictures) == ANIMATORS[model][0]
    assert rate == ANIMATORS[model][2]
    assert size == ANIMATORS[model][1]
    assert seen(other["video"])[0] != pictures
    assert seen(other["video"])[1] == (size if model == COG else size[::-1])  # it knows one size only
    assert seen(run(expert, IMAGE, seed=1)["video"])[0] == pictures


@pytest.mark.parametrize("model", [WAN, WAN_I2V, LTX])
def test_the_prompt_counts(model: str) -> None:
    """Where an animator reads prompts, another prompt makes another film."""
    expert = filmer(IMAGE, model)
    films = [seen(run(expert, IMAGE, seed=1, prompt=prompt)["video"])[0] for prompt in ("a white dog", "the train", "")]
    assert len(set(films)) == 3


def test_a_prompt_that_nobody_reads() -> None:
    """A model that starts from the picture alone says so when it is given a prompt."""
    steer = Steered()
    run(filmer(IMAGE, SVD), IMAGE, steer, prompt="the dog runs")
    assert "reads no prompt" in steer.progressed[-1][1]


def test_pictures_are_decoded_a_few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stable Video Diffusion's decoder takes far more memory than its network: it gets four pictures at a time."""
    expert = filmer(IMAGE, SVD)
    expert.model = replace(expert.model, settings={**expert.model.settings, "frames": 6})
    decoded, decode = [], expert.pipe.vae.decode

    def counted(latents: Any, **more: Any) -> Any:
        decoded.append(len(latents))
        return decode(latents, **more)

    monkeypatch.setattr(expert.pipe.vae, "decode", counted)
    assert len(seen(run(expert, IMAGE, steps=1)["video"])[0]) == 6
    assert decoded == [4, 2]


def test_the_decoder_of_wan_keeps_its_precision(tmp_path: Path) -> None:
    """In half of it films flicker, whichever pipeline the decoder stands in: SkyReels and SANA-Video have it, too."""
    filmer(TEXT, WAN)
    folder = Path(shutil.copytree(folder_of(WAN), tmp_path / "model"))
    told = json.loads((folder / "model_index.json").read_text())
    (folder / "model_index.json").write_text(json.dumps({**told, "_class_name": "SkyReelsV2Pipeline"}))
    pipe = Base(folder, "cpu", torch.bfloat16).pipe
    assert (pipe.vae.dtype, pipe.transformer.dtype) == (torch.float32, torch.bfloat16)


def test_a_model_that_reads_less_than_its_pipeline_takes() -> None:
    """Where the catalogue knows how many tokens a model was made for, the rest is not read, and that is said."""
    expert, steer = filmer(TEXT, WAN), Steered()
    expert.model = replace(expert.model, settings={**expert.model.settings, "max_tokens": 6})
    first = run(expert, TEXT, steer, prompt="a red ball in the garden", seed=1, steps=1)
    other = run(expert, TEXT, prompt="a red ball in the town", seed=1, steps=1)
    assert "it ends for it at “a red ball in the”" in steer.progressed[-1][1]
    assert seen(first["video"])[0] == seen(other["video"])[0]


@pytest.mark.parametrize(("task", "model"), ALL)
def test_a_stop_takes_effect_at_the_next_step_and_harms_nothing(task: str, model: str) -> None:
    """A stopped job leaves after the step under way; the next one runs as if nothing had been."""
    expert = filmer(task, model)
    before = seen(run(expert, task, seed=1, steps=3)["video"])[0]
    steer = Steered(stop_at=2)
    with pytest.raises(Stopped):
        run(expert, task, steer, seed=1, steps=3)
    assert [note for _, note in steer.progressed] == ["preparing"]
    steer = Steered()
    assert seen(run(expert, task, steer, seed=1, steps=3)["video"])[0] == before
    assert [note for _, note in steer.progressed] == ["preparing", "step 1 of 3", "step 2 of 3", "step 3 of 3"]


@pytest.mark.parametrize("name", ODD)
def test_odd_pictures(name: str) -> None:
    """Every odd picture comes to life, strips get a sentence."""
    expert = filmer(IMAGE, WAN)
    if "strip" in name:
        with pytest.raises(BadInput, match="too long and thin"):
            run(expert, IMAGE, image=ODD[name])
        return
    assert len(seen(run(expert, IMAGE, image=ODD[name], steps=1)["video"])[0]) == 5


@pytest.mark.parametrize("prompt", ["", "  \n"])
def test_nothing_to_film(prompt: str) -> None:
    """An empty prompt gets a sentence that says what is missing."""
    with pytest.raises(BadInput, match="The prompt is empty"):
        run(filmer(TEXT, WAN), TEXT, prompt=prompt)


@pytest.mark.parametrize("model", FILMERS)
@pytest.mark.parametrize("prompt", ["😀", "猫", "\0", "a red ball " * 9_000])
def test_odd_prompts(model: str, prompt: str) -> None:
    """Whatever is written, a film comes of it."""
    assert len(seen(run(filmer(TEXT, model), TEXT, prompt=prompt, steps=1)["video"])[0]) == FILMERS[model][0]


def test_one_model_films_from_words_and_from_pictures() -> None:
    """Where both start from the same weights, they are loaded once."""
    words, picture = filmer(TEXT, WAN), filmer(IMAGE, WAN)
    assert words.pipe.transformer is picture.pipe.transformer
    assert words.pipe.scheduler is not picture.pipe.scheduler
    assert picture.size() == 0 < (words.size() or 0)


@pytest.mark.parametrize("model", FILMERS)
def test_memory_is_saved_in_steps(model: str) -> None:
    """On a processor a decoder in pieces is all there is to save; films still come."""
    expert = filmer(TEXT, model)
    assert expert.save_memory()
    assert not expert.save_memory()
    assert len(seen(run(expert, TEXT)["video"])[0]) == FILMERS[model][0]


def test_wan_reads_prompts_off_the_device_too() -> None:
    """With weights in main memory, Wan's animator still films, and the same."""
    expert = filmer(IMAGE, WAN_I2V)
    before = seen(run(expert, IMAGE, seed=1, prompt="a white dog")["video"])[0]
    expert._base.offloads = True  # as after a device has run out of memory
    for _ in range(2):
        assert seen(run(expert, IMAGE, seed=1, prompt="a white dog")["video"])[0] == before
