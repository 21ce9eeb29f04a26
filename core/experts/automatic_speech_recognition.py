"""automatic-speech-recognition: writes down what is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar

from core.contract import CPU, Give, Inputs, Outputs, Steer, Take, TaskType, local
from core.errors import BadInput, ExpertFailed
from core.language.names import code_of
from core.language.transcript import no_speech
from core.local.expert import LocalExpert
from core.local.hearing import SHORTEST, HearingExpert, understood
from core.types import Kind

if TYPE_CHECKING:
    import torch

    from core.language.transcript import Phrase
    from core.media.waves import Wave, Window

TYPE = TaskType(
    name="automatic-speech-recognition",
    summary="Write down what is said in a recording or a video.",
    takes=(
        Take(name="audio", kinds=(Kind.AUDIO, Kind.VIDEO), about="the recording"),
        Take(
            name="language",
            kinds=(Kind.TEXT,),
            about="the language spoken, a name or an ISO 639 code; detected if not given",
            required=False,
        ),
    ),
    gives=(
        Give(name="text", kind=Kind.TEXT, about="what is said"),
        Give(name="chunks", kind=Kind.TABLE, about="text, start, end (in seconds)"),
        Give(name="file", kind=Kind.TEXT, about="the transcript with times, where it is long", optional=True),
    ),
    seconds=600.0,
    examples=("Transcribe this recording.", "What does she say in this video?"),
)

_LONGEST_WORD = 60  # letters
_PHRASE = 16  # seconds that Moonshine hears at once
_TOKENS = 6.5  # a second of speech, at most: what is more are words said over and over (the makers' own number)
MULTILINGUAL = 51_865  # tokens, at least, of a Whisper that knows more than English
_LISTENED = 0.05  # of the work is done when the file is decoded


@local(TYPE)
class Whisper(LocalExpert):
    """Whisper and what is built like it: hears half a minute at a time, and says itself when each phrase begins.

    Long recordings are heard in windows that overlap by ten seconds; what two of them hear alike is written once.
    """

    needs: ClassVar[tuple[str, ...]] = (*LocalExpert.needs, "av")

    def load(self) -> None:
        from transformers import AutoFeatureExtractor, AutoModelForSpeechSeq2Seq, AutoTokenizer

        self._extractor: Any = AutoFeatureExtractor.from_pretrained(self.folder)
        self._tokenizer: Any = AutoTokenizer.from_pretrained(self.folder)
        self._model = self.placed(AutoModelForSpeechSeq2Seq.from_pretrained(self.folder, dtype=self.dtype))
        self._at_once = 2 if self.device == CPU else 16  # windows
        _complete(self._model, self._tokenizer)

    def save_memory(self) -> bool:
        """Hear fewer windows at once."""
        self._at_once //= 2
        return self._at_once > 0

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        from core.language.transcript import ordered, transcript
        from core.media.waves import is_silent, wave_of, windows

        rate, length = self._extractor.sampling_rate, self._extractor.n_samples
        wave = wave_of(inputs["audio"], rate, steer)
        cut = list(windows(wave, length, length // 6))
        loud = [window for window in cut if not is_silent(window.wave, rate)]
        if not loud:
            raise ExpertFailed(no_speech(inputs["audio"].name))
        language = self._language(inputs.get("language"), loud[0].wave)
        tokens = dict(self._tokens(loud, language, steer))
        heard = self._merged([(window, tokens.get(window.start, [])) for window in cut])
        seconds = len(wave) / rate
        return transcript(list(ordered(heard, seconds)), inputs["audio"].name, joint="")

    def _language(self, wanted: str | None, wave: Wave) -> str | None:
        """Return the token of the language wanted, or heard; None for a model that knows but one. Raises BadInput."""
        known = getattr(self._model.generation_config, "lang_to_id", None)
        if not known or not getattr(self._model.generation_config, "is_multilingual", True):
            understood(self.model, wanted, ("en",))
            return None
        if len(self.model.languages) == 1:  # Distil-Whisper still has the tokens of all that its teacher knows
            understood(self.model, wanted)
            return _token(*self.model.languages, known)
        if wanted:
            return _token(wanted, known)
        return str(self._tokenizer.convert_ids_to_tokens(int(self._model.detect_language(self._features([wave])))))

    def _features(self, waves: Sequence[Wave], *, filled_up: bool = True) -> Any:
        """Return log-mel features (windows, mels, frames): of half a minute each, or as long as the waves."""
        from core.media.waves import at_least

        length = {} if filled_up else {"padding": "longest", "truncation": False}
        found = self._extractor(
            [at_least(wave, SHORTEST) for wave in waves],
            sampling_rate=self._extractor.sampling_rate,
            return_tensors="pt",
            **length,
        )
        return found.input_features.to(self.device, self._model.dtype)

    def _tokens(self, loud: Sequence[Window], language: str | None, steer: Steer) -> Iterator[tuple[int, Any]]:
        """Yield the tokens of each window by its start. Windows of the same length are heard together."""
        done = 0
        for _, alike in groupby(loud, key=lambda window: len(window.wave)):
            same = list(alike)
            for first in range(0, len(same), self._at_once):
                some = same[first : first + self._at_once]
                share = (1 - _LISTENED) / len(loud)
                found = self._generated(some, language, steer, _LISTENED + done * share, len(some) * share)
                yield from zip((window.start for window in some), found, strict=True)
                done += len(some)
                steer.progress(_LISTENED + done * share, "writing down")

    def _generated(self, some: Sequence[Window], language: str | None, steer: Steer, done: float, share: float) -> Any:
        """Return token rows. The thresholds are Whisper's own: the unsure is heard again, noise is left out."""
        import torch
        from transformers import StoppingCriteriaList

        from core.local.generation import Watch

        most = int(self._model.config.max_target_positions)
        criteria: Any = StoppingCriteriaList([Watch(steer, most, "writing down", done, share)])
        spoken = {"language": language, "task": "transcribe"} if language else {}
        torch.manual_seed(0)  # what is heard again is drawn by lot: the same lot each time
        steer.check()
        with torch.inference_mode():
            found = self._model.generate(
                self._features([window.wave for window in some], filled_up=False),
                return_timestamps=True,
                return_segments=True,
                temperature=(0.0, 0.2, 0.4, 0.6, 0.8, 1.0),
                compression_ratio_threshold=1.35,
                logprob_threshold=-1.0,
                no_speech_threshold=0.6,
                stopping_criteria=criteria,
                **spoken,
            )
        return found["sequences"]

    def _merged(self, parts: Sequence[tuple[Window, Any]]) -> list[tuple[str, float | None, float | None]]:
        """Return texts with their times; what neighbouring windows both heard is found as the longest that is alike."""
        import torch

        rate = self._extractor.sampling_rate
        outputs = [
            {
                "tokens": torch.as_tensor(tokens, dtype=torch.long).reshape(1, -1).cpu(),
                "stride": (len(window.wave) / rate, window.left / rate, window.right / rate),
            }
            for window, tokens in parts
        ]
        _, found = self._tokenizer._decode_asr(  # noqa: SLF001 - what the library's own pipeline merges windows with
            outputs,
            return_timestamps=True,
            return_language=None,
            time_precision=self._extractor.chunk_length / self._model.config.max_source_positions,
        )
        return [(chunk["text"], *chunk["timestamp"]) for chunk in found["chunks"]]


