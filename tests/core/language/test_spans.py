import time

import pytest

from core.language.spans import Form, first, spans


@pytest.mark.parametrize(
    ("form", "text", "span"),
    [
        (Form.AMOUNT, "TOTAL: 1,234.50 EUR", "1,234.50 EUR"),
        (Form.AMOUNT, "pay $120 now", "$120"),
        (Form.AMOUNT, "€ 1.234,56", "€ 1.234,56"),
        (Form.AMOUNT, "sold for 3.5 million dollars", "3.5 million dollars"),
        (Form.AMOUNT, "12 apples", None),
        (Form.DATE, "on 14 March 2024.", "14 March 2024"),
        (Form.DATE, "March 14th, 2024", "March 14th, 2024"),
        (Form.DATE, "2024-03-14", "2024-03-14"),
        (Form.DATE, "am 14.03.2024", "14.03.2024"),
        (Form.DATE, "founded in 1969", "1969"),
        (Form.DATE, "at 5 p.m.", "5 p.m."),
        (Form.DATE, "room 204", None),
        (Form.DURATION, "for three hours a day", "three hours"),
        (Form.EMAIL, "write to ada.l@example.org.", "ada.l@example.org"),
        (Form.ADDRESS, "see www.example.org/a.", "www.example.org/a"),
        (Form.PHONE, "Tel. +49 (0)30 1234567", "+49 (0)30 1234567"),
        (Form.PERCENT, "VAT 19 %", "19 %"),
        (Form.NUMBER, "about 3,400 people", "3,400"),
        (Form.NUMBER, "two hundred people", "two hundred"),
        (Form.CODE, "INVOICE NO: 18301/102/T0305", "18301/102/T0305"),
        (Form.NAME, "the Universität von Zürich", "Universität von Zürich"),
        (Form.REASON, "It failed because of rain. Later", "because of rain"),
    ],
)
def test_forms(form: Form, text: str, span: str | None) -> None:
    """Each form is found as people write it."""
    assert first(text, form) == span


def test_any_has_no_form() -> None:
    """What may look like anything is found nowhere."""
    assert spans("anything", Form.ANY) == []


@pytest.mark.parametrize("piece", ["1", "1,", "a.", "A ", "1-", "a@", "two ", "because ", "A of the ", "+1 ", "a1"])
def test_hostile_texts_take_no_time(piece: str) -> None:
    """20,000 characters made to confuse patterns are through within seconds."""
    start = time.perf_counter()
    for form in Form:
        spans(piece * (20_000 // len(piece)), form)
    assert time.perf_counter() - start < 5
