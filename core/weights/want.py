"""What has to be on this machine before a model can run."""

from __future__ import annotations

from dataclasses import dataclass

from core.contract import Model


@dataclass(frozen=True, slots=True)
class Want:
    """The weights of one model, in one variant."""

    id: str
    revision: str = ""
    variant: str = ""
    extra: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    pickled: bool = False  # known to come as pickles: whoever selected it was allowed to


def wants(model: Model) -> tuple[Want, ...]:
    """Return what a model consists of: the models it cannot run without, then itself.

    Of its settings, ``variant`` names the weights' variant, ``files`` patterns of unusual files, ``without`` parts of
    the pipeline that nobody loads; both with commas between them. Who lets its pickles in lets in those of its parts.
    """
    variant, extra, without = (str(model.settings.get(name, "")) for name in ("variant", "files", "without"))
    parts = [
        Want(part, variant=variant, pickled=model.pickled)
        for part in dict.fromkeys(model.parts.values())
        if part != model.id
    ]
    return (*parts, Want(model.id, model.revision, variant, _split(extra), _split(without), model.pickled))


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