def _complete(model: Any, tokenizer: Any) -> None:
    """Tell a model the numbers of its own marks: fine-tuned ones of the first year came without."""
    from transformers.models.whisper.tokenization_whisper import LANGUAGES

    config, number = model.generation_config, tokenizer.convert_tokens_to_ids
    if getattr(config, "no_timestamps_token_id", None) is not None:
        return
    many = model.config.vocab_size >= MULTILINGUAL
    told: dict[str, Any] = {"no_timestamps_token_id": number("<|notimestamps|>"), "is_multilingual": many}
    if many:
        known = {f"<|{code}|>" for code in LANGUAGES} & tokenizer.get_vocab().keys()
        told["lang_to_id"] = {token: number(token) for token in sorted(known)}
        told["task_to_id"] = {task: number(f"<|{task}|>") for task in ("translate", "transcribe")}
    config.update(allow_custom_entries=True, forced_decoder_ids=None, **told)


def _token(language: str, known: Mapping[str, int]) -> str:
    """Return Whisper's token of a language by its name or code. Raises BadInput."""
    from transformers.models.whisper.tokenization_whisper import TO_LANGUAGE_CODE

    name = language.strip().lower()
    for code in (code_of(name), TO_LANGUAGE_CODE.get(name), name):
        if f"<|{code}|>" in known:
            return f"<|{code}|>"
    raise BadInput(f"I do not understand “{language[:40]}”. Name a language, like German, or its code, like de.")


