"""Diffusion pipelines in repositories as they are on the Hub: of 2022, in many formats, some parts in one only."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from core.errors import NotAvailable
from core.executors.check import checked
from core.experts.text_to_image import Painter
from core.local.pipelines import Base
from core.local.weights import folder_of
from core.weights.choice import PIPELINE, choose, pickled
from core.weights.layout import components
from tests.core.experts.odd import shown
from tests.steers import Steered
from tests.tiny.zoo import loaded, registry

pytestmark = [
    pytest.mark.slow,
    # Its pipelines warn of networks for pictures of less than 512 pixels, which all the tiny ones are.
    pytest.mark.filterwarnings("ignore:The configuration file of the unet has set:FutureWarning"),
]

CHECKED = "tiny/stable-diffusion-checked"
PARTS = ("safety_checker", "text_encoder", "unet", "vae")
HALVED = {
    "safety_checker/model.fp16.safetensors",
    "text_encoder/model.fp16.safetensors",
    "unet/diffusion_pytorch_model.fp16.safetensors",
    "vae/diffusion_pytorch_model.fp16.safetensors",
}
BESIDE = (
    "README.md", "v1-5-pruned.ckpt", "v1-5-pruned-emaonly.safetensors", "v1-inference.yaml", "text_encoder/model.onnx",
    "unet/diffusion_flax_model.msgpack", "unet/openvino_model.bin", "vae_decoder/model.onnx", "vae_1_0/config.json",
    "vae_1_0/diffusion_pytorch_model.safetensors", "unet/diffusion_pytorch_model.non_ema.safetensors",
)  # fmt: skip
"""What lies beside the parts, and would be read by nobody."""

PNDM = {
    "_class_name": "PNDMScheduler", "_diffusers_version": "0.6.0", "beta_end": 0.012, "beta_schedule": "scaled_linear",
    "beta_start": 0.00085, "num_train_timesteps": 1000, "set_alpha_to_one": False, "skip_prk_steps": True,
    "steps_offset": 1, "trained_betas": None, "clip_sample": False,
}  # fmt: skip
LOOKS = {
    "crop_size": 32, "do_center_crop": True, "do_convert_rgb": True, "do_normalize": True, "do_resize": True,
    "feature_extractor_type": "CLIPFeatureExtractor", "resample": 3, "size": 32,
}  # fmt: skip
QUERIES = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}
"""How a decoder's attention is named today, and how it was."""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return Stable Diffusion 1.5 as it was uploaded, with all that has been laid beside it since."""
    loaded("text-to-image", CHECKED)
    folder = Path(shutil.copytree(folder_of(CHECKED), tmp_path / "repository"))
    rewritten(folder / "safety_checker", _checker_then)
    rewritten(folder / "text_encoder", lambda weights: {f"text_model.{name}": one for name, one in weights.items()})
    rewritten(folder / "vae", lambda weights: {_attention_then(name): one for name, one in weights.items()})
    edited(folder / "vae/config.json", drop=("scaling_factor", "force_upcast", "shift_factor", "latents_mean"))
    edited(folder / "text_encoder/config.json", drop=("dtype",), torch_dtype="float32", bos_token_id=0, eos_token_id=2)
    (folder / "scheduler/scheduler_config.json").write_text(json.dumps(PNDM))
    (folder / "feature_extractor/preprocessor_config.json").write_text(json.dumps(LOOKS))
    _words_then(folder / "tokenizer")
    named = {"feature_extractor": ["transformers", "CLIPFeatureExtractor"], "scheduler": ["diffusers", "PNDMScheduler"]}
    edited(folder / PIPELINE, drop=("requires_safety_checker", "image_encoder"), _diffusers_version="0.6.0", **named)
    for part in PARTS:
        beside(folder / part)
    for name in BESIDE:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"whoever reads this fails")
    return folder


