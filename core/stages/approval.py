"""Plans that cost more than is spent without asking are held: no further task starts until somebody approves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from core.amounts import duration, money
from core.contract import TaskType
from core.events import Held
from core.figures import Figures
from core.ports import Offer
from core.types import Place, Task

SHARES = {Place.EMBEDDED: 1 / 100, Place.REMOTE: 1 / 50, Place.LOCAL: 1 / 20}
"""How much of its deadline a run most likely takes, where nothing like it was ever measured.

Deadlines are set so that a slow run on a small machine still fits.
"""

UNEASY = 1 / 4
"""The same on a device of our own that the model is too large for to run with ease."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a plan may cost before somebody is asked; 0 is as much as it takes."""

    seconds: float = 0.0  # that its tasks are expected to take together
    dollars: float = 0.0  # that language models are expected to cost, as far as their prices are known


ANYTHING = Allowance()


def expected(type_: TaskType, offer: Offer, figures: Figures) -> float:
    """Return the seconds that a run of a model is expected to take, waiting and what is fetched once left out.

    What was measured here counts: this model's runs, else other models' at that place. Else its deadline tells roughly.
    """
    known = (
        offer.seconds,
        figures.of(offer.type, offer.model.id, offer.place).seconds,
        figures.usual(offer.type, offer.place),
    )
    measured = next((seconds for seconds in known if seconds is not None), None)
    if measured is not None:
        return measured
    uneasy = offer.place is Place.LOCAL and not offer.easy
    return type_.seconds * (UNEASY if uneasy else SHARES[offer.place])


def _nothing() -> float:
    return 0.0


@dataclass(slots=True)
class Gate:
    """Lets tasks of one request start while what they cost together is allowed, and holds back all after that."""

    allowance: Allowance = ANYTHING
    open: bool = False  # somebody approved: all may start
    paid: Callable[[], float] = _nothing  # US dollars so far
    held: list[Task] = field(default_factory=list)
    _seconds: Counter[str] = field(default_factory=Counter)  # by task type

    def count(self, task: Task, seconds: float) -> None:
        """Take into account what a task of an interrupted request was expected to take."""
        self._seconds[task.type] += seconds  # type: ignore[assignment] # a Counter adds up fractions as well

    def admits(self, task: Task, seconds: float) -> bool:
        """Whether a task that is expected to take ``seconds`` may start; one that may not is held."""
        self.count(task, seconds)
        if self.open or (not self.held and self._within()):
            return True
        self.held.append(task)
        return False

    def verdict(self) -> Held | None:
        """Return the question for somebody to answer, where something is held."""
        if not self.held:
            return None
        return Held(_question(self._seconds, self.dollars), seconds=self.seconds, cost=self.dollars or None)

    @property
    def seconds(self) -> float:
        """What all tasks are expected to take."""
        return float(sum(self._seconds.values()))

    @property
    def dollars(self) -> float:
        """What all is expected to cost: the answer about as much as the plan."""
        return 2 * self.paid()

    def _within(self) -> bool:
        allowed = self.allowance
        return not (0 < allowed.seconds < self.seconds) and not (0 < allowed.dollars < self.dollars)


def _question(times: Counter[str], dollars: float) -> str:
    """Return the sentence that asks."""
    whole = float(sum(times.values()))
    dearest, most = times.most_common(1)[0]
    alone = f" ({dearest} alone {duration(most)})" if len(times) > 1 and most >= whole / 2 else ""
    price = f" and cost about {money(dollars)}" if dollars else ""
    return f"This plan would take about {duration(whole)}{alone}{price}. Run it?"
