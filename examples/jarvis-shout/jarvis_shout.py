"""shout: says a text loudly. Installed beside JARVIS, its task type is offered like any other."""

from core.contract import Expert, Give, Inputs, Model, Outputs, Steer, Take, TaskType, expert
from core.types import Kind

TYPE = TaskType(
    name="shout",
    summary="Say a text loudly.",
    takes=(Take(name="text", kinds=(Kind.TEXT,), about="what to say"),),
    gives=(Give(name="text", kind=Kind.TEXT, about="the same, louder"),),
    examples=("Shout it from the rooftops",),
)


@expert(TYPE, Model(id="acme/shout", about="Capital letters, in every language that has them.", licence="MIT"))
class Shout(Expert):
    """Libraries would be imported in ``load``, never at the top."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        return {"text": f"{inputs['text'].upper()}!"}