def rewritten(part: Path, rename: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Give the weights of a part other names."""
    (file,) = part.glob("*.safetensors")
    save_file(rename(load_file(file)), file, metadata={"format": "pt"})


def edited(file: Path, drop: tuple[str, ...] = (), **more: Any) -> None:
    """Leave settings out of a file, and set others."""
    told = {name: value for name, value in json.loads(file.read_text()).items() if name not in drop}
    file.write_text(json.dumps({**told, **more}))


def beside(part: Path) -> None:
    """Lay the weights of a part beside themselves, halved and as pickles."""
    (file,) = part.glob("*.safetensors")
    weights = load_file(file)
    halved = {name: one.half() if one.is_floating_point() else one for name, one in weights.items()}
    save_file(halved, file.with_suffix(".fp16.safetensors"), metadata={"format": "pt"})
    torch.save(weights, part / ("pytorch_model.bin" if file.stem == "model" else f"{file.stem}.bin"))


def _checker_then(weights: dict[str, Any]) -> dict[str, Any]:
    named = {name.replace("vision_model.", "vision_model.vision_model.", 1): one for name, one in weights.items()}
    named["concept_embeds_weights"] = torch.full_like(named["concept_embeds_weights"], 2.0)  # more than any likeness
    return {**named, "vision_model.vision_model.embeddings.position_ids": torch.arange(5)[None]}


def _attention_then(name: str) -> str:
    for now, then in QUERIES.items() if "mid_block.attentions" in name else ():
        name = name.replace(f".{now}.", f".{then}.")
    return name


def _words_then(folder: Path) -> None:
    """Write a tokenizer as vocabulary and merges."""
    model = json.loads((folder / "tokenizer.json").read_text())["model"]
    (folder / "tokenizer.json").unlink()
    (folder / "vocab.json").write_text(json.dumps(model["vocab"]))
    merges = [one if isinstance(one, str) else " ".join(one) for one in model["merges"]]
    (folder / "merges.txt").write_text("\n".join(["#version: 0.2", *merges, ""]))
    settings = {"tokenizer_class": "CLIPTokenizer", "model_max_length": 77, "pad_token": "<|endoftext|>"}
    (folder / "tokenizer_config.json").write_text(json.dumps({**settings, "do_lower_case": True, "errors": "replace"}))


def fetched(repository: Path, target: Path, variant: str = "") -> list[str]:
    """Bring to ``target`` what would be downloaded; return the names of the weights."""
    names = [file.relative_to(repository).as_posix() for file in repository.rglob("*") if file.is_file()]
    parts = components(json.loads((repository / PIPELINE).read_text()))
    chosen = choose(names, components=parts, variant=variant)
    for name in chosen:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(repository / name, target / name)
    return [name for name in chosen if name.endswith((".safetensors", ".bin"))]


def painted(folder: Path, **inputs: Any) -> Steered:
    """Paint a picture with what lies in a folder; return what was told meanwhile."""
    card, steer = registry().card("text-to-image", CHECKED), Steered()
    assert card is not None
    made = type("Here", (Painter,), {"folder": folder})(card.model)
    made.load()
    picture = checked(card, made.run({"prompt": "a red ball", "seed": 1, **inputs}, steer))["image"]
    assert shown(picture).size == (64, 64)
    return steer


@pytest.mark.parametrize("variant", ["", "fp16"])
def test_a_repository_of_2022(repository: Path, tmp_path: Path, variant: str) -> None:
    """Of thirty files those come that are read; every weight is the file's, and a picture comes of them."""
    weights = fetched(repository, tmp_path / "here", variant)
    assert set(weights) == {name if variant else name.replace(".fp16", "") for name in HALVED}
    pipe = Base(tmp_path / "here", "cpu", torch.float32).pipe
    for part, then in (("text_encoder", "text_model."), ("safety_checker", "vision_model.")):
        (file,) = (tmp_path / "here" / part).glob("*.safetensors")
        known = load_file(file)
        for name, weight in getattr(pipe, part).state_dict().items():
            was = name if part == "safety_checker" and not name.startswith(then) else then + name
            assert torch.equal(weight, known[was].float()), name
    assert pipe.vae.config.scaling_factor == pytest.approx(0.18215)
    assert pipe.tokenizer.model_max_length == 77
    assert painted(tmp_path / "here").progressed[-1][0] == pytest.approx(1.0)


def test_parts_that_are_there_in_half_precision_only(repository: Path, tmp_path: Path) -> None:
    """Where a part has no whole weights its halved ones come, not its pickles, whatever variant was asked for."""
    for file in ("unet/diffusion_pytorch_model.safetensors", "text_encoder/model.safetensors"):
        (repository / file).unlink()
    weights = fetched(repository, tmp_path / "here")
    assert "unet/diffusion_pytorch_model.fp16.safetensors" in weights
    assert "vae/diffusion_pytorch_model.safetensors" in weights
    assert not pickled(weights)
    painted(tmp_path / "here")


def test_a_pickled_checker_is_left_out_and_a_pickled_network_refused(repository: Path, tmp_path: Path) -> None:
    """Pickles are not opened: a picture can be painted without the checker, and not without the network."""
    weights = set(fetched(repository, tmp_path / "here"))
    checker, network = tmp_path / "here/safety_checker", tmp_path / "here/unet"
    assert weights
    (checker / "model.safetensors").rename(checker / "pytorch_model.bin")
    assert Base(tmp_path / "here", "cpu", torch.float32).pipe.safety_checker is None
    (network / "diffusion_pytorch_model.safetensors").rename(network / "diffusion_pytorch_model.bin")
    with pytest.raises(NotAvailable, match="I read safetensors only"):
        Base(tmp_path / "here", "cpu", torch.float32)


def test_no_more_steps_than_a_schedule_was_distilled_from(repository: Path, tmp_path: Path) -> None:
    """LCM's schedule has fifty steps and refuses more: a hundred are fifty."""
    fetched(repository, tmp_path / "here")
    schedule = tmp_path / "here/scheduler/scheduler_config.json"
    schedule.write_text(json.dumps({**PNDM, "_class_name": "LCMScheduler", "original_inference_steps": 50}))
    edited(tmp_path / "here" / PIPELINE, scheduler=["diffusers", "LCMScheduler"])
    assert painted(tmp_path / "here", steps=100).progressed[-1][1] == "step 50 of 50"
