"""Which controller an installation has: for the whole house, and for commands that need no more."""

from __future__ import annotations

from bot.executors import may_ask
from bot.language import bounds, minds
from bot.settings import Settings
from core.controllers.embedded import EmbeddedController
from core.controllers.fallback import FallbackController
from core.controllers.rules.abilities import Advice
from core.errors import BadSetting
from core.ports import Controller


def make_controller(settings: Settings) -> Controller:
    """Return the controller that plans and answers here: a language model where one is set, else rules.

    Raises BadSetting where a language model is set and its library is not installed.
    """
    asked = minds(settings)
    rules = EmbeddedController(Advice(mind=bool(asked), hosted=may_ask(settings)))
    if not asked:
        return rules
    try:
        from core.controllers.openai import OpenAIController
    except ImportError:
        raise BadSetting(
            "OPENAI_API_KEY or OPENAI_BASE_URL is set, but the package that asks language models is not installed: "
            "pip install openai json-repair."
        ) from None
    models = [OpenAIController(mind.plans, mind.answers, bounds(settings), selector=mind.selects) for mind in asked]
    return FallbackController(models, rules)


async def close_controller(controller: Controller) -> None:
    """Close a controller's connections, where it has any."""
    if isinstance(controller, FallbackController):
        await controller.aclose()
