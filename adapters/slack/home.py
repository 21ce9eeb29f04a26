"""What somebody sees who opens our page or our conversation: how we are, what they asked, what they could ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.concierge import Concierge
from adapters.slack.blocks import Piece, header, small, words
from adapters.slack.checkup import missing, scopes_told, who
from adapters.slack.connection import Connection
from adapters.slack.place import PLATFORM, scopes_of

PROMPTS = 4
"""As many as Slack shows."""

PROMPT_CHARS = 300
TITLE_CHARS = 60
GREETING = "What can I do for you?"

HOW = (
    "Mention me in a channel, write me directly, use /jarvis, or choose “Ask JARVIS about this” among a message's "
    "shortcuts. In a thread of mine you need not mention me; there !stop, !again and !help work, too."
)


class Home:
    """Shows it."""

    def __init__(self, connection: Connection, concierge: Concierge) -> None:
        """Ask ``concierge``."""
        self._connection = connection
        self._concierge = concierge

    async def on_opened(self, team: str, event: Mapping[str, Any]) -> None:
        """Show the page, or offer requests in the conversation."""
        if event.get("tab") == "messages":
            await self.suggest(team, str(event.get("channel") or ""))
            return
        user = str(event.get("user") or "")
        client = await self._connection.client(team)
        await client.views_publish(user_id=user, view=await self._page(team, user))

    async def suggest(self, team: str, channel: str, thread: str = "") -> None:
        """Offer some requests that can be answered here."""
        examples = self._concierge.examples()[:PROMPTS]
        if not examples or not channel:
            return
        prompts = [{"title": short(one, TITLE_CHARS), "message": short(one, PROMPT_CHARS)} for one in examples]
        where = {"thread_ts": thread} if thread else {}
        client = await self._connection.client(team)
        await client.api_call(
            "assistant.threads.setSuggestedPrompts",
            json={"channel_id": channel, "title": GREETING, "prompts": prompts, **where},
        )

    async def _page(self, team: str, user: str) -> Piece:
        status = await self._concierge.status(*scopes_of(team, ""))
        examples = "\n".join(f"• {one}" for one in self._concierge.examples())
        _, scopes, _ = await who(self._connection, team)
        lacks = [words(scopes_told(scopes))] if scopes is not None and missing(scopes) else []
        pieces = [
            header("JARVIS"),
            *lacks,
            words(HOW),
            header("For example"),
            words(examples or "Nothing can be run here at the moment."),
            header("You and I"),
            words(await self._concierge.usage(PLATFORM, user)),
            small("/jarvis my-data sends you everything I keep about you, /jarvis forget-me deletes it."),
            header("How I am"),
            words(status),
        ]
        return {"type": "home", "blocks": pieces}


async def help_text(concierge: Concierge, *scopes: str) -> str:
    """Return how we can be asked, and for what."""
    examples = "\n".join(f"• {one}" for one in concierge.examples())
    return f"{HOW}\n\n{await concierge.status(*scopes)}\n\nFor example:\n{examples}"


def short(text: str, chars: int) -> str:
    """Return a text that is at most so long."""
    return text if len(text) <= chars else text[: chars - 1] + "…"
