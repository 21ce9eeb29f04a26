"""One paragraph for each result: what was found, in which file, by which model, how surely."""

from __future__ import annotations

from collections import Counter

from core.controllers.rules.figures import by, main_text, percent, rows
from core.controllers.rules.markdown import block, code, inline
from core.controllers.rules.naming import described, source, word, words
from core.events import Trace
from core.types import Result, Task

_TEXTS = {
    "image-to-text": "I {sense} this in {source}",
    "automatic-speech-recognition": "I heard this in {source}",
    "summarization": "In short, {source} says",
    "translation": "In {language}",
    "text-generation": "I wrote",
    "text2text-generation": "Rewritten",
    "conversational": "",
}
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
    "image-segmentation": "I know nothing of what is in {source}",
    "object-detection": "I found nothing I know in {source}",
    "zero-shot-object-detection": "I found nothing of the kind in {source}",
    "token-classification": "I found no names in {source}",
}
_CLEAR = 0.6
"""A best label with less than this is no clear case."""
_SPECK = 0.005
"""Share of a picture below which a segment is not worth a word."""
_SEGMENTS = 8
"""Things that a divided picture is said to consist of."""


def finding(trace: Trace, number: int) -> str:
    """Return the paragraph for a result; empty where its file says it all."""
    result, task = trace.results[number], trace.tasks.get(number)
    if task is None:
        return ""
    if task.type in _TEXTS:
        return _text(trace, task, result)
    if task.type in _LABELS:
        return _label(trace, task, result)
    match task.type:
        case "question-answering" | "document-question-answering" | "visual-question-answering":
            return _answer(trace, task, result)
        case "object-detection" | "zero-shot-object-detection":
            return _objects(trace, task, result)
        case "token-classification":
            return _names(trace, task, result)
        case "sentence-similarity":
            return _likeness(trace, task, result)
        case "file-information":
            return _particulars(trace, task, result)
        case "image-segmentation":
            return _segments(trace, task, result)
        case _:
            return ""


def _text(trace: Trace, task: Task, result: Result) -> str:
    text, told = main_text(result), source(trace, task)
    if text is None:
        return ""
    if not text.strip():
        return _nothing(trace, task, result)
    if task.type == "summarization" and text.split() == words(trace, task.args.get("text", "")).split():
        return f"{told[:1].upper()}{told[1:]} is too short to be made shorter ({by(result)})."
    sense = "see" if described(task, result) else "read"
    language = word(str(task.args.get("language", "another language")))
    lead = _TEXTS[task.type].format(source=told, language=language, sense=sense)
    return f"{lead} ({by(result)}):\n\n{block(text)}" if lead else f"{block(text)}\n\n({by(result)})"


def _nothing(trace: Trace, task: Task, result: Result) -> str:
    lead = _NOTHING.get(task.type, "Nothing came of {source}").format(source=source(trace, task))
    return f"{lead} ({by(result)})."


def _answer(trace: Trace, task: Task, result: Result) -> str:
    """Return the answer first, then the question, so that several do not get mixed up."""
    text = main_text(result) or ""
    question = words(trace, task.args["question"]).strip() if "question" in task.args else ""
    asked = inline(question[:1].upper() + question[1:]) if question else "Your question"
    if not text.strip():
        return f"{asked} — I found no answer in {source(trace, task)} ({by(result)})."
    return f"{asked} — from {source(trace, task)} ({by(result)}):\n\n{block(text)}"


def _label(trace: Trace, task: Task, result: Result) -> str:
    label = main_text(result) or "unknown"
    lead = _LABELS[task.type].format(source=source(trace, task))
    scores = {str(row.get("label")): float(row.get("score") or 0) for row in rows(result)}
    others = [f"{word(name)} {percent(score)}" for name, score in scores.items() if name != label and score >= 0.1]
    unclear = bool(scores) and scores.get(label, 1.0) < _CLEAR and bool(others)
    hedge = "not clear, rather " if unclear and lead.endswith(" is") else ""
    doubt = ", but that is not clear" if unclear and not hedge else ""
    rest = f"; {', '.join(others[:3])}" if others else ""
    return f"{lead[:1].upper()}{lead[1:]} {hedge}**{word(label)}**{doubt} ({by(result)}{rest})."


def _objects(trace: Trace, task: Task, result: Result) -> str:
    found = Counter(str(row.get("label")) for row in rows(result))
    if not found:
        return _nothing(trace, task, result)
    named = ", ".join(f"{count} × {word(label)}" for label, count in found.most_common())
    return f"In {source(trace, task)} I found {named} ({by(result)})."


def _segments(trace: Trace, task: Task, result: Result) -> str:
    """Tell the largest things, all parts of a kind together, and how much of the picture each takes."""
    shares: dict[str, float] = {}
    for row in rows(result):
        label = str(row.get("label"))
        shares[label] = shares.get(label, 0.0) + float(row.get("share") or 0)
    if not shares:
        return _nothing(trace, task, result)
    largest = sorted(shares.items(), key=lambda pair: -pair[1])[:_SEGMENTS]
    named = ", ".join(f"{word(label)} ({percent(share)} of it)" for label, share in largest if share >= _SPECK)
    more = f" and {len(shares) - _SEGMENTS} more" if len(shares) > _SEGMENTS else ""
    if not named:
        return _nothing(trace, task, result)
    return f"{source(trace, task)} consists of {named}{more} ({by(result)})."


def _names(trace: Trace, task: Task, result: Result) -> str:
    found = rows(result)[:30]
    if not found:
        return _nothing(trace, task, result)
    named = ", ".join(f"{inline(str(row.get('word')))} ({word(str(row.get('entity')))})" for row in found)
    return f"I found {named} ({by(result)})."


def _particulars(trace: Trace, task: Task, result: Result) -> str:
    """Return what a file is; the expert's sentence consists of the house's own words."""
    text, told = (main_text(result) or "a file").rstrip("."), source(trace, task)
    return f"{told[:1].upper()}{told[1:]} is {text[:1].lower()}{text[1:]} ({by(result)})."


def _likeness(trace: Trace, task: Task, result: Result) -> str:
    named = [
        f"{inline(str(row.get('sentence', row.get('label'))))}: {percent(row.get('score'))}" for row in rows(result)
    ]
    like = ", ".join(named)
    return f"Likeness of {source(trace, task)} to {like} ({code(result.model)})." if named else ""
