from functools import cache
from io import BytesIO

import av
import pytest

from core.contract import Expert, Stopped
from core.errors import BadInput
from core.executors.check import checked
from core.media.waves import is_silent, wave_of
from core.types import Media, Value
from tests.steers import Steered
from tests.tiny.zoo import loaded, registry

TASK = "text-to-audio"
MODELS = ("tiny/musicgen", "tiny/musicgen-stereo", "tiny/audioldm2")
pytestmark = [
    pytest.mark.slow,
    # The pipeline of AudioLDM 2 hands its language model what it remembers under the older of two names.
    pytest.mark.filterwarnings("ignore:`past_key_values` is deprecated:FutureWarning"),
]


@cache
def ready(model: str) -> Expert:
    """Load each model once."""
    return loaded(TASK, model)


def compose(model: str, prompt: str = "a calm piano", **inputs: str | float) -> dict[str, Value]:
    """Return the checked outputs."""
    card = registry().card(TASK, model)
    assert card is not None
    return checked(card, ready(model).run({"prompt": prompt, **inputs}, Steered()))


def sound_of(outputs: dict[str, Value]) -> Media:
    """Return the recording."""
    sound = outputs["audio"]
    assert isinstance(sound, Media)
    return sound


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("seconds", [1, 2.5])
def test_the_sound_lasts_as_long_as_wished(model: str, seconds: float) -> None:
    """A wav that plays, of the length asked for, mono or stereo as the model makes it."""
    sound = sound_of(compose(model, duration=seconds))
    assert (sound.mime, sound.name) == ("audio/wav", "sound.wav")
    wave = wave_of(sound, 16_000, Steered())
    assert len(wave) / 16_000 == pytest.approx(seconds, abs=0.02)
    assert not is_silent(wave, 16_000)
    with av.open(BytesIO(sound.data)) as container:
        assert container.streams.audio[0].channels == (2 if "stereo" in model else 1)


@pytest.mark.parametrize("model", MODELS)
def test_a_seed_makes_the_same_again(model: str) -> None:
    """The seed that is told makes the same sound again; without one each sound is another."""
    first = compose(model, duration=1)
    again = compose(model, duration=1, seed=float(str(first["seed"])))
    assert sound_of(again).data == sound_of(first).data
    assert compose(model, duration=1)["seed"] != first["seed"]


def test_seconds_have_a_usual_number_and_a_bound() -> None:
    """Ten seconds where nothing is said, thirty at the most."""
    assert len(wave_of(sound_of(compose("tiny/musicgen")), 16_000, Steered())) == 160_000
    assert len(wave_of(sound_of(compose("tiny/musicgen", duration=9_000)), 16_000, Steered())) == 480_000


@pytest.mark.parametrize("model", MODELS)
def test_odd_prompts(model: str) -> None:
    """A prompt that is too long to be read whole, emoji and other letters make sound; none at all gets a sentence."""
    for prompt in ("rain " * 2_000, "😀", "雨の音", "r"):
        assert sound_of(compose(model, prompt, duration=1)).data
    for prompt in ("", " \n "):
        with pytest.raises(BadInput, match="The prompt is empty"):
            compose(model, prompt)


@pytest.mark.parametrize("model", MODELS)
def test_progress_and_cancel(model: str) -> None:
    """Each step moves the progress on; a cancelled job stops at the next one and leaves the model usable."""
    steer = Steered()
    ready(model).run({"prompt": "rain", "duration": 2}, steer)
    told = [fraction for fraction, _ in steer.progressed if fraction is not None]
    assert told == sorted(told)
    assert told[-1] == 1
    stopping = Steered(stop_at=3)
    with pytest.raises(Stopped):
        ready(model).run({"prompt": "rain", "duration": 2}, stopping)
    assert stopping.checks == 3
    assert sound_of(compose(model, duration=1)).data


def test_steps_and_what_it_should_not_sound_like() -> None:
    """A diffusion model takes as many steps as asked for, and other noise where something is not wanted."""
    steer = Steered()
    ready("tiny/audioldm2").run({"prompt": "rain", "duration": 1, "steps": 7}, steer)
    assert steer.progressed[-1][1] == "step 7 of 7"
    plain, kept_off = (
        sound_of(compose("tiny/audioldm2", duration=1, seed=1, **more)) for more in ({}, {"negative_prompt": "voices"})
    )
    assert plain.data != kept_off.data
