"""What people are told of themselves: what they used, what is left, and that they are forgotten."""

from __future__ import annotations

import time
from dataclasses import replace
from hashlib import sha256

import pytest

from bot.admission import Admission
from core.bylaws import Bylaw, Charter, Decision
from core.spending import Costs
from core.types import Attachment
from tests.bot.wall import Life, working
from tests.fakes import request, task

pytestmark = pytest.mark.anyio


def told(life: Life, settings: Charter | None = None) -> Admission:
    """Return who knows what people have used up."""
    store = life.store
    return Admission(bylaws=store.bylaws, spending=store.spending, settings=settings or Charter())


async def test_what_was_used_and_what_is_left() -> None:
    """Time and money of the last day, and what remains where somebody asked last."""
    async with working([task(0)]) as life:
        await life.hear(request())
        await life.wall.answer()
        await life.settled()
        costs = Costs(tasks=1, device_seconds=100.0, dollars=0.25)
        await life.store.spending.note(request(), costs)
        old = replace(request(message="2"), accepted_at=time.time() - 90_000)
        await life.store.spending.note(old, costs)
        author = request().author.id
        await life.store.bylaws.set(Decision(bylaw=Bylaw.SECONDS_PER_PERSON, value="600", scope="test/"), by="x")
        concierge = replace(
            life.concierge, admission=told(life, Charter(requests_per_person=20, dollars_per_person=0.2))
        )
        assert await concierge.usage("test", author) == (
            "You asked me 1 time in the last day, and 1 time in all that I remember. That took 2 minutes of computing "
            "and $0.25. Left of this day where you asked last: 19 of 20 requests, 500 of 600 seconds of computing, "
            "$0 of $0.20."
        )
        assert await concierge.usage("test", "nobody") == (
            "You asked me 0 times in the last day, and 0 times in all that I remember. Left of this day where you "
            "asked last: 20 of 20 requests, $0.20 of $0.20."
        )


async def test_without_limits_none_is_told() -> None:
    """Only what was asked."""
    async with working([task(0)]) as life:
        concierge = replace(life.concierge, admission=told(life))
        said = await concierge.usage("test", "nobody")
        assert said == "You asked me 0 times in the last day, and 0 times in all that I remember."


async def test_forgetting_sweeps_files() -> None:
    """Files of somebody who is forgotten are looked for at once."""
    swept: list[str] = []
    async with working([task(0, text="<attachment-0>")]) as life:

        async def sweep() -> int:
            swept.extend(await life.store.loose.files(time.time() + 1))
            return len(swept)

        concierge = replace(life.concierge, sweep=sweep)
        await life.hear(request(attachments=(Attachment(name="a.txt", address="alpha"),)))
        await life.wall.answer()
        await life.settled()
        said = await concierge.forget_me("test", request().author.id)
    assert said.startswith("I forgot 1 request of yours with everything that was answered. Files")
    assert swept == [sha256(b"alpha").hexdigest()]
