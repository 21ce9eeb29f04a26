"""The card of an expert, to hold its outputs against what it declares."""

from core.registry import Card, Expert


def card_of(expert: type[Expert]) -> Card:
    """Return the one card that the class carries."""
    (card,) = vars(expert)["__cards__"]
    assert isinstance(card, Card)
    return card
