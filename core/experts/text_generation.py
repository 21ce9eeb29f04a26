"""text-generation: goes on writing where a text stops."""

from __future__ import annotations

from core.contract import Give, Inputs, Outputs, Steer, Take, TaskType, local
from core.errors import BadInput
from core.experts._shapes import LENGTH, SEED
from core.local.causal import CausalExpert
from core.types import Kind

TYPE = TaskType(
    name="text-generation",
    summary="Write a text from a prompt: a story, a poem, a letter, the continuation of a text.",
    takes=(
        Take(name="text", kinds=(Kind.TEXT,), about="the prompt, or the beginning to continue"),
        LENGTH,
        SEED,
    ),
    gives=(Give(name="text", kind=Kind.TEXT, about="the text written"),),
    repeatable=False,
    seconds=600.0,
    examples=("Write a short poem about the sea.", "Continue this story: It was a dark night."),
)


@local(TYPE)
class Author(CausalExpert):
    """Any model that writes: one for conversations is asked to, another one goes on with the text."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        text = inputs["text"].strip()
        if not text:
            raise BadInput("Tell me what to write about, or how the text begins.")
        if self.chats:
            return {"text": self.replied(text, inputs, steer)}
        return {"text": text + self.continued(text, inputs, steer)}
