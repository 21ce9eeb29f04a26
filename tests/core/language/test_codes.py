import pytest

from core.language.codes import FLORES, countries, flores, iso_of
from core.language.names import LANGUAGES


def test_every_language_has_a_code() -> None:
    """Whatever language we can name has a code of its own in FLORES."""
    assert FLORES.keys() == LANGUAGES.keys()
    assert len(set(FLORES.values())) == len(FLORES)


@pytest.mark.parametrize(
    ("code", "iso"), [("deu", "de"), ("de_DE", "de"), ("zho_Hans", "zh"), ("EN", "en"), ("nor", "no"), ("gmw", None)]
)
def test_codes_of_other_kinds(code: str, iso: str | None) -> None:
    """Codes of three letters, with a script or a country are understood; groups of languages are none."""
    assert iso_of(code) == iso


def test_codes_among_tokens() -> None:
    """A tokenizer's languages are found among all its tokens."""
    assert flores(["<s>", "deu_Latn", "quy_Latn"]) == {"de": "deu_Latn"}
    assert countries(["<s>", "de_DE", "en_XX", "xh_ZA", "a_B"]) == {"de": "de_DE", "en": "en_XX"}
