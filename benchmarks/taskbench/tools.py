"""The tools of the benchmark and our task types, both ways. Data, and the one case in which it is not one to one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.types import Json


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool of the benchmark as a task type of ours."""

    type: str
    args: tuple[str, ...]  # ours, in the order in which the benchmark writes them


TOOLS: Mapping[str, Tool] = {
    "Token Classification": Tool("token-classification", ("text",)),
    "Translation": Tool("translation", ("text",)),
    "Summarization": Tool("summarization", ("text",)),
    "Question Answering": Tool("question-answering", ("context", "question")),
    "Conversational": Tool("conversational", ("text",)),
    "Text Generation": Tool("text-generation", ("text",)),
    "Sentence Similarity": Tool("sentence-similarity", ("text", "sentences")),
    "Tabular Classification": Tool("tabular-classification", ("table",)),
    "Object Detection": Tool("object-detection", ("image",)),
    "Image Classification": Tool("image-classification", ("image",)),
    "Image-to-Image": Tool("image-to-image", ("image",)),
    "Image Editing": Tool("image-to-image", ("prompt", "image")),
    "Image-to-Text": Tool("image-to-text", ("image",)),
    "Text-to-Image": Tool("text-to-image", ("prompt",)),
    "Text-to-Video": Tool("text-to-video", ("prompt",)),
    "Visual Question Answering": Tool("visual-question-answering", ("image", "question")),
    "Document Question Answering": Tool("document-question-answering", ("image", "question")),
    "Image Segmentation": Tool("image-segmentation", ("image",)),
    "Depth Estimation": Tool("depth-estimation", ("image",)),
    "Text-to-Speech": Tool("text-to-speech", ("text",)),
    "Automatic Speech Recognition": Tool("automatic-speech-recognition", ("audio",)),
    "Audio-to-Audio": Tool("audio-to-audio", ("audio",)),
    "Audio Classification": Tool("audio-classification", ("audio",)),
}
"""By the benchmark's names."""

TYPES = frozenset(tool.type for tool in TOOLS.values())
"""What is offered to a controller."""

_BY_TYPE = {tool.type: name for name, tool in TOOLS.items() if name != "Image Editing"}
_TRANSFORMS = re.compile(
    r"\b(?:transform\w*|enhanc\w*|improv\w*|restor\w*|clear\w*|styl\w*|domain|characteristics|quality|readab\w*"
    r"|resolution|target|variation|image.to.image)\b",
    re.IGNORECASE,
)


def tool_for(type_: str, args: Mapping[str, Json]) -> str:
    """Return the tool that does a task of ours.

    The benchmark has two for ``image-to-image``: one takes a picture to another domain, one edits it by a description.
    """
    if type_ != "image-to-image":
        return _BY_TYPE[type_]
    prompt = str(args.get("prompt", ""))
    described = prompt.startswith("<resource-") or not _TRANSFORMS.search(prompt)
    return "Image Editing" if described else "Image-to-Image"
