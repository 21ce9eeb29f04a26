import io
import wave
from collections.abc import AsyncIterator, Mapping

import pytest

from core.errors import BadInput, ExpertFailed
from core.executors.pool import Pool
from core.ports import Job
from core.types import Media, Value
from tests import samples
from tests.cards import registry_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

MODELS = {
    "image-to-text": "rapidocr/PP-OCRv6-small",
    "text-to-speech": "espeak-ng",
    "text-classification": "vader",
    "summarization": "sumy/luhn",
    "question-answering": "bm25-answers",
    "document-question-answering": "rapidocr/document-answers",
}


@pytest.fixture(scope="module")
async def pool() -> AsyncIterator[Pool]:
    """Run a real pool with the experts of language, speech and documents."""
    async with Pool(registry_of(MODELS)) as made:
        yield made


async def run(pool: Pool, type_: str, **inputs: Value) -> Mapping[str, Value]:
    """Run one job and return its outputs."""
    return await pool.run(Job(id="1", type=type_, model=MODELS[type_], inputs=inputs, seconds=120), lambda _, __: None)


async def test_an_invoice_is_read_asked_and_said(pool: Pool) -> None:
    """A picture becomes text, an answer and a recording that plays, in one child process."""
    text = (await run(pool, "image-to-text", image=samples.invoice()))["text"]
    total = (await run(pool, "document-question-answering", image=samples.pdf(), question="What is the total?"))[
        "answer"
    ]
    short = (await run(pool, "summarization", text=text, sentences=1))["text"]
    audio = (await run(pool, "text-to-speech", text=short))["audio"]
    assert "18301/102/T0305" in str(text)
    assert total == "1,234.50 EUR"
    assert isinstance(audio, Media)
    with wave.open(io.BytesIO(audio.data)) as sound:
        assert sound.getnframes() > sound.getframerate()


async def test_texts_are_judged_and_asked(pool: Pool) -> None:
    """Sentiment and answers come out of a child process as they should."""
    assert (await run(pool, "text-classification", text="I love you"))["label"] == "positive"
    context = "The bridge was built in 1894. It is 244 metres long."
    assert (await run(pool, "question-answering", question="When was the bridge built?", context=context))[
        "answer"
    ] == "1894"


async def test_sentences_come_through(pool: Pool) -> None:
    """What an expert says about its input reaches the caller as its own kind of error."""
    with pytest.raises(ExpertFailed, match="found no text"):
        await run(pool, "image-to-text", image=samples.jpg())
    with pytest.raises(BadInput, match="said aloud"):
        await run(pool, "text-to-speech", text="😀")
