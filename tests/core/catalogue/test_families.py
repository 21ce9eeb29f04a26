"""Which expert runs a model that nobody here has looked at."""

from __future__ import annotations

import pytest

from core.catalogue.families import searches
from core.registry import Registry
from core.types import Place

REGISTRY = Registry.discover()
TF = "transformers"


@pytest.mark.parametrize("task", sorted(searches()))
def test_every_family_has_an_expert(task: str) -> None:
    """What the rules name is what some expert declares to run on our own devices."""
    assert task in REGISTRY.types
    declared = {one.family for one in REGISTRY.runs if one.task.name == task and one.place is Place.LOCAL}
    assert set(searches()[task].classes.values()) <= declared


@pytest.mark.parametrize(
    ("task", "library", "tags", "classes", "family"),
    [
        ("text-classification", TF, [], ["BertForSequenceClassification"], ""),
        ("text-classification", "setfit", [], ["BertForSequenceClassification"], None),
        ("text-classification", TF, [], [], None),
        ("automatic-speech-recognition", TF, [], ["Wav2Vec2ForCTC"], "ctc"),
        ("automatic-speech-recognition", TF, [], ["WhisperForConditionalGeneration"], ""),
        ("automatic-speech-recognition", "nemo", [], [], None),
        ("text-generation", TF, ["gguf"], ["LlamaForCausalLM"], None),
        ("text-generation", TF, ["base_model:adapter:org/x"], ["LlamaForCausalLM"], None),
        ("text-to-image", "diffusers", ["diffusers:StableDiffusionXLPipeline"], [], ""),
        ("text-to-image", "diffusers", ["lora", "diffusers:StableDiffusionXLPipeline"], [], None),
        ("text-to-image", "diffusers", ["diffusers:NobodyKnowsPipeline"], [], None),
        ("image-to-text", TF, [], ["BlipForConditionalGeneration"], ""),
        ("image-to-text", TF, ["trocr"], ["VisionEncoderDecoderModel"], None),
        ("image-classification", TF, [], ["ViTForImageClassification"], ""),
        ("image-classification", TF, [], ["PPLCNetForImageClassification"], None),
        ("image-classification", TF, [], ["DinatForImageClassification"], None),
        ("video-classification", TF, [], ["VivitForVideoClassification"], None),
        ("token-classification", TF, [], ["BertForTokenClassification"], ""),
        ("token-classification", TF, [], ["LayoutLMv3ForTokenClassification"], None),
        ("token-classification", TF, [], ["EsmForTokenClassification"], None),
        ("text-classification", TF, [], ["CanineForSequenceClassification"], ""),
        ("text-classification", TF, [], ["FlaubertForSequenceClassification"], None),
        ("text-classification", TF, [], ["XLMRobertaForSequenceClassification"], ""),
        ("zero-shot-classification", TF, [], ["XLMForSequenceClassification"], None),
        ("question-answering", TF, [], ["XLMRobertaForQuestionAnswering"], ""),
        ("question-answering", TF, [], ["CanineForQuestionAnswering"], None),
        ("text-generation", TF, [], ["BioGptForCausalLM"], None),
        ("sentence-similarity", TF, [], ["BertModel"], None),
        ("sentence-similarity", "sentence-transformers", [], ["BertModel"], ""),
    ],
)
def test_a_family_needs_a_rule(
    task: str, library: str, tags: list[str], classes: list[str], family: str | None
) -> None:
    """The library and the class decide; parts of models and unusual forms of weights are left alone."""
    assert searches()[task].family(library, tags, classes) == family
