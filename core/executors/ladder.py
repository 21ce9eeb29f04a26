"""What is tried, step by step, when memory runs out under a job. Runs in the child that owns the device."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence

from core.contract import Batch, Card, Outputs, out_of_memory
from core.errors import OutOfMemory
from core.executors.shelf import Shelf
from core.executors.sizes import Need

Results = Sequence[Outputs | Exception]


class Ladder:
    """Runs batches; climbs until one gets through.

    The steps: as asked; with all other models gone; the jobs one by one; with the expert's own ways of saving memory,
    one after the other. At the top stands an error that lets another model or place do it.
    """

    def __init__(self, shelf: Shelf) -> None:
        """Take experts from ``shelf``."""
        self._shelf = shelf

    def run(self, card: Card, jobs: Batch, need: Need | None) -> Results:
        """Return what each job gave, or why not."""
        results = self._tried(card, jobs, need)
        if results is None:
            self._shelf.clear(but=card)
            results = self._tried(card, jobs, need)
        if results is None and len(jobs) > 1:
            return [self.run(card, [job], need)[0] for job in jobs]
        while results is None and self._shelf.save_memory(card):
            results = self._tried(card, jobs, need)
        if results is None:
            self._shelf.clear()
            words = f"The model “{card.model.id}” needs more memory for this {card.type.name} than there is free here."
            return [OutOfMemory(words)] * len(jobs)
        return results

    def load(self, card: Card, need: Need | None) -> None:
        """Load a model ahead of its job. Raises what loading raises, MemoryError where there is no room."""
        self._shelf.take(card, need)

    def _tried(self, card: Card, jobs: Batch, need: Need | None) -> Results | None:
        """Return the results, or None where memory ran out: by then nothing of the attempt is referred to any more."""
        try:
            expert = self._shelf.take(card, need)
            self._shelf.work(card)
            results = expert.run_batch(jobs)
            self._shelf.worked(card)
            if len(results) != len(jobs):
                raise TypeError(f"a batch of {len(jobs)} gave {len(results)} results")
            return results
        except Exception as error:
            if not out_of_memory(error):
                raise
            said = traceback.format_exc(limit=-3)
        print(f"out of memory under {card.model.id}:\n{said}", file=sys.stderr)  # noqa: T201 - goes to the bot's log
        return None
