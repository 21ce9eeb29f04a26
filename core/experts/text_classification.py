"""text-classification: tells whether a text sounds positive, neutral or negative, or what else a model sorts by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert, local
from core.errors import BadInput, ExpertFailed
from core.language.labels import named
from core.language.names import name_of
from core.local.encoder import Encoder
from core.local.windows import Cut, Window, windows, windows_of
from core.media.scores import scored
from core.types import Json, Kind

NEUTRAL = 0.05  # VADER's own bound: sentences below it carry no sentiment
_CURVE = math.log(0.5) / math.log(NEUTRAL)  # turns that bound into one half
_BACKGROUND = 0.05  # weight of a sentence without any sentiment beside one full of it

TYPE = TaskType(
    name="text-classification",
    summary="Tell the sentiment of a text: positive, neutral or negative.",
    takes=(Take(name="text", kinds=(Kind.TEXT,), about="the text to judge"),),
    gives=(
        Give(name="label", kind=Kind.TEXT, about="the best label"),
        Give(name="scores", kind=Kind.TABLE, about="label, score from 0 to 1, best first"),
    ),
    examples=("What is the sentiment of 'I love you'?", "Is this review positive or negative?"),
)


@expert(
    TYPE,
    Model(
        id="vader",
        about="Rates English sentences by a lexicon of 7,500 words, emoticons and emoji, with negation and emphasis."
        " Knows no irony, and no other language.",
        licence="MIT",
        size=630_000,
        memory=100_000_000,
        languages=("en",),
        revision="3.3.2",
        needs=("vaderSentiment", "py3langid", "sentencex"),
    ),
)
class Vader(Expert):
    """Rates sentence by sentence; a sentence weighs the more, the more it feels."""

    def load(self) -> None:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        from core.language.detection import detector

        self._analyzer = SentimentIntensityAnalyzer()
        self._detector = detector()

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        from core.language.sentences import sentences

        text = inputs["text"]
        parts = sentences(text)
        if not parts:
            raise BadInput("There is no text to judge.")
        if (language := self._detector.detect(text)) != "en":
            raise ExpertFailed(f"This text seems to be {name_of(language)}; I can only judge English here.")
        ratings = []
        for number, part in enumerate(parts, start=1):
            steer.check()
            ratings.append(self._analyzer.polarity_scores(part)["compound"])
            steer.progress(number / len(parts))
        scores = _scores(ratings)
        table: list[Json] = [{"label": label, "score": round(score, 4)} for label, score in scores.items()]
        return {"label": next(iter(scores)), "scores": table}


def _scores(ratings: Sequence[float]) -> dict[str, float]:
    """Turn ratings from -1 to 1 into shares that add up to 1, the largest first."""
    weights = [_BACKGROUND + abs(rating) for rating in ratings]
    whole = sum(weights)
    positive = sum(weight * _strength(rating) for weight, rating in zip(weights, ratings, strict=True)) / whole
    negative = sum(weight * _strength(-rating) for weight, rating in zip(weights, ratings, strict=True)) / whole
    shares = {"positive": positive, "neutral": 1 - positive - negative, "negative": negative}
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def _strength(rating: float) -> float:
    return float(max(rating, 0.0) ** _CURVE)


@local(TYPE)
class TextClassifier(Encoder[list[float]]):
    """Any model that sorts texts into classes of its own; a long text is the mean of its windows."""

    auto = "AutoModelForSequenceClassification"

    def load(self) -> None:
        super().load()
        config = self.network.config
        self._labels = named(config.id2label, str(self.model.settings.get("labels", "")))
        self._apart = config.problem_type == "multi_label_classification" or len(self._labels) == 1

    def pieces(self, inputs: Inputs) -> Sequence[Window]:
        if not inputs["text"].strip():
            raise BadInput("There is no text to judge.")
        return windows(self.tokenizer, inputs["text"], Cut(self.limit))

    def all_pieces(self, inputs: Sequence[Inputs]) -> Sequence[Sequence[Window] | Exception]:
        texts = [one["text"] for one in inputs]
        if all(text.strip() for text in texts):
            return windows_of(self.tokenizer, texts, Cut(self.limit))
        return super().all_pieces(inputs)

    def forward(self, pieces: Sequence[Window]) -> Sequence[list[float]]:
        """Return the probabilities of the classes; of labels that do not exclude each other, each by itself."""
        logits = self.read(pieces).logits.float()
        found: list[list[float]] = (logits.sigmoid() if self._apart else logits.softmax(-1)).tolist()
        return found

    def outputs(self, inputs: Inputs, pieces: Sequence[Window], found: Sequence[list[float]]) -> Outputs:
        sizes = [len(piece.ids) for piece in pieces]
        scores = [sum(map(mul, sizes, column)) / sum(sizes) for column in zip(*found, strict=True)]
        return scored(self._labels, scores, most=None)
