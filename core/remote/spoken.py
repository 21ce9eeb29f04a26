"""Model servers asked in the words of the Hub's client library, so that experts need not know whom they ask.

Of that library's methods each class has those that its protocol can do.
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from io import BytesIO
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx2

from core.remote.patience import patiently

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from PIL.Image import Image

VOICE = "alloy"
"""OpenAI's first voice; other servers know it as well, or take the name of one of theirs from the settings."""

_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "audio/mpeg": "mp3", "audio/flac": "flac", "audio/wav": "wav"}


class Spoken:
    """A model at a server that speaks OpenAI's protocol."""

    def __init__(self, talk: AsyncOpenAI, http: httpx2.AsyncClient, model: str) -> None:
        """Ask for ``model``; what answers point to is fetched by ``http``."""
        self._talk = talk
        self._http = http
        self._model = model
        self.plain = False  # what was painted last was painted without any settings: the server refused them

    async def text_to_image(
        self, prompt: str, *, width: int | None = None, height: int | None = None, **settings: Any
    ) -> Image:
        """Have a picture painted; settings that the server refuses are left out."""
        size = {"size": f"{width}x{height}"} if width and height else {}
        create: Any = self._talk.images.generate
        return await self._picture(partial(create, model=self._model, prompt=prompt, n=1), settings, size)

    async def image_to_image(self, image: bytes, prompt: str, **settings: Any) -> Image:
        """Have a picture changed."""
        create: Any = self._talk.images.edit
        file = _file(image, "picture")
        return await self._picture(partial(create, model=self._model, image=file, prompt=prompt, n=1), settings, {})

    async def _picture(
        self, create: Callable[..., Awaitable[Any]], settings: Mapping[str, Any], size: dict[str, str]
    ) -> Image:
        from PIL import Image

        known = {"num_inference_steps": "steps"}
        told = {known.get(name, name): value for name, value in settings.items() if value is not None}
        found = await patiently(create, {**size, "extra_body": told} if told else size, {}, refused=self._refused)
        (first, *_) = found.data
        data = base64.b64decode(first.b64_json) if first.b64_json else await self._fetched(str(first.url))
        return Image.open(BytesIO(data))

    def _refused(self) -> None:
        self.plain = True

    async def _fetched(self, url: str) -> bytes:
        answer = await self._http.get(url)
        answer.raise_for_status()
        return answer.content

    async def automatic_speech_recognition(self, audio: bytes, *, extra_body: Mapping[str, Any] | None = None) -> Any:
        """Have a recording written down, with times where the server tells them."""
        create: Any = self._talk.audio.transcriptions.create
        file, more = _file(audio, "recording"), dict(extra_body or {})
        asked = partial(create, model=self._model, file=file, **more)
        found = await patiently(asked, {"response_format": "verbose_json"}, {})
        segments = getattr(found, "segments", None) or ()
        chunks = [SimpleNamespace(text=one.text, timestamp=(one.start, one.end)) for one in segments]
        return SimpleNamespace(text=found.text, chunks=chunks)

    async def text_to_speech(self, text: str, *, extra_body: Mapping[str, Any] | None = None) -> bytes:
        """Have a text said aloud."""
        voice = str((extra_body or {}).get("voice") or VOICE)
        found = await self._talk.audio.speech.create(model=self._model, voice=voice, input=text)
        return bytes(found.content)

    async def feature_extraction(self, texts: Sequence[str]) -> Any:
        """Return a vector for each text."""
        found = await self._talk.embeddings.create(model=self._model, input=list(texts), encoding_format="float")
        return _vectors([one.embedding for one in sorted(found.data, key=lambda one: one.index)], len(texts))


class Embedding:
    """The model of a server of the kind text-embeddings-inference."""

    def __init__(self, http: httpx2.AsyncClient, url: str) -> None:
        """Ask the server at ``url``."""
        self._http = http
        self._url = url

    async def feature_extraction(self, texts: Sequence[str]) -> Any:
        """Return a vector for each text."""
        return _vectors(await self._asked("embed", {"inputs": list(texts)}), len(texts))

    async def sentence_similarity(self, text: str, others: Sequence[str]) -> list[float]:
        """Return how well each of the other texts goes with a text, from 0 to 1, as a reranker sees it."""
        rows = await self._asked("rerank", {"query": text, "texts": list(others), "raw_scores": False})
        scores = {int(row["index"]): float(row["score"]) for row in rows}
        return [scores[number] for number in range(len(others))]

    async def text_classification(self, text: str, *, top_k: int) -> list[Any]:
        """Return the classes of a text, at most ``top_k``."""
        rows = await self._asked("predict", {"inputs": text})
        return [SimpleNamespace(label=str(row["label"]), score=float(row["score"])) for row in rows[:top_k]]

    async def _asked(self, what: str, body: Mapping[str, Any]) -> Any:
        answer = await self._http.post(f"{self._url}/{what}", json={**body, "truncate": True})
        answer.raise_for_status()
        return answer.json()


def _file(data: bytes, name: str) -> tuple[str, bytes, str]:
    """Return bytes that say what they are as a file of a form."""
    mime = str(getattr(data, "mime_type", "") or "application/octet-stream")
    return f"{name}.{_ENDINGS.get(mime, 'bin')}", bytes(data), mime


def _vectors(rows: Any, count: int) -> Any:
    """Return rows of numbers as an array. Raises ValueError where they are none, or not as many as asked for."""
    import numpy as np

    found = np.asarray(rows, dtype=np.float32)
    if len(found) != count:
        raise ValueError("not as many vectors as texts")
    return found
