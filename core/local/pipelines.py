"""Diffusion pipelines in memory: weights that several experts use are loaded once and shared.

Painting from text, painting over a picture and all the control networks of one base differ in little code and few
weights. So a child holds one :class:`Base` for each repository of weights; each expert derives a pipeline of its own
from it, with its own scheduler and its own extra modules, and never changes the base's. What must be changed for all
(tiling, moving weights off the device) is the base's own state.
"""

from __future__ import annotations

import inspect
import json
import re
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.contract import CPU, out_of_memory
from core.errors import NotAvailable
from core.local.expert import bytes_of
from core.local.processors import FILMS, processor_of
from core.weights.layout import components

if TYPE_CHECKING:
    import torch


class Base:
    """The weights of one repository on one device, and the pipeline that its files declare."""

    def __init__(self, folder: Path, device: str, dtype: torch.dtype, *, offloads: bool = False) -> None:
        """Load. Raises NotAvailable where the weights come only as pickles, which can hold any program."""
        self.device = device
        self.offloads = offloads  # weights lie in main memory and visit the device one module at a time
        self.pipe = _read(folder, dtype)
        if not offloads:
            self.pipe.to(device)
        self._users: list[weakref.ref[Any]] = []
        self._hooked: weakref.ref[Any] | None = None

    def join(self, user: object) -> None:
        """Note that an expert uses these weights."""
        self._users.append(weakref.ref(user))

    def size_for(self, user: object) -> int:
        """Return the bytes on the device that ``user`` has to answer for: all or none.

        The longest-standing living user answers, so that no weight is counted twice and none is forgotten when the
        expert that had loaded it leaves.
        """
        first = next((ref() for ref in self._users if ref() is not None), None)
        if first is not user:
            return 0
        sizes = [bytes_of(module) for module in self.modules()]
        return max(sizes, default=0) if self.offloads else sum(sizes)

    def modules(self) -> Iterator[torch.nn.Module]:
        """Yield the networks."""
        import torch

        yield from (part for part in self.pipe.components.values() if isinstance(part, torch.nn.Module))

    def save_memory(self) -> bool:
        """Decode pictures in pieces; when it does so already, keep weights off the device until they are needed."""
        return self._in_pieces() or self._off_device()

    def prepare(self, pipe: Any) -> None:
        """Make a derived pipeline ready to run: the hooks that move shared modules belong to one pipeline at a time."""
        if self.offloads and (self._hooked is None or self._hooked() is not pipe):
            pipe.enable_model_cpu_offload(device=self.device)
            self._hooked = weakref.ref(pipe)

    def rest(self, pipe: Any) -> None:
        """Move weights off the device after a run that was left midway; a run that ends does so itself."""
        if self.offloads:
            pipe.maybe_free_model_hooks()

    def _in_pieces(self) -> bool:
        vae = getattr(self.pipe, "vae", None)
        changed = False
        for way in ("slicing", "tiling"):
            if hasattr(vae, f"enable_{way}") and not getattr(vae, f"use_{way}", True):
                getattr(vae, f"enable_{way}")()
                changed = True
        return changed

    def _off_device(self) -> bool:
        if self.offloads or self.device == CPU or self.pipe.model_cpu_offload_seq is None:
            return False
        self.offloads = True
        self.pipe.to("cpu")
        return True


_Key = tuple[str, str, str]
_BASES: weakref.WeakValueDictionary[_Key, Base] = weakref.WeakValueDictionary()
"""What this process has loaded. When the last expert that uses a base goes, its memory is free again."""


_TIGHT: set[_Key] = set()
"""What the device had no room for when it was loaded last."""


def base(folder: Path, device: str, dtype: torch.dtype) -> Base:
    """Return the weights in ``folder`` on ``device``, loaded once for all who ask.

    Where the device has no room for them, this raises what PyTorch raises, so that room can be made; they stay in
    main memory when it is called again.
    """
    key = (str(folder), device, str(dtype))
    found = _BASES.get(key)
    if found is None:
        try:
            found = _BASES[key] = Base(folder, device, dtype, offloads=key in _TIGHT and device != CPU)
        except Exception as error:
            if out_of_memory(error):
                _TIGHT.add(key)
            raise
        _TIGHT.discard(key)
    return found


def derived(made: type[Any], pipe: Any, **own: Any) -> Any:
    """Return a pipeline of class ``made`` on the weights of ``pipe``, with parts of its own.

    ``made.from_pipe`` would do so too, but casts all the shared weights to one number format.
    """
    wanted = inspect.signature(made.__init__).parameters.keys() - {"self"}
    scheduler = type(pipe.scheduler).from_config(pipe.scheduler.config)  # it holds the state of a run
    parts = {**pipe.config, **pipe.components, "scheduler": scheduler, **own}
    return made(**{name: part for name, part in parts.items() if name in wanted})


