"""Pictures by diffusion: text-to-image, image-to-image and the eight controlled types, with tiny random models."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from core.contract import Expert, Stopped
from core.errors import BadInput, ExpertFailed, NotAvailable
from core.executors.check import checked
from core.experts.canny_control import Canny
from core.experts.image_to_image import PainterOver
from core.local.diffusion import DiffusionExpert
from core.local.pipelines import Base, base
from core.local.weights import folder_of
from core.types import Media
from tests import samples
from tests.core.experts.odd import ODD, shown
from tests.steers import Steered
from tests.tiny.diffusion import CONTROLLED
from tests.tiny.zoo import loaded, registry

pytestmark = [
    pytest.mark.slow,
    # Euler's schedule hands NumPy a tensor, and PyTorch's tensors do not know NumPy 2's newest word yet.
    pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning"),
]

SD, XL, PIX2PIX, NET = ("tiny/stable-diffusion", "tiny/stable-diffusion-xl", "tiny/instruct-pix2pix", "tiny/controlnet")
EDITORS = (SD, PIX2PIX)


def painter(task: str = "text-to-image", model: str = SD) -> DiffusionExpert:
    """Return a loaded expert."""
    made = loaded(task, model)
    assert isinstance(made, DiffusionExpert)
    return made


def run(expert: Expert, steer: Steered | None = None, *, task: str = "text-to-image", **inputs: Any) -> dict[str, Any]:
    """Return the outputs, checked against the task type."""
    card = registry().card(task, expert.model.id)
    assert card is not None
    return checked(card, expert.run({"prompt": "a picture of a red ball", **inputs}, steer or Steered()))


def pixels(made: object) -> bytes:
    """Return what is to be seen."""
    return shown(made).tobytes()


def control_image(turned: int = 0) -> Media:
    """Return white lines on black."""
    image = Image.new("RGB", (64, 64))
    image.paste((255, 255, 255), (0, 10, 64, 14))
    return samples.picture(image.rotate(turned))


@pytest.mark.parametrize("model", [SD, XL])
def test_a_picture_that_can_be_made_again(model: str) -> None:
    """The picture tells its recipe; with the seed that came beside it, it is made again, with another it is another."""
    expert = painter(model=model)
    first = run(expert)
    assert shown(first["image"]).size == (64, 64)
    assert f"Seed: {first['seed']}, Size: 64x64, Model: {model}" in shown(first["image"]).info["parameters"]
    again, other = run(expert, seed=first["seed"]), run(expert, seed=(first["seed"] + 1) % 2**32)
    assert pixels(again["image"]) == pixels(first["image"]) != pixels(other["image"])
    assert run(expert)["seed"] != first["seed"]


def test_settings_are_defaults_and_inputs_come_first() -> None:
    """Steps and size are the catalogue's unless the person says otherwise; each step is told."""
    expert, steer = painter(), Steered()
    told = shown(run(expert, steer)["image"]).info["parameters"]
    assert "Steps: 3, CFG scale: 7.5" in told
    assert [note for _, note in steer.progressed] == ["preparing", "step 1 of 3", "step 2 of 3", "step 3 of 3"]
    assert [done for done, _ in steer.progressed] == pytest.approx([0, 1 / 3, 2 / 3, 1])
    made = run(expert, steps=2.0, width=100.0, height=80, negative_prompt="dogs")["image"]
    assert shown(made).size == (96, 80)
    assert "Negative prompt: dogs\nSteps: 2, " in shown(made).info["parameters"]


def test_the_negative_prompt_counts() -> None:
    """What a picture should not show changes the picture."""
    expert = painter()
    plain = run(expert, seed=3)["image"]
    other = run(expert, seed=3, negative_prompt="a black cat")["image"]
    assert pixels(plain) != pixels(other)


def test_what_a_model_cannot_be_told() -> None:
    """A model that does not weigh the prompt against another text says so when it is told what not to show."""
    expert, steer = painter(), Steered()
    expert.model = replace(expert.model, settings={**expert.model.settings, "guidance": 0.0})
    told = shown(run(expert, steer, negative_prompt="a black cat")["image"]).info["parameters"]
    assert "CFG scale: 0.0" in told
    assert "cannot be told what not to show" in steer.progressed[-1][1]


