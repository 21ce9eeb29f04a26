"""The same page and program, planned by a language model behind a server of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, FilePayload, expect

from tests.browser import ARTIFACTS
from tests.e2e.photos import bill, photographed
from tests.e2e.server import free_port, serving
from tests.e2e.test_first_mention import PATIENCE, ask, told, visit
from tests.simulators.openai import Reply, Simulator, plan, stage

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PLAN = plan(("image-to-text", {"image": "<attachment-0>"}), ("text-to-speech", {"text": "<resource-0>"}))


def reader(body: dict[str, Any]) -> Reply:
    """Plan to read a picture aloud, and answer in words that no template has."""
    if stage(body) == "respond":
        return Reply(text="Behold what is written there:\n\n<resource-0>\n\nListen to it, too.", rate=200)
    return Reply(text=PLAN, rate=400)


@pytest.mark.browser
async def test_the_page_is_planned_and_answered_by_the_model(
    person: BrowserContext, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The steps are the model's plan, the words are the model's, and what was read stands in them exactly."""
    async with Simulator(reader) as model:
        monkeypatch.setenv("OPENAI_BASE_URL", model.url)
        with serving(data, free_port()) as server:
            page = await visit(person, server)
            photo = FilePayload(name="invoice.jpg", mimeType="image/jpeg", buffer=photographed(bill()))
            await ask(page, "Was steht da? Lies es mir vor.", photo)
            await expect(page.get_by_text("Listen to it, too.").last).to_be_visible(timeout=PATIENCE)
            await expect(page.get_by_text("Total due 177.00").last).to_be_attached()
            steps = page.locator("#talk .thought-group")
            await expect(steps).to_have_count(3)
            await expect(steps.nth(2)).to_contain_text("language model 2 calls")
            await expect(page.locator("#talk audio").last).to_be_visible()
            ARTIFACTS.mkdir(exist_ok=True)
            await page.screenshot(path=ARTIFACTS / "language-model.png")
    assert len(model.served) == 2


async def test_a_model_that_dies_midway_costs_no_answer(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its server breaks off after the plan and is gone for the answer: the rules answer from what the tasks found."""

    def dying(body: dict[str, Any]) -> Reply:
        return Reply(text=PLAN) if stage(body) == "plan" else Reply(text="Behold what", cut=0)

    async with Simulator(dying) as model:
        monkeypatch.setenv("OPENAI_BASE_URL", model.url)
        with serving(data, free_port()) as server:
            answer = await told(server, "Was steht da? Lies es mir vor.")
    assert "Total due 177.00" in answer["message"]
    assert "rules answer instead" in answer["message"]
    assert [task["status"] for task in answer["tasks"]] == ["done", "done"]
