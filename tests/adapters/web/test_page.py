"""The page in a real browser: what a person does there, and what they see."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import anyio
import pytest
from PIL import Image, ImageDraw
from playwright.async_api import Browser, BrowserContext, FilePayload, Page, Route, expect

from core.errors import StoreFailed
from core.events import Event
from core.ports import Job, OnProgress, Say
from core.types import Kind, Media, Value
from tests import samples
from tests.adapters.web.house import House
from tests.browser import ARTIFACTS, browsing
from tests.fakes import FunctionExecutor, ScriptedController, echo, task
from tests.watched import RED, Watched

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

BEEP = samples.wav(2.0, rate=8_000).data


def picture() -> bytes:
    """An invoice, more or less."""
    image = Image.new("RGB", (400, 120), "white")
    ImageDraw.Draw(image).text((20, 50), "INVOICE NO: 18301/102/T0305", fill="black")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


async def read_aloud(job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
    """Read a picture, say it aloud, draw its edges."""
    match job.type:
        case "look":
            return {"text": "INVOICE NO: 18301/102/T0305 <img src=x onerror=alert(1)>"}
        case "word":
            return {"text": Media(data=BEEP, kind=Kind.AUDIO, mime="audio/wav", name="speech.wav")}
        case "picture":
            return {"image": Media(data=picture(), kind=Kind.IMAGE, mime="image/png", name="edges.png"), "rows": []}
        case _:
            return await echo(job, on_progress)


def reading_house() -> House:
    """A house that reads a picture aloud, whatever it is asked."""
    script = [
        task(0, "look", image="<attachment-0>"),
        task(1, "word", text="<resource-0>"),
        task(2, "picture", texts=["<resource-0>"]),
    ]
    answers = [[Say("It says **INVOICE NO: 18301/102/T0305**."), Say(" ![](http://evil.example/x.png)<i>!</i>")]] * 9
    return House(ScriptedController(script, answers), FunctionExecutor(read_aloud, seconds=0.2))


@pytest.fixture
async def chromium(chromium_path: str | None) -> AsyncIterator[Browser]:
    """A headless Chromium."""
    async with browsing(chromium_path) as browser:
        yield browser


@asynccontextmanager
async def opened(chromium: Browser, house: House) -> AsyncIterator[Page]:
    """The page of a house, in a browser of its own."""
    async with await chromium.new_context(viewport={"width": 1280, "height": 900}) as context:
        yield await visit(context, house)


async def visit(context: BrowserContext, house: House) -> Page:
    """Open the page and wait until it can be used."""
    page = await context.new_page()
    page.set_default_timeout(15_000)
    await page.goto(house.url)
    await expect(page.locator("#box textarea")).to_be_enabled(timeout=15_000)
    return page


async def ask(page: Page, text: str) -> None:
    """Type and send."""
    await page.fill("#box textarea", text)
    await page.press("#box textarea", "Enter")


async def attach(page: Page) -> None:
    """Choose a picture."""
    file = FilePayload(name="invoice.png", mimeType="image/png", buffer=picture())
    await page.set_input_files("#box input[type=file]", file)
    await expect(page.locator("#box .thumbnail-item, #box .thumbnail-image")).not_to_have_count(0)


async def test_a_picture_is_read_aloud(chromium: Browser) -> None:
    """Upload, ask, hear: the answer plays, each step opens to model, place, seconds and its picture."""
    async with reading_house().open() as house, opened(chromium, house) as page:
        await attach(page)
        await ask(page, "Read this for me")
        await expect(page.get_by_text("It says INVOICE NO: 18301/102/T0305")).to_be_visible(timeout=15_000)

        sound = page.locator("#talk audio").last
        await expect(sound).to_be_visible()
        await sound.evaluate("player => player.play()")
        await page.wait_for_function(
            "() => [...document.querySelectorAll('#talk audio')].pop().currentTime > 0.1", timeout=60_000
        )
        assert await sound.evaluate("player => player.duration") == pytest.approx(2.0, abs=0.1)

        steps = page.locator("#talk .thought-group")
        await expect(steps).to_have_count(3)
        await steps.nth(2).locator(".title").click()
        for words in ("Model toy", "Place local", "Why The only", " s"):
            await expect(steps.nth(2)).to_contain_text(words)
        edges = steps.nth(2).locator("img")
        await expect(edges).to_be_visible()
        assert await edges.evaluate("image => image.naturalWidth") == 400

        ARTIFACTS.mkdir(exist_ok=True)
        await page.wait_for_timeout(1_000)  # the step's own animation
        await page.screenshot(path=ARTIFACTS / "page.png")


async def test_what_is_unsafe_is_seen_by_those_who_open_it(chromium: Browser) -> None:
    """In the answer there is a line that says why, and the picture only after a click on it."""

    async def paint(job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        image = Media(data=picture() + RED.encode(), kind=Kind.IMAGE, mime="image/png", name="beach.png")
        return {"image": image, "rows": []}

    controller = ScriptedController([task(0, "picture", texts=["a beach"])], [[Say("Here it is.")]])
    async with House(controller, Watched(paint)).open() as house, opened(chromium, house) as page:
        await ask(page, "Paint a beach")
        line = page.get_by_text("beach.png is hidden: a classifier takes it for unsafe (nsfw, 97%).").last
        await expect(line).to_be_visible(timeout=15_000)
        beach = page.locator("#talk details img").last
        await expect(beach).to_be_hidden()
        await line.click()
        await expect(beach).to_be_visible()
        assert await beach.evaluate("image => image.naturalWidth") == 400


async def test_the_page_needs_nobody_else(chromium: Browser) -> None:
    """No request leaves for another host, and nothing that a file or a model says becomes a part of the page."""
    async with reading_house().open() as house, await chromium.new_context() as context:
        elsewhere: list[str] = []
        alerts: list[str] = []

        async def refuse(route: Route) -> None:
            elsewhere.append(route.request.url)
            await route.abort()

        await context.route(lambda url: not url.startswith((house.url, "data:", "blob:")), refuse)
        page = await visit(context, house)
        page.on("dialog", lambda dialog: alerts.append(dialog.message))
        assert await page.title() == "JARVIS"
        assert elsewhere == []
        await attach(page)
        await ask(page, "<img src=x onerror=alert(1)> read")
        await expect(page.get_by_text("It says INVOICE")).to_be_visible(timeout=15_000)
        blocked = await page.evaluate(
            "() => fetch('http://evil.example/').then(() => 'sent', () => 'blocked')",
        )
        assert blocked == "blocked"
        assert alerts == []
        fetched = [url for url in elsewhere if not url.startswith("http://evil.example/")]
        assert fetched == []


async def test_stop_stops_the_job(chromium: Browser) -> None:
    """The stop button ends the running job itself, says so, and the page is ready for the next question."""
    house = House(executor=FunctionExecutor(seconds=60))
    async with house.open(), opened(chromium, house) as page:
        await ask(page, "something slow")
        await page.get_by_role("button", name="Stop").click()
        await expect(page.get_by_text("Stopped.")).to_be_visible(timeout=15_000)
        with anyio.fail_after(10):
            while not house.executor.cancelled:  # noqa: ASYNC110 - the executor tells nobody
                await anyio.sleep(0.05)
        await expect(page.get_by_role("button", name="Stop")).to_have_count(0)
        await expect(page.locator("#box textarea")).to_be_enabled()


async def test_conversations_are_found_again(chromium: Browser) -> None:
    """After a restart the list still holds the conversation, and opening it shows words, steps and files."""
    before = reading_house()
    async with await chromium.new_context() as context:
        async with before.open():
            page = await visit(context, before)
            await attach(page)
            await ask(page, "Read this for me")
            await expect(page.locator("#talk audio")).not_to_have_count(0, timeout=15_000)
            await page.get_by_role("button", name="New conversation").click()
            await expect(page.get_by_text("What can I do for you?")).to_be_visible()
            await page.close()
        after = House(store=before.store, blobs=before.blobs)
        async with after.open():
            page = await visit(context, after)
            await page.locator("#conversations label", has_text="Read this for me").click()
            await expect(page.get_by_text("It says INVOICE")).to_be_visible(timeout=15_000)
            await expect(page.locator("#talk .thought-group")).to_have_count(3)
            assert await page.locator("#talk audio").last.evaluate("player => player.readyState >= 0")
        async with after.open(), opened(chromium, after) as stranger:
            await expect(stranger.locator("#conversations label")).to_have_count(0)


async def test_an_answer_under_way_is_found_again(chromium: Browser) -> None:
    """Whoever loads the page anew while a job runs sees it still running, and then its answer."""
    house = House(executor=FunctionExecutor(seconds=8))
    async with house.open(), await chromium.new_context() as context:
        page = await visit(context, house)
        await ask(page, "slow one")
        await expect(page.locator("#talk .thought-group")).to_have_count(1)
        await page.reload()
        await expect(page.get_by_role("button", name="Stop")).to_be_visible(timeout=15_000)
        await expect(page.locator("#conversations label.selected", has_text="slow one")).to_be_visible()
        await expect(page.get_by_text("0=<t0>")).to_be_visible(timeout=15_000)


async def test_mistakes_are_told_in_words(chromium: Browser) -> None:
    """A message that is too long is answered with a sentence, kept in its box, and the next one works."""
    house = House()
    async with house.open(), opened(chromium, house) as page:
        await ask(page, "x" * 1_500)
        await expect(page.get_by_text("Your message has 1,500 characters")).to_be_visible(timeout=15_000)
        await expect(page.locator("#box textarea")).to_have_value("x" * 1_500)
        await ask(page, "a word")
        await expect(page.get_by_text("0=<t0>")).to_be_visible(timeout=15_000)


async def test_a_message_that_is_not_taken_keeps_its_files(chromium: Browser) -> None:
    """Whoever has to shorten a message need not attach its files again."""
    house = House()
    async with house.open(), opened(chromium, house) as page:
        await attach(page)
        await ask(page, "x" * 1_500)
        await expect(page.get_by_text("Your message has 1,500 characters")).to_be_visible(timeout=15_000)
        await expect(page.locator("#box .thumbnail-item, #box .thumbnail-image")).not_to_have_count(0)


async def test_a_store_that_breaks_midway_is_told(chromium: Browser) -> None:
    """While an answer is on its way the store fails: the person reads why and how to go on, and can write again."""
    house = House(executor=FunctionExecutor(seconds=1.5), elsewhere=True)
    async with house.open(), opened(chromium, house) as page:
        await ask(page, "a word")
        await expect(page.get_by_role("button", name="Stop")).to_be_visible(timeout=15_000)
        house.store.journal.read = broken  # type: ignore[method-assign]
        await expect(page.get_by_text("The database is locked. Your request goes on")).to_be_visible(timeout=15_000)
        await expect(page.get_by_role("button", name="Stop")).to_have_count(0)


async def broken(request: str, *, after: int = 0) -> list[Event]:
    """Read as a store does whose database cannot be used."""
    raise StoreFailed("The database is locked.")


async def test_keys_are_enough(chromium: Browser) -> None:
    """Tab leads to the examples and the box, what has the focus is outlined, and Enter takes an example."""
    async with House().open() as house, opened(chromium, house) as page:
        await page.locator("#new").focus()
        await page.keyboard.press("Tab")
        example = page.locator("#talk .example").first
        await expect(example).to_be_focused()
        assert await example.evaluate("one => getComputedStyle(one).outlineWidth") == "2px"
        await page.keyboard.press("Enter")
        await expect(page.locator("#box textarea")).to_have_value("Read this picture for me")


CONTRAST = """selector => {
    const part = (rgb) => rgb.match(/[\\d.]+/g).map(Number);
    const light = (rgb) => part(rgb).slice(0, 3).map((value) => value / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
        .reduce((sum, value, place) => sum + value * [0.2126, 0.7152, 0.0722][place], 0);
    const below = (one) => {
        const colour = getComputedStyle(one).backgroundColor;
        return part(colour)[3] === 0 && one.parentElement ? below(one.parentElement) : colour;
    };
    const one = document.querySelector(selector), holder = selector.includes("textarea") ? "::placeholder" : null;
    const pair = [light(getComputedStyle(one, holder).color), light(below(one))].sort((a, b) => b - a);
    return (pair[0] + 0.05) / (pair[1] + 0.05);
}"""
"""How many times lighter one of text and ground is than the other, as WCAG 2 counts it."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everybody_can_read_it(chromium: Browser, scheme: str) -> None:
    """Words stand out from what lies below them by 4.5 to 1, by day and by night."""
    async with House().open() as house, await chromium.new_context(color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = await visit(context, house)
        await ask(page, "a word")
        await expect(page.get_by_text("0=<t0>")).to_be_visible(timeout=15_000)
        await expect(page.locator("#box .submit-button")).to_be_visible(timeout=15_000)
        for selector in (
            "#box textarea",
            "#box .submit-button",
            "#new",
            "#conversations label.selected span",
            "#talk .user.message p",
            "#talk .message-content p",
            "#talk .thought-group .title strong",
            "#talk .thought-group .duration",
            "#talk .state.done",
        ):
            assert await page.evaluate(CONTRAST, selector) >= 4.5, selector


async def test_examples_fill_the_box(chromium: Browser) -> None:
    """An example is put where it can be changed and files can be added, not sent at once."""
    house = House()
    async with house.open(), opened(chromium, house) as page:
        await page.get_by_text("Read this picture for me").click()
        await expect(page.locator("#box textarea")).to_have_value("Read this picture for me")
        assert house.controller.briefs == []


async def test_a_phone(chromium: Browser) -> None:
    """On a phone the list of conversations does not cover the talk, nothing is wider than the screen, pictures keep
    their shape.
    """
    async with reading_house().open() as house, await chromium.new_context(viewport={"width": 390, "height": 844}) as c:
        page = await visit(c, house)
        await attach(page)
        await ask(page, "Read this for me")
        await expect(page.get_by_text("It says INVOICE")).to_be_visible(timeout=15_000)
        await page.locator("#talk .thought-group .title").first.click(timeout=5_000)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390
        shown = await page.locator("#talk img").first.bounding_box()
        assert shown is not None
        assert shown["width"] / shown["height"] == pytest.approx(400 / 120, rel=0.05)
        await page.get_by_role("button", name="Toggle Sidebar").click()
        await page.get_by_role("button", name="New conversation").click()
