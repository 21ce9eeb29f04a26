from functools import cache

import numpy as np
import pytest

from core.contract import Expert, Outputs, Stopped
from core.errors import BadInput, ExpertFailed
from core.executors.check import checked
from core.experts.audio_classification import SOUNDS
from core.media.recording import recorded
from core.types import Media
from tests import samples
from tests.steers import Steered
from tests.tiny.zoo import loaded, registry

TASK = "audio-classification"
MODELS = ("tiny/wav2vec2-words", "tiny/hubert-emotions", "tiny/ast", "tiny/clap")
pytestmark = pytest.mark.slow


@cache
def ready(model: str) -> Expert:
    """Load each model once."""
    return loaded(TASK, model)


@cache
def noise(seconds: float, seed: int = 0) -> Media:
    """Return noise as a recording."""
    wave = np.random.default_rng(seed).standard_normal(round(seconds * 16_000)) * 0.2
    return recorded(wave, 16_000, f"noise-{seconds}-{seed}")


def scores(outputs: Outputs) -> dict[str, float]:
    """Return the scores by label, checked."""
    rows = outputs["scores"]
    assert isinstance(rows, list)
    found = {str(row["label"]): float(str(row["score"])) for row in rows if isinstance(row, dict)}
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert outputs["label"] == next(iter(found))
    assert all(0 <= score <= 1 for score in found.values())
    return found


def heard(model: str, media: Media, *labels: str) -> dict[str, float]:
    """Return the checked scores."""
    card = registry().card(TASK, model)
    assert card is not None
    inputs = {"audio": media, **({"labels": list(labels)} if labels else {})}
    return scores(checked(card, ready(model).run(inputs, Steered())))


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("build", [*samples.AUDIOS, *samples.VIDEOS, lambda: samples.wav(1, 96_000, 2)])
def test_every_recording_and_sound_track_is_heard(model: str, build: samples.Build) -> None:
    """Labels come back with scores, best first, whatever held the sound."""
    assert heard(model, build())


@pytest.mark.parametrize("model", MODELS)
def test_a_batch_is_like_each_alone(model: str) -> None:
    """Recordings of different lengths are heard together as alone; what is no sound costs the others nothing."""
    medias = [noise(1.5), noise(25.0), samples.png(), noise(0.3), samples.wav(volume=0), noise(1.5, 1)]
    together = ready(model).run_batch([({"audio": media}, Steered()) for media in medias])
    assert isinstance(together[2], BadInput)
    assert isinstance(together[4], ExpertFailed)
    for media, found in zip(medias, together, strict=True):
        if not isinstance(found, Exception):
            assert scores(found) == pytest.approx(heard(model, media), abs=0.002)


def test_labels_exclude_each_other_or_not() -> None:
    """Scores add up to one where one label is true, and each stands alone where several are."""
    assert sum(heard("tiny/wav2vec2-words", noise(2.0)).values()) == pytest.approx(1, abs=0.001)
    assert sum(heard("tiny/hubert-emotions", noise(2.0)).values()) > 1.1


@pytest.mark.parametrize("model", MODELS)
def test_long_recordings_are_heard_part_by_part(model: str) -> None:
    """All parts count by their length: a recording and itself twice over are heard alike, with progress and an end."""
    ten = np.random.default_rng(5).standard_normal(160_000) * 0.2
    once, thrice = recorded(ten, 16_000, "once"), recorded(np.tile(ten, 3), 16_000, "thrice")
    assert heard(model, thrice) == pytest.approx(heard(model, once), abs=0.01)
    steer = Steered()
    ready(model).run({"audio": noise(60.0)}, steer)
    told = [fraction for fraction, _ in steer.progressed]
    assert told == sorted(told, key=lambda fraction: fraction or 0)
    assert told[-1] == 1
    with pytest.raises(Stopped):
        ready(model).run({"audio": noise(60.0)}, Steered(stop_at=1))


def test_labels_that_a_person_names() -> None:
    """A model with labels of its own chooses among them and says when it cannot; CLAP takes any words."""
    assert set(heard("tiny/ast", noise(2.0), "music", "DOG", "zebra")) == {"Music", "Dog"}
    with pytest.raises(ExpertFailed, match="It knows, for example: Speech, Music, Dog, Rain"):
        heard("tiny/ast", noise(2.0), "zebra")
    assert set(heard("tiny/clap", noise(2.0), "a cello", "eine Säge", "😀", "a cello")) == {
        "a cello",
        "eine Säge",
        "😀",
    }
    assert set(heard("tiny/clap", noise(2.0), "  ", "")) <= set(SOUNDS)
    assert heard("tiny/clap", noise(2.0), "word " * 5000)


@pytest.mark.parametrize("model", MODELS)
def test_nothing_to_hear(model: str) -> None:
    """Silence gets a sentence."""
    with pytest.raises(ExpertFailed, match=r"I hear nothing in tone\.wav: it is silent"):
        heard(model, samples.wav(12, 8_000, volume=0))
