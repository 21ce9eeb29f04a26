import re

import pytest

from core.reading.fields import field_for, fields, labels
from core.reading.labels import plain


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("What is the total?", "total"),
        ("How much is it altogether", "total"),
        ("how much do I have to pay?", "payable"),
        ("What's the subtotal?", "subtotal"),
        ("what is the price without tax", "subtotal"),
        ("How much VAT is on it?", "tax"),
        ("When is it due?", "due"),
        ("By when do I have to pay?", "due"),
        ("until when can I pay", "due"),
        ("what's the invoice number?", "number"),
        ("What is the date?", "date"),
        ("When was the letter written?", "date"),
        ("who sent this invoice?", "sender"),
        ("Which company is it from?", "sender"),
        ("who do I have to pay?", "sender"),
        ("Who is it for?", "recipient"),
        ("who has to pay?", "recipient"),
        ("To whom is the letter addressed?", "recipient"),
        ("when was she born?", "birth"),
        ("what is the phone number?", "phone"),
        ("What is the VAT number?", None),
        ("what is the customer number?", None),
        ("What colour is the car?", None),
    ],
)
def test_wordings(question: str, name: str | None) -> None:
    """Many wordings ask for the same field."""
    found = field_for(question)
    assert (found.name if found else None) == name


def test_the_table_is_sound() -> None:
    """Every field has labels written as labels are compared, and no two fields have the same name."""
    assert len({field.name for field in fields()}) == len(fields())
    for field in fields():
        assert isinstance(field.asked, re.Pattern)
        assert [label for label in field.labels if plain(label) != label] == []
    assert "bill to" in labels()
