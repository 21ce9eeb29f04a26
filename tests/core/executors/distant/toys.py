"""Each toy once more, as a class that runs far away. Which one a model is, its family says."""

from core.contract import Card, Expert, Runs
from core.registry import Registry
from core.types import Place

TASK = "text-generation"
"""Of the Hub's tasks the one that they pretend to do."""


def _distant(card: Card) -> type[Expert]:
    name = f"Distant{card.make.__name__}{card.type.name.title().replace('-', '')}"
    runs = (Runs(card.type, Place.REMOTE, card.model.id),)
    return type(name, (card.make,), {"__module__": __name__, "__runs__": runs, "tasks": (TASK,)})


for _card in Registry.discover("tests.core.executors.toys").cards:
    _made = _distant(_card)
    globals()[f"{_made.__name__}_{_card.model.id}"] = _made
