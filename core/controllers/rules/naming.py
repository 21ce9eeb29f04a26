"""What things are called in an answer: files by their names, results by what they are."""

from __future__ import annotations

import re

from core.controllers.rules.figures import main_text
from core.controllers.rules.markdown import code, inline
from core.events import Trace
from core.types import Arg, Artifact, ArtifactRef, Result, Task, TaskRef

READER = re.compile(r"ocr", re.IGNORECASE)
"""Is in the name of models that read the text in a picture and describe nothing."""

_SHORT = 80
"""Characters of a text that is quoted in a sentence."""

_CALLED = {
    "summarization": "the summary",
    "translation": "the translation",
    "question-answering": "the answer",
    "document-question-answering": "the answer",
    "visual-question-answering": "the answer",
    "text-classification": "the sentiment",
    "file-information": "the answer",
}


def source(trace: Trace, task: Task) -> str:
    """Name what a task worked on."""
    for name in ("image", "audio", "video", "context", "text", "table", "file"):
        if name in task.args:
            return named(trace, task.args[name])
    return "it"


def named(trace: Trace, arg: Arg) -> str:
    """Name what an argument stands for."""
    match arg:
        case tuple():
            return " and ".join(dict.fromkeys(named(trace, part) for part in arg[:5]))
        case ArtifactRef(number):
            return code(trace.artifacts[number].name) if number in trace.artifacts else "the file"
        case TaskRef(number):
            return _result(trace, number)
        case _:
            return inline(str(arg)) if len(str(arg)) <= _SHORT else "the text"


def described(task: Task, result: Result) -> bool:
    """Whether a text about a picture says what it shows; what reads gives lines, or is called after reading."""
    reads = result.outputs.get("lines") or READER.search(result.model)
    return task.type == "image-to-text" and not reads


def words(trace: Trace, arg: Arg) -> str:
    """Return the words that an argument stands for: its own, or those of the result it refers to."""
    if isinstance(arg, TaskRef):
        result = trace.results.get(arg.task)
        return (main_text(result) or "") if result else ""
    return str(arg)


def word(text: str) -> str:
    """Return a label as a plain word that no Markdown can come from."""
    return "".join(letter for letter in text[:60] if letter.isalnum() or letter in " -+.,/'").strip() or "?"


def _result(trace: Trace, number: int) -> str:
    """Name a result: by its file, by what it is, or by the file its text came from."""
    task, result = trace.tasks.get(number), trace.results.get(number)
    if result is not None and (made := _file(result)) is not None:
        return code(made.name)
    if task is None:
        return "the result"
    if result is not None and described(task, result):
        return f"the description of {source(trace, task)}"
    return _CALLED.get(task.type) or f"the text of {source(trace, task)}"


def _file(result: Result) -> Artifact | None:
    """Return the file of a result that has no words."""
    if main_text(result) is not None:
        return None
    return next((output for output in result.outputs.values() if isinstance(output, Artifact)), None)
