"""Runs in the child process: takes one batch of jobs after the other and answers each job.

The main thread reads letters and works. What must be heard while an expert is busy comes over a second socket, the
reins, to a second thread: cancels, and that the bot is gone, which ends the process at once. So a job wakes one thread
only. What passes between bot and child is told in :mod:`core.executors.talk`.
"""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
import traceback
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from core.catalogue.snapshot import MODEL
from core.characters import whole
from core.contract import Card, Stopped
from core.errors import ExpertFailed, Faulty, JarvisError
from core.executors import wire
from core.executors.ladder import Ladder
from core.executors.shelf import Shelf
from core.executors.sizes import Need
from core.executors.steer import PACE, Helm
from core.executors.wire import Envelope, Letter, Unsendable
from core.registry import Registry
from core.types import Place, Value

_FAILED = "The model “{model}” failed at {type}. The details are in the log."
_NO_MEMORY = "The model “{model}” needs more memory for {type} than this machine has free."
_UNUSABLE = "The model “{model}” gave something that is no result."


class Worker:
    """One child's work, from its first letter to the end of the process."""

    def __init__(self, sock: socket.socket, reins: socket.socket, registry: Registry, shelf: Shelf) -> None:
        """Talk over ``sock`` and obey ``reins``, both of which block."""
        self._sock = sock
        self._reins = reins
        self._registry = registry
        self._shelf = shelf
        self._ladder = Ladder(shelf)
        self._helm = Helm(self._tell)
        self._batches = 0
        self._sheet = wire.Sheet()
        self._on_sheet = 0  # the batch whose answers stand there
        self._cards: dict[tuple[str, str], Card | None] = {}  # that jobs spoke of, by task type and model

    def serve(self) -> NoReturn:
        """Work until the bot hangs up."""
        threading.Thread(target=self._obey, name="obey", daemon=True).start()
        while True:
            jobs, go = self._batch()
            if go["heard"] >= self._on_sheet:
                self._sheet.turn()
            self._batches += 1
            answers = self._attempt(jobs, go)
            for letter in jobs:
                self._helm.leave(letter.head["id"])
            loaded = [[*key, need.resident, need.working] for key, need in self._shelf.needs().items()]
            *before, last = wire.together(answers)
            for letter in before:
                self._send(Letter({"op": "part", **letter.head}, letter.blobs))
            self._send(Letter({"op": "over", "loaded": loaded, **last.head}, last.blobs))

    def _send(self, letter: Letter) -> None:
        with wire.seal(letter, self._sheet) as sealed:
            if sealed.lent:
                self._on_sheet = self._batches
            wire.send(self._sock, sealed)

    def _batch(self) -> tuple[list[Letter], Mapping[str, Any]]:
        """Wait for the letters of a batch: the jobs', and what is the same for all."""
        jobs: list[Letter] = []
        while True:
            with _next(self._sock) as envelope:
                letter = wire.unseal(envelope)
            jobs += wire.apart(letter)
            if letter.head["op"] == "go":
                return jobs, letter.head

    def _obey(self) -> NoReturn:
        """Stop jobs as told, and tell progress that was held back."""
        while True:
            reins, bell, held = self._reins.fileno(), self._helm.bell, self._helm.holds
            ready = select.select([reins] if held else [reins, bell], [], [], PACE if held else None)[0]
            if reins in ready:
                with _next(self._reins) as envelope:
                    self._helm.stop(wire.unseal(envelope).head["cancel"])
            elif not ready:
                self._helm.flush()

    def _attempt(self, jobs: Sequence[Letter], go: Mapping[str, Any]) -> list[Letter]:
        """Do what a batch's letters ask; whatever happens becomes an answer to each."""
        try:
            results = self._do(jobs, go)
        except BaseException as error:  # noqa: BLE001 - not even sys.exit() in an expert ends the worker
            results = [error] * len(jobs)
        return [self._answer(letter.head["id"], go, result) for letter, result in zip(jobs, results, strict=True)]

    def _do(self, jobs: Sequence[Letter], go: Mapping[str, Any]) -> Sequence[Any]:
        """Return the outputs or the error of each job."""
        steers = [self._helm.enter(letter.head["id"], alone=len(jobs) == 1) for letter in jobs]
        card, need = self._card(go), Need(*go["need"]) if go["need"] else None
        if go["load"]:
            self._ladder.load(card, need)
            return [{}] * len(jobs)
        inputs = [_plain(wire.unpack(letter.head["inputs"], letter.blobs)) for letter in jobs]
        return self._ladder.run(card, list(zip(inputs, steers, strict=True)), need)

    def _card(self, go: Mapping[str, Any]) -> Card:
        """Find the expert. A model's facts come along where it is not one that is its own expert, when they are new."""
        key = (go["type"], go["model"])
        if go["facts"] is not None:
            self._cards[key] = self._registry.card_for(
                go["type"], Place(go["place"]), MODEL.validate_python(go["facts"])
            )
        elif key not in self._cards:
            self._cards[key] = self._registry.card(*key)
        if (card := self._cards[key]) is None:
            raise ExpertFailed(f"The model “{go['model']}” for {go['type']} is not installed here.")
        return card

    def _answer(self, job: int, go: Mapping[str, Any], result: Any) -> Letter:
        names = {"type": go["type"], "model": go["model"]}
        match result:
            case Stopped():
                return Letter({"op": "stopped", "id": job})
            case JarvisError():
                return _failure(job, result.message, error=type(result).__name__)
            case MemoryError():
                return _failure(job, _NO_MEMORY.format(**names))
            case BaseException():
                trace = "".join(traceback.format_exception(result))
                return _failure(job, _FAILED.format(**names), trace, error=Faulty.__name__)
            case _:
                return _done(job, go, result)

    def _tell(self, head: Mapping[str, Any]) -> None:
        """Send a small letter if there is room: a slow bot never slows a job."""
        with contextlib.suppress(OSError):
            self._sock.sendmsg([wire.seal(Letter(head)).packet], (), socket.MSG_DONTWAIT)


def _next(sock: socket.socket) -> Envelope:
    """Wait for the bot's next packet. When the bot hangs up this is the end: nobody waits for whatever runs now."""
    if (envelope := wire.receive(sock)) is None:
        os._exit(0)
    return envelope


def _plain(inputs: dict[str, Value]) -> dict[str, Value]:
    """Replace halves of characters in texts, which JSON may hold and no tokenizer takes."""
    return {name: _whole(value) for name, value in inputs.items()}


def _whole(value: Any) -> Any:
    match value:
        case str():
            return whole(value)
        case list():
            return [_whole(part) for part in value]
        case _:
            return value


def _done(job: int, go: Mapping[str, Any], result: Any) -> Letter:
    try:
        if not isinstance(result, Mapping):
            raise Unsendable(f"the outputs are of type {type(result).__name__}")
        outputs, blobs = wire.pack(result)
        return Letter({"op": "done", "id": job, "outputs": outputs}, blobs)
    except Unsendable as error:
        return _failure(job, _UNUSABLE.format(model=go["model"]), str(error), error=Faulty.__name__)


def _failure(job: int, words: str, trace: str = "", *, error: str = ExpertFailed.__name__) -> Letter:
    return Letter({"op": "failed", "id": job, "error": error, "words": words, "trace": trace[-8000:]})
