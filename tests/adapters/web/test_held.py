"""A plan that is held, on the web: a program reads where to say what shall be done, a person presses a button."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest
from playwright.async_api import Page, expect

from core.stages.approval import Allowance
from tests.adapters.web.house import House
from tests.browser import browsing
from tests.fakes import ScriptedController, request, task

pytestmark = pytest.mark.anyio

SAID = {"messages": [{"role": "user", "content": "two words"}]}
QUESTION = "This plan would take about 12 seconds. Run it?"


def strict() -> House:
    """A house that runs one word, and asks before a second."""
    script = [task(0), task(1, text="<resource-0>")]
    return House(ScriptedController(script=script), allowance=Allowance(seconds=10))


@asynccontextmanager
async def calling() -> AsyncIterator[httpx.AsyncClient]:
    """A program that calls a strict house."""
    async with strict().open() as house, httpx.AsyncClient(base_url=house.url, timeout=20) as client:
        yield client


async def test_a_program_is_told_what_to_decide() -> None:
    """Status 202, the question, what it would take, and an address that runs it: then the answer comes, whole."""
    async with calling() as client:
        asked = await client.post("/hugginggpt", json=SAID)
        told = asked.json()
        assert (asked.status_code, told["message"]) == (202, QUESTION)
        assert [row["status"] for row in told["tasks"]] == ["done", "waiting"]
        assert (told["held"]["why"], told["held"]["seconds"]) == (QUESTION, 12.0)
        answer = await client.post(told["held"]["run"])
        assert (answer.status_code, answer.json()["message"]) == (200, "0=<t0>; 1=<<t0>>")
        assert "held" not in answer.json()
        late = await client.post(told["held"]["run"])
        assert (late.status_code, "no plan to decide about" in late.json()["message"]) == (404, True)


async def test_a_program_drops_it() -> None:
    """It ends as stopped."""
    async with calling() as client:
        told = (await client.post("/results", json=SAID)).json()
        assert told["message"] == QUESTION
        answer = await client.post(told["held"]["drop"])
        assert (answer.status_code, answer.json()["message"]) == (409, "Stopped.")
        assert (await client.post("/requests/unknown/run")).status_code == 404


async def test_a_program_decides_about_its_own_requests_only() -> None:
    """What was asked on another platform, or by somebody in the page, is nobody's business here."""
    house = strict()
    for number, (platform, channel) in enumerate((("discord", "general"), ("web", "a browser"))):
        asked = request(message=str(number), platform=platform)
        await house.store.inbox.accept(replace(asked, origin=replace(asked.origin, channel=channel)))
    async with house.open(), httpx.AsyncClient(base_url=house.url, timeout=20) as client:
        for name in ("discord:0", "web:1"):
            for verb in ("run", "drop"):
                assert (await client.post(f"/requests/{name}/{verb}")).status_code == 404


async def test_a_program_may_approve_beforehand() -> None:
    """Nothing is asked; as a stream it neither ends before the answer."""
    async with calling() as client:
        answer = await client.post("/hugginggpt", json={**SAID, "approve": True})
        assert (answer.status_code, answer.json()["message"]) == (200, "0=<t0>; 1=<<t0>>")
        answer = await client.post("/results", data={"text": "two words", "approve": "true"})
        assert sorted(answer.json()) == ["0", "1"]


async def test_a_stream_ends_with_the_question() -> None:
    """The event Held comes, and the last one says where to decide."""
    async with calling() as client:
        streamed = (await client.post("/hugginggpt", json={**SAID, "stream": True})).text
        events = [json.loads(line.removeprefix("data: ")) for line in streamed.splitlines() if line.startswith("data")]
        assert [event["why"] for event in events if event.get("event") == "Held"] == [QUESTION]
        assert events[-1]["message"] == QUESTION
        assert events[-1]["held"]["run"].endswith("/run")


async def test_planning_is_never_held() -> None:
    """Who only wants the plan gets it."""
    async with calling() as client:
        assert len((await client.post("/tasks", json=SAID)).json()) == 2


@asynccontextmanager
async def a_person(path: str | None) -> AsyncIterator[Page]:
    """Somebody who has asked a strict house for two words, and reads the question."""
    async with strict().open() as house, browsing(path) as chromium, await chromium.new_context() as context:
        page = await context.new_page()
        page.set_default_timeout(15_000)
        await page.goto(house.url)
        await expect(page.locator("#box textarea")).to_be_enabled(timeout=15_000)
        await page.fill("#box textarea", "two words")
        await page.press("#box textarea", "Enter")
        await expect(page.get_by_text(QUESTION)).to_be_visible(timeout=15_000)
        yield page


@pytest.mark.browser
async def test_a_person_runs_it(chromium_path: str | None) -> None:
    """The buttons are there with the question, after a new visit, too; then the answer comes and they are gone."""
    async with a_person(chromium_path) as page:
        await expect(page.locator("#run")).to_be_visible()
        await page.reload()
        await page.locator("#conversations label").first.click()
        await expect(page.get_by_text(QUESTION)).to_be_visible(timeout=15_000)
        await page.locator("#run").click()
        await expect(page.get_by_text("0=<t0>; 1=<<t0>>")).to_be_visible(timeout=15_000)
        await expect(page.locator("#run")).to_be_hidden()
        await expect(page.get_by_text(QUESTION)).to_have_count(0)


@pytest.mark.browser
async def test_who_asks_something_else_still_sees_the_plan(chromium_path: str | None) -> None:
    """A plan that nobody decided about stays in its place when a further message follows it."""
    async with a_person(chromium_path) as page:
        await expect(page.locator("#run")).to_be_visible()
        await page.fill("#box textarea", "two more words")
        await page.press("#box textarea", "Enter")
        await expect(page.locator("#talk .user.message")).to_have_count(2, timeout=15_000)
        await expect(page.get_by_text(QUESTION).first).to_be_visible()


@pytest.mark.browser
async def test_a_person_drops_it(chromium_path: str | None) -> None:
    """It says that it stopped, and the box takes the next message."""
    async with a_person(chromium_path) as page:
        await page.locator("#drop").click()
        await expect(page.get_by_text("Stopped.")).to_be_visible(timeout=15_000)
        await expect(page.locator("#drop")).to_be_hidden()
        await expect(page.locator("#box textarea")).to_be_enabled()