def test_too_large_is_made_smaller_and_told() -> None:
    """A size beyond what a model paints is kept in shape, made smaller, and the person is told."""
    expert, steer = painter(), Steered()
    assert shown(run(expert, steer, width=2048, height=1024, steps=1)["image"]).size == (184, 88)
    assert "184 x 88 pixels, as large as the model paints" in steer.progressed[-1][1]


@pytest.mark.parametrize("model", [SD, XL])
def test_long_prompts(model: str) -> None:
    """Of a hundred thousand characters the model reads the first; the person is told where it stops reading."""
    expert, steer = painter(model=model), Steered()
    assert shown(run(expert, steer, prompt="a red ball " * 9_000, steps=1)["image"]).size == (64, 64)
    assert "longer than the model reads: it ends for it at “" in steer.progressed[-1][1]
    steer = Steered()
    run(expert, steer, prompt="a red ball " * 20, steps=1)
    assert "longer" not in steer.progressed[-1][1]


@pytest.mark.parametrize("prompt", ["", "  \n"])
def test_nothing_to_paint(prompt: str) -> None:
    """An empty prompt gets a sentence that says what is missing."""
    with pytest.raises(BadInput, match="The prompt is empty"):
        run(painter(), prompt=prompt)


@pytest.mark.parametrize("prompt", ["😀😀", "猫", "\0", "<|startoftext|>" * 3])
def test_odd_prompts(prompt: str) -> None:
    """Whatever is written, a picture comes of it."""
    assert shown(run(painter(), prompt=prompt, steps=1)["image"]).size == (64, 64)


@pytest.mark.parametrize("model", [SD, XL])
def test_a_stop_takes_effect_at_the_next_step_and_harms_nothing(model: str) -> None:
    """A stopped job leaves after the step under way; the next one runs as if nothing had been."""
    expert = painter(model=model)
    before = pixels(run(expert, seed=1, steps=4)["image"])
    steer = Steered(stop_at=3)
    with pytest.raises(Stopped):
        run(expert, steer, seed=1, steps=4)
    assert [note for _, note in steer.progressed] == ["preparing", "step 1 of 4"]
    assert pixels(run(expert, seed=1, steps=4)["image"]) == before


def test_a_pipeline_that_tells_nobody_of_its_steps() -> None:
    """LongCat's pipelines take no callback: their steps are heard from the schedule, and a stop takes effect there."""
    expert = painter()
    before = run(expert, seed=1)
    told = {name: take for name, take in expert._takes.items() if not name.startswith("callback")}
    expert._takes = told  # type: ignore[assignment]
    steer = Steered()
    assert pixels(run(expert, steer, seed=1)["image"]) == pixels(before["image"])
    assert [note for _, note in steer.progressed] == ["preparing", "step 1 of 3", "step 2 of 3", "step 3 of 3"]
    with pytest.raises(Stopped):
        run(expert, Steered(stop_at=3), seed=1)


@pytest.mark.parametrize(("native", "format_"), [(True, torch.bfloat16), (False, torch.float16)])
def test_the_number_format_of_a_gpu(native: bool, format_: torch.dtype, monkeypatch: pytest.MonkeyPatch) -> None:
    """GPUs before Ampere compute bfloat16 by detours: there Stable Diffusion has the half precision it was made in."""
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: including_emulation or native)
    expert = painter()
    expert.device = "cuda:0"
    assert expert.dtype is format_


def test_a_blocked_picture() -> None:
    """What a model's own safety check blocks gets a sentence and no black square."""
    with pytest.raises(ExpertFailed, match="safety check blocked the picture"):
        run(painter(model="tiny/stable-diffusion-checked"))


# ---------------------------------------------------------------- pictures from pictures


@pytest.mark.parametrize("model", EDITORS)
def test_a_picture_is_edited(model: str) -> None:
    """The result has the picture's shape and the model's size; the same wish gives the same, another gives another."""
    editor = painter("image-to-image", model)
    photo = samples.picture(samples.photo(120, 60))
    first, again = (run(editor, task="image-to-image", image=photo)["image"] for _ in range(2))
    assert shown(first).size == (88, 48)
    assert pixels(first) == pixels(again)
    assert first.name == "picture-edited.png"
    red = samples.picture(Image.new("RGB", (120, 60), "red"))
    others: list[dict[str, Any]] = [{"seed": 1}, {"prompt": "a white dog"}, {"image": red}]
    for other in others:
        changed = run(editor, task="image-to-image", **{"image": photo, **other})["image"]
        assert pixels(changed) != pixels(first)


