"""SANA-Sprint: a model that was distilled to two steps, and is asked for other numbers of them."""

from pathlib import Path

import pytest

from core.contract import Model
from core.experts.text_to_image import Painter
from tests.core.experts.odd import shown
from tests.steers import Steered
from tests.tiny.networks import libraries
from tests.tiny.tokenizers import chat

pytestmark = pytest.mark.slow

SPRINT = Model(id="tiny/sana-sprint", settings={"steps": 2, "guidance": 4.5, "width": 1024, "height": 1024})


@pytest.fixture
def sprint(tmp_path: Path) -> Path:
    """Write a tiny SANA-Sprint. Its latents stand for 32 x 32 pixels, and it knows sizes near 1024 only."""
    d, t = libraries()
    tokenizer = chat()
    reader = t.Gemma2Config(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
        bos_token_id=1,
        eos_token_id=2,
    )
    network = d.SanaTransformer2DModel(
        in_channels=4,
        out_channels=4,
        num_layers=1,
        num_attention_heads=2,
        attention_head_dim=8,
        num_cross_attention_heads=2,
        cross_attention_head_dim=8,
        cross_attention_dim=16,
        caption_channels=16,
        sample_size=32,
        patch_size=1,
        guidance_embeds=True,
        qk_norm="rms_norm_across_heads",
    )
    halves = {
        f"{side}_{name}": value
        for side in ("encoder", "decoder")
        for name, value in {
            "block_types": ("ResBlock",) * 6,
            "block_out_channels": (4,) * 6,
            "qkv_multiscales": ((),) * 6,
            "layers_per_block": (1,) * 6,
        }.items()
    }
    d.SanaSprintPipeline(
        tokenizer=tokenizer,
        text_encoder=t.Gemma2Model(reader),
        vae=d.AutoencoderDC(
            latent_channels=4, downsample_block_type="conv", upsample_block_type="interpolate", **halves
        ),
        transformer=network,
        scheduler=d.SCMScheduler(prediction_type="trigflow", sigma_data=0.5),
    ).save_pretrained(tmp_path)
    return tmp_path


def test_any_number_of_steps(sprint: Path) -> None:
    """The pipeline refuses its own default for the middle of two steps when there are not two: it is left out then."""
    expert = type("Here", (Painter,), {"folder": sprint})(SPRINT)
    expert.load()
    for steps in (1, 2, 3):
        steer = Steered()
        made = expert.run({"prompt": "a red ball", "seed": 1, "steps": steps}, steer)["image"]
        assert shown(made).size == (1024, 1024)
        assert steer.progressed[-1][1] == f"step {steps} of {steps}"
