"""Jobs for one model run together: each is taken apart into pieces, and pieces of like length share a pass."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from core.contract import CPU, Batch, Inputs, Outputs, Steer, attempt, out_of_memory
from core.local.expert import LocalExpert
from core.local.threads import threads_for

P = TypeVar("P")
R = TypeVar("R")
T = TypeVar("T")


def passes(weights: Sequence[int], room: int, most: int) -> list[list[int]]:
    """Return the numbers of the pieces of each pass, the heaviest pieces first.

    A pass is as heavy as its heaviest piece times their number, since the others are filled up to it. It holds at most
    ``most`` pieces and weighs ``room`` at most, but for a single piece that alone is heavier.
    """
    made: list[list[int]] = []
    for number in sorted(range(len(weights)), key=lambda number: -weights[number]):
        fits = made and len(made[-1]) < most and (len(made[-1]) + 1) * weights[made[-1][0]] <= room
        if fits:
            made[-1].append(number)
        else:
            made.append([number])
    return made


@dataclass(slots=True)
class _Job(Generic[P, R]):
    inputs: Inputs
    steer: Steer
    pieces: Sequence[P] = ()
    found: dict[int, R] = field(default_factory=dict)  # by number of the piece
    error: Exception | None = None

    def do(self, step: Callable[[], T]) -> T | None:
        """Return what ``step`` gives; its error is this job's alone, running out of memory excepted."""
        try:
            return step()
        except Exception as error:
            if out_of_memory(error):
                raise
            self.error = error
            return None


class PiecewiseExpert(LocalExpert, Generic[P, R]):
    """An expert that reads its input in pieces: windows of a text, pictures, pairs.

    The pieces of all jobs of a batch go through the model together. A job that fails or is stopped takes only its own
    pieces along.
    """

    batch: ClassVar[int] = 32
    room_on_cpu: ClassVar[int] = 4_096  # weight of a pass, in the unit of :meth:`weight`
    room_on_device: ClassVar[int] = 32_768
    _share = 1  # of that room: smaller after running out of memory

    @abstractmethod
    def pieces(self, inputs: Inputs) -> Sequence[P]:
        """Take an input apart. Raises BadInput where there is nothing to do."""

    def all_pieces(self, inputs: Sequence[Inputs]) -> Sequence[Sequence[P] | Exception]:
        """Take the inputs of a batch apart, each or its error; a subclass may be quicker with all of them together."""
        return [attempt(self.pieces, one) for one in inputs]

    @abstractmethod
    def weight(self, piece: P) -> int:
        """Return how much room a piece takes: tokens, pixels."""

    def operations(self, pieces: Sequence[P]) -> float:
        """Return how many floating point operations a pass is about."""
        return math.inf

    @abstractmethod
    def forward(self, pieces: Sequence[P]) -> Sequence[R]:
        """Run the model on some pieces at once; the results do not depend on which ones come together."""

    @abstractmethod
    def outputs(self, inputs: Inputs, pieces: Sequence[P], found: Sequence[R]) -> Outputs:
        """Put the results for all pieces of an input together."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        (result,) = self.run_batch([(inputs, steer)])
        if isinstance(result, Exception):
            raise result
        return result

    def run_batch(self, jobs: Batch) -> Sequence[Outputs | Exception]:
        taken: list[_Job[P, R]] = [_Job(inputs, steer) for inputs, steer in jobs]
        for job, pieces in zip(taken, self.all_pieces([job.inputs for job in taken]), strict=True):
            if isinstance(pieces, Exception):
                job.error = pieces
            else:
                job.pieces = pieces
        everything = [(job, number) for job in taken for number in range(len(job.pieces))]
        weights = [self.weight(job.pieces[number]) for job, number in everything]
        for numbers in passes(weights, self._room(), self.batch):
            self._pass([everything[number] for number in numbers])
        return [self._result(job) for job in taken]

    def save_memory(self) -> bool:
        """Run fewer pieces at once, down to one."""
        self._share *= 4
        return self._share <= self.batch * 4

    def _room(self) -> int:
        return (self.room_on_cpu if self.device == CPU else self.room_on_device) // self._share

    def _pass(self, chosen: Sequence[tuple[_Job[P, R], int]]) -> None:
        """Run pieces at once; if that fails, those of each job alone, so that the error finds its job."""
        jobs = list({id(job): job for job, _ in chosen}.values())
        for job in jobs:
            if job.error is None:
                job.do(job.steer.check)
        alive = [(job, number) for job, number in chosen if job.error is None]
        if not alive:
            return
        try:
            self._forward(alive)
        except Exception as error:
            if out_of_memory(error):
                raise
            for job in jobs:
                own = [(one, number) for one, number in alive if one is job]
                if own:
                    job.do(lambda own=own: self._forward(own))  # type: ignore[misc]

    def _forward(self, chosen: Sequence[tuple[_Job[P, R], int]]) -> None:
        import torch

        pieces = [job.pieces[number] for job, number in chosen]
        with torch.inference_mode(), threads_for(self.device, self.operations(pieces)):
            found = self.forward(pieces)
        for (job, number), result in zip(chosen, found, strict=True):
            job.found[number] = result
        for job in {id(job): job for job, _ in chosen}.values():
            job.steer.progress(len(job.found) / len(job.pieces))

    def _result(self, job: _Job[P, R]) -> Outputs | Exception:
        if job.error is not None:
            return job.error
        return attempt(self.outputs, job.inputs, job.pieces, [job.found[number] for number in range(len(job.pieces))])


def padded(rows: Sequence[Sequence[Any]], filler: Any, left: bool = False) -> list[list[Any]]:  # noqa: FBT001, FBT002
    """Fill rows up to the length of the longest one."""
    width = max(map(len, rows), default=0)
    if left:
        return [[filler] * (width - len(row)) + list(row) for row in rows]
    return [list(row) + [filler] * (width - len(row)) for row in rows]
