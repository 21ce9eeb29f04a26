"""What all experts that generate by diffusion share: settings, seeds, progress, and leaving a run midway."""

from __future__ import annotations

import inspect
import secrets
from abc import abstractmethod
from collections.abc import Callable, Mapping
from itertools import count
from math import lcm
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from core.contract import Inputs, Steer
from core.errors import BadInput, ExpertFailed
from core.local.expert import LocalExpert
from core.local.pipelines import base
from core.media.canvas import Canvas, Size
from core.media.recipe import Recipe

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image

    from core.local.pipelines import Base

_FACTORS = {
    "vae_scale_factor": 2,
    "vae_scale_factor_spatial": 2,
    "vae_spatial_scale_factor": 2,
    "vae_spatial_compression_ratio": 1,
}
"""Where pipelines keep how many pixels one latent stands for, and how many latents their networks take at once."""


class DiffusionExpert(LocalExpert):
    """Runs a pipeline of diffusers, whichever the model's files name.

    Pipelines take arguments of different names; what one does not take is left out. A subclass says in
    :meth:`derive` which pipeline it needs, and calls :meth:`generate`.
    """

    needs: ClassVar[tuple[str, ...]] = ("torch", "transformers", "diffusers", "accelerate", "cv2")
    prompted: ClassVar[bool] = True  # nothing can be made without a prompt

    def load(self) -> None:
        """Load the weights, or use those that another expert of this process has loaded."""
        self._base: Base = base(self.weights, self.device, self.dtype)
        self._base.join(self)
        self.pipe = self.derive(self._base.pipe)
        self.pipe.set_progress_bar_config(disable=True)
        self._takes = inspect.signature(self.pipe.__call__).parameters

    @property
    def dtype(self) -> torch.dtype:
        """GPUs before Ampere compute bfloat16 by detours: there, pipelines with a U-Net run as they were made."""
        import torch

        usual = super().dtype
        if usual is not torch.bfloat16 or torch.cuda.is_bf16_supported(including_emulation=False):
            return usual
        return torch.float16 if (self.weights / "unet").is_dir() else usual

    @property
    def weights(self) -> Path:
        """Where the shared weights lie."""
        return self.folder

    @abstractmethod
    def derive(self, pipe: Any) -> Any:
        """Return this expert's own pipeline on the weights of ``pipe``, with a scheduler of its own."""

    def size(self) -> int | None:
        """Return the bytes of what only this expert uses; the shared weights count for the first of their users."""
        return (super().size() or 0) + self._base.size_for(self)

    def save_memory(self) -> bool:
        return self._base.save_memory()

    @property
    def canvas(self) -> Canvas:
        """What sizes the model paints."""
        name = next((name for name in _FACTORS if hasattr(self.pipe, name)), "vae_scale_factor")
        factor = int(getattr(self.pipe, name, 8))
        side = self._trained_side(factor)
        width, height = (int(self.setting(name) or side) for name in ("width", "height"))
        config = getattr(getattr(self.pipe, "transformer", None), "config", {})
        fixed = bool(config.get("use_learned_positional_embeddings"))  # it has learned its places one by one
        return Canvas(native=(width, height), multiple=lcm(8, factor * _FACTORS[name]), fixed=fixed)

    def setting(self, name: str) -> Any:
        """Return what the catalogue says of the model, None where it says nothing."""
        return self.model.settings.get(name)

    def generate(self, inputs: Inputs, steer: Steer, size: Size, remark: str = "", **more: Any) -> tuple[Any, Recipe]:
        """Run the pipeline on the prompt and ``more``; return its output and how it was made.

        ``remark`` is told beside the progress. Raises BadInput without a prompt where one is needed, ExpertFailed
        where the model's own checker blocks the picture.
        """
        seed = self.seed(inputs)
        recipe = self._recipe(inputs, size, seed)
        remarks = (remark, self._unread(recipe.prompt), self._unused(recipe))
        told = "".join(f" ({one})" for one in remarks if one)
        steer.check()
        steer.progress(0.0, f"preparing{told}")
        output = self._run({**self._arguments(recipe), **more}, seed, self._watched(steer, told))
        if any(getattr(output, "nsfw_content_detected", None) or ()):
            raise ExpertFailed("The model's own safety check blocked the picture. Try other words or another seed.")
        return output, recipe

    def fitted(self, image: Image, name: str) -> Image:
        """Return a picture in a size that the model paints, see-through parts on white. Raises BadInput for strips.

        What does not fit its shape is cut off at the borders.
        """
        from PIL import ImageOps
        from PIL.Image import Resampling

        from core.media.images import on_white

        return ImageOps.fit(on_white(image), self.canvas.like(image.size, name), Resampling.LANCZOS)

    def seed(self, inputs: Inputs) -> int:
        """Return the seed that is asked for, else a random one."""
        given = inputs.get("seed")
        return secrets.randbelow(2**32) if given is None else int(given)

    def takes(self, name: str) -> bool:
        """Whether the pipeline takes this argument."""
        return name in self._takes

    def default(self, name: str) -> Any:
        """Return the pipeline's own default of an argument, None where it has none."""
        found = self._takes.get(name)
        return None if found is None or found.default is inspect.Parameter.empty else found.default

    def _recipe(self, inputs: Inputs, size: Size, seed: int) -> Recipe:
        prompt = (inputs.get("prompt") or "").strip()
        if not prompt and self.prompted:
            raise BadInput("The prompt is empty. Say in a few words what there is to see.")
        guidance = self.setting("guidance")
        return Recipe(
            model=self.model.id,
            prompt=prompt,
            negative=(inputs.get("negative_prompt") or "").strip(),
            seed=seed,
            width=size[0],
            height=size[1],
            steps=self._steps(inputs),
            guidance=self.default(self._guiding) if guidance is None else float(guidance),
        )

    def _steps(self, inputs: Inputs) -> int | None:
        """Return how many steps are asked for, else usual; no more than the schedule was distilled from (LCM, TCD)."""
        steps = inputs.get("steps") or self.setting("steps") or self.default("num_inference_steps")
        most = self.pipe.scheduler.config.get("original_inference_steps")
        return None if steps is None else min(int(steps), int(most or steps))

    def _arguments(self, recipe: Recipe) -> dict[str, Any]:
        return {
            "prompt": recipe.prompt,
            "negative_prompt": recipe.negative or self._usual_negative,
            "width": recipe.width,
            "height": recipe.height,
            "num_inference_steps": recipe.steps,
            self._guiding: recipe.guidance,
            "image_guidance_scale": self.setting("image_guidance"),
            "max_sequence_length": self.setting("max_tokens"),
            "controlnet_conditioning_scale": self.setting("control"),
            "output_type": "pil",
        }

    def _run(self, arguments: Mapping[str, Any], seed: int, watched: Mapping[str, Any]) -> Any:
        import torch

        given = {name: value for name, value in arguments.items() if value is not None and self.takes(name)}
        if self.takes("intermediate_timesteps") and given.get("num_inference_steps") != 2:
            given["intermediate_timesteps"] = None  # SANA-Sprint's default says where the second of two steps is
        generator = torch.Generator("cpu").manual_seed(seed)  # the same numbers on every device
        self._base.prepare(self.pipe)
        try:
            with torch.inference_mode():
                return self.pipe(**given, generator=generator, **watched)
        except BaseException:
            self._base.rest(self.pipe)
            raise
        finally:
            vars(self.pipe.scheduler).pop("step", None)  # what overhears it holds on to this expert

    def _watched(self, steer: Steer, told: str) -> dict[str, Any]:
        """Return the arguments that make the pipeline tell each step, in its present or its older words.

        One that tells nobody (LongCat's) is heard through its schedule.
        """

        def step(done: int) -> None:
            steer.check()
            steps = getattr(self.pipe, "num_timesteps", None) or len(self.pipe.scheduler.timesteps)
            steer.progress(min(1.0, (done + 1) / steps), f"step {min(done + 1, steps)} of {steps}{told}")

        if self.takes("callback_on_step_end"):
            return {"callback_on_step_end": _present(step)}
        if self.takes("callback"):
            return {"callback": lambda done, *_: step(done), "callback_steps": 1}
        self.pipe.scheduler.step = _overheard(self.pipe.scheduler, step)
        return {}

    @property
    def _guiding(self) -> str:
        """The argument that says how closely the prompt is followed: Qwen's pipelines and SVD's name it differently."""
        if type(self.pipe).__name__.startswith("QwenImage"):
            return "true_cfg_scale"
        return "max_guidance_scale" if self.takes("max_guidance_scale") else "guidance_scale"

    @property
    def _usual_negative(self) -> str | None:
        return " " if self._guiding == "true_cfg_scale" else None  # without one, Qwen's pipelines do not guide

    def _unused(self, recipe: Recipe) -> str:
        """Return what to say of words that the model does not read."""
        if recipe.prompt and not self.takes("prompt"):
            return "this model starts from the picture alone and reads no prompt"
        other = self.takes("true_cfg_scale") and self._guiding != "true_cfg_scale"  # FLUX: it guides without
        taken = self.takes("negative_prompt") and not other and (recipe.guidance is None or recipe.guidance > 1)
        return "" if taken or not recipe.negative else "this model cannot be told what not to show"

    def _unread(self, prompt: str) -> str:
        """Return what to say of a prompt that is longer than the model reads."""
        names = ("tokenizer", "tokenizer_2", "tokenizer_3", "tokenizer_4")
        readers = [reader for name in names if (reader := getattr(self.pipe, name, None)) is not None]
        reader = max(readers, key=lambda one: one.model_max_length, default=None)
        if reader is None or not reader.is_fast:
            return ""
        longest = self.setting("max_tokens") or self.default("max_sequence_length")
        most = min(reader.model_max_length, longest or reader.model_max_length)
        spans = reader(prompt, return_offsets_mapping=True, verbose=False)["offset_mapping"]
        if len(spans) <= most:
            return ""
        end = spans[most - 2][1]
        return f"the prompt is longer than the model reads: it ends for it at “{prompt[:end][-40:].strip()}”"

    def _trained_side(self, factor: int) -> int:
        network: Any = getattr(self.pipe, "unet", None) or getattr(self.pipe, "transformer", None)
        latents = getattr(self.pipe, "default_sample_size", None) or getattr(network.config, "sample_size", None)
        return latents * factor if isinstance(latents, int) else 512


def _present(step: Callable[[int], None]) -> Callable[..., dict[str, Any]]:
    """Return a callback as pipelines call it after a step: it gives back the tensors it was shown."""

    def shown(_pipe: Any, done: int, _time: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        step(done)
        return tensors

    return shown


def _overheard(scheduler: Any, step: Callable[[int], None]) -> Callable[..., Any]:
    """Return a schedule's own step, which tells that it was made."""
    made, numbers = type(scheduler).step, count()

    def overheard(*args: Any, **more: Any) -> Any:
        result = made(scheduler, *args, **more)
        step(next(numbers))
        return result

    return overheard
