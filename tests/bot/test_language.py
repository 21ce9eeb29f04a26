"""Which language models the settings mean."""

import pytest

from bot.controllers import close_controller, make_controller
from bot.language import bounds, minds
from bot.settings import read_settings
from core.controllers.chat.endpoint import OPENAI, Endpoint, Price
from core.controllers.embedded import EmbeddedController
from core.errors import BadSetting
from core.experts.text_to_image import TYPE as TEXT_TO_IMAGE
from core.ports import Brief, Say


def test_nobody_is_asked_unless_set() -> None:
    """A model's name alone is no endpoint."""
    assert minds(read_settings()) == []
    assert minds(read_settings(openai_model="gpt-4o-mini")) == []
    assert isinstance(make_controller(read_settings()), EmbeddedController)


@pytest.mark.anyio
async def test_rules_that_stand_in_know_what_is_set_up() -> None:
    """A token, a gateway that needs none, a language model: nobody is told to set them up once more."""
    for settings, said in (
        ({}, True),
        ({"hf_token": "hf_secret"}, False),
        ({"hf_router_url": "http://localhost:1"}, False),
    ):
        controller = make_controller(read_settings(**settings))
        asked = Brief(text="Paint a red car", artifacts={}, own=0, missing=[TEXT_TO_IMAGE])
        words = "".join([piece.text async for piece in controller.plan(asked) if isinstance(piece, Say)])
        assert "text-to-image" in words
        assert ("HF_TOKEN" in words) is said


def test_a_key_means_openai_and_an_address_needs_no_key() -> None:
    """Either is enough."""
    openai = Endpoint(base_url=OPENAI, api_key="sk-1")
    assert minds(read_settings(openai_api_key="sk-1")) == [(openai, openai, openai)]
    local = Endpoint(base_url="http://localhost:1/v1")
    assert minds(read_settings(openai_base_url="http://localhost:1/v1")) == [(local, local, local)]


def test_roles_have_their_own_models_and_endpoints() -> None:
    """A role's model at the main endpoint; a role's own address never gets the main key."""
    settings = read_settings(
        openai_api_key="sk-main",
        openai_model="m",
        openai_plan_model="small",
        openai_respond_base_url="http://localhost:1/v1",
        openai_respond_model="own",
        openai_fallback_model="spare",
    )
    first, second = minds(settings)
    assert first == (
        Endpoint(base_url=OPENAI, api_key="sk-main", model="small"),
        Endpoint(base_url="http://localhost:1/v1", model="own"),
        Endpoint(base_url=OPENAI, api_key="sk-main", model="m"),
    )
    assert second[0] == second[1] == Endpoint(base_url=OPENAI, api_key="sk-main", model="spare")


def test_prices_are_read_by_model() -> None:
    """Names may hold colons and slashes; what is no price is refused by name."""
    settings = read_settings(openai_prices="gpt-4o-mini=0.15/0.60, org/model:8b=0/0")
    assert bounds(settings).prices == {"gpt-4o-mini": Price(0.15, 0.6), "org/model:8b": Price(0, 0)}
    for wrong in ("gpt-4o-mini", "gpt-4o-mini=1", "gpt-4o-mini=a/b"):
        with pytest.raises(BadSetting, match="OPENAI_PRICES must be models with their prices"):
            read_settings(openai_prices=wrong)
    with pytest.raises(BadSetting, match="OPENAI_CONTEXT_TOKENS"):
        read_settings(openai_context_tokens=100)


@pytest.mark.anyio
async def test_the_controller_is_made_and_closed() -> None:
    """With an address set, a language model plans; closing it closes its connections."""
    controller = make_controller(read_settings(openai_base_url="http://localhost:1/v1", openai_model="toy"))
    assert controller.name == "toy"
    await close_controller(controller)
