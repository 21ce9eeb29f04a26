from functools import cache

import numpy as np
import pytest

from core.contract import Expert, Outputs, Stopped
from core.errors import BadInput, ExpertFailed
from core.executors.check import checked
from core.experts.automatic_speech_recognition import Wav2Vec2, Whisper
from core.language.transcript import phrases
from core.media.recording import recorded
from core.media.waves import Window
from core.types import Kind, Media, Value
from tests import samples
from tests.steers import Steered
from tests.tiny.zoo import loaded, registry

TASK = "automatic-speech-recognition"
CTC = ("tiny/wav2vec2-ctc", "tiny/wav2vec2-ctc-masked")
pytestmark = pytest.mark.slow


@cache
def ready(model: str) -> Expert:
    """Load each model once."""
    return loaded(TASK, model)


@cache
def talk(seconds: float, seed: int = 0) -> Media:
    """Return noise that swells and fades as words do."""
    times = np.arange(round(seconds * 16_000)) / 16_000
    noise = np.random.default_rng(seed).standard_normal(len(times)) * (0.1 + 0.1 * np.sin(times * 7))
    return recorded(noise, 16_000, f"talk-{seconds}-{seed}")


def heard(model: str, media: Media, **inputs: str) -> dict[str, Value]:
    """Return the checked outputs."""
    expert = ready(model)
    card = registry().card(TASK, model)
    assert card is not None
    return checked(card, expert.run({"audio": media, **inputs}, Steered()))


def end(outputs: Outputs) -> float:
    """Return when the last phrase ends, in seconds."""
    rows = outputs["chunks"]
    assert isinstance(rows, list)
    assert isinstance(rows[-1], dict)
    return float(str(rows[-1]["end"]))


@pytest.mark.parametrize("model", ["tiny/whisper", "tiny/moonshine", CTC[0]])
@pytest.mark.parametrize("build", [*samples.AUDIOS, *samples.VIDEOS, lambda: samples.wav(1, 96_000, 2)])
def test_every_recording_and_sound_track_is_heard(model: str, build: samples.Build) -> None:
    """A text comes back, and phrases whose times lie within the recording, whatever held it."""
    media = build()
    made = heard(model, media)
    rows = made["chunks"]
    assert isinstance(made["text"], str)
    assert isinstance(rows, list)
    assert made["text"].strip()
    assert rows
    for row in rows:
        assert isinstance(row, dict)
        assert set(row) == {"text", "start", "end"}
        assert 0 <= float(str(row["start"])) <= float(str(row["end"])) <= (2.1 if media.kind is Kind.VIDEO else 1.1)


@pytest.mark.parametrize("model", ["tiny/whisper", "tiny/moonshine", "tiny/wav2vec2-ctc"])
def test_silence_is_no_speech(model: str) -> None:
    """Silence gets a sentence, not words that nobody said; so do pictures, empty files and silent films."""
    for media in (samples.wav(volume=0), samples.wav(70, 8_000, volume=0)):
        with pytest.raises(ExpertFailed, match=r"I hear no speech in tone\.wav"):
            heard(model, media)
    for wrong in (samples.png(), samples.wav(0), samples.mp4(silent=True)):
        with pytest.raises(BadInput):
            heard(model, wrong)


def test_whisper_writes_down_long_recordings_window_by_window() -> None:
    """Each window moves the progress on, phrases come from all of them in order, silence in between costs nothing."""
    steer = Steered()
    pause = np.zeros(16_000 * 40)
    speech = np.random.default_rng(1).standard_normal(16_000 * 45) * 0.2
    media = recorded(np.concatenate([speech, pause, speech]), 16_000, "long")
    made = ready("tiny/whisper").run({"audio": media}, steer)
    rows = made["chunks"]
    assert isinstance(rows, list)
    starts = [float(str(row["start"])) for row in rows if isinstance(row, dict)]
    assert starts == sorted(starts)
    told = [fraction for fraction, _ in steer.progressed if fraction is not None]
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1)
    assert ready("tiny/whisper").run({"audio": media}, Steered()) == made


def test_whisper_puts_windows_together_by_what_both_heard() -> None:
    """Of a sentence that two windows heard, each word is written once; times count from the start of the recording."""
    expert = ready("tiny/whisper")
    assert isinstance(expert, Whisper)

    def tokens(marked: str) -> list[int]:
        ids: list[int] = expert._tokenizer(marked, add_special_tokens=False).input_ids
        return ids

    second = 16_000
    left = Window(0, np.zeros(30 * second, np.float32), 0, 5 * second)
    right = Window(20 * second, np.zeros(20 * second, np.float32), 5 * second, 0)
    first_heard = tokens("<|0.00|> my name is ada<|18.00|><|18.00|> and i live in london with a<|30.00|>")
    then_heard = tokens("<|0.00|> live in london with a black cat<|12.00|><|12.00|> hello<|19.00|>")
    found = expert._merged([(left, first_heard), (right, then_heard)])
    assert "".join(text for text, _, _ in found) == " my name is ada and i live in london with a black cat hello"
    assert [(start, end) for _, start, end in found] == [(0.0, 18.0), (18.0, 32.0), (32.0, 39.0)]


