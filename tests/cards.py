"""The cards of experts: to hold outputs against what is declared, and to run a few experts alone."""

from collections.abc import Mapping

from core.contract import Card, Expert, Inputs, Outputs, Steer
from core.registry import Registry


class Idle(Expert):
    """An expert for tests in which none runs."""

    def run(self, inputs: Inputs, steer: Steer) -> Outputs:
        return {}


def card_of(expert: type[Expert]) -> Card:
    """Return the one card that the class carries."""
    (card,) = vars(expert)["__cards__"]
    assert isinstance(card, Card)
    return card


def registry_of(models: Mapping[str, str]) -> Registry:
    """Return a registry in which each task type of ``models`` has that one model and nothing else runs."""
    found = Registry.discover()
    cards = tuple(card for card in found.cards if models.get(card.type.name) == card.model.id)
    assert len(cards) == len(models)
    return Registry(found.types, cards)
