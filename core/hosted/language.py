"""Experts of language that ask models made for one task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from core.contract import Inputs, Outputs, Steer, hosted
from core.errors import BadInput, ExpertFailed
from core.experts import sentence_similarity, text_classification, token_classification, zero_shot_classification
from core.hosted.expert import HostedExpert, words
from core.language.entities import Tag, entities
from core.language.labels import choices, named
from core.media.scores import score_rows

if TYPE_CHECKING:
    from core.remote.attempts import Ask
    from core.remote.client import Client


@hosted(text_classification.TYPE)
class HostedTextClassifier(HostedExpert):
    """Sorts a text into the classes of a model."""

    tasks: ClassVar[tuple[str, ...]] = ("text-classification",)

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        text = words(inputs["text"], "judge")

        async def ask(client: Client) -> Outputs:
            found = await client.hub.text_classification(text, top_k=100)
            labels = named({number: one.label for number, one in enumerate(found)}, self._names(found))
            best = max(range(len(found)), key=lambda number: found[number].score)
            return {"label": labels[best], "scores": score_rows(labels, [one.score for one in found], most=None)}

        return ask

    def _names(self, found: Sequence[Any]) -> str:
        """Return the catalogue's names of classes that a model only numbers, in the order of the answer."""
        given = [name.strip() for name in str(self.model.settings.get("labels", "")).split(",") if name.strip()]
        numbers = [str(one.label).rpartition("_")[2] for one in found]
        if len(given) != len(found) or not all(number.isdigit() and int(number) < len(given) for number in numbers):
            return ""
        return ",".join(given[int(number)] for number in numbers)


@hosted(token_classification.TYPE)
class HostedTagger(HostedExpert):
    """Finds names. Tokens are asked for as they are, and put together as those of our own models are."""

    tasks: ClassVar[tuple[str, ...]] = ("token-classification",)

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        text, least = words(inputs["text"], "search"), inputs.get("threshold") or 0.0

        async def ask(client: Client) -> Outputs:
            found = await client.hub.token_classification(text, aggregation_strategy="none")
            tags = [_tag(one, len(text)) for one in found]
            return {"entities": entities(text, sorted(tags, key=lambda tag: (tag.start, tag.end)), least)}

        return ask


def _tag(one: Any, length: int) -> Tag:
    """Read a token. Raises ValueError where it is none of a text of ``length`` characters."""
    start, end, label = int(one.start), int(one.end), str(one.entity or one.entity_group or "")
    if not 0 <= start < end <= length or not label:
        raise ValueError("no token of this text")
    return Tag(start, end, label, float(one.score))


@hosted(zero_shot_classification.TYPE)
class HostedLabelChooser(HostedExpert):
    """Sorts a text into labels given with it."""

    tasks: ClassVar[tuple[str, ...]] = ("zero-shot-classification",)

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        text, labels = words(inputs["text"], "classify"), list(choices(inputs["labels"]))

        async def ask(client: Client) -> Outputs:
            found = await client.hub.zero_shot_classification(text, labels)
            scores = {one.label: float(one.score) for one in found}
            if set(scores) != set(labels):
                raise ValueError("other labels than those asked for")
            best = max(labels, key=scores.__getitem__)
            return {"label": best, "scores": score_rows(labels, [scores[label] for label in labels], most=None)}

        return ask


@hosted(sentence_similarity.TYPE)
class HostedComparer(HostedExpert):
    """Compares by a model for it, or by the angle between vectors of a model that makes those."""

    tasks: ClassVar[tuple[str, ...]] = ("sentence-similarity", "feature-extraction")
    needs: ClassVar[tuple[str, ...]] = (*HostedExpert.needs, "numpy")

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        text = words(inputs["text"], "compare the sentences with")
        given = inputs["sentences"]
        split = given.splitlines() if isinstance(given, str) else given
        sentences = [one.strip() for one in split if one.strip()]
        if not sentences:
            raise BadInput("I need at least one sentence to compare with the text.")

        async def ask(client: Client) -> Outputs:
            if client.route.task == "sentence-similarity":
                scores = await client.hub.sentence_similarity(text, sentences)
            else:
                scores = _cosines(await client.hub.feature_extraction([text, *sentences]))
            if len(scores) != len(sentences):
                raise ValueError("not as many scores as sentences")
            return {"scores": score_rows(sentences, [max(0.0, min(1.0, float(score))) for score in scores], most=None)}

        return ask


def _cosines(vectors: Any) -> list[float]:
    """Return how close each row is to the first one; of a vector for each token, their mean counts."""
    import numpy as np

    flat = vectors.mean(axis=1) if vectors.ndim == 3 else vectors
    lengths = np.linalg.norm(flat, axis=1)
    if flat.ndim != 2 or not np.all(lengths > 0):
        raise ValueError("no vectors")
    first, *others = flat / lengths[:, None]
    return [float(first @ other) for other in others]


def nothing_found(what: str) -> ExpertFailed:
    """Return the sentence for an answer that says that there is none."""
    return ExpertFailed(f"I found no answer to this question in {what}.")
