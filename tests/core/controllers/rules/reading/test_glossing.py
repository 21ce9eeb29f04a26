from __future__ import annotations

import pytest

from core.controllers.rules.plan import plan
from core.controllers.rules.reading.glossing import gloss_for, in_english
from core.ports import Draft, Say
from tests.core.controllers.briefs import MakeBrief
from tests.evals.catalogue import rows

WISHES = {
    ("Read this aloud", "a.jpg"): [
        "Lies mir das vor",
        "Kannst du das bitte vorlesen?",
        "Léeme esto",
        "¿Puedes leer esto en voz alta?",
        "Lis-moi ça à voix haute",
        "Peux-tu lire ce texte à voix haute ?",
    ],
    ("What is written there?", "a.jpg"): [
        "Was steht da?",
        "Was steht auf dem Bild geschrieben?",
        "qué está escrito en la foto?",
        "Qu'est-ce qui est écrit ici ?",
    ],
    ("Summarise this", "a.pdf"): [
        "Fasse das zusammen",
        "Kannst du mir dieses Dokument zusammenfassen?",
        "Resume este documento, por favor",
        "Résume ce document",
    ],
    ("How many people are in this picture?", "a.jpg"): [
        "Wie viele Personen sind auf diesem Bild?",
        "¿Cuántas personas hay en esta foto?",
        "Combien de personnes sont sur l'image ?",
    ],
    ("Transcribe this", "a.mp3"): ["Transkribiere die Aufnahme", "Transcribe esta grabación", "Transcris cet audio"],
    ("Describe the picture", "a.jpg"): ["Beschreibe das Bild", "Describe la imagen", "Décris l'image"],
    ("Rotate the picture", "a.jpg"): ["Dreh das Bild bitte", "Gira la imagen", "Tourne l'image, s'il te plaît"],
}


def tasks(brief: MakeBrief, text: str, *files: str) -> list[str]:
    """Return the task types that are planned where everything can be run."""
    return [piece.type for piece in plan(brief(text, *files, everything=True)) if isinstance(piece, Draft)]


@pytest.mark.parametrize(("text", "wish", "file"), [(text, *wish) for wish, texts in WISHES.items() for text in texts])
def test_a_wish_is_understood_in_four_languages(brief: MakeBrief, text: str, wish: str, file: str) -> None:
    """German, Spanish and French, with accents or as typed in haste, are planned as the English wish is."""
    wanted = tasks(brief, wish, file)
    assert wanted
    assert tasks(brief, text, file) == wanted
    hasty = text.replace("é", "e").replace("á", "a").replace("’", "'")
    assert tasks(brief, hasty, file) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Übersetze 'guten Morgen' ins Englische",
        "traduce 'guten Morgen' al inglés",
        "Traduis 'guten Morgen' en anglais",
        "Was heißt 'guten Morgen' auf Englisch?",
    ],
)
def test_languages_have_their_english_names(brief: MakeBrief, text: str) -> None:
    """What models are told is the English name of a language; the text to translate stays as it was quoted."""
    found = [piece for piece in plan(brief(text, everything=True)) if isinstance(piece, Draft)]
    assert [(one.type, dict(one.args)) for one in found] == [
        ("translation", {"text": "guten Morgen", "language": "English"})
    ]


@pytest.mark.parametrize("text", ["Zeichne {}", "Bitte zeichne mir {}"])
def test_what_shall_be_drawn_stays_as_it_was_written(brief: MakeBrief, text: str) -> None:
    """Only the wish is read in English: its content is the person's own."""
    drawn = "eine Katze auf einem Dach"
    found = [piece for piece in plan(brief(text.format(drawn), everything=True)) if isinstance(piece, Draft)]
    assert [one.type for one in found] == ["text-to-image"]
    assert str(found[0].args["prompt"]).endswith(drawn)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hallo, wer bist du?", "I am JARVIS"),
        ("Was kannst du?", "What I can do here"),
        ("¿Qué puedes hacer?", "What I can do here"),
        ("gracias!", "You are welcome"),
        ("Merci", "You are welcome"),
        ("bonjour", "Hello!"),
    ],
)
def test_small_talk_is_known_in_four_languages(brief: MakeBrief, text: str, said: str) -> None:
    """Greetings, thanks and questions about the bot need no task in any of them."""
    assert said in "".join(piece.text for piece in plan(brief(text)) if isinstance(piece, Say))


def test_english_is_never_taken_for_another_language() -> None:
    """None of the English wordings that the rules are held by is read with a gloss, whatever it quotes."""
    texts = [row["text"] for folder in ("seen", "held") for row in rows(folder)]
    assert len(texts) > 400
    assert [text for text in texts if gloss_for(text)] == []
    assert in_english("Translate 'was ist das' to English") == "Translate 'was ist das' to English"
