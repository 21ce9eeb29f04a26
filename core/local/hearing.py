"""Experts that hear a recording in windows and say something about each."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from core.contract import Inputs, Model
from core.errors import Unsuited
from core.language.names import code_of, name_of
from core.local.batching import PiecewiseExpert
from core.local.expert import LocalExpert
from core.media.waves import Window, at_least, is_silent, wave_of, windows

if TYPE_CHECKING:
    import torch

R = TypeVar("R")

SHORTEST = 1_600
"""Samples: what is shorter is no sound yet to models; silence follows it."""

_FIXED = (
    "n_samples",
    "max_length",
    "nb_max_samples",
)  # an extractor with one of these fills every wave up to the same length


class HearingExpert(PiecewiseExpert[Window, R]):
    """Feeds windows of recordings to a model together."""

    needs: ClassVar[tuple[str, ...]] = (*LocalExpert.needs, "av")
    batch: ClassVar[int] = 32
    room_on_cpu: ClassVar[int] = 60 * 16_000  # samples
    room_on_device: ClassVar[int] = 640 * 16_000
    seconds: ClassVar[float] = 10.0  # of a window
    overlap: ClassVar[float] = 0.0  # seconds that a window shares with each neighbour

    extractor: Any
    network: Any

    def load_network(self, auto: Any) -> None:
        """Load the model by one of the library's Auto classes, and what makes its input from samples."""
        from transformers import AutoFeatureExtractor

        self.extractor = AutoFeatureExtractor.from_pretrained(self.folder)
        self.network = self.placed(self.trained(auto, spare="masked_spec_embed"))  # which hides sounds from learners

    @property
    def rate(self) -> int:
        """Samples a second that the model hears."""
        return int(self.extractor.sampling_rate)

    @property
    def grain(self) -> int:
        """Samples that windows are multiples of."""
        return 1

    def pieces(self, inputs: Inputs) -> Sequence[Window]:
        wave = wave_of(inputs["audio"], self.rate, _Unsteered())
        length, overlap = (round(each * self.rate / self.grain) * self.grain for each in (self.seconds, self.overlap))
        return list(windows(wave, length, overlap))

    def weight(self, piece: Window) -> int:
        return len(piece.wave)

    def forward(self, pieces: Sequence[Window]) -> Sequence[R]:
        found: dict[int, R] = {}
        loud = [number for number, piece in enumerate(pieces) if not is_silent(piece.wave, self.rate)]
        for numbers in self._alike(loud, pieces):
            heard = self.hear(self.features(pieces[number] for number in numbers))
            found.update(zip(numbers, heard, strict=True))
        return [found[number] if number in found else self.unheard(piece) for number, piece in enumerate(pieces)]

    @abstractmethod
    def hear(self, features: Mapping[str, torch.Tensor]) -> Sequence[R]:
        """Run the model; one result for each window."""

    @abstractmethod
    def unheard(self, piece: Window) -> R:
        """Return the result for a window of silence."""

    def features(self, pieces: Iterator[Window] | Sequence[Window]) -> dict[str, torch.Tensor]:
        """Return windows as the model is fed them, on its device."""
        found = self.extractor(
            [at_least(piece.wave, SHORTEST) for piece in pieces],
            sampling_rate=self.rate,
            return_tensors="pt",
            **({} if self._fills_up else {"padding": True}),
        )
        return {name: self._moved(each) for name, each in found.items() if hasattr(each, "is_floating_point")}

    def _alike(self, numbers: Sequence[int], pieces: Sequence[Window]) -> Iterator[list[int]]:
        """Yield windows that may be heard together: of one length, where what fills a window up would be heard."""
        if self._fills_up or self.extractor.return_attention_mask:
            yield from filter(None, [list(numbers)])
            return
        by_length = sorted(numbers, key=lambda number: len(pieces[number].wave))
        for _, same in groupby(by_length, key=lambda number: len(pieces[number].wave)):
            yield list(same)

    @property
    def _fills_up(self) -> bool:
        return any(hasattr(self.extractor, name) for name in _FIXED)

    def _moved(self, tensor: torch.Tensor) -> torch.Tensor:
        return tensor.to(self.device, self.dtype) if tensor.is_floating_point() else tensor.to(self.device)


def understood(model: Model, language: str | None, otherwise: tuple[str, ...] = ()) -> None:
    """Raise Unsuited where a person names a language that the model does not know.

    ``otherwise`` are the languages of a model whose catalogue row names none; nothing there means that nobody knows.
    """
    known = model.languages or otherwise
    if language and known and code_of(language) not in known:
        names = ", ".join(map(name_of, known[:5])) + (" ..." if len(known) > 5 else "")
        raise Unsuited(f"The model “{model.id}” does not know “{language[:40]}”. It knows: {names}.")


class _Unsteered:
    """Decoding for a batch is quick and tells nobody."""

    def progress(self, fraction: float | None, note: str = "") -> None:
        """Say nothing."""

    def check(self) -> None:
        """Go on."""