def sibling(pipe: Any, kind: str) -> type[Any]:
    """Return the class that does another ``kind`` of work with the same weights: "Img2Img", "ControlNet".

    Their names follow one pattern. (The library's AutoPipeline would import all pipelines there are to find it.)
    Raises NotAvailable where there is none.
    """
    found = getattr(_diffusers(), type(pipe).__name__.replace("Pipeline", f"{kind}Pipeline"), None)
    if found is None:
        raise NotAvailable(f"Models like this one ({type(pipe).__name__}) cannot do that ({kind}).")
    return found  # type: ignore[no-any-return]


def control(folder: Path, dtype: torch.dtype) -> Any:
    """Return the control network in ``folder``, of whichever class its files name, in main memory."""
    _refuse_pickles(folder)
    return _diffusers().AutoModel.from_pretrained(
        str(folder), dtype=dtype, variant=_variant(folder, dtype), use_safetensors=True, local_files_only=True
    )


def _read(folder: Path, dtype: torch.dtype) -> Any:
    from diffusers.utils import logging as of_diffusers
    from transformers.utils import logging as of_transformers

    index = json.loads((folder / "model_index.json").read_text(encoding="utf-8"))
    for part in components(index):
        if part != "safety_checker":
            _refuse_pickles(folder / part)
    for library in (of_diffusers, of_transformers):  # whoever reads the log has no terminal
        library.disable_progress_bar()
    of_diffusers.set_verbosity_error()  # it warns of long prompts by repeating them, and those are nobody's business
    pipe = _diffusers().DiffusionPipeline.from_pretrained(
        str(folder),
        dtype=_formats(index, dtype),
        variant=_variant(folder, dtype),
        use_safetensors=True,
        local_files_only=True,
        **_left_out(folder, index),
        **_readers(folder, index),
    )
    pipe.set_progress_bar_config(disable=True)
    return pipe


def _diffusers() -> Any:
    """Return the library; its types say less than it does."""
    import diffusers

    return diffusers


def _formats(index: Mapping[str, Any], dtype: torch.dtype) -> Any:
    """Wan's decoder, which others use as well, needs full precision: in half of it, films flicker."""
    import torch

    return {"default": dtype, "vae": torch.float32} if _class(index, "vae") == "AutoencoderKLWan" else dtype


def _left_out(folder: Path, index: Mapping[str, Any]) -> dict[str, Any]:
    """A safety checker that the pipeline names and that cannot be read here is left out; one that can is used."""
    missing = _class(index, "safety_checker") and not any((folder / "safety_checker").glob("*.safetensors"))
    return {"safety_checker": None, "requires_safety_checker": False} if missing else {}


def _readers(folder: Path, index: Mapping[str, Any]) -> dict[str, Any]:
    """Return the processors for pictures and words that could take films apart: ours do without what that needs."""
    import transformers

    classes = {part: getattr(transformers, _class(index, part) or "", None) for part in components(index)}
    return {
        part: processor_of(folder / part)
        for part, made in classes.items()
        if FILMS in getattr(made, "get_attributes", tuple)()
    }


def _class(index: Mapping[str, Any], part: str) -> str | None:
    """Return the class of a pipeline's part, None where it has no such part."""
    _library, name = index.get(part) or (None, None)
    return name


def _variant(folder: Path, dtype: torch.dtype) -> str | None:
    """Return the variant of the files to read: the one stored in half precision, where that is wanted or all there is.

    Files of a variant carry its name before the ending: ``model.fp16.safetensors``.
    """
    import torch

    files = {file: re.search(r"\.(fp16|bf16)[.-]", file.name) for file in folder.rglob("*.safetensors")}
    variants = {found[1] for found in files.values() if found}
    if not variants:
        return None
    plain = {file.parent for file, found in files.items() if not found}
    if dtype == torch.float32 and plain == {file.parent for file in files}:
        return None
    best = "bf16" if dtype == torch.bfloat16 else "fp16"
    return best if best in variants else min(variants)


def _refuse_pickles(folder: Path) -> None:
    """Raise NotAvailable where weights lie as pickles only."""
    if any(folder.glob("*.bin")) and not any(folder.glob("*.safetensors")):
        raise NotAvailable(
            "The weights of this model come in a format that can hold programs. I read safetensors only."
        )