def test_moonshine_writes_down_phrase_by_phrase() -> None:
    """Phrases lie side by side, silence has none; the progress grows to its end, a cancel stops it between tokens."""
    speech = np.random.default_rng(1).standard_normal(16_000 * 20) * 0.2
    media = recorded(np.concatenate([speech, np.zeros(16_000 * 40), speech]), 16_000, "long")
    steer = Steered()
    made = ready("tiny/moonshine").run({"audio": media}, steer)
    rows = [row for row in made["chunks"] if isinstance(row, dict)]  # type: ignore[union-attr]
    times = [float(str(row[name])) for row in rows for name in ("start", "end")]
    assert times == sorted(times)
    assert times[-1] == pytest.approx(80, abs=0.1)
    assert len(rows) < 80 / 16 * 2
    told = [fraction for fraction, _ in steer.progressed if fraction is not None]
    assert told == sorted(told)
    assert told[-1] > 0.9
    stopping = Steered(stop_at=20)
    with pytest.raises(Stopped):
        ready("tiny/moonshine").run({"audio": media}, stopping)
    assert stopping.checks == 20
    with pytest.raises(ExpertFailed, match="It knows: English"):
        heard("tiny/moonshine", samples.wav(), language="German")


@pytest.mark.parametrize("language", ["de", "German", "deutsch", " FR "])
def test_whisper_takes_a_language_by_name_or_code(language: str) -> None:
    """The language is one that the model knows, whatever it is called."""
    assert heard("tiny/whisper", samples.wav(), language=language)["text"]


def test_languages_that_a_model_does_not_know() -> None:
    """Another language gets a sentence that names it."""
    with pytest.raises(BadInput, match="Klingon"):
        heard("tiny/whisper", samples.wav(), language="Klingon")
    with pytest.raises(BadInput, match="I do not understand “Welsh”"):
        heard("tiny/whisper", samples.wav(), language="Welsh")
    with pytest.raises(ExpertFailed, match="It knows: English"):
        heard("tiny/whisper-en", samples.wav(), language="German")
    assert heard("tiny/whisper-en", samples.wav(), language="English")["text"]


@pytest.mark.parametrize("stop_at", [2, 5, 40])
def test_whisper_stops_between_tokens(stop_at: int) -> None:
    """A cancelled job ends while a window is written down, not after it."""
    steer = Steered(stop_at=stop_at)
    with pytest.raises(Stopped):
        ready("tiny/whisper").run({"audio": samples.wav()}, steer)
    assert steer.checks == stop_at


@pytest.mark.parametrize("model", CTC)
def test_windows_of_ctc_make_no_difference(model: str) -> None:
    """A minute heard in windows of twenty seconds is, away from their edges, what it is heard as in one go."""
    expert = ready(model)
    assert isinstance(expert, Wav2Vec2)
    media = talk(55.0)
    made = heard(model, media)
    assert isinstance(made["file"], Media)
    whole = type(expert)(expert.model)
    whole.seconds = 100.0  # type: ignore[misc]
    whole.load()
    at_once = whole.run({"audio": media}, Steered())
    assert len(str(made["text"])) == pytest.approx(len(str(at_once["text"])), rel=0.1)
    assert end(made) == pytest.approx(end(at_once), abs=0.5)
    assert end(made) > 50


@pytest.mark.parametrize("model", CTC)
def test_a_batch_of_ctc_is_like_each_alone(model: str) -> None:
    """Recordings of different lengths are heard together as alone; one that is no sound costs the others nothing."""
    medias = [talk(3.0), talk(50.0), samples.png(), talk(3.0, 1), samples.wav(volume=0), talk(0.4)]
    together = ready(model).run_batch([({"audio": media}, Steered()) for media in medias])
    for media, found in zip(medias, together, strict=True):
        if isinstance(found, Exception):
            assert media.kind is Kind.IMAGE or media.name == "tone.wav"
        else:
            assert found == ready(model).run({"audio": media}, Steered())


def test_ctc_letters_and_marks() -> None:
    """A blank parts double letters, marks are no letters and take their time, capitals are written small."""
    expert = ready(CTC[0])
    assert isinstance(expert, Wav2Vec2)
    number = expert._tokenizer.convert_tokens_to_ids
    ids = number(["H", "E", "L", "<pad>", "<unk>", "L", "O", "O", "|", "</s>", "Y", "O"])
    window = Window(0, np.zeros(expert.grain * (len(ids) + 1), np.float32), 0, 0)
    words, joint = expert._words(expert._own(window, ids))
    step = expert.grain / expert.rate
    assert [(word.text, round(word.start / step), round(word.end / step)) for word in words] == [
        ("hello", 0, 8),
        ("yo", 10, 12),
    ]
    assert joint == " "
    cut = Window(0, window.wave, 2 * expert.grain, 3 * expert.grain)
    assert len(expert._own(cut, ids)) == len(ids) + 1 - 5


def test_scripts_without_blanks_are_divided_too() -> None:
    """Where no blank is ever heard, letters make phrases of a few seconds, and blanks stay away."""
    expert = ready(CTC[0])
    assert isinstance(expert, Wav2Vec2)
    letters = expert._tokenizer.convert_tokens_to_ids(list("ABCDEFGHIJ"))
    words, joint = expert._words([token for letter in letters * 30 for token in (letter, 0, 0)])
    said = list(phrases(words, joint))
    assert joint == ""
    assert "".join(phrase.text for phrase in said) == "abcdefghij" * 30
    assert all(phrase.end - phrase.start <= 8 for phrase in said)
    assert len(said) == 3


def test_memory_can_be_saved_to_a_point() -> None:
    """After running out of memory fewer windows are heard at once, down to one."""
    expert = loaded(TASK, "tiny/whisper")
    assert expert.save_memory()
    assert expert.run({"audio": talk(50.0)}, Steered())["text"]
    assert not expert.save_memory()
