"""Imports what most models need, for the fork server: a child made from it finds everything there."""

import diffusers
import torch
import transformers

# Both libraries import their parts when they are named.
READY = (
    torch.inference_mode,
    transformers.AutoImageProcessor,
    transformers.AutoModelForCausalLM,
    transformers.AutoModelForImageClassification,
    transformers.AutoModelForSequenceClassification,
    transformers.AutoTokenizer,
    diffusers.AutoPipelineForText2Image,
    diffusers.StableDiffusionPipeline,
)
