"""Which model is asked where, and the bounds of asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

OPENAI = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A model behind an OpenAI-compatible address."""

    base_url: str = OPENAI
    api_key: str = field(default="", repr=False)
    model: str = ""  # empty: whichever the endpoint names first


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for a million tokens."""

    tokens_in: float
    tokens_out: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much is sent, how long is waited, how much is read."""

    context_tokens: int = 16_384  # the model's window: prompt and reply together
    reply_tokens: int = 1_500  # of the window, kept free for the reply
    reply_chars: int = 200_000  # of a reply; the rest is not read
    first_seconds: float = 60.0  # until the first word
    pause_seconds: float = 30.0  # between two words
    attempts: int = 3  # to get a reply to begin
    retry_seconds: float = 0.5  # before the second attempt; doubles after each
    retry_most: float = 10.0  # an endpoint that wants more time than this is not waited for
    candidates: int = 5  # models named for each task type
    candidate_chars: int = 100  # of each one's description
    prices: Mapping[str, Price] = field(default_factory=dict)  # model -> price
