"""The README's tables say what the code says."""

import re
from pathlib import Path

from bot.executors import make_registry
from bot.place_table import table_of

README = Path(__file__).parents[2] / "README.md"


def test_the_table_of_places_is_up_to_date() -> None:
    """Else: put there what ``python -m bot models --places`` prints."""
    shown = re.search(r"<!-- python -m bot models --places -->\n(.*)\n<!-- end -->", README.read_text(), re.DOTALL)
    assert shown is not None
    assert shown[1] == table_of(make_registry())


def test_every_task_has_a_place() -> None:
    """There is a model for each task type somewhere."""
    registry = make_registry()
    able = {card.type.name for card in registry.cards}
    assert {name for name, type_ in registry.types.items() if not type_.internal} <= able
