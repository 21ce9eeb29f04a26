"""Experts that write: by models that talk, asked through the router, or by models made for one task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from core.contract import Fit, Inputs, Model, Outputs, Steer, hosted
from core.errors import BadInput, NotAvailable
from core.experts import (
    conversational,
    question_answering,
    summarization,
    text2text_generation,
    text_generation,
    translation,
)
from core.hosted.expert import HostedExpert, words
from core.hosted.language import nothing_found
from core.language.codes import FLORES, iso_of
from core.language.names import code_of, name_of
from core.remote.routes import CHAT
from core.types import Json

if TYPE_CHECKING:
    from core.remote.attempts import Ask
    from core.remote.client import Client

NEW_TOKENS = 1024
"""Tokens that a model writes at most which goes on with a text."""

ONLY = "Write nothing else: no introduction, no comment."
NO_ANSWER = "NO ANSWER"


class HostedWriter(HostedExpert):
    """Writes as told."""

    tasks: ClassVar[tuple[str, ...]] = (CHAT, "text-generation")
    patience: ClassVar[float] = 90.0
    system: ClassVar[str] = ""

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        text = words(inputs["text"], "answer")

        async def ask(client: Client) -> Outputs:
            if client.route.task == CHAT:
                return {"text": await client.say(text, system=self.system)}
            written = await client.hub.text_generation(text, max_new_tokens=NEW_TOKENS, return_full_text=False)
            return {"text": _written(written)}

        return ask


@hosted(conversational.TYPE)
class HostedTalker(HostedWriter):
    """Replies."""


@hosted(text_generation.TYPE)
class HostedAuthor(HostedWriter):
    """Writes from a prompt, or goes on with a text."""

    system: ClassVar[str] = (
        "Write what the user asks for. If the text asks for nothing, continue it where it ends. " + ONLY
    )


@hosted(text2text_generation.TYPE)
class HostedEditor(HostedWriter):
    """Rewrites a text as it says."""

    tasks: ClassVar[tuple[str, ...]] = (CHAT, "text-generation")
    system: ClassVar[str] = "Do what the user's text asks for and give the new text, in its language. " + ONLY


@hosted(summarization.TYPE)
class HostedSummarizer(HostedExpert):
    """Makes a text short in words of its own."""

    tasks: ClassVar[tuple[str, ...]] = ("summarization", CHAT)
    patience: ClassVar[float] = 90.0

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        text = words(inputs["text"], "make short")
        count = inputs.get("sentences")
        length = f"in {round(count)} sentences" if count else "in a few sentences"

        async def ask(client: Client) -> Outputs:
            if client.route.task == CHAT:
                system = (
                    f"Summarise the user's text {length}, in its language. Add nothing that it does not say. {ONLY}"
                )
                return {"text": await client.say(text, system=system)}
            return {"text": _written((await client.hub.summarization(text)).summary_text)}

        return ask


@hosted(translation.TYPE)
class HostedTranslator(HostedExpert):
    """Translates. Models that talk are told in words; those made for it are told as their family understands."""

    tasks: ClassVar[tuple[str, ...]] = ("translation", CHAT)
    needs: ClassVar[tuple[str, ...]] = (*HostedExpert.needs, "py3langid")
    patience: ClassVar[float] = 90.0

    @classmethod
    def fit(cls, model: Model, args: Mapping[str, Any]) -> Fit:
        """A model made for it must know both languages; where nobody says what a text is in, English is likely."""
        if model.family == TALKS:
            return Fit.SOME
        source, target = code_of(str(args.get("source") or "en")), code_of(str(args.get("language")))
        return Fit.NONE if source is None or target is None or _told(model, source, target) is None else Fit.SOME

    def load(self) -> None:
        from core.language.detection import detector

        super().load()
        self._detector = detector()

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        text, wanted = words(inputs["text"], "translate"), inputs["language"].strip()
        target = code_of(wanted)
        language = name_of(target) if target else wanted
        if not language:
            raise BadInput("I need the language to translate into, like German or de.")
        source = code_of(inputs.get("source") or "") or self._detector.detect(text)

        async def ask(client: Client) -> Outputs:
            if client.route.task == CHAT:
                system = f"Translate the user's text into {language}. Keep its lines. {ONLY}"
                return {"text": await client.say(text, system=system)}
            told = _told(self.model, source, target) if target else None
            if told is None:
                pair = f"from {name_of(source)} into {language}"
                raise NotAvailable(f"“{self.model.id}” does not translate {pair} where it is served.")
            before, codes = told
            return {"text": _written((await client.hub.translation(before + text, **codes)).translation_text)}

        return ask


TALKS = "hosted"
"""The family of models that only others run; for translation, all of them talk."""

Told: TypeAlias = tuple[str, dict[str, Any]]
"""What stands before a text, and what the server is told beside it."""


def _told(model: Model, source: str, target: str) -> Told | None:
    """Return how a model is told two languages (ISO 639-1); None where it does not know them, or nobody knows how."""
    spoken = {iso_of(language) for language in model.languages}
    if spoken and not {source, target} <= spoken:
        return None
    if one_way := model.settings.get("target"):
        return ("", {}) if (one_way, model.settings.get("source", source)) == (target, source) else None
    match model.family:
        case "nllb" if {source, target} <= FLORES.keys():
            return "", {"src_lang": FLORES[source], "tgt_lang": FLORES[target]}
        case "m2m100":
            return "", {"src_lang": source, "tgt_lang": target}
        case "" if "madlad" in model.id.lower():
            return f"<2{target}> ", {}
        case "" if "t5" in model.id.lower():
            return f"translate {name_of(source)} to {name_of(target)}: ", {}
        case _:
            return None


@hosted(question_answering.TYPE)
class HostedAnswers(HostedExpert):
    """Answers from a text, in its words."""

    tasks: ClassVar[tuple[str, ...]] = ("question-answering", CHAT)

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        question, context = " ".join(inputs["question"].split()), words(inputs["context"], "look for the answer in")
        if not any(map(str.isalnum, question)):
            raise BadInput("I need a question with a few words that say what to look for.")

        async def ask(client: Client) -> Outputs:
            if client.route.task == CHAT:
                return await self._talked(client, question, context)
            found = await client.hub.question_answering(question, context)
            best = max(found, key=lambda one: one.score) if isinstance(found, list) else found
            if not best.answer.strip():
                raise nothing_found("the text")
            return self._quoted(best.answer, context, best.start, round(float(best.score), 4))

        return ask

    async def _talked(self, client: Client, question: str, context: str) -> Outputs:
        system = (
            "Answer the question from the text alone, as briefly as possible and in words of the text. "
            f"If the text does not answer it, write {NO_ANSWER}. {ONLY}"
        )
        answer = await client.say(f"Text:\n{context}\n\nQuestion: {question}", system=system)
        if NO_ANSWER in answer:
            raise nothing_found("the text")
        return self._quoted(answer, context, context.find(answer), None)

    def _quoted(self, answer: str, context: str, start: int, score: float | None) -> Outputs:
        """Return an answer with the sentences that it stands in, where it stands in the text."""
        from core.language.sentences import around

        if not 0 <= start < len(context) or context[start : start + len(answer)] != answer:
            return {"answer": answer.strip(), "passages": []}
        end = start + len(answer)
        passage = around(context, start, end, next(iter(self.model.languages), "en"))
        row: Json = {"text": passage, "score": score, "answer": answer.strip(), "start": start, "end": end}
        return {"answer": answer.strip(), "passages": [row]}


def _written(text: object) -> str:
    """Return what a model wrote. Raises ValueError where that is nothing."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError("an empty reply")
    return text.strip()
