"""openpose-control: the pose of the people of an image."""

from __future__ import annotations

from core.contract import Inputs, Outputs, Steer, local
from core.errors import ExpertFailed
from core.experts._control import control
from core.local.poses import PoseExpert

TYPE = control(
    "openpose",
    "pose of the people",
    "Show me the pose of the boy in example.jpg",
    "Extract the skeleton of the dancer",
)


@local(TYPE)
class OpenposeControl(PoseExpert):
    """Draws the joints that a pose model finds as OpenPose would, without hands and faces."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        """Give the people as coloured sticks on black. Raises ExpertFailed where nobody is seen."""
        from core.media.images import named, to_media
        from core.media.skeleton import openpose, skeletons
        from core.media.views import view

        seen = view(inputs["image"])
        steer.check()
        boxes = self.people(seen)
        if not boxes:
            raise ExpertFailed(f"I see no person in {inputs['image'].name} whose pose I could draw.")
        steer.progress(0.5, "looking for joints")
        steer.check()
        people = [openpose(joints) for joints in self.joints(seen, boxes)]
        if not any(any(joints) for joints in people):
            raise ExpertFailed(f"I see somebody in {inputs['image'].name}, but no joints that I am sure of.")
        return {"image": to_media(skeletons(seen.size, people), named(inputs["image"].name, ".png", "pose"))}
