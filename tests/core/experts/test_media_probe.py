import pytest

from core.errors import BadInput
from core.experts.media_probe import TYPE, Probe
from core.types import Kind
from tests import samples
from tests.steers import Steered


def limits(**changed: float) -> dict[str, float]:
    """Return the limits as the type's defaults have them, some changed."""
    found = {take.name: take.default for take in TYPE.takes if take.default is not None}
    return {**found, **changed}  # type: ignore[dict-item]


def test_kind_and_facts() -> None:
    """It gives the kind and one row of facts, as data that can be journaled."""
    probe = Probe()
    probe.load()
    given = probe.run({"file": samples.heic(), **limits()}, Steered())
    assert given["kind"] == "image"
    facts = {"mime": "image/heic", "width": 64, "height": 48, "frames": 1, "animated": False}
    assert given["facts"] == [facts]


def test_limits_come_with_the_job() -> None:
    """The installation's limits are inputs, not settings of the child."""
    with pytest.raises(BadInput, match="longer than 5 seconds"):
        Probe().run({"file": samples.wav(10), **limits(seconds=5)}, Steered())


def test_it_is_an_errand_of_the_house() -> None:
    """Planners never see it, and it takes files of every kind."""
    assert TYPE.internal
    assert set(TYPE.takes[0].kinds) == {Kind.IMAGE, Kind.DOCUMENT, Kind.AUDIO, Kind.VIDEO, Kind.TEXT}
