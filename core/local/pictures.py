"""Experts that look at one picture and say what they see in it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from core.contract import Inputs, Outputs
from core.local.batching import PiecewiseExpert
from core.local.processors import image_processor_of
from core.media.views import View, view

if TYPE_CHECKING:
    import torch

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Look:
    """A picture on its way into a model."""

    view: View
    features: Mapping[str, torch.Tensor]  # the processor's, each of shape (1, ...)

    @property
    def shapes(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """What must be the same for two pictures to go through a model together."""
        return tuple((name, tuple(each.shape)) for name, each in sorted(self.features.items()))


class PictureExpert(PiecewiseExpert[Look, Found]):
    """Feeds pictures to a vision model, those of the same shape together: none is padded, so none sees the others."""

    batch: ClassVar[int] = 16
    room_on_cpu: ClassVar[int] = 4_000_000  # pixels
    room_on_device: ClassVar[int] = 16_000_000

    processor: Any
    network: Any

    @property
    def dtype(self) -> torch.dtype:
        """Full precision: these models are small, and boxes and distances are finer than what 16 bits tell apart."""
        import torch

        return torch.float32

    @abstractmethod
    def read(self, outputs: Any, looks: Sequence[Look]) -> Sequence[Found]:
        """Return what the network's outputs say about each picture."""

    @abstractmethod
    def present(self, inputs: Inputs, look: Look, found: Found) -> Outputs:
        """Return the outputs of one job. Raises ExpertFailed."""

    def load_network(self, auto: Any) -> None:
        """Load the model by one of the library's Auto classes, and the processor that belongs to it."""
        self.processor = image_processor_of(self.folder)
        self.network = self.placed(auto.from_pretrained(self.folder, dtype=self.dtype))

    def look(self, seen: View, **more: Any) -> Look:
        """Return a view as the model is fed it; ``more`` goes to the processor."""
        features = self.processor(images=seen.image, return_tensors="pt", **more)
        return Look(seen, {name: each for name, each in features.items() if hasattr(each, "shape")})

    def pieces(self, inputs: Inputs) -> Sequence[Look]:
        return [self.look(view(inputs["image"]))]

    def weight(self, piece: Look) -> int:
        return piece.features["pixel_values"].numel() // 3

    def forward(self, pieces: Sequence[Look]) -> Sequence[Found]:
        found: dict[int, Found] = {}
        for numbers in _alike(pieces):
            looks = [pieces[number] for number in numbers]
            found.update(zip(numbers, self.read(self.network(**self.fed(looks)), looks), strict=True))
        return [found[number] for number in range(len(pieces))]

    def outputs(self, inputs: Inputs, pieces: Sequence[Look], found: Sequence[Found]) -> Outputs:
        return self.present(inputs, pieces[0], found[0])

    def fed(self, looks: Sequence[Look]) -> dict[str, torch.Tensor]:
        """Return the features of several pictures as one, on the device."""
        import torch

        joined = {name: torch.cat([look.features[name] for look in looks]) for name in looks[0].features}
        return {name: self.moved(each) for name, each in joined.items()}

    def moved(self, tensor: torch.Tensor) -> torch.Tensor:
        """Return a tensor on the device, numbers with a point in the network's format."""
        return tensor.to(self.device, self.dtype) if tensor.is_floating_point() else tensor.to(self.device)


def _alike(looks: Sequence[Look]) -> list[list[int]]:
    """Return the numbers of looks that have the same shapes."""
    groups: dict[Any, list[int]] = {}
    for number, look in enumerate(looks):
        groups.setdefault(look.shapes, []).append(number)
    return list(groups.values())
