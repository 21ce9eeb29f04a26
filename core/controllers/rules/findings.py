"""One paragraph for each result: what was found, in which file, by which model, how surely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from core.controllers.rules.markdown import block, code, inline
from core.events import Trace
from core.types import Arg, Artifact, ArtifactRef, Result, Task, TaskRef

_TEXTS = {
    "image-to-text": "I read this in {source}",
    "automatic-speech-recognition": "I heard this in {source}",
    "summarization": "Summary of {source}",
    "translation": "In {language}",
    "text-generation": "I wrote",
    "text2text-generation": "Rewritten",
    "conversational": "",
}
_ANSWERS = ("question-answering", "document-question-answering", "visual-question-answering")
_LABELS = {
    "text-classification": "The sentiment of {source} is",
    "zero-shot-classification": "{source} is about",
    "image-classification": "I take {source} for",
    "zero-shot-image-classification": "I take {source} for",
    "audio-classification": "{source} sounds like",
    "video-classification": "{source} shows",
    "tabular-classification": "{source} is of the class",
}
_NOTHING = {
    "image-to-text": "I found no text in {source}",
    "automatic-speech-recognition": "I heard no words in {source}",
    "object-detection": "I found nothing I know in {source}",
    "token-classification": "I found no names in {source}",
}


def finding(trace: Trace, number: int) -> str:
    """Return the paragraph for a result; empty where its file says it all."""
    result, task = trace.results[number], trace.tasks.get(number)
    if task is None:
        return ""
    source = _source(trace, task)
    if task.type in _TEXTS:
        return _text(task, result, source)
    if task.type in _ANSWERS:
        return _answer(task, result, source, trace)
    if task.type in _LABELS:
        return _label(task, result, source)
    return _table(task, result, source)


def _text(task: Task, result: Result, source: str) -> str:
    text = main_text(result)
    if text is None:
        return ""
    if not text.strip():
        return f"{_NOTHING.get(task.type, 'Nothing came of {source}').format(source=source)} ({_by(result)})."
    lead = _TEXTS[task.type].format(source=source, language=_plain(task.args.get("language", "")))
    return f"{lead} ({_by(result)}):\n\n{block(text)}" if lead else f"{block(text)}\n\n({_by(result)})"


def _answer(task: Task, result: Result, source: str, trace: Trace) -> str:
    text = main_text(result) or ""
    question = task.args.get("question", "")
    asked = inline(_spoken(trace, question)) if question else "your question"
    if not text.strip():
        return f"I found no answer to {asked} in {source} ({_by(result)})."
    return f"{asked} — {source} says ({_by(result)}):\n\n{block(text)}"


def _label(task: Task, result: Result, source: str) -> str:
    label = main_text(result) or "unknown"
    lead = _LABELS[task.type].format(source=source)
    return f"{lead[:1].upper()}{lead[1:]} **{_word(label)}** ({_by(result)}){_others(result, label)}."


def _others(result: Result, label: str) -> str:
    """Return the runners-up of a classification."""
    rows = [row for row in _rows(result) if row.get("label") != label and float(row.get("score") or 0) >= 0.1]
    named = [f"{_word(str(row.get('label')))} {percent(row['score'])}" for row in rows[:3]]
    return f"; also considered: {', '.join(named)}" if named else ""


def _table(task: Task, result: Result, source: str) -> str:
    rows = _rows(result)
    if task.type in ("object-detection", "zero-shot-object-detection"):
        found = Counter(str(row.get("label")) for row in rows)
        if not found:
            return f"{_NOTHING['object-detection'].format(source=source)} ({_by(result)})."
        named = ", ".join(f"{count} × {_word(label)}" for label, count in found.most_common())
        return f"In {source} I found {named} ({_by(result)})."
    if task.type == "token-classification":
        named = ", ".join(f"{inline(str(row.get('word')))} ({_word(str(row.get('entity')))})" for row in rows[:30])
        return (
            f"I found {named} ({_by(result)})."
            if rows
            else f"{_NOTHING[task.type].format(source=source)} ({_by(result)})."
        )
    if task.type == "sentence-similarity":
        named = ", ".join(
            f"{inline(str(row.get('sentence', row.get('label'))))}: {percent(row.get('score'))}" for row in rows
        )
        return f"Likeness of {source} to {named} ({_by(result)})." if rows else ""
    return ""


# ---------------------------------------------------------------- parts of sentences


def main_text(result: Result) -> str | None:
    """Return the first output that is words."""
    return next((output for output in result.outputs.values() if isinstance(output, str)), None)


def _rows(result: Result) -> Sequence[Mapping[str, Any]]:
    for output in result.outputs.values():
        if isinstance(output, list):
            return [row for row in output if isinstance(row, dict)]
    return ()


def _by(result: Result) -> str:
    """Name the model, and how sure it is."""
    sure = confidence(result)
    return code(result.model) + (f", {percent(sure)} sure" if sure is not None else "")


def confidence(result: Result) -> float | None:
    """Return how sure a result is, from 0 to 1: of its label, of its best passage, else the mean of its parts."""
    rows = [row for row in _rows(result) if isinstance(row.get("score"), int | float)]
    if not rows:
        return None
    label = main_text(result)
    mine = [float(row["score"]) for row in rows if row.get("label") == label]
    if mine:
        return mine[0]
    scores = [float(row["score"]) for row in rows]
    return max(scores) if {"answer"} & result.outputs.keys() else sum(scores) / len(scores)


def percent(score: object) -> str:
    """Return a share from 0 to 1 as per cent."""
    return f"{round(100 * float(score))} %" if isinstance(score, int | float) else "unknown"


def _source(trace: Trace, task: Task) -> str:
    """Name what a task worked on."""
    for name in ("image", "audio", "video", "context", "text", "table"):
        if name in task.args:
            return _named(trace, task.args[name])
    return "it"


def _named(trace: Trace, arg: Arg) -> str:
    if isinstance(arg, tuple):
        return " and ".join(dict.fromkeys(_named(trace, part) for part in arg[:5]))
    if isinstance(arg, ArtifactRef):
        return code(trace.artifacts[arg.number].name) if arg.number in trace.artifacts else "the file"
    if isinstance(arg, TaskRef):
        return _result_name(trace, arg.task)
    text = str(arg)
    return inline(text) if len(text) <= 80 else "the text"


def _result_name(trace: Trace, number: int) -> str:
    """Name a result by its file, or by the file its text came from."""
    task, result = trace.tasks.get(number), trace.results.get(number)
    made = (
        next((output for output in result.outputs.values() if isinstance(output, Artifact)), None) if result else None
    )
    if made is not None and result is not None and main_text(result) is None:
        return code(made.name)
    if task is None:
        return "the result"
    what = {"summarization": "the summary", "translation": "the translation"}.get(task.type)
    return what or ("the answer" if task.type in _ANSWERS else f"the text of {_source(trace, task)}")


def _spoken(trace: Trace, arg: Arg) -> str:
    if isinstance(arg, TaskRef):
        result = trace.results.get(arg.task)
        return (main_text(result) or "") if result else ""
    return str(arg)


def _word(text: str) -> str:
    """Return a label as a plain word that no Markdown can come from."""
    return "".join(letter for letter in text[:60] if letter.isalnum() or letter in " -+.,/'").strip() or "?"


def _plain(arg: Arg) -> str:
    return _word(str(arg)) if arg else "the other language"
