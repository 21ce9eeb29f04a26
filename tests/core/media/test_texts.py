import pytest

from core.media.texts import decoded

LETTERS = {
    "French": ("Voilà où nous en étions hier : l’élève a été reçu.", "cp1252"),
    "French on an old Mac": ("Voilà où nous en étions hier : l’élève a été reçu.", "mac_roman"),
    "German on an old Mac": ("Größe und Übung für Ärzte", "mac_roman"),
    "Swedish": ("Räksmörgås på en ö", "cp1252"),
    "Spanish": ("¿Cómo estás? Mañana será otro día. ¡Adiós!", "cp1252"),
    "Czech": ("Příliš žluťoučký kůň úpěl ďábelské ódy", "cp1250"),
    "Polish": ("Zażółć gęślą jaźń, dzień dobry wszystkim", "cp1250"),
    "Polish on Unix": ("Zażółć gęślą jaźń, dzień dobry wszystkim", "iso8859_2"),
    "Turkish": ("Şu köşe yaz köşesi, şu köşe kış köşesi, ışık ve güneş", "cp1254"),
    "a price": ("Price: £5", "cp1252"),
    "signs": ("It is 20°C; ½ cup, © 2024", "cp1252"),
    "quotes": ("He said “it’s fine” — really…", "cp1252"),
    "names from everywhere": ("Müller wrote to François and Åsa about El Niño and naïve Brontë fans.", "cp1252"),
    "Greek": ("Καλημέρα σας, πώς είστε σήμερα;", "cp1253"),
    "Chinese": ("今天天气很好，我们去公园散步吧。", "gb18030"),
}


@pytest.mark.parametrize("name", LETTERS)
def test_a_line_is_enough_to_know_its_letters(name: str) -> None:
    """A single line in an old code page comes out letter by letter as it was written."""
    text, page = LETTERS[name]
    assert decoded(text.encode(page), "note.txt")[0] == text
