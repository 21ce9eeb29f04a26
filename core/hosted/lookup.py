"""An errand of the house: who serves which model now, as the Hub tells it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

from core.contract import Expert, Give, Inputs, Outputs, Steer, Take, TaskType, hosted
from core.errors import NotAvailable
from core.types import Json, Kind

TYPE = TaskType(
    name="provider-lookup",
    summary="Ask the Hub who serves models.",
    takes=(Take(name="models", kinds=(Kind.TEXT,), about="ids on the Hub", many=True),),
    gives=(Give(name="served", kind=Kind.TABLE, about="model, and providers: provider, id, task, status, weights"),),
    repeatable=False,
    seconds=120.0,
    internal=True,
)

AT_ONCE = 8
"""Questions on their way at the same time."""

SECONDS = 15.0
"""For each question."""


@hosted(TYPE)
class Lookup(Expert):
    """Asks for one model after the other; of those that the Hub says nothing about for now, it tells nothing."""

    needs: ClassVar[tuple[str, ...]] = ("huggingface_hub", "httpx2")

    def load(self) -> None:
        from huggingface_hub import HfApi

        from core.remote.gate import open_gate
        from core.remote.terms import terms_here

        terms = terms_here()
        open_gate(terms)
        self._hub = HfApi(endpoint=terms.endpoint, token=terms.token or False)

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        models: Sequence[str] = inputs["models"]
        with ThreadPoolExecutor(AT_ONCE) as threads:
            rows = list(self._rows(threads, models, steer))
        if models and not rows:
            raise NotAvailable("The Hugging Face Hub cannot be reached.")
        return {"served": rows}

    def _rows(self, threads: ThreadPoolExecutor, models: Sequence[str], steer: Steer) -> Iterator[Json]:
        answers = [threads.submit(self._providers, model) for model in models]
        for model, answer in zip(models, answers, strict=True):
            try:
                steer.check()
                providers = answer.result()
            except BaseException:
                threads.shutdown(wait=False, cancel_futures=True)
                raise
            if providers is not None:
                yield {"model": model, "providers": providers}

    def _providers(self, model: str) -> list[Json] | None:
        """Return who serves a model: nobody where there is no such model; None where the Hub does not tell.

        The library takes a token that is refused for a model that is not there.
        """
        import httpx2
        from huggingface_hub.errors import HfHubHTTPError, HFValidationError, RepositoryNotFoundError

        try:
            found: Any = self._hub.model_info(model, expand=["inferenceProviderMapping"], timeout=SECONDS)
        except RepositoryNotFoundError as error:
            return [] if error.response.headers.get("X-Error-Code") or error.response.status_code == 404 else None
        except HFValidationError:
            return []
        except (HfHubHTTPError, httpx2.HTTPError, ValueError, TypeError, KeyError):
            return None
        return [_row(one) for one in found.inference_provider_mapping or ()]


def _row(one: Any) -> Json:
    told: dict[str, Json] = {"provider": one.provider, "id": one.provider_id, "task": one.task, "status": one.status}
    return {**told, "weights": one.adapter_weights_path} if one.adapter_weights_path else told
