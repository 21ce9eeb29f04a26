"""Who serves which model, known beforehand: from the catalogue at first, then from the Hub, asked now and then."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import anyio
import structlog

from core.contract import Card
from core.errors import JarvisError
from core.remote.routes import CHAT, HF, SERVES, Route, askable

log = structlog.get_logger()

LookUp: TypeAlias = Callable[[Sequence[str]], Awaitable[Sequence[Any]]]
"""Asks the Hub about models; the rows are those of the errand in :mod:`core.hosted.lookup`."""

AGE = 6 * 3600.0
"""Seconds after which the Hub is asked again."""

PAUSE = 60.0
"""Seconds between two looks for what is out of date, and after the Hub could not be reached."""

TOGETHER = 40
"""Models of one errand: it takes a second or two."""


@dataclass(frozen=True, slots=True)
class _Known:
    at: float  # Unix seconds
    routes: tuple[Route, ...]


class Availability:
    """The ways to each model. Asking for them never waits."""

    def __init__(
        self, cards: Sequence[Card], *, providers: Sequence[str] = (), file: Path | None = None, age: float = AGE
    ) -> None:
        """Know the models of ``cards``. Only ``providers`` are used, in their order; all, as the Hub orders them,
        where none is named. What the Hub told is kept in ``file``.
        """
        self._allowed = tuple(providers)
        self._file = file
        self._age = age
        self._known: dict[str, _Known] = _read(file) if file else {}
        self.renew(cards)

    def renew(self, cards: Sequence[Card]) -> None:
        """Know the models of ``cards`` from now on."""
        ids = {card.model.id: card for card in cards}
        self._models = sorted(ids, key=lambda one: (not ids[one].model.providers, -(ids[one].model.downloads or 0)))
        self._ways: dict[tuple[str, str], tuple[Route, ...]] = {}

    def routes(self, card: Card) -> tuple[Route, ...]:
        """Return the ways to a card's model for its task, the best first; none where nobody serves it."""
        found = self._ways.get(card.key)
        if found is None:
            found = self._ways[card.key] = tuple(self._usable(card))
        return found

    def learn(self, rows: Sequence[Any]) -> None:
        """Take in what the Hub told. Rows that make no sense are passed over."""
        for row in rows:
            with suppress(KeyError, TypeError, ValueError):
                self._known[str(row["model"])] = _Known(time.time(), tuple(_routes(row["providers"])))
        self._ways.clear()
        self._keep()

    def stale(self) -> list[str]:
        """Return the models that the Hub should be asked about, those that are likely served first."""
        then = time.time() - self._age
        return [model for model in self._models if model not in self._known or self._known[model].at < then]

    async def follow(self, look_up: LookUp) -> None:
        """Ask about what is out of date, again and again, until cancelled."""
        while True:
            await self.refresh(look_up)
            await anyio.sleep(PAUSE)

    async def refresh(self, look_up: LookUp) -> None:
        """Ask about everything that is out of date; what cannot be learnt now stays as it was."""
        stale = self.stale()
        for start in range(0, len(stale), TOGETHER):
            try:
                self.learn(await look_up(stale[start : start + TOGETHER]))
            except JarvisError as error:
                log.info("hosted.not_refreshed", why=error.message, models=len(stale) - start)
                return
            except Exception:  # whatever it is: what was known will do, and the bot lives on
                log.exception("hosted.not_refreshed", models=len(stale) - start)
                return

    def _usable(self, card: Card) -> Iterator[Route]:
        known = self._known.get(card.model.id)
        tasks: Sequence[str] = getattr(card.make, "tasks", ())
        routes = list(known.routes if known is not None else _guessed(card, tasks))
        if self._allowed:
            routes = [route for name in self._allowed for route in routes if route.provider == name]
        for route in routes:
            if route.task in tasks and askable(route.provider, route.task):
                yield route

    def _keep(self) -> None:
        if self._file is None:
            return
        plain = {
            model: {"at": one.at, "routes": [route.plain() for route in one.routes]}
            for model, one in sorted(self._known.items())
        }
        fresh = self._file.with_suffix(f".{os.getpid()}")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(json.dumps(plain))
            fresh.replace(self._file)
        except OSError as error:  # a full disk: the next start asks again
            log.warning("hosted.not_kept", why=str(error))
            with suppress(OSError):
                fresh.unlink()


def _routes(rows: Sequence[Mapping[str, Any]]) -> Iterator[Route]:
    """Yield the providers that work, as the Hub orders them. One in trouble by the Hub's own tests comes last."""
    for status in ("live", "error"):
        for row in rows:
            if row["status"] == status:
                provider, task, name = (str(row[key]) for key in ("provider", "task", "id"))
                yield Route(provider=provider, task=task, id=name, weights=str(row.get("weights") or ""))


def _guessed(card: Card, tasks: Sequence[str]) -> Iterator[Route]:
    """Yield ways by the names of providers alone. That will do where a provider uses the Hub's names of models."""
    for provider in card.model.providers:
        classic = next((task for task in tasks if task in SERVES[HF]), None) if provider == HF else None
        task = classic or (CHAT if CHAT in tasks else None)
        if task:
            yield Route(provider=provider, task=task, id=card.model.id)


def _read(file: Path) -> dict[str, _Known]:
    try:
        plain: Mapping[str, Any] = json.loads(file.read_text())
        return {
            str(model): _Known(float(one["at"]), tuple(Route(**route) for route in one["routes"]))
            for model, one in plain.items()
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        log.warning("hosted.unreadable", why=str(error))
        return {}
