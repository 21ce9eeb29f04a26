"""The base of all experts that run on our own devices through PyTorch."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from core.contract import CPU, Expert, Model
from core.errors import NotAvailable
from core.local.weights import folder_of

if TYPE_CHECKING:
    import torch


class LocalExpert(Expert):
    """Loads a downloaded model onto its device.

    ``load`` of a subclass reads from :attr:`folder` and keeps what it read through :meth:`placed`.
    """

    needs: ClassVar[tuple[str, ...]] = ("torch", "transformers")

    def __init__(self, model: Model = Model(id=""), device: str = CPU) -> None:  # noqa: B008 - frozen
        super().__init__(model, device)
        self._modules: list[torch.nn.Module] = []

    @property
    def folder(self) -> Path:
        """Where the model's files lie. Raises NotAvailable where they are not on this machine."""
        return folder_of(self.model.id, self.model.revision)

    def part(self, name: str) -> Path:
        """Return where the files of another model lie that this one cannot run without: its base, its vocoder ..."""
        return folder_of(self.model.parts[name])

    @property
    def dtype(self) -> torch.dtype:
        """The number format of the weights: what halves memory on a GPU, what is quick on a processor."""
        import torch

        if self.device.startswith("cuda"):
            return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
        return torch.float16 if self.device.startswith("mps") else torch.float32

    def trained(self, auto: Any, spare: str) -> Any:
        """Return the network that one of the library's classes reads from the folder, in main memory.

        What a file lacks the library makes up by lot. Raises NotAvailable for that, but for weights with ``spare`` in
        their name: nobody asks those.
        """
        made, read = auto.from_pretrained(self.folder, dtype=self.dtype, output_loading_info=True)
        if any(spare not in name for name in read["missing_keys"]):
            raise NotAvailable(f"“{self.model.id}” was not trained for this task: what it needs for it is missing.")
        return made

    def placed(self, module: Any) -> Any:
        """Return a module on the device, ready to infer; its weights count in :meth:`size`."""
        module = module.to(self.device).eval()
        self._modules.append(module)
        return module

    def size(self) -> int | None:
        return sum(bytes_of(module) for module in self._modules)


def bytes_of(module: torch.nn.Module) -> int:
    """Return how many bytes a module's parameters and buffers take."""
    seen = {id(tensor): tensor.nbytes for tensor in (*module.parameters(), *module.buffers())}
    return sum(seen.values())
