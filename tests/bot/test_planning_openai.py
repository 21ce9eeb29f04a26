"""Planning without running, by a language model: the same repair as in a conversation."""

import json

import pytest

from bot.planning import Planner
from core.limits import Limits
from core.types import Mode
from tests.core.controllers.desk import desk
from tests.simulators.openai import plan
from tests.zoo import REGISTRY

pytestmark = pytest.mark.anyio


async def test_a_faulty_plan_is_mended_here_too() -> None:
    """``plan`` shows what would be run: the task that replaced the faulty one, and no complaint about that."""
    bad = plan(("text-to-image", {"prompt": "a cat"}), ("teleportation", {"to": "the moon"}))
    good = json.dumps({"tasks": [{"id": 1, "task": "text-to-speech", "args": {"text": "the moon"}}]})
    async with desk([bad, good]) as at:
        planner = Planner(
            registry=REGISTRY, controller=at.controller, offers=at.zoo.offers(), mode=Mode.HYBRID, limits=Limits()
        )
        assert await planner.plan("go to the moon") == {
            "tasks": [
                {"id": 0, "task": "text-to-image", "args": {"prompt": "a cat"}},
                {"id": 1, "task": "text-to-speech", "args": {"text": "the moon"}},
            ],
            "reply": "",
        }
