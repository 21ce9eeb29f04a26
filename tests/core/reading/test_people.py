from core.reading.people import recipient, sender
from tests.core.reading.papers import laid_out


def test_letters() -> None:
    """A letter is from who signed it and for who is greeted."""
    letter = laid_out("Greenfield Library\n\nDear Mr Baker,\n\nplease return it.\n\nYours sincerely,\n\nJane Holt")
    signed, greeted = sender(letter), recipient(letter)
    assert signed is not None
    assert greeted is not None
    assert (signed[0], greeted[0]) == ("Jane Holt", "Mr Baker")


def test_companies_and_headings() -> None:
    """Without a signature it is the company named, else the heading; titles and numbers are no names."""
    company, heading = (
        sender(laid_out("INVOICE\nTel. 123\nAcme Trading Ltd.\nBerlin")),
        sender(laid_out("12345\nCORNER CAFE")),
    )
    assert company is not None
    assert heading is not None
    assert (company[0], heading[0]) == ("Acme Trading Ltd.", "CORNER CAFE")


def test_nobody() -> None:
    """Who is not named is not made up."""
    assert sender(laid_out("INVOICE\n12.00")) is None
    assert recipient(laid_out("Dear customer,\nDear Sir or Madam,")) is None
