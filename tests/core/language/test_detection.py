import pytest

from core.language.detection import detector


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I love you", "en"),
        ("Guten Morgen", "de"),
        ("Bonjour tout le monde", "fr"),
        ("¿Cómo estás?", "es"),
        ("Buongiorno a tutti", "it"),
        ("Dzień dobry wszystkim", "pl"),
        ("Привет, как дела?", "ru"),
        ("你好,世界", "zh"),
        ("こんにちは", "ja"),
        ("안녕하세요", "ko"),
        ("مرحبا بالعالم", "ar"),
        ("நான் உன்னை காதலிக்கிறேன்", "ta"),
        ("价格是5.99元。2024年5月3日", "zh"),
        ("東京タワーは333mです", "ja"),
        ("Bonjour", "fr"),
        ("Привет", "ru"),
        ("Selamat pagi", "id"),
        ("Meet me on 2024-05-03 at 10:30.", "en"),
    ],
)
def test_short_texts(text: str, code: str) -> None:
    """A greeting is enough to tell the language."""
    assert detector().detect(text) == code


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("ru", "Я тебя люблю|Как дела?|Что на картинке?|Доброе утро|Спокойной ночи, друзья|Убери шум из записи"),
        ("uk", "Я тебе кохаю|Привіт|Дякую|Доброго ранку|Де ти був учора?|Озвуч цей текст|Що він каже на відео?"),
        ("be", "Я цябе кахаю|Прывітанне|Дзякуй|Добрай раніцы|Што гэта?|Колькі людзей на здымку?"),
        ("bg", "Обичам те|Здравей|Как си?|Благодаря|Какво можеш?|Какво има на снимката?|Здравейте на всички"),
        ("sr", "Волим те|Здраво|Хвала|Шта можеш?|Лаку ноћ, пријатељи|Колико људи има на слици?"),
        ("mk", "Те сакам|Благодарам|Што можеш?|Каде беше вчера?|Колку луѓе има на сликата?"),
    ],
)
def test_what_is_near_to_russian_is_not_taken_for_it(code: str, texts: str) -> None:
    """Languages of Cyrillic letters are told by the letters and words that not all of them have."""
    assert {text: detector().detect(text) for text in texts.split("|")} == dict.fromkeys(texts.split("|"), code)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "😀😀",
        "18301/102/T0305",
        "JARVIS",
        "John Smith",
        "a cat",
        "x" * 100_000,
        "https://example.com/das/ist",
    ],
)
def test_what_tells_nothing(text: str) -> None:
    """Names, codes, addresses and empty texts leave the language at what the caller expects."""
    assert detector().detect(text, otherwise="sv") == "sv"


def test_a_part_keeps_the_language_of_the_whole() -> None:
    """A short sentence stays in the language of its text; a clear one, or one in another script, does not."""
    found = detector()
    assert found.detect_part("OK.", "de") == "de"
    assert found.detect_part("The quick brown fox jumps over the lazy dog.", "de") == "en"
    assert found.detect_part("Привет!", "en") != "en"
    assert found.detect_part("Так.", "uk") == "uk"
