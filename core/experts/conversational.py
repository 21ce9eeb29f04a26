"""conversational: talks."""

from __future__ import annotations

from core.contract import Give, Inputs, Outputs, Steer, Take, TaskType, local
from core.errors import BadInput
from core.experts._shapes import LENGTH, SEED
from core.local.causal import CausalExpert
from core.local.generation import seeded
from core.local.seq2seq import Seq2SeqExpert
from core.types import Kind

REPLY = 128  # tokens of a line

TYPE = TaskType(
    name="conversational",
    summary="Answer in a conversation, without any file or tool.",
    takes=(
        Take(name="text", kinds=(Kind.TEXT,), about="what the person said"),
        LENGTH,
        SEED,
    ),
    gives=(Give(name="text", kind=Kind.TEXT, about="the reply"),),
    repeatable=False,
    seconds=600.0,
    examples=("Tell me a joke.", "How was your day?"),
)


@local(TYPE)
class Talker(CausalExpert):
    """Any model that talks."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        return {"text": self.replied(_said(inputs), inputs, steer)}


@local(TYPE, "seq2seq")
class Replier(Seq2SeqExpert):
    """Models that read a line and write the next one, such as BlenderBot."""

    def load(self) -> None:
        super().load()
        if self.network.config.model_type == "blenderbot":
            self.tokenizer.add_eos_token = True  # it learned lines that end, and its files are too old to say so

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        text = _said(inputs)
        self.check_length(text)
        seeded(inputs.get("seed"))
        return {"text": self.said(self.written([text], steer, round(inputs.get("max_new_tokens") or REPLY))[0])}


def _said(inputs: Inputs) -> str:
    text = str(inputs["text"]).strip()
    if not text:
        raise BadInput("Nothing was said that I could reply to.")
    return text
