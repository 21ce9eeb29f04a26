"""translation: says a text in another language."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Collection, Mapping
from typing import Any

from core.contract import Fit, Give, Inputs, Model, Outputs, Steer, Take, TaskType, local
from core.errors import BadInput, Unsuited
from core.language.chunks import fitting
from core.language.codes import countries, flores, iso_of
from core.language.names import LANGUAGES, code_of, name_of
from core.local.generation import customs
from core.local.seq2seq import Seq2SeqExpert
from core.types import Kind

TYPE = TaskType(
    name="translation",
    summary="Translate a text into another language.",
    takes=(
        Take(name="text", kinds=(Kind.TEXT,), about="the text to translate"),
        Take(name="language", kinds=(Kind.TEXT,), about="target language, a name or an ISO 639 code"),
        Take(name="source", kinds=(Kind.TEXT,), about="language of the text; detected if not given", required=False),
    ),
    gives=(Give(name="text", kind=Kind.TEXT, about="the translation"),),
    seconds=600.0,
    examples=("Translate this into French.", "What is 'I love you' in Tamil?"),
)

UNSPACED = frozenset(("ja", "th", "zh"))  # no blanks between sentences
NAMED = 8  # languages at most in a sentence
SEARCH = ("num_beams", "early_stopping", "length_penalty", "no_repeat_ngram_size")
"""How a model looks for the best words, as old settings may say for each pair of languages."""


class Translator(Seq2SeqExpert):
    """Translates sentence by sentence, as such models are trained, many at once; lines stay lines."""

    needs = (*Seq2SeqExpert.needs, "py3langid", "sentencex")

    sources: Collection[str] | None  # ISO 639-1 codes it reads; None for any
    targets: Collection[str] | None  # and writes

    def load(self) -> None:
        from core.language.detection import detector

        super().load()
        self._detector = detector()

    @abstractmethod
    def told(self, source: str, target: str) -> tuple[str, Mapping[str, Any]]:
        """Make the model ready for two languages: what to put before each sentence, and options of ``generate``."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        text = inputs["text"].strip()
        if not any(map(str.isalpha, text)):
            raise BadInput("There are no words in this text that could be translated.")
        target = _code(inputs["language"])
        source = self._source(text, inputs.get("source") or "")
        if self.targets is not None and target not in self.targets:
            raise Unsuited(f"“{self.model.id}” does not write {name_of(target)}. It writes {_names(self.targets)}.")
        if source == target:
            raise BadInput(f"This text seems to be {name_of(target)} already. Tell me its language if it is another.")
        return {"text": self.said(self._translated(text, source, target, steer))}

    def _source(self, text: str, said: str) -> str:
        """Return the language of the text: as said, else as it looks. A short text is in the one the model reads."""
        readable = self.sources
        only = next(iter(readable)) if readable is not None and len(readable) == 1 else "en"
        source = _code(said) if said.strip() else self._detector.detect(text, otherwise=only)
        if readable is not None and source not in readable:
            seems = "is" if said.strip() else "seems to be"
            raise Unsuited(f"This text {seems} {name_of(source)}, but “{self.model.id}” reads {_names(readable)}.")
        return source

    def _translated(self, text: str, source: str, target: str, steer: Steer) -> str:
        from core.language.sentences import sentences

        before, options = self.told(source, target)
        room = self.reads - self.length(before)
        lines = [
            [piece for part in sentences(line, source) for piece in fitting(part, self.length, room)]
            for line in text.splitlines()
        ]
        plain = list(dict.fromkeys(part for line in lines for part in line if any(map(str.isalpha, part))))
        most = 32 + 2 * max(map(self.length, plain))
        new = dict(zip(plain, self.written([before + part for part in plain], steer, most, **options), strict=True))
        blank = "" if target in UNSPACED else " "
        return "\n".join(blank.join(new.get(part, part) for part in line) for line in lines)


