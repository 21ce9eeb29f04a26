import pytest

from core.language.question import understood
from core.language.spans import Form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("When was Marie Curie born?", Form.DATE),
        ("Who shared the prize?", Form.NAME),
        ("What is the passenger's name?", Form.NAME),
        ("Where was she born?", Form.NAME),
        ("How many people live there?", Form.NUMBER),
        ("how much is the fish", Form.AMOUNT),
        ("How long did it last?", Form.DURATION),
        ("What percentage voted?", Form.PERCENT),
        ("Why did she leave?", Form.REASON),
        ("what's the e-mail address?", Form.EMAIL),
        ("Which phone number can I call?", Form.PHONE),
        ("Who invented the telephone?", Form.NAME),
        ("What is the order number?", Form.CODE),
        ("What is polonium?", Form.ANY),
    ],
)
def test_forms_of_answers(text: str, form: Form) -> None:
    """The wording of a question tells what its answer looks like."""
    assert understood(text).form is form


def test_keywords() -> None:
    """Only words that say what to look for are kept, each once."""
    assert understood("What’s the name of the ship, the Ship?").keywords == ("name", "ship")
    assert understood("?").keywords == ()
