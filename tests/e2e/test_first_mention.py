"""The whole way of one mention on a fresh machine: nothing set up, nothing mocked."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import BrowserContext, FilePayload, Page, expect

from tests.browser import ARTIFACTS
from tests.e2e.photos import ROWS, bill, book, photographed
from tests.e2e.server import Server, free_port, serving

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PATIENCE = 60_000
"""Milliseconds: a busy machine loads its models slowly."""


async def visit(person: BrowserContext, server: Server) -> Page:
    """Open the page and wait until it can be used."""
    page = await person.new_page()
    page.set_default_timeout(PATIENCE)
    await page.goto(server.url)
    await expect(page.locator("#box textarea")).to_be_enabled(timeout=PATIENCE)
    return page


async def ask(page: Page, text: str, file: FilePayload) -> None:
    """Attach a file, write and send."""
    await page.set_input_files("#box input[type=file]", file)
    await expect(page.locator("#box .thumbnail-item, #box .thumbnail-image")).not_to_have_count(0)
    await page.fill("#box textarea", text)
    await page.press("#box textarea", "Enter")


def photo() -> FilePayload:
    """A bill, photographed."""
    return FilePayload(name="invoice.jpg", mimeType="image/jpeg", buffer=photographed(bill()))


@pytest.mark.browser
async def test_a_photo_is_read_aloud(person: BrowserContext, data: Path) -> None:
    """A newcomer drops a crooked photo in and hears it: right words, a playing sound, steps that say who did what."""
    with serving(data, free_port()) as server:
        page = await visit(person, server)
        await ask(page, "Read this for me", photo())
        sound = page.locator("#talk audio").last
        await expect(sound).to_be_visible(timeout=PATIENCE)
        for row in ROWS:
            await expect(page.get_by_text(" ".join(row).strip()).last).to_be_attached()

        await sound.evaluate("player => player.play()")
        await page.wait_for_function("() => [...document.querySelectorAll('#talk audio')].pop().currentTime > 0.3")
        assert await sound.evaluate("player => player.duration") > 5

        await page.wait_for_timeout(1_000)  # the page's own movements
        ARTIFACTS.mkdir(exist_ok=True)
        await page.screenshot(path=ARTIFACTS / "first-mention.png")

        steps = page.locator("#talk .thought-group")
        await expect(steps).to_have_count(2)
        await steps.nth(1).locator(".title").click()
        for words in ("text-to-speech", "Model espeak-ng", "Place embedded", "Why ", "Time ", " s"):
            await expect(steps.nth(1)).to_contain_text(words)
        await expect(steps.nth(1).locator("audio")).to_be_visible()


@pytest.mark.browser
async def test_stop_stops_a_long_job(person: BrowserContext, data: Path) -> None:
    """Reading a book page by page ends at the next page, and the same child then serves the next wish at once."""
    with serving(data, free_port()) as server:
        page = await visit(person, server)
        await ask(page, "Read this", FilePayload(name="book.pdf", mimeType="application/pdf", buffer=book(40)))
        await expect(page.get_by_text("reading page")).to_be_visible(timeout=PATIENCE)
        await page.get_by_role("button", name="Stop").click()
        await expect(page.get_by_text("Stopped.")).to_be_visible(timeout=10_000)
        await expect(page.get_by_role("button", name="Stop")).to_have_count(0)
        began = time.monotonic()
        assert "177.00" in (await told(server, "What is the total?"))["message"]
        assert time.monotonic() - began < 30


@pytest.mark.browser
async def test_conversations_outlive_the_program(person: BrowserContext, data: Path) -> None:
    """After the program was started anew, the list still holds the conversation: words, steps and the sound."""
    with serving(data, port := free_port()) as server:
        page = await visit(person, server)
        await ask(page, "Read this for me", photo())
        await expect(page.locator("#talk audio").last).to_be_visible(timeout=PATIENCE)
        await page.close()
    with serving(data, port) as server:
        page = await visit(person, server)
        await page.locator("#conversations label", has_text="Read this for me").click()
        await expect(page.locator("#talk .thought-group")).to_have_count(2)
        await expect(page.get_by_text("Total due 177.00").last).to_be_attached()
        sound = page.locator("#talk audio").last
        await page.wait_for_function("() => [...document.querySelectorAll('#talk audio')].pop().readyState > 0")
        assert await sound.evaluate("player => player.duration") > 5


@pytest.mark.crash
@pytest.mark.browser
async def test_a_killed_program_answers_after_all(person: BrowserContext, data: Path) -> None:
    """Killed in the middle of reading and started anew, it finishes by itself; the answer is there, once."""
    with serving(data, port := free_port()) as server:
        page = await visit(person, server)
        await ask(page, "Read this", FilePayload(name="book.pdf", mimeType="application/pdf", buffer=book(3)))
        await expect(page.get_by_text("reading page")).to_be_visible(timeout=PATIENCE)
        server.kill()
        await page.close()
    with serving(data, port) as server:
        page = await visit(person, server)
        await page.locator("#conversations label", has_text="Read this").click()
        answer = page.get_by_text("I read this in")
        await expect(answer).to_be_visible(timeout=PATIENCE)
        await page.reload()
        await page.locator("#conversations label", has_text="Read this").click()
        await expect(answer).to_have_count(1)
        await expect(page.locator("#talk .thought-group")).to_have_count(1)


async def told(server: Server, text: str) -> dict[str, Any]:
    """Ask about the photo over HTTP."""
    files = {"attachments": ("invoice.jpg", photo()["buffer"])}
    async with httpx.AsyncClient(timeout=60) as client:
        answer = await client.post(f"{server.url}/hugginggpt", data={"text": text}, files=files)
    found: dict[str, Any] = answer.json()
    return found
