"""Runs in the child process: takes one batch of jobs after the other and answers each job with a letter.

The main thread works. A second thread listens, so that a cancel is heard while an expert is busy; it also leaves the
process the moment the bot is gone. Letters in: ``add`` for each job of a batch, then ``go``; ``load``; ``cancel``.
Letters out: ``progress``, and for each job exactly one of ``done``, ``failed``, ``stopped``.
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
import socket
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

from core.catalogue.snapshot import MODEL
from core.errors import ExpertFailed, JarvisError
from core.executors.ladder import Ladder
from core.executors.shelf import Shelf
from core.executors.sizes import Need
from core.executors.steer import PACE, Helm
from core.executors.wire import Envelope, Letter, Unsendable, pack, receive, seal, send, unpack, unseal
from core.registry import Card, Registry, Stopped
from core.types import Place, Value

_FAILED = "The model “{model}” failed at {type}. The details are in the log."
_NO_MEMORY = "The model “{model}” needs more memory for {type} than this machine has free."
_UNUSABLE = "The model “{model}” gave something that is no result."


class Worker:
    """One child's work, from its first letter to the end of the process."""

    def __init__(self, sock: socket.socket, registry: Registry, shelf: Shelf) -> None:
        """Talk over ``sock``, which blocks."""
        self._sock = sock
        self._registry = registry
        self._shelf = shelf
        self._ladder = Ladder(shelf)
        self._letters: queue.SimpleQueue[Envelope] = queue.SimpleQueue()
        self._helm = Helm(self._tell)
        self._busy = False

    def serve(self) -> NoReturn:
        """Work until the bot hangs up."""
        threading.Thread(target=self._listen, name="listen", daemon=True).start()
        while True:
            batch = list(self._batch())
            answers = self._attempt(batch)
            for letter in batch:
                self._helm.leave(letter.head["id"])
            self._busy = False  # before the last answer leaves: the next job may be here at once
            for answer in answers:
                with answer:
                    send(self._sock, answer)

    def _batch(self) -> Iterator[Letter]:
        """Yield the letters up to the next ``go``; ``load`` goes by itself."""
        while True:
            with self._letters.get() as envelope:
                letter = unseal(envelope)
            if letter.head["op"] == "go":
                return
            yield letter
            if letter.head["op"] == "load":
                return

    def _listen(self) -> NoReturn:
        while True:
            if not select.select([self._sock], [], [], PACE if self._busy else None)[0]:
                self._helm.flush()
            elif (envelope := receive(self._sock)) is None:
                os._exit(0)  # whatever runs now, nobody waits for it
            elif not self._cancels(envelope):
                self._busy = True
                self._letters.put(envelope)

    def _cancels(self, envelope: Envelope) -> bool:
        if envelope.file is not None:
            return False
        head = unseal(envelope).head
        if head["op"] == "cancel":
            self._helm.stop(head["id"])
        return bool(head["op"] == "cancel")

    def _attempt(self, batch: Sequence[Letter]) -> list[Envelope]:
        """Do what a batch's letters ask; whatever happens becomes an answer to each."""
        try:
            results = self._do(batch)
        except BaseException as error:  # noqa: BLE001 - not even sys.exit() in an expert ends the worker
            results = [error] * len(batch)
        return [self._answer(letter, result) for letter, result in zip(batch, results, strict=True)]

    def _do(self, batch: Sequence[Letter]) -> Sequence[Any]:
        """Return the outputs or the error of each job."""
        head = batch[0].head
        card, need = self._card(head), Need(*head["need"]) if head["need"] else None
        steers = [self._helm.enter(letter.head["id"]) for letter in batch]
        if head["op"] == "load":
            self._ladder.load(card, need)
            return [{}]
        inputs = [_plain(unpack(letter.head["inputs"], letter.blobs)) for letter in batch]
        return self._ladder.run(card, list(zip(inputs, steers, strict=True)), need)

    def _card(self, head: Mapping[str, Any]) -> Card:
        """Find the expert. A model's facts come along where it is not one that is its own expert."""
        if head["facts"] is None:
            card = self._registry.card(head["type"], head["model"])
        else:
            model = MODEL.validate_python(head["facts"])
            card = self._registry.card_for(head["type"], Place(head["place"]), model)
        if card is None:
            raise ExpertFailed(f"The model “{head['model']}” for {head['type']} is not installed here.")
        return card

    def _answer(self, letter: Letter, result: Any) -> Envelope:
        names = {"type": letter.head["type"], "model": letter.head["model"]}
        match result:
            case Stopped():
                return self._seal(letter, {"op": "stopped"})
            case JarvisError():
                return self._seal(letter, _failure(result.message, error=type(result).__name__))
            case MemoryError():
                return self._seal(letter, _failure(_NO_MEMORY.format(**names)))
            case BaseException():
                trace = "".join(traceback.format_exception(result))
                return self._seal(letter, _failure(_FAILED.format(**names), trace))
            case _:
                return self._outputs(letter, result)

    def _outputs(self, letter: Letter, result: Any) -> Envelope:
        try:
            if not isinstance(result, Mapping):
                raise Unsendable(f"the outputs are of type {type(result).__name__}")
            outputs, blobs = pack(result)
            return self._seal(letter, {"op": "done", "outputs": outputs}, blobs)
        except Unsendable as error:
            words = _UNUSABLE.format(model=letter.head["model"])
            return self._seal(letter, _failure(words, str(error)))

    def _seal(self, letter: Letter, answer: Mapping[str, Any], blobs: Sequence[bytes] = ()) -> Envelope:
        loaded = [[*key, need.resident, need.working] for key, need in self._shelf.needs().items()]
        return seal(Letter({**answer, "id": letter.head["id"], "loaded": loaded}, blobs))

    def _tell(self, head: Mapping[str, Any]) -> None:
        """Send a small letter if there is room: a slow bot never slows a job."""
        with contextlib.suppress(OSError):
            self._sock.sendmsg([seal(Letter(head)).packet], (), socket.MSG_DONTWAIT)


def _plain(inputs: dict[str, Value]) -> dict[str, Value]:
    """Replace halves of characters in texts, which JSON may hold and no tokenizer takes."""
    return {name: _whole(value) for name, value in inputs.items()}


def _whole(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case list():
            return [_whole(part) for part in value]
        case _:
            return value


def _failure(words: str, trace: str = "", *, error: str = ExpertFailed.__name__) -> dict[str, Any]:
    return {"op": "failed", "error": error, "words": words, "trace": trace[-8000:]}
