"""The bare pipeline, without the pool: how long it loads, in several ways, and how long it paints."""

from __future__ import annotations

import time
from typing import Any

from benchmarks.giants import folder_in
from benchmarks.gpu.setup import PROMPT, Setup
from core.contract import Model
from core.types import Media


def bare(setup: Setup, model: Model) -> dict[str, float]:
    """Return seconds of the bare pipeline: loading, each image, and each image written as PNG."""
    import torch
    from diffusers import DiffusionPipeline

    library: Any = DiffusionPipeline
    dtype = getattr(torch, setup.dtype)
    folder = str(folder_in(setup.cache, model.id))
    if setup.gpu:
        torch.zeros(1, device=setup.device)  # CUDA's own start is not the model's
    began = time.perf_counter()
    pipe = library.from_pretrained(folder, dtype=dtype, use_safetensors=True).to(setup.device)
    _finish(setup)
    loaded = time.perf_counter() - began
    pipe.set_progress_bar_config(disable=True)
    _image(pipe, model, 0)
    began = time.perf_counter()
    pictures = [_image(pipe, model, seed) for seed in range(setup.images)]
    seconds = (time.perf_counter() - began) / setup.images
    began = time.perf_counter()
    for picture in pictures:
        _written(picture)
    written = (time.perf_counter() - began) / setup.images
    return {"load": loaded, "image": seconds, "png": written}


def straight(setup: Setup, model: Model) -> float:
    """Return the seconds to load a model with the library's own placement on the device."""
    import torch
    from diffusers import DiffusionPipeline

    library: Any = DiffusionPipeline
    torch.zeros(1, device=setup.device)
    began = time.perf_counter()
    library.from_pretrained(
        str(folder_in(setup.cache, model.id)),
        dtype=getattr(torch, setup.dtype),
        use_safetensors=True,
        device_map=setup.device.partition(":")[0],
    )
    _finish(setup)
    return time.perf_counter() - began


def staged(setup: Setup, model: Model) -> float:
    """Return the seconds to bring a model's bytes from its files to the device by way of two pinned buffers."""
    import torch
    from safetensors import safe_open

    buffers = [torch.empty(2**28, dtype=torch.uint8, pin_memory=True) for _ in range(2)]
    copied: list[Any] = [torch.cuda.Event() for _ in buffers]  # type: ignore[no-untyped-call]
    turn, kept = 0, []
    began = time.perf_counter()
    for file in sorted(folder_in(setup.cache, model.id).rglob("*.safetensors")):
        with safe_open(file, "pt") as opened:
            for name in opened.keys():  # noqa: SIM118 - it is no mapping
                source: Any = opened.get_tensor(name).reshape(-1).view(torch.uint8)
                target: Any = torch.empty(len(source), dtype=torch.uint8, device=setup.device)
                for part, place in zip(source.split(2**28), target.split(2**28), strict=True):
                    buffer, event = buffers[turn % 2], copied[turn % 2]
                    event.synchronize()  # it has left the buffer
                    buffer[: len(part)].copy_(part)
                    place.copy_(buffer[: len(part)], non_blocking=True)
                    event.record()
                    turn += 1
                kept.append(target)
    _finish(setup)
    return time.perf_counter() - began


def _image(pipe: Any, model: Model, seed: int) -> Any:
    import torch

    side = model.settings["width"]
    with torch.inference_mode():
        return pipe(
            prompt=PROMPT,
            width=side,
            height=side,
            num_inference_steps=model.settings["steps"],
            guidance_scale=model.settings["guidance"],
            generator=torch.Generator("cpu").manual_seed(seed),
        ).images[0]


def _written(picture: Any) -> Media:
    from core.media.recipe import Recipe, painted

    return painted(picture, Recipe(model="bare", prompt=PROMPT, seed=0, width=picture.width, height=picture.height))


def _finish(setup: Setup) -> None:
    if setup.gpu:
        import torch

        torch.cuda.synchronize()
