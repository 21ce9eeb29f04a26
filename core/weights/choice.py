"""Which of a repository's files a model needs: its settings, its words, and its weights in one format only.

Repositories hold the same weights many times: for PyTorch, TensorFlow, Flax and ONNX, halved, and as one file of each
pipeline. What is chosen is what ``from_pretrained`` of transformers and diffusers would read, and the further layers of
sentence-transformers, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatchcase

PIPELINE = "model_index.json"
"""The file that makes a repository a diffusers pipeline."""

MODULES = "modules.json"
"""The file by which sentence-transformers knows a model's steps: after the first, each has a folder, "2_Dense"."""

_SETTINGS = (".json", ".txt", ".model", ".jinja", ".spm", ".bpe", ".codes", ".tiktoken", ".vocab")
_PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib")
_STEMS = ("model", "diffusion_pytorch_model", "pytorch_model")
_FORMATS = (".safetensors", ".bin")  # the first one that is there wins
_HALVED = ("fp16", "bf16")
"""Variants that are the same weights in fewer bits: where a part of a pipeline has no others, they are read."""

_OTHERS = frozenset({
    "onnx", "openvino", "coreml", "tf", "flax", "gguf", "original", "runs", "logs", "assets", "examples", "figures",
    "images", "language_model", "metal", "ggml", "mlx", "tensorrt",
})  # fmt: skip
"""Folders of other formats, and of what nobody needs to run a model: wav2vec 2.0 hears without counts of words, too."""

_LEFTOVERS = frozenset({
    "trainer_state.json", "all_results.json", "train_results.json", "eval_results.json", "training_args.json",
    "requirements.txt", "license.txt", "notice.txt",
})  # fmt: skip

_RECORD = re.compile(r"_(results|predictions|references|targets)\.txt$")
"""Ends the names of what somebody kept of a model's tests; it may be as large as the model."""

_STEP = re.compile(r"[1-9]\d*_\w+/")


def choose(
    names: Collection[str],
    *,
    components: Collection[str] | None = None,
    variant: str = "",
    extra: Iterable[str] = (),
) -> tuple[str, ...]:
    """Return the files that a model needs, in order; empty where there are no weights that we can load.

    ``components`` are the parts of a diffusers pipeline. ``variant``, such as "fp16", is taken where it is there.
    ``extra`` are patterns, as in fnmatch, of files that this model needs beyond what is usual.
    """
    if components is None:
        chosen = _model(names, variant)
    else:
        chosen = {PIPELINE, *(name for part in components for name in _folder(names, part, variant))}
        if not any(name.endswith(_FORMATS) for name in chosen):
            chosen = set()
    more = {name for name in names for pattern in extra if fnmatchcase(name, pattern)}
    if more and not chosen:
        chosen = set(_settings(names))
    return tuple(sorted(chosen | more))


def pickled(names: Iterable[str]) -> tuple[str, ...]:
    """Return those files whose format can hold programs, which a careless reader runs."""
    return tuple(name for name in names if name.endswith(_PICKLED))


def _model(names: Collection[str], variant: str) -> set[str]:
    weights = _weights([name for name in names if "/" not in name], (variant, ""))
    return {*_settings(names), *weights, *_steps(names)} if weights else set()


def _steps(names: Collection[str]) -> Iterator[str]:
    """Yield what a model of sentence-transformers needs of the folders of its later steps."""
    if MODULES in names:
        for folder in {name.partition("/")[0] for name in names if _STEP.match(name)}:
            yield from _folder(names, folder, "")


def _settings(names: Iterable[str]) -> Iterator[str]:
    """Yield the small files of a model, those of the folders right under it included."""
    for name in names:
        folder, _, file = name.rpartition("/")
        if folder.count("/") or folder in _OTHERS or folder.startswith((".", "checkpoint-")):
            continue
        if file.endswith(_SETTINGS) and not _leftover(file):
            yield name


def _leftover(file: str) -> bool:
    """Whether a small file is none of the model's settings, or belongs to the weights."""
    return file.lower() in _LEFTOVERS or ".index." in file or bool(_RECORD.search(file))


def _folder(names: Iterable[str], folder: str, variant: str) -> Iterator[str]:
    """Yield what a pipeline needs of one of its parts."""
    inside = [name.removeprefix(f"{folder}/") for name in names if name.startswith(f"{folder}/")]
    files = [name for name in inside if "/" not in name]
    for name in (*_settings(files), *_weights(files, (variant, "", *_HALVED))):
        yield f"{folder}/{name}"


def _weights(files: Collection[str], variants: Iterable[str]) -> list[str]:
    """Return one copy of the weights in a folder, in the first of these variants, with the index of its shards."""
    for ending in _FORMATS:
        for wanted in dict.fromkeys(variants):
            for stem in _STEMS:
                if found := _copy(files, stem, wanted, ending):
                    return found
    return [name for name in files if name.endswith(".safetensors") and not _double(name)]


def _copy(files: Collection[str], stem: str, variant: str, ending: str) -> list[str]:
    """Return the one file, or the shards, of weights with this stem and variant."""
    mark = f".{variant}" if variant else ""
    single = f"{stem}{mark}{ending}"
    if single in files:
        return [single]
    # Both ways of writing a shard's variant are about: before its number, and after it.
    shard = re.compile(
        rf"{re.escape(stem)}({re.escape(mark)}-\d+-of-\d+|-\d+-of-\d+{re.escape(mark)}){re.escape(ending)}"
    )
    shards = [name for name in files if shard.fullmatch(name)]
    index = [name for name in (f"{stem}{ending}.index{mark}.json", f"{stem}{mark}{ending}.index.json") if name in files]
    return [*shards, *index] if shards else []


def _double(name: str) -> bool:
    """Whether a file of another name is a copy of what is there already."""
    return name.startswith("consolidated") or bool(
        re.search(r"[._-](fp16|bf16|fp32|fp8|non_ema|ema|int8|int4)\b", name)
    )