@local(TYPE, "ctc")
class Wav2Vec2(HearingExpert["list[int]"]):
    """wav2vec 2.0 and its kin: a letter, or none, for each fiftieth of a second.

    Windows overlap by four seconds, since letters at an edge are guessed: each letter is taken from the window that
    heard both sides of it.
    """

    seconds: ClassVar[float] = 20.0
    overlap: ClassVar[float] = 2.0

    def load(self) -> None:
        from transformers import AutoModelForCTC, AutoTokenizer

        self.load_network(AutoModelForCTC)
        self._tokenizer: Any = AutoTokenizer.from_pretrained(self.folder)

    @property
    def grain(self) -> int:
        return int(self.network.config.inputs_to_logits_ratio)

    def hear(self, features: Mapping[str, torch.Tensor]) -> Sequence[list[int]]:
        tokens: list[list[int]] = self.network(**features).logits.argmax(-1).tolist()
        return tokens

    def unheard(self, piece: Window) -> list[int]:
        return []

    def outputs(self, inputs: Inputs, pieces: Sequence[Window], found: Sequence[list[int]]) -> Outputs:
        from core.language.transcript import phrases, transcript

        understood(self.model, inputs.get("language"))
        tokens = [token for piece, own in zip(pieces, found, strict=True) for token in self._own(piece, own)]
        words, joint = self._words(tokens)
        return transcript(list(phrases(words, joint)), inputs["audio"].name, joint)

    def _own(self, piece: Window, tokens: Sequence[int]) -> Sequence[int]:
        """Return a window's tokens without those of its neighbours; none are heard in its last moment.

        Marks that are no letters are blanks: leaving them out later would join letters that they part.
        """
        blank = self._tokenizer.pad_token_id
        marks = {*self._tokenizer.all_special_ids} - {self._tokenizer.word_delimiter_token_id}
        first, end = piece.left // self.grain, (len(piece.wave) - piece.right) // self.grain
        heard = [blank if token in marks else token for token in tokens[first:end]]
        return [*heard, *[blank] * (end - first - len(heard))]

    def _words(self, tokens: Sequence[int]) -> tuple[Iterator[Phrase], str]:
        """Return words with their times, and what stands between them. What knows capitals only is written small.

        Scripts without blanks are one long word: there the letters are taken.
        """
        decoded = self._tokenizer.decode(tokens, output_word_offsets=True)
        spaced = max((len(word["word"]) for word in decoded.word_offsets), default=0) <= _LONGEST_WORD
        if spaced:
            return self._timed(decoded.word_offsets, "word", loud=decoded.text.isupper()), " "
        letters = self._tokenizer.decode(tokens, output_char_offsets=True).char_offsets
        return self._timed(letters, "char", loud=decoded.text.isupper()), ""

    def _timed(self, found: Sequence[Mapping[str, Any]], what: str, *, loud: bool) -> Iterator[Phrase]:
        from core.language.transcript import Phrase

        for one in found:
            start, end = (float(one[name]) * self.grain / self.rate for name in ("start_offset", "end_offset"))
            yield Phrase(one[what].lower() if loud else one[what], start, end)


@local(TYPE, "moonshine")
class Moonshine(LocalExpert):
    """Moonshine: small, and quick on a processor, since a short phrase is little work. English.

    It tells no times: a recording is cut in its pauses, and each part is a phrase.
    """

    needs: ClassVar[tuple[str, ...]] = (*LocalExpert.needs, "av")

    def load(self) -> None:
        from transformers import AutoFeatureExtractor, AutoModelForSpeechSeq2Seq, AutoTokenizer

        self._extractor: Any = AutoFeatureExtractor.from_pretrained(self.folder)
        self._tokenizer: Any = AutoTokenizer.from_pretrained(self.folder)
        self._model = self.placed(AutoModelForSpeechSeq2Seq.from_pretrained(self.folder, dtype=self.dtype))

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        from core.language.transcript import Phrase, transcript
        from core.media.waves import is_silent, phrases_of, wave_of

        understood(self.model, inputs.get("language"), ("en",))
        rate = self._extractor.sampling_rate
        wave = wave_of(inputs["audio"], rate, steer)
        said, start = [], 0
        for part in phrases_of(wave, _PHRASE * rate):
            steer.check()
            if not is_silent(part, rate):
                text = self._written(part, steer, start / len(wave), len(part) / len(wave))
                said.append(Phrase(text, start / rate, (start + len(part)) / rate))
            start += len(part)
        return transcript(said, inputs["audio"].name)

    def _written(self, part: Wave, steer: Steer, done: float, share: float) -> str:
        from core.local.generation import Watch, generated
        from core.media.waves import at_least

        rate = self._extractor.sampling_rate
        features = self._extractor(at_least(part, SHORTEST), sampling_rate=rate, return_tensors="pt")
        values = {"input_values": features.input_values.to(self._model.dtype)}
        most = max(2, round(len(part) / rate * _TOKENS))
        shared = (_LISTENED + done * (1 - _LISTENED), share * (1 - _LISTENED))
        tokens = generated(self._model, values, Watch(steer, most, "writing down", *shared), most)
        steer.progress(sum(shared), "writing down")
        return str(self._tokenizer.decode(tokens[0], skip_special_tokens=True)).strip()
