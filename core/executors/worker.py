"""Runs in the child process: takes one job after the other and answers each with a letter.

The main thread works. A second thread listens, so that a cancel is heard while an expert is busy; it also leaves the
process the moment the bot is gone. Letters in: ``run``, ``load``, ``cancel``. Letters out: ``progress``, and for each
job exactly one of ``done``, ``failed``, ``stopped``.
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
import socket
import threading
import traceback
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from core.errors import ExpertFailed, JarvisError
from core.executors.shelf import Shelf
from core.executors.steer import PACE, Tiller
from core.executors.wire import Envelope, Letter, Unsendable, pack, receive, seal, send, unpack, unseal
from core.registry import Registry, Stopped

_FAILED = "The model “{model}” failed at {type}. The details are in the log."
_NO_MEMORY = "The model “{model}” needs more memory for this {type} than this machine has free."
_UNUSABLE = "The model “{model}” gave something that is no result."


class Worker:
    """One child's work, from its first letter to the end of the process."""

    def __init__(self, sock: socket.socket, registry: Registry, shelf: Shelf) -> None:
        """Talk over ``sock``, which blocks."""
        self._sock = sock
        self._registry = registry
        self._shelf = shelf
        self._letters: queue.SimpleQueue[Envelope] = queue.SimpleQueue()
        self._tiller = Tiller(self._tell)
        self._busy = False

    def serve(self) -> NoReturn:
        """Work until the bot hangs up."""
        threading.Thread(target=self._listen, name="listen", daemon=True).start()
        while True:
            with self._letters.get() as envelope:
                letter = unseal(envelope)
            with self._attempt(letter) as answer:
                self._tiller.leave()
                self._busy = False  # before the answer leaves: the next job may be here at once
                send(self._sock, answer)

    def _listen(self) -> NoReturn:
        while True:
            if not select.select([self._sock], [], [], PACE if self._busy else None)[0]:
                self._tiller.flush()
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
            self._tiller.stop(head["id"])
        return bool(head["op"] == "cancel")

    def _attempt(self, letter: Letter) -> Envelope:
        """Do what a letter asks; whatever happens becomes an answer."""
        names = {"type": letter.head["type"], "model": letter.head["model"]}
        try:
            outputs, blobs = self._do(letter)
            return self._seal(letter, {"op": "done", "outputs": outputs}, blobs)
        except Stopped:
            return self._seal(letter, {"op": "stopped"})
        except JarvisError as error:
            return self._seal(letter, {"op": "failed", "error": type(error).__name__, "words": error.message})
        except MemoryError:
            self._shelf.clear()
            return self._seal(letter, _failure(_NO_MEMORY.format(**names)))
        except Unsendable as error:
            return self._seal(letter, _failure(_UNUSABLE.format(**names), str(error)))
        except BaseException:  # noqa: BLE001 - not even sys.exit() in an expert ends the worker
            return self._seal(letter, _failure(_FAILED.format(**names), traceback.format_exc()))

    def _do(self, letter: Letter) -> tuple[dict[str, Any], list[bytes]]:
        head = letter.head
        self._tiller.enter(head["id"])
        card = self._registry.card(head["type"], head["model"])
        if card is None:
            raise ExpertFailed(f"The model “{head['model']}” for {head['type']} is not installed here.")
        expert = self._shelf.take(card)
        if head["op"] == "load":
            return {}, []
        outputs = expert.run(unpack(head["inputs"], letter.blobs), self._tiller)
        if not isinstance(outputs, Mapping):
            raise Unsendable(f"the outputs are of type {type(outputs).__name__}")
        return pack(outputs)

    def _seal(self, letter: Letter, answer: Mapping[str, Any], blobs: Sequence[bytes] = ()) -> Envelope:
        loaded = [[card.type.name, card.model.id] for card in self._registry.cards if self._shelf.holds(card)]
        return seal(Letter({**answer, "id": letter.head["id"], "loaded": loaded}, blobs))

    def _tell(self, head: Mapping[str, Any]) -> None:
        """Send a small letter if there is room: a slow bot never slows a job."""
        with contextlib.suppress(OSError):
            self._sock.sendmsg([seal(Letter(head)).packet], (), socket.MSG_DONTWAIT)


def _failure(words: str, trace: str = "") -> dict[str, Any]:
    return {"op": "failed", "error": ExpertFailed.__name__, "words": words, "trace": trace[-8000:]}