@local(TYPE)
class PrefixTranslator(Translator):
    """Is told in words what to do, as T5, or in a token, as MADLAD."""

    def load(self) -> None:
        super().load()
        known = self.tokenizer.get_vocab()
        self._tokens = {iso: f"<2{iso}>" for iso in LANGUAGES if f"<2{iso}>" in known}
        spoken = tuple(iso for language in self.model.languages if (iso := iso_of(language)))
        self.sources = self.targets = tuple(self._tokens) or spoken or None
        trained = re.findall(
            r"translation_(\w\w)_to_(\w\w)", str(getattr(self.network.config, "task_specific_params", ""))
        )
        if trained:  # the first T5 say so themselves
            self.sources, self.targets = ({pair[side] for pair in trained} for side in (0, 1))

    def told(self, source: str, target: str) -> tuple[str, Mapping[str, Any]]:
        if self._tokens:
            return f"{self._tokens[target]} ", {}
        own = customs(self.network, f"translation_{source}_to_{target}")
        before = own.get("prefix", f"translate {name_of(source)} to {name_of(target)}: ")
        return before, {name: own[name] for name in SEARCH if name in own}


@local(TYPE, "marian")
class PairTranslator(Translator):
    """Marian's models, for one language each way or for a group of them."""

    @classmethod
    def fit(cls, model: Model, args: Mapping[str, Any]) -> Fit:
        """Compare the languages that the catalogue names; where nobody says what a text is in, English is likely."""
        source, target = (str(model.settings.get(way, "")) for way in ("source", "target"))
        asked = (code_of(str(args.get("source") or "en")), code_of(str(args.get("language"))))
        known = all(not way or way == code for way, code in zip((source, target), asked, strict=True))
        return Fit.SOME if known else Fit.NONE

    def load(self) -> None:
        super().load()
        named = re.search(r"opus-mt(?:-tc)?(?:-big)?-([a-zA-Z_]+)-([a-zA-Z_]+)$", self.model.id)
        codes = sorted(
            self.tokenizer.supported_language_codes, key=lambda code: ("Hans" in code, code)
        )  # the last counts
        self._tokens = tokens = {iso: code for code in codes if (iso := iso_of(code.strip("><")))}
        source = self.model.settings.get("source") or self.tokenizer.source_lang or (named and named[1])
        target = self.model.settings.get("target") or self.tokenizer.target_lang or (named and named[2])
        self.sources = _languages(source)
        self.targets = tuple(tokens) or _languages(target)

    def told(self, source: str, target: str) -> tuple[str, Mapping[str, Any]]:
        return (f"{self._tokens[target]} " if self._tokens else ""), {}


@local(TYPE, "nllb", "m2m100", "mbart")
class ManyTranslator(Translator):
    """Models for a hundred languages and more, which have a token for each."""

    def load(self) -> None:
        super().load()
        self._wrapped = getattr(self.tokenizer, "lang_code_to_token", {})  # of M2M-100
        known = self.tokenizer.get_vocab()
        own = {iso: iso for iso in LANGUAGES if iso in self._wrapped}
        self._codes = own or flores(known) or countries(known)
        tokens = [self._wrapped.get(code, code) for code in self._codes.values()]
        self._languages = set(self.tokenizer.convert_tokens_to_ids(tokens))
        self.sources = self.targets = tuple(self._codes)

    def told(self, source: str, target: str) -> tuple[str, Mapping[str, Any]]:
        self.tokenizer.src_lang = self._codes[source]
        code = self._codes[target]
        token = self.tokenizer.convert_tokens_to_ids(self._wrapped.get(code, code))
        return "", {"forced_bos_token_id": token}

    def _decoded(self, tokens: Any) -> list[str]:
        """Leave out the token of the language, which not every tokenizer takes for a special one."""
        return super()._decoded([[one for one in row if one not in self._languages] for row in tokens.tolist()])


def _languages(said: object) -> tuple[str, ...] | None:
    """Return the languages that "de", "deu" or "de+nl" name; None for names of groups, which may hold any."""
    codes = [iso_of(part) for part in re.split(r"[+,]", str(said or "")) if part]
    return tuple(code for code in codes if code) if codes and all(codes) else None


def _code(language: str) -> str:
    code = code_of(language) or iso_of(language)
    if code is None:
        raise BadInput(
            f"I do not know the language “{language.strip()[:40]}”. Name one, like German, or its code, like de."
        )
    return code


def _names(codes: Collection[str]) -> str:
    names = sorted(map(name_of, codes))
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
