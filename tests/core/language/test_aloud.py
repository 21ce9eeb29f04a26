import pytest

from core.language.aloud import as_said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It costs $5.99 or €20.", "It costs 5.99 dollars or 20 euros."),
        ("$1 and $1,234.50, £2 million", "1 dollar and 1,234.50 dollars, 2 million pounds"),
        ("On 2024-05-03 at 10:30.", "On May 3, 2024 at 10:30."),
        ("10-20 people, 1990-1995", "10 to 20 people, 1990 to 1995"),
        ("-5 °C at 20 km/h", "-5 degrees Celsius at 20 kilometers per hour"),
        ("#1 of No. 5, 1/2 cup", "number 1 of number 5, ½ cup"),
    ],
)
def test_english(text: str, said: str) -> None:
    """Money, dates, ranges and units are written as people say them."""
    assert as_said(text, "en") == said


@pytest.mark.parametrize(
    "text",
    ["555-1234", "3-1", "1/2/2024", "#hashtag", "2024-13-45", "v2.0-1", "US$5", "covid-19", "Norfolk"],
)
def test_what_is_read_well_stays(text: str) -> None:
    """Results, codes and slashed dates, of which nobody knows the order, are left as they are."""
    assert as_said(text, "en") == text


@pytest.mark.parametrize("language", ["en", "de", "zh"])
def test_telephone_numbers_are_read_digit_by_digit(language: str) -> None:
    """A number with a country's code or one in brackets is no amount."""
    assert as_said("+1 (503) 555-0147", language) == "+ 1, 5 0 3, 5 5 5, 0 1 4 7"
    assert as_said("(030) 123456", language) == "0 3 0, 1 2 3 4 5 6"


def test_other_languages() -> None:
    """The sign of a currency goes behind its number, as it is said; what else there is stays for the voice."""
    assert as_said("€ 12,50 am 2024-05-03", "de") == "12,50 € am 2024-05-03"
    assert as_said("12,50 € kostet 3-4", "fr") == "12,50 € kostet 3-4"
