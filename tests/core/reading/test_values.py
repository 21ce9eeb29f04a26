import pytest

from core.language.spans import Form
from core.reading.labels import Pair
from core.reading.values import value_of


@pytest.mark.parametrize(
    ("form", "text", "value"),
    [
        (Form.AMOUNT, "2  17.25  34.50", "34.50"),
        (Form.AMOUNT, "$120.00 (incl. 19% VAT 19.16)", "$120.00"),
        (Form.AMOUNT, "19%  38.00", "38.00"),
        (Form.AMOUNT, "1200", "1200"),
        (Form.AMOUNT, "3 items", None),
        (Form.CODE, "# INV-2024-0042", "INV-2024-0042"),
        (Form.CODE, "LH 2473", "LH 2473"),
        (Form.CODE, "GB29 NWBK 6016 1331 9268 19", "GB29 NWBK 6016 1331 9268 19"),
        (Form.CODE, "14 March 2024", None),
        (Form.CODE, "pending", None),
        (Form.NAME, "Ada Lovelace", "Ada Lovelace"),
        (Form.NAME, "Ship To:", None),
        (Form.NAME, "12345", None),
        (Form.NAME, "Ltd", None),
        (Form.DATE, "due 2 June 2024", "2 June 2024"),
        (Form.NUMBER, "EUR 1,900", "EUR 1,900"),
        (Form.ANY, "Economy. Have a good flight", "Economy"),
    ],
)
def test_forms(form: Form, text: str, value: str | None) -> None:
    """Of what stands beside a label, only what has the form asked for is its value."""
    assert value_of(Pair("label", text, text, 1.0, ()), form) == value


def test_below_stands_the_value_alone() -> None:
    """A whole sentence below a label is not its value, even if a sum is in it."""
    text = "All prices include 19 % tax, thank you, 12.00 EUR"
    assert value_of(Pair("travel", text, text, 0.9, (), below=True), Form.AMOUNT) is None


def test_dates_are_no_times() -> None:
    """Beside "Date" a time is passed over; beside "Boarding time" it is the value."""
    assert value_of(Pair("date", "10:35", "10:35", 1.0, ()), Form.DATE) is None
    assert value_of(Pair("boarding time", "10:35", "10:35", 1.0, ()), Form.DATE) == "10:35"
