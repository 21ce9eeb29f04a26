"""model-download: brings a model's weights to this machine, for whoever is about to need them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert
from core.types import Json, Kind

TYPE = TaskType(
    name="model-download",
    summary="Download a model's weights into the cache, go on with what came earlier, and check every byte.",
    takes=(
        Take(name="model", kinds=(Kind.TEXT,), about="id on the Hub"),
        Take(name="cache", kinds=(Kind.TEXT,), about="folder of the cache"),
        Take(name="revision", kinds=(Kind.TEXT,), about="branch, tag or commit", required=False, default=""),
        Take(name="variant", kinds=(Kind.TEXT,), about="of the weights, such as fp16", required=False, default=""),
        Take(name="extra", kinds=(Kind.TEXT,), about="patterns of further files", required=False, many=True),
        Take(name="without", kinds=(Kind.TEXT,), about="parts of a pipeline to leave out", required=False, many=True),
        Take(name="endpoint", kinds=(Kind.TEXT,), about="address of the Hub", required=False, default=""),
        Take(name="token", kinds=(Kind.TEXT,), about="a secret", required=False, default=""),
        Take(name="budget", kinds=(Kind.NUMBER,), about="most bytes of all models", required=False),
        Take(name="spare", kinds=(Kind.NUMBER,), about="bytes that stay free", required=False, default=0),
        Take(name="keep", kinds=(Kind.TEXT,), about="models in use", required=False, many=True),
        Take(name="allow_pickle", kinds=(Kind.NUMBER,), about="whether pickles will do", required=False, default=False),
        Take(name="patience", kinds=(Kind.NUMBER,), about="seconds of silence", required=False, default=30),
    ),
    gives=(
        Give(name="commit", kind=Kind.TEXT, about="the revision that is here now"),
        Give(name="bytes", kind=Kind.NUMBER, about="size of the model's files"),
        Give(name="evicted", kind=Kind.TABLE, about="models that made room: model, commit, bytes"),
    ),
    repeatable=False,
    seconds=6 * 3600.0,
    internal=True,
)


@expert(
    TYPE,
    Model(
        id="hub",
        about="Downloads from the Hugging Face Hub over HTTP.",
        licence="Apache-2.0",
        needs=("filelock", "huggingface_hub", "stamina"),
    ),
)
class Download(Expert):
    """Talks to the Hub with its own library."""

    def load(self) -> None:
        """Import the library, so that the first download does not wait for it."""
        import huggingface_hub.hf_api
        import stamina

        del huggingface_hub, stamina

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the commit, its size and who left. Raises NotAvailable, ExpertFailed, Stopped."""
        from core.weights.download import Order, download

        got = download(Order(**_fields(inputs)), steer)
        evicted: list[Json] = [{"model": one.model, "commit": one.commit, "bytes": one.size} for one in got.left]
        return {"commit": got.commit, "bytes": got.size, "evicted": evicted}


def _fields(inputs: Inputs) -> dict[str, Any]:
    """Return an order's fields; what is not said keeps its default."""
    given = {take.name: inputs[take.name] for take in TYPE.takes if inputs.get(take.name) is not None}
    many = {take.name: tuple(given[take.name]) for take in TYPE.takes if take.many and take.name in given}
    return {**given, **many, "cache": Path(given["cache"])}
