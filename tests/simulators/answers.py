"""What models far away answer, the same to everybody who asks the same."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

from aiohttp import web

from tests import samples
from tests.simulators.wrong import Wrong

FILES = {"picture": samples.png().data, "speech": samples.wav().data, "film": samples.mp4().data}
MIMES = {"picture": "image/png", "speech": "audio/wav", "film": "video/mp4"}


def mime_of(answer: Any) -> str:
    """Return the content type of an answer: one of the files, or data."""
    if not isinstance(answer, bytes):
        return "application/json"
    return next((MIMES[name] for name, data in FILES.items() if data == answer), "application/octet-stream")


async def talk(request: web.Request, text: str, wrong: Wrong | None = None) -> web.StreamResponse:
    """Stream a text word by word as OpenAI does, or not to its end."""
    wrong = wrong or Wrong()
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    words = text.split(" ")
    for number, word in enumerate(words):
        if wrong.cut and number >= len(words) // 2:
            assert request.transport is not None
            request.transport.close()
            return response
        await response.write(_chunk({"content": word if number == 0 else f" {word}"}))
    if wrong.error:
        await response.write(b'data: {"error": {"message": "upstream died", "code": 502}}\n\n')
    await response.write(_chunk({}, wrong.finish))
    await response.write(b"data: [DONE]\n\n")
    return response


def _chunk(delta: Mapping[str, Any], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": dict(delta), "finish_reason": finish}
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n".encode()


def vector(text: str) -> list[float]:
    """Return how often each letter stands in a text: texts with the same words lie close."""
    return [float(text.lower().count(letter)) + 0.01 for letter in "abcdefghijklmnopqrstuvwxyz"]


def _mask(left: float, right: float) -> str:
    """Return a mask (PNG in base64) that is white between two shares of the width."""
    from PIL import Image

    image = Image.new("L", (64, 48))
    image.paste(255, (round(64 * left), 0, round(64 * right), 48))
    file = BytesIO()
    image.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def _labels(names: Iterable[str]) -> list[dict[str, Any]]:
    kept = list(names)
    return [
        {"label": name, "score": round((len(kept) - at) / sum(range(1, len(kept) + 1)), 4)}
        for at, name in enumerate(kept)
    ]


def _tokens(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each capitalised word as a person, letter by letter as models see them."""
    text: str = body["inputs"]
    found, at = [], 0
    for word in text.split(" "):
        if word[:1].isupper():
            row = {"entity": "B-PER", "score": 0.9, "index": at, "word": word, "start": at, "end": at + len(word)}
            found.append(row)
        at += len(word) + 1
    return found


def _transcript(body: dict[str, Any]) -> dict[str, Any]:
    if not body.get("parameters", {}).get("return_timestamps"):
        return {"text": "hello from afar"}
    chunks = [{"text": " hello", "timestamp": [0.0, 0.5]}, {"text": " from afar", "timestamp": [0.5, None]}]
    return {"text": " hello from afar", "chunks": chunks}


CLASSIC: dict[str, Any] = {
    "text-classification": lambda _: [_labels(["POSITIVE", "NEGATIVE"])],
    "token-classification": _tokens,
    "zero-shot-classification": lambda body: _labels(reversed(body["parameters"]["candidate_labels"])),
    "zero-shot-image-classification": lambda body: _labels(body["parameters"]["candidate_labels"]),
    "sentence-similarity": lambda body: [0.9 - 0.1 * at for at, _ in enumerate(body["inputs"]["sentences"])],
    "feature-extraction": lambda body: [vector(text) for text in body["inputs"]],
    "question-answering": lambda body: {
        "answer": (word := body["inputs"]["context"].split()[-1].strip(".")),
        "score": 0.8,
        "start": body["inputs"]["context"].index(word),
        "end": body["inputs"]["context"].index(word) + len(word),
    },
    "table-question-answering": lambda _: {
        "answer": "COUNT > 2",
        "coordinates": [[0, 0]],
        "cells": ["36", "7"],
        "aggregator": "COUNT",
    },
    "tabular-classification": lambda _: ["yes", "no"],
    "summarization": lambda body: [{"summary_text": body["inputs"][:20]}],
    "translation": lambda _: [{"translation_text": "Hallo von fern."}],
    "text-generation": lambda _: [{"generated_text": " and so on."}],
    "image-classification": lambda _: _labels(["cat", "dog", "fox"]),
    "object-detection": lambda _: [
        {"label": "cat", "score": 0.95, "box": {"xmin": 10, "ymin": 10, "xmax": 60, "ymax": 60}},
        {"label": "dog", "score": 0.30, "box": {"xmin": 0, "ymin": 0, "xmax": 20, "ymax": 20}},
    ],
    "image-segmentation": lambda _: [
        {"label": "sky", "score": 0.9, "mask": _mask(0.0, 0.5)},
        {"label": "road", "score": 0.8, "mask": _mask(0.5, 1.0)},
    ],
    "image-to-text": lambda _: [{"generated_text": "a cat on a mat"}],
    "visual-question-answering": lambda _: [{"answer": "red", "score": 0.7}, {"answer": "blue", "score": 0.2}],
    "document-question-answering": lambda _: [{"answer": "154.06", "score": 0.9, "start": 3, "end": 3}],
    "text-to-image": lambda _: FILES["picture"],
    "image-to-image": lambda _: FILES["picture"],
    "text-to-speech": lambda _: FILES["speech"],
    "audio-classification": lambda _: _labels(["speech", "music"]),
    "audio-to-audio": lambda _: [
        {"label": "clean", "content-type": "audio/wav", "blob": base64.b64encode(FILES["speech"]).decode()}
    ],
    "automatic-speech-recognition": _transcript,
}
"""By the Hub's task type: how models answer that were made for one task, to a request's body."""
