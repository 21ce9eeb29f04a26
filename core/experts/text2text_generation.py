"""text2text-generation: rewrites a text as told."""

from __future__ import annotations

from core.contract import Give, Inputs, Outputs, Steer, Take, TaskType, local
from core.errors import BadInput
from core.local.seq2seq import Seq2SeqExpert
from core.types import Kind

TYPE = TaskType(
    name="text2text-generation",
    summary="Rewrite a text: rephrase it, correct it, change its style.",
    takes=(Take(name="text", kinds=(Kind.TEXT,), about="the text, with what to do to it"),),
    gives=(Give(name="text", kind=Kind.TEXT, about="the new text"),),
    examples=("Rephrase this more politely.", "Correct the grammar of this sentence."),
)


@local(TYPE)
class Rewriter(Seq2SeqExpert):
    """Any model that reads a text with what to do to it, and writes the new one."""

    most = 1_024

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        text = inputs["text"].strip()
        if not text:
            raise BadInput("There is no text to work on.")
        asked = f"{self.model.settings.get('prefix', '')}{text}"
        self.check_length(asked)
        most = max(64, 2 * self.length(asked))  # a new text is hardly ever twice as long
        return {"text": self.said(self.written([asked], steer, most)[0])}
