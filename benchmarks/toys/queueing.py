"""queueing: a model on a device of our own that is busy for a while, as a GPU is: its processor has nothing to do."""

import time

from core.contract import Expert, Inputs, Outputs, Steer, local
from core.experts import conversational


@local(conversational.TYPE, "waits")
class Talker(Expert):
    """Takes the seconds that its settings say, one job at a time."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        time.sleep(float(self.model.settings["seconds"]))
        return {"text": f"Here: {inputs['text']}"}
