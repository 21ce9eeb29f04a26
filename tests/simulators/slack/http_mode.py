"""The Events API over HTTP: signed requests to the app's address."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from tests.simulators.slack.app import App
from tests.simulators.slack.delivery import COMMANDS, EVENTS, Envelope, NotDelivered


@dataclass
class HttpMode:
    """Posts to one app."""

    app: App
    age: int = 0  # seconds that the timestamps lie in the past
    secret: str = ""  # signs with another secret
    statuses: list[int] = field(default_factory=list)  # what the app answered

    async def carry(self, envelope: Envelope, deadline: float) -> Any:
        """Post an envelope and return the answer's content."""
        form = {EVENTS: None, COMMANDS: envelope.payload}.get(envelope.kind, {"payload": json.dumps(envelope.payload)})
        headers = {"Content-Type": "application/json" if form is None else "application/x-www-form-urlencoded"}
        if envelope.attempt:
            headers |= {"X-Slack-Retry-Num": str(envelope.attempt), "X-Slack-Retry-Reason": envelope.reason}
        body = json.dumps(envelope.payload) if form is None else urlencode(form)
        try:
            status, text = await asyncio.wait_for(self.post(body, headers), deadline)
        except TimeoutError:
            raise NotDelivered("http_timeout") from None
        except aiohttp.ClientError:
            raise NotDelivered("connection_failed") from None
        if status // 100 != 2:
            raise NotDelivered("http_error")
        return json.loads(text) if text.startswith("{") else text or None

    async def verify(self) -> bool:
        """Return whether the app answers Slack's challenge."""
        body = json.dumps({"token": "verification-token", "challenge": "3eZbrw1a", "type": "url_verification"})
        _, text = await self.post(body, {"Content-Type": "application/json"})
        return "3eZbrw1a" in text

    async def post(self, body: str, headers: dict[str, str]) -> tuple[int, str]:
        """Post a signed body and return status and text."""
        headers = {**headers, **self.signature(body), "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.app.request_url, data=body.encode(), headers=headers) as answer,
        ):
            self.statuses.append(answer.status)
            return answer.status, await answer.text()

    def signature(self, body: str) -> dict[str, str]:
        """Return the headers that prove who sends a body."""
        at = str(int(time.time()) - self.age)
        secret = (self.secret or self.app.signing_secret).encode()
        digest = hmac.new(secret, f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}
