"""Which files of a repository are downloaded, for repositories as they are on the Hub."""

import pytest

from core.weights.choice import choose, pickled

BERT = (
    ".gitattributes", "LICENSE", "README.md", "config.json", "coreml/fill-mask/float32_model.mlpackage/Manifest.json",
    "flax_model.msgpack", "model.onnx", "model.safetensors", "onnx/config.json", "onnx/model.onnx", "pytorch_model.bin",
    "rust_model.ot", "tf_model.h5", "tokenizer.json", "tokenizer_config.json", "vocab.txt",
)  # fmt: skip
WHISPER = (
    "added_tokens.json", "config.json", "generation_config.json", "merges.txt", "model.fp32-00001-of-00002.safetensors",
    "model.fp32-00002-of-00002.safetensors", "model.safetensors", "model.safetensors.index.fp32.json",
    "normalizer.json", "preprocessor_config.json", "pytorch_model.bin", "pytorch_model.bin.index.fp32.json",
    "special_tokens_map.json", "tokenizer.json", "vocab.json",
)  # fmt: skip
MISTRAL = (
    "chat_template.jinja", "config.json", "consolidated.safetensors", "model-00001-of-00003.safetensors",
    "model-00002-of-00003.safetensors", "model-00003-of-00003.safetensors", "model.safetensors.index.json",
    "params.json", "pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin",
    "pytorch_model.bin.index.json", "tokenizer.json", "tokenizer.model", "trainer_state.json",
    "checkpoint-500/config.json",
)  # fmt: skip
DIFFUSION = (
    "README.md", "feature_extractor/preprocessor_config.json", "model_index.json", "sd-v1-5.ckpt",
    "sd-v1-5.safetensors",
    "safety_checker/config.json", "safety_checker/model.safetensors", "safety_checker/model.fp16.safetensors",
    "safety_checker/pytorch_model.bin", "scheduler/scheduler_config.json", "text_encoder/config.json",
    "text_encoder/model.safetensors", "text_encoder/model.fp16.safetensors", "text_encoder/flax_model.msgpack",
    "text_encoder/pytorch_model.bin", "tokenizer/merges.txt", "tokenizer/vocab.json", "unet/config.json",
    "unet/diffusion_pytorch_model.safetensors", "unet/diffusion_pytorch_model.fp16.safetensors",
    "unet/diffusion_pytorch_model.non_ema.safetensors", "unet/diffusion_pytorch_model.bin", "vae/config.json",
    "vae/diffusion_pytorch_model.safetensors", "vae_decoder/model.onnx",
)  # fmt: skip
PARTS = ("feature_extractor", "safety_checker", "scheduler", "text_encoder", "tokenizer", "unet", "vae")


def test_one_copy_of_the_weights() -> None:
    """Of six formats, safetensors come, with the settings and the tokenizer's files, and nothing else."""
    assert choose(BERT) == (
        "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "vocab.txt",
    )  # fmt: skip


def test_one_precision_of_the_weights() -> None:
    """Where whole files and shards of another precision lie side by side, the whole file is the one that is loaded."""
    chosen = choose(WHISPER)
    assert [name for name in chosen if name.endswith(".safetensors")] == ["model.safetensors"]
    assert not [name for name in chosen if ".index." in name]


def test_a_variant_in_shards() -> None:
    """Asked for by name, a variant's shards come with their index."""
    assert {name for name in choose(WHISPER, variant="fp32") if "safetensors" in name} == {
        "model.fp32-00001-of-00002.safetensors",
        "model.fp32-00002-of-00002.safetensors",
        "model.safetensors.index.fp32.json",
    }


def test_shards() -> None:
    """All shards come with their index; the author's one-file copy, training's leftovers and checkpoints do not."""
    assert choose(MISTRAL) == (
        "chat_template.jinja", "config.json", "model-00001-of-00003.safetensors", "model-00002-of-00003.safetensors",
        "model-00003-of-00003.safetensors", "model.safetensors.index.json", "params.json", "tokenizer.json",
        "tokenizer.model",
    )  # fmt: skip


def test_a_pipeline() -> None:
    """A diffusers pipeline is its parts' folders, in safetensors; single-file checkpoints and ONNX copies stay."""
    chosen = choose(DIFFUSION, components=PARTS)
    assert [name for name in chosen if name.endswith(".safetensors")] == [
        "safety_checker/model.safetensors",
        "text_encoder/model.safetensors",
        "unet/diffusion_pytorch_model.safetensors",
        "vae/diffusion_pytorch_model.safetensors",
    ]
    assert {"model_index.json", "scheduler/scheduler_config.json", "tokenizer/merges.txt"} <= set(chosen)
    assert not pickled(chosen)


