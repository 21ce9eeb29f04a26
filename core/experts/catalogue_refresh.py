"""catalogue-refresh: asks the Hub which models there are for a task type, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert
from core.errors import NotAvailable
from core.types import Json, Kind

if TYPE_CHECKING:
    from huggingface_hub import HfApi

TYPE = TaskType(
    name="catalogue-refresh",
    summary="Ask the Hub for the most downloaded models of a task type.",
    takes=(
        Take(name="task", kinds=(Kind.TEXT,), about="task type"),
        Take(name="known", kinds=(Kind.TEXT,), about="ids to tell of in any case", required=False, many=True),
        Take(name="limit", kinds=(Kind.NUMBER,), about="models to look at, at most", required=False, default=50),
        Take(name="endpoint", kinds=(Kind.TEXT,), about="address of the Hub", required=False, default=""),
        Take(name="token", kinds=(Kind.TEXT,), about="a secret", required=False, default=""),
    ),
    gives=(Give(name="models", kind=Kind.TABLE, about="rows of the catalogue"),),
    repeatable=False,
    seconds=120.0,
    internal=True,
)


@expert(TYPE, Model(id="hub-list", about="Lists models of the Hugging Face Hub.", licence="Apache-2.0"))
class Refresh(Expert):
    """Talks to the Hub with its own library."""

    needs: ClassVar[tuple[str, ...]] = ("huggingface_hub", "httpx2")

    def load(self) -> None:
        import huggingface_hub.hf_api

        del huggingface_hub

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the models that run here or are hosted somewhere. Raises NotAvailable, Stopped."""
        import httpx2
        from huggingface_hub import HfApi
        from huggingface_hub.errors import HfHubHTTPError

        from core.catalogue.snapshot import MODEL

        endpoint, token = str(inputs.get("endpoint", "")).rstrip("/"), inputs.get("token", "")
        hub = HfApi(endpoint=endpoint or None, token=token or False, library_name="jarvis")
        rows: list[Json] = []
        try:
            for model in _models(hub, inputs):
                steer.check()
                rows.append(MODEL.dump_python(model, mode="json", exclude_defaults=True))
        except HfHubHTTPError as error:
            raise NotAvailable(f"The Hub does not list models now (status {error.response.status_code}).") from None
        except httpx2.HTTPError:
            raise NotAvailable(f"The Hub at {hub.endpoint} cannot be reached.") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NotAvailable(f"What answers at {hub.endpoint} does not list models as the Hub does.") from None
        return {"models": rows}


def _models(hub: HfApi, inputs: Inputs) -> Iterator[Model]:
    """Yield the most downloaded models, then those that are known and not among them."""
    from core.catalogue.families import searches
    from core.catalogue.hub import candidates, known

    search, seen = searches().get(inputs["task"]), set()
    for model in candidates(hub, search, int(inputs.get("limit", 50))) if search else ():
        seen.add(model.id)
        yield model
    yield from known(hub, [name for name in inputs.get("known", ()) if name not in seen])
