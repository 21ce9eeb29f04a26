import pytest

from core.reading.labels import likeness, pairs, plain
from tests.core.reading.papers import laid_out


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("INVOICE NO.:", "invoice number"),
        ("Sub-Total (EUR)", "subtotal"),
        ("Date of Issue", "date issue"),
        ("Invoice #", "invoice number"),
    ],
)
def test_plain(label: str, shown: str) -> None:
    """Labels are compared without what varies from form to form."""
    assert plain(label) == shown


@pytest.mark.parametrize("label", ["subtotal", "total vat", "total discount", "tax amount", "items total"])
def test_what_is_no_total(label: str) -> None:
    """A word more can make another thing of a total."""
    assert likeness(label, "total") == 0
    assert likeness(label, "total amount") == 0


def test_forgiven() -> None:
    """Misread letters, lost blanks, another order and harmless words are forgiven, the more the less."""
    assert likeness("total", "total") == 1
    assert 0.75 < likeness("lnvoice number", "invoice number") < 1
    assert likeness("invoicenumber", "invoice number") > 0.9
    assert likeness("name passenger", "passenger name") > 0.9
    assert 0.7 < likeness("total today", "total") < 0.9
    assert likeness("", "total") == 0


def test_values_beside_and_below() -> None:
    """A value may follow a colon, stand to the right or stand below its label."""
    found = {
        (pair.label, pair.value)
        for pair in pairs(laid_out("Name: Ada\nSeat         Gate\n14C          G28\nTotal 5.00"))
    }
    assert {("name", "Ada"), ("seat", "14C"), ("gate", "G28"), ("total", "5.00")} <= found
