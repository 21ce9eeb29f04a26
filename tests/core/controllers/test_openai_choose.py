"""A language model chooses between models that suit equally well; what it writes is data."""

from __future__ import annotations

import json

import pytest

from core.contract import Model
from core.controllers.chat.endpoint import Endpoint
from core.controllers.openai import OpenAIController
from core.ports import Offer, Tie
from core.types import Place, Task, Wish
from tests.simulators.openai import Simulator

pytestmark = pytest.mark.anyio

TIES = [
    Tie(
        task=Task(id=number, type="text-to-image"),
        candidates=[Offer(type="text-to-image", model=Model(id=name, about=name), place=Place.LOCAL) for name in "ab"],
    )
    for number in (0, 1)
]


@pytest.mark.parametrize(
    ("written", "wishes"),
    [
        (
            {
                "choices": [
                    {"task": 0, "model": "b", "reason": "It paints cats."},
                    {"task": 1, "model": "a", "reason": ""},
                ]
            },
            {0: Wish(model="b", why="It paints cats."), 1: Wish(model="a")},
        ),
        ({"choices": [{"task": 0, "model": "gpt-17", "reason": "x"}, {"task": 7, "model": "a", "reason": "x"}]}, {}),
        ({"choices": [3, {"task": "0"}, None]}, {}),
        ({"choices": "b"}, {}),
        ([], {}),
        ("I would take b.", {}),
    ],
)
async def test_only_choices_among_the_candidates_count(written: object, wishes: dict[int, Wish]) -> None:
    """One call for all ties; whatever else the model writes leaves them to the rule."""
    reply = written if isinstance(written, str) else f"```json\n{json.dumps(written)}\n```"
    async with Simulator([reply]) as server:
        controller = OpenAIController(
            Endpoint(base_url="http://127.0.0.1:9/v1", model="planner"),
            selector=Endpoint(base_url=server.url, model="toy"),
        )
        choice = await controller.choose("a cat, please", TIES)
        await controller.aclose()
    assert choice.wishes == wishes
    assert len(server.served) == 1
    assert choice.consulted is not None
    assert choice.consulted.role == "select"
