"""zero-shot-classification: sorts a text into labels given with it."""

from __future__ import annotations

from collections.abc import Sequence

from core.contract import Give, Inputs, Outputs, Take, TaskType, local
from core.errors import BadInput
from core.language.labels import choices
from core.local.inference import Inference
from core.local.windows import Window
from core.media.scores import scored
from core.types import Kind

TYPE = TaskType(
    name="zero-shot-classification",
    summary="Tell which of the given labels fits a text.",
    takes=(
        Take(name="text", kinds=(Kind.TEXT,), about="the text to classify"),
        Take(name="labels", kinds=(Kind.TEXT,), about="the labels to choose from", many=True),
    ),
    gives=(
        Give(name="label", kind=Kind.TEXT, about="the best label"),
        Give(name="scores", kind=Kind.TABLE, about="label, score from 0 to 1, best first"),
    ),
    examples=("Is this message about sport, politics or music?",),
)


@local(TYPE)
class LabelChooser(Inference):
    """Asks a model, for each label, whether “This example is …” follows from the text."""

    def pieces(self, inputs: Inputs) -> Sequence[Window]:
        if not inputs["text"].strip():
            raise BadInput("There is no text to classify.")
        return self.asked(inputs["text"], choices(inputs["labels"]))

    def outputs(self, inputs: Inputs, pieces: Sequence[Window], found: Sequence[tuple[float, float]]) -> Outputs:
        labels = choices(inputs["labels"])
        return scored(labels, self.shares(pieces, found, len(labels)), most=None)
