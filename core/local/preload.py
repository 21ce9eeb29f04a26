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
    transformers.CLIPTextModel,
    transformers.CLIPTokenizer,
    diffusers.StableDiffusionControlNetPipeline,
    diffusers.StableDiffusionImg2ImgPipeline,
    diffusers.StableDiffusionPipeline,
    diffusers.StableDiffusionXLPipeline,
    diffusers.UNet2DConditionModel,
)
