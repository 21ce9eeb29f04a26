"""The nearest known name: models write task types and argument names almost right."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rapidfuzz import fuzz, process

from core.contract import Take, TaskType
from core.errors import BadInput
from core.types import Json

ALIASES = {
    "asr": "automatic-speech-recognition",
    "captioning": "image-to-text",
    "conversation": "conversational",
    "image-captioning": "image-to-text",
    "image-editing": "image-to-image",
    "image-generation": "text-to-image",
    "ner": "token-classification",
    "ocr": "image-to-text",
    "sentiment-analysis": "text-classification",
    "speech-recognition": "automatic-speech-recognition",
    "speech-synthesis": "text-to-speech",
    "speech-to-text": "automatic-speech-recognition",
    "summarize": "summarization",
    "text-recognition": "image-to-text",
    "translate": "translation",
    "tts": "text-to-speech",
    "video-generation": "text-to-video",
    "vqa": "visual-question-answering",
}
"""Other names that the field uses for its tasks."""

ALIKE = 88.0
"""From 0 to 100: above it, two names differ by a slip, not in meaning ("text-to-image" and "image-to-text" do)."""

SAME = (
    frozenset({"text", "input", "inputs", "sentence", "content", "document", "passage", "source_text"}),
    frozenset({"prompt", "text", "description", "instruction", "caption"}),
    frozenset({"question", "text", "query"}),
    frozenset({"context", "text", "document", "passage"}),
    frozenset({"language", "target_language", "target", "tgt_lang", "lang", "to"}),
    frozenset({"labels", "candidate_labels", "classes"}),
    frozenset({"image", "document", "picture", "img", "file", "pdf", "input"}),
    frozenset({"audio", "sound", "speech", "file", "input"}),
    frozenset({"video", "film", "clip", "file", "input"}),
    frozenset({"sentences", "other", "text2", "texts"}),
)
"""Argument names that mean the same where a task type has only one of them."""


def task_named(name: str, types: Mapping[str, TaskType]) -> TaskType:
    """Return the task type that ``name`` means. Raises BadInput where none of ``types`` is near enough."""
    slug = "-".join(name.strip().lower().replace("_", " ").replace("-", " ").split())
    slug = ALIASES.get(slug, slug)
    if slug in types:
        return types[slug]
    near = process.extractOne(slug, types.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE)
    if near is None:
        raise BadInput(f"There is no task called “{name[:60]}” that can run here.")
    return types[near[0]]


def renamed(type_: TaskType, args: Mapping[str, Json]) -> dict[str, Json]:
    """Return ``args`` under the names that ``type_`` has; what fits none of them is left out."""
    known = {name: value for name, value in args.items() if type_.take(name)}
    for name, value in args.items():
        free = [take for take in type_.takes if take.name not in known]
        if name not in known and (take := _meant(name, free)):
            known[take.name] = value
    return known


def _meant(name: str, free: Collection[Take]) -> Take | None:
    """Return the argument that ``name`` means: the same in other words, a slip, or the only one that is needed."""
    slug = name.strip().lower().replace("-", "_")
    for take in free:
        if any({slug, take.name} <= words for words in SAME) or fuzz.ratio(slug, take.name) >= ALIKE:
            return take
    needed = [take for take in free if take.required]
    return needed[0] if len(needed) == 1 else None