@pytest.mark.parametrize("model", EDITORS)
@pytest.mark.parametrize("name", ODD)
def test_odd_pictures(model: str, name: str) -> None:
    """Every odd picture gives a picture, strips a sentence."""
    editor = painter("image-to-image", model)
    if "strip" in name:
        with pytest.raises(BadInput, match="too long and thin"):
            run(editor, task="image-to-image", image=ODD[name], steps=2)
        return
    wide, high = shown(run(editor, task="image-to-image", image=ODD[name], steps=2)["image"]).size
    assert wide * high == pytest.approx(64 * 64, rel=0.2)


def test_strength() -> None:
    """The less may change, the fewer steps are done, at least one; and the less does change."""
    editor = painter("image-to-image")
    assert isinstance(editor, PainterOver)
    done = {}
    for strength in (0.05, 0.5, 1.0):
        steer = Steered()
        run(editor, steer, task="image-to-image", image=samples.jpg(), strength=strength, steps=8)
        done[strength] = steer.progressed[-1][1]
    assert done == {0.05: "step 1 of 1", 0.5: "step 4 of 4", 1.0: "step 8 of 8"}


# ---------------------------------------------------------------- control


@pytest.mark.parametrize("task", CONTROLLED)
def test_the_control_image_steers(task: str) -> None:
    """For each type of control: the same seed gives the same picture, another control image another picture."""
    expert = painter(task, NET)
    first, again, other = (run(expert, task=task, image=control_image(turned), seed=5) for turned in (0, 0, 90))
    assert shown(first["image"]).size == (64, 64)
    assert first["seed"] == 5
    assert pixels(first["image"]) == pixels(again["image"]) != pixels(other["image"])


def test_from_a_photo_over_its_edges_to_a_picture() -> None:
    """The chain of the original: what canny-control draws, canny-text-to-image paints after, in the photo's shape."""
    edges = Canny().run({"image": samples.picture(samples.photo(120, 60))}, Steered())["image"]
    painted = run(painter("canny-text-to-image", NET), task="canny-text-to-image", image=edges, seed=1)["image"]
    assert shown(painted).size == (88, 48)


@pytest.mark.parametrize("name", ODD)
def test_odd_control_images(name: str) -> None:
    """Every odd picture controls, strips get a sentence."""
    expert = painter("canny-text-to-image", NET)
    if "strip" in name:
        with pytest.raises(BadInput, match="too long and thin"):
            run(expert, task="canny-text-to-image", image=ODD[name], steps=1)
        return
    assert shown(run(expert, task="canny-text-to-image", image=ODD[name], steps=1)["image"]).size


# ---------------------------------------------------------------- shared weights


def test_all_experts_of_a_base_share_its_weights_and_nothing_else() -> None:
    """Painting, painting over and two control networks hold one network and one decoder, each its own schedule."""
    experts = [
        painter(),
        painter("image-to-image"),
        painter("canny-text-to-image", NET),
        painter("depth-text-to-image", NET),
    ]
    pipes = [expert.pipe for expert in experts]
    assert len({id(pipe.unet) for pipe in pipes}) == len({id(pipe.vae) for pipe in pipes}) == 1
    assert len({id(pipe.scheduler) for pipe in pipes}) == len(pipes)
    assert pipes[2].controlnet is not pipes[3].controlnet
    assert {pipe.unet.dtype for pipe in pipes} == {torch.float32}


def test_a_picture_is_the_same_whoever_shares_the_weights() -> None:
    """A job of one expert leaves no trace in another's."""
    expert = painter()
    before = pixels(run(expert, seed=1)["image"])
    run(painter("canny-text-to-image", NET), task="canny-text-to-image", image=control_image())
    run(painter("image-to-image"), task="image-to-image", image=samples.jpg())
    assert pixels(run(expert, seed=1)["image"]) == before


