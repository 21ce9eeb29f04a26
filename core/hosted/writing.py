"""Experts that write: by models that talk, asked through the router, or by models made for one task."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

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
from core.language.names import code_of, name_of
from core.registry import Inputs, Outputs, Steer, hosted
from core.remote.routes import CHAT
from core.types import Json

if TYPE_CHECKING:
    from core.remote.attempts import Ask
    from core.remote.line import Line

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

        async def ask(line: Line) -> Outputs:
            if line.route.task == CHAT:
                return {"text": await line.say(text, system=self.system)}
            written = await line.hub.text_generation(text, max_new_tokens=NEW_TOKENS, return_full_text=False)
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

        async def ask(line: Line) -> Outputs:
            if line.route.task == CHAT:
                system = (
                    f"Summarise the user's text {length}, in its language. Add nothing that it does not say. {ONLY}"
                )
                return {"text": await line.say(text, system=system)}
            return {"text": _written((await line.hub.summarization(text)).summary_text)}

        return ask


@hosted(translation.TYPE)
class HostedTranslator(HostedExpert):
    """Translates; a model made for one pair of languages only translates between those."""

    tasks: ClassVar[tuple[str, ...]] = ("translation", CHAT)
    patience: ClassVar[float] = 90.0

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        text, wanted = words(inputs["text"], "translate"), inputs["language"].strip()
        target = code_of(wanted)
        language = name_of(target) if target else wanted
        if not language:
            raise BadInput("I need the language to translate into, like German or de.")
        source = code_of(inputs.get("source") or "")

        async def ask(line: Line) -> Outputs:
            if line.route.task == CHAT:
                told = f" from {name_of(source)}" if source else ""
                system = f"Translate the user's text{told} into {language}. Keep its lines. {ONLY}"
                return {"text": await line.say(text, system=system)}
            self._suits(source, target, language)
            return {"text": _written((await line.hub.translation(text)).translation_text)}

        return ask

    def _suits(self, source: str | None, target: str | None, language: str) -> None:
        """Raise NotAvailable where the model is known not to translate into a language unless it is told how."""
        settings = self.model.settings
        if target is None or settings.get("target") != target or source not in (None, settings.get("source")):
            raise NotAvailable(f"“{self.model.id}” does not translate into {language} where it is served.")


@hosted(question_answering.TYPE)
class HostedAnswers(HostedExpert):
    """Answers from a text, in its words."""

    tasks: ClassVar[tuple[str, ...]] = ("question-answering", CHAT)

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        question, context = " ".join(inputs["question"].split()), words(inputs["context"], "look for the answer in")
        if not any(map(str.isalnum, question)):
            raise BadInput("I need a question with a few words that say what to look for.")

        async def ask(line: Line) -> Outputs:
            if line.route.task == CHAT:
                return await self._talked(line, question, context)
            found = await line.hub.question_answering(question, context)
            best = max(found, key=lambda one: one.score) if isinstance(found, list) else found
            if not best.answer.strip():
                raise nothing_found("the text")
            return self._quoted(best.answer, context, best.start, round(float(best.score), 4))

        return ask

    async def _talked(self, line: Line, question: str, context: str) -> Outputs:
        system = (
            "Answer the question from the text alone, as briefly as possible and in words of the text. "
            f"If the text does not answer it, write {NO_ANSWER}. {ONLY}"
        )
        answer = await line.say(f"Text:\n{context}\n\nQuestion: {question}", system=system)
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
