"""How results of each task type are spoken of in later clauses. Data only."""

from __future__ import annotations

NAMES: dict[str, str] = {
    "image-to-text": "TEXT CAPTION EXTRACT RECOGNISE DESCRIBE TRANSCRIBE content information",
    "automatic-speech-recognition": (
        "TRANSCRIBE TRANSCRIPT transcript transcription transcribed TEXT recognized recognised"
    ),
    "summarization": "SUMMARISE SUMMARY",
    "translation": "TRANSLATE TRANSLATION",
    "text-generation": "STORY generated GENERATE text",
    "text2text-generation": "PARAPHRASE paraphrased",
    "conversational": "CONVERSE response reply",
    "question-answering": "ANSWER ANSWERS",
    "document-question-answering": "ANSWER ANSWERS",
    "visual-question-answering": "ANSWER ANSWERS",
    "token-classification": "ENTITIES NAMED CATEGORY CLASSIFY tokens identified extracted entities",
    "text-classification": "SENTIMENT CATEGORY CLASSIFY",
    "zero-shot-classification": "CATEGORY CLASSIFY topic",
    "sentence-similarity": "SIMILARITY score",
    "tabular-classification": "CATEGORY CLASSIFY TABLE",
    "image-classification": "CATEGORY CLASSIFY identified class prediction predicted",
    "zero-shot-image-classification": "CATEGORY CLASSIFY",
    "object-detection": "OBJECTS DETECT detected label labels",
    "zero-shot-object-detection": "OBJECTS DETECT",
    "image-segmentation": "SEGMENT SEGMENTS",
    "depth-estimation": "DEPTH ESTIMATE",
    "image-to-image": (
        "EDIT CHANGE ENHANCE edited modified enhanced transformed new STYLE BLUR ROTATE CROP RESIZE LIGHT"
    ),
    "text-to-image": "generated GENERATE created new DRAW",
    "text-overlay": "overlaid ADD text",
    "text-to-speech": "SPEECH speech AUDIO generated spoken voiceover",
    "text-to-audio": "MUSIC AUDIO generated",
    "audio-to-audio": "ENHANCE cleaned enhanced improved AUDIO REMOVE",
    "audio-classification": "EMOTION CATEGORY CLASSIFY command",
    "text-to-video": "VIDEO generated",
    "image-to-video": "VIDEO animated",
    "video-classification": "CATEGORY CLASSIFY",
    "file-information": "facts particulars",
    "audio-conversion": "AUDIO converted",
    "video-conversion": "VIDEO converted",
    "canny-control": "EDGES",
    "hed-control": "HED",
    "mlsd-control": "MLSD",
    "openpose-control": "POSE",
    "normal-control": "NORMAL",
    "scribble-control": "SCRIBBLE",
    "depth-control": "DEPTH",
    "seg-control": "SEGMENTS",
}
"""Concepts and words."""

ASIDE = frozenset(
    {
        "text-classification",
        "zero-shot-classification",
        "sentence-similarity",
        "tabular-classification",
        "image-classification",
        "zero-shot-image-classification",
        "object-detection",
        "zero-shot-object-detection",
        "image-segmentation",
        "depth-estimation",
        "canny-control",
        "hed-control",
        "mlsd-control",
        "openpose-control",
        "normal-control",
        "scribble-control",
        "depth-control",
        "seg-control",
        "token-classification",
        "audio-classification",
        "video-classification",
        "file-information",
    }
)
"""Task types whose results say something about a thing rather than being its next form."""


def names(task: str) -> frozenset[str]:
    """Return the concepts and words that speak of a result of ``task``."""
    return frozenset(NAMES.get(task, "generated").split())