def test_shared_weights_count_once_and_for_the_first_who_stays() -> None:
    """The first user answers for the base, later ones for what they add; when the first goes, the next answers."""
    first = painter()
    second, third = painter("image-to-image"), painter("canny-text-to-image", NET)
    whole, own = first.size() or 0, sum(p.nbytes for p in third.pipe.controlnet.state_dict().values())
    assert whole > 400_000
    assert (second.size(), third.size()) == (0, own)
    del first
    assert (second.size(), third.size()) == (whole, own)


def test_weights_leave_with_their_last_user() -> None:
    """When nobody uses a base any more it is gone, and the next one loads it anew."""
    import gc
    import weakref

    first, second = painter(), painter("image-to-image")
    weights = weakref.ref(first.pipe.unet)
    del first
    gc.collect()
    assert weights() is second.pipe.unet
    del second
    gc.collect()
    assert weights() is None


def test_memory_is_saved_in_steps() -> None:
    """On a processor a decoder in pieces is all there is to save; pictures still come, for all who share it."""
    expert, sharing = painter(), painter("image-to-image")
    assert expert.save_memory()
    assert expert.pipe.vae.use_slicing
    assert expert.pipe.vae.use_tiling
    assert not expert.save_memory()
    assert not sharing.save_memory()
    assert shown(run(expert, width=128, height=128)["image"]).size == (128, 128)


def test_weights_that_lie_in_main_memory() -> None:
    """Off the device, weights visit it module by module, for one pipeline after the other, a stop included."""
    expert, control = painter(), painter("canny-text-to-image", NET)
    before = pixels(run(expert, seed=1)["image"])
    expert._base.offloads = True  # as after a device has run out of memory
    assert pixels(run(expert, seed=1)["image"]) == before
    run(control, task="canny-text-to-image", image=control_image())
    with pytest.raises(Stopped):
        run(expert, Steered(stop_at=2), seed=1)
    assert pixels(run(expert, seed=1)["image"]) == before
    assert len(expert.pipe._all_hooks) >= 3
    whole = sum(p.nbytes for part in expert._base.modules() for p in part.state_dict().values())
    assert 0 < (expert.size() or 0) < whole


# ---------------------------------------------------------------- files


def copied(tmp_path: Path, model: str = "tiny/stable-diffusion-checked") -> Path:
    """Return a copy of a model's folder."""
    painter(model=model)
    return Path(shutil.copytree(folder_of(model), tmp_path / "model"))


def test_a_safety_checker_that_was_not_downloaded_is_left_out(tmp_path: Path) -> None:
    """A pipeline whose files name a checker that is not there loads without one."""
    folder = copied(tmp_path)
    assert base(folder, "cpu", torch.float32).pipe.safety_checker is not None
    shutil.rmtree(folder / "safety_checker")
    assert Base(folder, "cpu", torch.float32).pipe.safety_checker is None


def test_half_precision_is_read_where_it_is_wanted_or_all_there_is(tmp_path: Path) -> None:
    """Files stored as "fp16" are read for a device that works so, and by any where there are no others."""
    folder = copied(tmp_path, SD)
    Base(folder, "cpu", torch.float32).pipe.to(torch.float16).save_pretrained(folder, variant="fp16")
    for file in folder.rglob("*.safetensors"):
        if ".fp16." not in file.name:
            file.write_bytes(b"broken: whoever reads this fails")
    assert Base(folder, "cpu", torch.bfloat16).pipe.unet.dtype == torch.bfloat16
    with pytest.raises(
        Exception, match=r"Unable to load weights|deserializing header"
    ):  # by whichever part comes first
        Base(folder, "cpu", torch.float32)
    for file in folder.rglob("*.safetensors"):
        if ".fp16." not in file.name:
            file.unlink()
    assert Base(folder, "cpu", torch.float32).pipe.unet.dtype == torch.float32


def test_pickles_are_refused(tmp_path: Path) -> None:
    """Weights that could hold a program are not opened."""
    folder = copied(tmp_path, SD)
    for file in folder.rglob("*.safetensors"):
        file.rename(file.with_suffix(".bin"))
    with pytest.raises(NotAvailable, match="I read safetensors only"):
        Base(folder, "cpu", torch.float32)


def test_a_family_that_has_no_control_networks() -> None:
    """A base that cannot be controlled or painted over gets a sentence."""
    from core.local.pipelines import sibling

    with pytest.raises(NotAvailable, match="cannot do that"):
        sibling(painter("image-to-image", PIX2PIX).pipe, "ControlNet")
