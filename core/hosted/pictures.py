"""Experts that look at pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from core.contract import Inputs, Outputs, Steer, hosted
from core.errors import BadInput, ExpertFailed
from core.experts import (
    document_question_answering,
    image_classification,
    image_safety,
    image_segmentation,
    image_to_text,
    object_detection,
    visual_question_answering,
    zero_shot_image_classification,
)
from core.hosted.expert import HostedExpert
from core.hosted.language import nothing_found
from core.hosted.seeing import SIDE, page_views, photo, seen, sent
from core.language.labels import checked
from core.local.boxes import shown
from core.local.viewing import asked
from core.media.glimpses import glimpses
from core.media.marks import Mark, within
from core.media.scores import scored
from core.media.views import View, view_of
from core.remote.client import picture_part, text_part
from core.remote.routes import CHAT

if TYPE_CHECKING:
    from core.media.segments import Segments
    from core.remote.attempts import Ask
    from core.remote.client import Client

DESCRIBE = "Describe this image. If there is text in it, write it down."
BRIEF = "{} Answer from this document, in a few words. If it does not answer this, write NO ANSWER."
NO_ANSWER = "NO ANSWER"
ELSE = "something else"
"""What a single label is held against."""

GLIMPSES = 8
"""Pictures of a film that are sent: each is a call."""


class PictureAsker(HostedExpert):
    """Sends one picture."""

    needs: ClassVar[tuple[str, ...]] = (*HostedExpert.needs, "PIL", "numpy")


@hosted(image_classification.TYPE)
class HostedImageClassifier(PictureAsker):
    """Says what a picture shows, in the labels of a model."""

    tasks: ClassVar[tuple[str, ...]] = ("image-classification",)

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        data = sent(photo(seen(inputs["image"]).image))

        async def ask(client: Client) -> Outputs:
            return _scored(await client.hub.image_classification(data))

        return ask


@hosted(image_safety.TYPE)
class HostedSafetyClassifier(PictureAsker):
    """Says whether a picture or a film is unsafe, by a few of its pictures."""

    tasks: ClassVar[tuple[str, ...]] = ("image-classification",)
    needs: ClassVar[tuple[str, ...]] = (*PictureAsker.needs, "av")

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        shots = [sent(photo(view_of(one, SIDE).image)) for one in glimpses(inputs["image"], GLIMPSES, steer)]
        unsafe = image_safety.unsafe_labels(self.model)

        async def ask(client: Client) -> Outputs:
            told = []
            for number, shot in enumerate(shots):
                steer.progress(number / len(shots))
                told.append({str(one.label): float(one.score) for one in await client.hub.image_classification(shot)})
            return image_safety.verdict(told, unsafe)

        return ask


@hosted(zero_shot_image_classification.TYPE)
class HostedImageLabelChooser(PictureAsker):
    """Says which of the given labels fits a picture best."""

    tasks: ClassVar[tuple[str, ...]] = ("zero-shot-image-classification",)

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        labels = list(checked(inputs["labels"]))
        labels = [*labels, ELSE] if len(labels) == 1 else labels
        data = sent(photo(seen(inputs["image"]).image))

        async def ask(client: Client) -> Outputs:
            found = await client.hub.zero_shot_image_classification(data, labels)
            if {one.label for one in found} != set(labels):
                raise ValueError("other labels than those asked for")
            return _scored(found, most=None)

        return ask


@hosted(object_detection.TYPE)
class HostedDetector(PictureAsker):
    """Finds things, each with its box."""

    tasks: ClassVar[tuple[str, ...]] = ("object-detection",)

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        view, least = seen(inputs["image"]), inputs.get("threshold", 0.5)
        data = sent(photo(view.image))

        async def ask(client: Client) -> Outputs:
            marks = [_mark(one, view) for one in await client.hub.object_detection(data)]
            return shown(inputs, [mark for mark in within(marks, view.size) if mark.score >= least])

        return ask


def _mark(one: Any, view: View) -> Mark:
    box = (one.box.xmin, one.box.ymin, one.box.xmax, one.box.ymax)
    left, top, right, bottom = (float(side) / view.scale for side in box)
    return Mark(str(one.label), float(one.score), (left, top, right, bottom))


@hosted(image_segmentation.TYPE)
class HostedSegmenter(PictureAsker):
    """Divides a picture into its things."""

    tasks: ClassVar[tuple[str, ...]] = ("image-segmentation",)

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        view = seen(inputs["image"])
        data = sent(photo(view.image))

        async def ask(client: Client) -> Outputs:
            found = await client.hub.image_segmentation(data)
            if not found:
                raise ExpertFailed(f"I found nothing to tell apart in {inputs['image'].name}.")
            return image_segmentation.coloured(inputs["image"], _segments(found, view))

        return ask


def _segments(found: Sequence[Any], view: View) -> Segments:
    """Lay masks over each other, the surest on top, and leave out what the view adds to its picture."""
    import numpy as np

    from core.media.segments import Segments, Thing

    width, height = view.inner
    ids = np.full((height, width), -1, np.int32)
    things = []
    for number, one in enumerate(sorted(found, key=lambda one: one.score or 0.0)):
        mask = one.mask.convert("L").resize(view.image.size, 0).crop((0, 0, width, height))
        ids[np.asarray(mask) > 127] = number
        things.append(Thing(str(one.label), None if one.score is None else float(one.score)))
    return Segments(ids, things)


@hosted(image_to_text.TYPE)
class HostedDescriber(PictureAsker):
    """Describes each page; models that talk also write down the text in it."""

    tasks: ClassVar[tuple[str, ...]] = (CHAT, "image-to-text")
    patience: ClassVar[float] = 90.0

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        media = inputs["image"]
        shots = [photo(view.image) for _, _, view in page_views(media)]
        wish = str(self.model.settings.get("prompt", DESCRIBE))

        async def ask(client: Client) -> Outputs:
            texts = []
            for number, shot in enumerate(shots):
                steer.progress(number / len(shots), f"page {number + 1} of {len(shots)}" if len(shots) > 1 else "")
                if client.route.task == CHAT:
                    texts.append(await client.say([picture_part(shot.data, shot.mime), text_part(wish)]))
                else:
                    texts.append(str((await client.hub.image_to_text(sent(shot))).generated_text or "").strip())
            if not any(texts):
                raise ExpertFailed(f"“{self.model.id}” finds nothing to say about {media.name}.")
            return {"text": "\n\n".join(filter(None, texts)), "lines": []}

        return ask


@hosted(visual_question_answering.TYPE)
class HostedLooker(PictureAsker):
    """Answers a question about a picture."""

    tasks: ClassVar[tuple[str, ...]] = (CHAT, "visual-question-answering")
    patience: ClassVar[float] = 90.0

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        question = asked(inputs["question"])
        shot = photo(seen(inputs["image"]).image)

        async def ask(client: Client) -> Outputs:
            if client.route.task == CHAT:
                return {"answer": await client.say([picture_part(shot.data, shot.mime), text_part(question)])}
            found = await client.hub.visual_question_answering(sent(shot), question)
            told = scored([str(one.answer) for one in found], [float(one.score) for one in found])
            return {"answer": told["label"], "scores": told["scores"]}

        return ask


@hosted(document_question_answering.TYPE)
class HostedDocumentReader(PictureAsker):
    """Answers a question about a document: the first answer that any page has."""

    tasks: ClassVar[tuple[str, ...]] = (CHAT, "document-question-answering")
    patience: ClassVar[float] = 90.0

    def asking(self, inputs: Inputs, steer: Steer) -> Ask:
        media, question = inputs["image"], asked(inputs["question"])
        shots = [photo(view.image) for _, _, view in page_views(media)]

        async def ask(client: Client) -> Outputs:
            for number, shot in enumerate(shots):
                steer.progress(number / len(shots), f"page {number + 1} of {len(shots)}" if len(shots) > 1 else "")
                if answer := await _read(client, question, shot):
                    return {"answer": answer, "evidence": []}
            raise nothing_found(media.name)

        return ask


async def _read(client: Client, question: str, shot: Any) -> str:
    """Return a page's answer; empty where it has none."""
    if client.route.task == CHAT:
        answer = await client.say([picture_part(shot.data, shot.mime), text_part(BRIEF.format(question))])
        return "" if NO_ANSWER in answer else answer
    found = await client.hub.document_question_answering(sent(shot), question)
    best = max(found, key=lambda one: one.score, default=None)
    return "" if best is None else str(best.answer).strip()


def _scored(found: Sequence[Any], **more: Any) -> Outputs:
    """Return labels and scores. Raises BadInput where there are none, which counts as no answer."""
    if not found:
        raise BadInput("no labels")
    return scored([str(one.label) for one in found], [float(one.score) for one in found], **more)
