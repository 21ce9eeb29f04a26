import pytest

from core.language.names import LANGUAGES, code_of, name_of


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("German", "de"),
        ("deutsch", "de"),
        (" FR ", "fr"),
        ("pt-BR", "pt"),
        ("en_GB", "en"),
        ("中文", "zh"),
        ("farsi", "fa"),
    ],
)
def test_names_and_tags(name: str, code: str) -> None:
    """A language is known by its English name, its own name, its code and its regional tags."""
    assert code_of(name) == code


def test_unknown_names() -> None:
    """An unknown name has no code, and an unknown code is its own name."""
    assert code_of("Klingon") is None
    assert code_of("") is None
    assert name_of("tlh") == "tlh"


def test_every_language_is_found_by_all_its_names() -> None:
    """No entry of the table hides another one."""
    for code, names in LANGUAGES.items():
        assert {code_of(name) for name in (code, *names)} == {code}
