"""The base of all experts that ask hosted inference."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from core.contract import PROVIDERS, Expert, Inputs, Outputs, Steer
from core.errors import BadInput, NotAvailable


class HostedExpert(Expert):
    """Asks the providers of a model in turn, until one gives a result.

    They are in ``inputs[PROVIDERS]``: ``{"seconds": the job's deadline, "routes": who serves the model}``.
    A subclass says in :meth:`asking` what is asked of one of them. It sends bytes and words, never an address or a
    path: the client library would open them.
    """

    needs: ClassVar[tuple[str, ...]] = ("huggingface_hub", "openai", "httpx2")
    tasks: ClassVar[tuple[str, ...]]  # the Hub's tasks that this can be done with, the best first
    patience: ClassVar[float] = 60.0  # seconds without a word after which a provider is given up

    def load(self) -> None:
        """Open the gate through which requests leave. There are no weights."""
        from core.remote.gate import open_gate
        from core.remote.terms import terms_here

        self._gate = open_gate(terms_here())

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        from core.remote.attempts import Attempts, watched
        from core.remote.routes import Route

        given = {name: sendable(value) for name, value in inputs.items()}
        told: dict[str, Any] = given.pop(PROVIDERS, {})
        routes = [Route(**route) for route in told.get("routes", ())]
        if not routes:
            raise NotAvailable(f"Nobody serves “{self.model.id}” now.")
        ask = self.asking(given, steer)
        attempts = Attempts(
            self._gate, self.model.id, steer, seconds=float(told.get("seconds", 120.0)), patience=self.patience
        )
        return watched(attempts.through(routes, ask), steer)

    @abstractmethod
    def asking(self, inputs: Inputs, steer: Steer) -> Any:
        """Return what puts the question: an :data:`core.remote.attempts.Ask`. Raises BadInput for what is sent.

        What reads the answer may raise anything where it makes no sense, and ExpertFailed where it does but is none.
        """


def sendable(value: Any) -> Any:
    """Return a value without halves of letters, which no message can hold."""
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    return [sendable(part) for part in value] if isinstance(value, list) else value


def words(text: str, purpose: str) -> str:
    """Return a text that holds any letter or number. Raises BadInput: there is no text to ``purpose``."""
    if not any(map(str.isalnum, text)):
        raise BadInput(f"There is no text to {purpose}.")
    return text