def test_a_variant_of_a_pipeline() -> None:
    """A variant is taken in each part that has it; the others come as they are, as diffusers loads them."""
    chosen = choose(DIFFUSION, components=[part for part in PARTS if part != "safety_checker"], variant="fp16")
    assert [name for name in chosen if name.endswith(".safetensors")] == [
        "text_encoder/model.fp16.safetensors",
        "unet/diffusion_pytorch_model.fp16.safetensors",
        "vae/diffusion_pytorch_model.safetensors",
    ]


def test_a_part_in_half_precision_only() -> None:
    """Where a part of a pipeline has no whole weights, the halved ones come: nothing else would, or a pickle."""
    names = [name for name in DIFFUSION if name != "unet/diffusion_pytorch_model.safetensors"]
    assert "unet/diffusion_pytorch_model.fp16.safetensors" in choose(names, components=PARTS)
    assert "text_encoder/model.safetensors" in choose(names, components=PARTS)
    assert not pickled(choose(names, components=PARTS))


def test_shards_of_a_variant_in_the_old_writing() -> None:
    """Diffusers once wrote the variant behind the shard's number."""
    unet = [
        "unet/diffusion_pytorch_model-00001-of-00002.fp16.safetensors",
        "unet/diffusion_pytorch_model-00002-of-00002.fp16.safetensors",
        "unet/diffusion_pytorch_model.safetensors.index.fp16.json",
    ]
    assert set(choose([*unet, "unet/config.json"], components=["unet"], variant="fp16")) > set(unet)


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["config.json", "pytorch_model.bin", "training_args.bin"], {"config.json", "pytorch_model.bin"}),
        (
            ["config.json", "pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin",
             "pytorch_model.bin.index.json"],
            {"config.json", "pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin",
             "pytorch_model.bin.index.json"},
        ),
        (
            ["config.json", "diffusion_pytorch_model.safetensors", "diffusion_pytorch_model.fp16.safetensors"],
            {"config.json", "diffusion_pytorch_model.safetensors"},
        ),
        (["adapter_config.json", "adapter_model.safetensors"], {"adapter_config.json", "adapter_model.safetensors"}),
        (
            ["1_Pooling/config.json", "config.json", "model.safetensors", "modules.json", "openvino/model.bin"],
            {"1_Pooling/config.json", "config.json", "model.safetensors", "modules.json"},
        ),
        (["config.json", "source.spm", "target.spm", "vocab.json", "model.safetensors", "model.fp16.safetensors"],
         {"config.json", "source.spm", "target.spm", "vocab.json", "model.safetensors"}),
    ],
)  # fmt: skip
def test_other_shapes(names: list[str], chosen: set[str]) -> None:
    """Pickles where there is nothing else, single parts of pipelines, adapters, poolings, sentencepiece."""
    assert set(choose(names)) == chosen


@pytest.mark.parametrize("names", [["README.md"], ["config.json", "tf_model.h5"], ["model.gguf"], []])
def test_nothing_to_load(names: list[str]) -> None:
    """A repository without weights for PyTorch has nothing to choose."""
    assert choose(names) == ()
    assert choose(names, components=["unet"]) == ()


def test_unusual_files_by_name() -> None:
    """A catalogue can name further files, and they come even where there are no usual weights."""
    names = ["config.json", "voices/af.pt", "voices/bf.pt", "body_pose_model.pth", "model.safetensors"]
    assert "voices/af.pt" in choose(names, extra=["voices/a*"])
    assert choose(["body_pose_model.pth", "hand.pth"], extra=["body*"]) == ("body_pose_model.pth",)


def test_pickles_are_known() -> None:
    """What runs code when it is read is told apart by its name."""
    assert pickled(["a.safetensors", "b.bin", "c/d.pth", "config.json"]) == ("b.bin", "c/d.pth")


def test_later_steps_of_sentence_transformers() -> None:
    """Layers behind the pooling have weights in folders of their own, of which one copy comes too."""
    names = [
        "0_Transformer/model.safetensors", "1_Pooling/config.json", "2_Dense/config.json", "2_Dense/model.safetensors",
        "2_Dense/pytorch_model.bin", "10_Dense/config.json", "10_Dense/pytorch_model.bin", "config.json",
        "model.safetensors",
    ]  # fmt: skip
    wanted = {*names} - {"0_Transformer/model.safetensors", "2_Dense/pytorch_model.bin"} | {"modules.json"}
    assert set(choose([*names, "modules.json"])) == wanted
    assert "2_Dense/model.safetensors" not in choose(names)


def test_language_models_beside_one_that_hears() -> None:
    """Counts of words that wav2vec 2.0 may be helped with stay, as do the records of its tests."""
    names = ["config.json", "model.safetensors", "preprocessor_config.json", "vocab.json"]
    more = [
        "language_model/attrs.json", "language_model/lm.binary", "language_model/unigrams.txt",
        "log_common_voice_ru_test_predictions.txt", "common_voice_ru_test_eval_results.txt",
    ]  # fmt: skip
    assert choose([*names, *more]) == tuple(names)
    assert "language_model/config.json" in choose(
        ["language_model/config.json", "a/model.safetensors"], components=["language_model", "a"]
    )
