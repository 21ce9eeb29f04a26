"""What is said about a file that cannot be used."""

import pytest

from core.events import Refused
from core.refusal import told


@pytest.mark.parametrize(
    ("name", "why", "said"),
    [
        ("bad.png", "I cannot use bad.png. Please send another.", "I cannot use `bad.png`. Please send another."),
        ("bad.png", "bad.png is empty.", "`bad.png` is empty."),
        ("bad.png", "It is damaged.", "`bad.png` cannot be used: It is damaged."),
        ("a", "I cannot use a. Is a a file?", "I cannot use `a`. Is a a file?"),
        ("no", "Nothing is known of it.", "`no` cannot be used: Nothing is known of it."),
        ("", "It is empty.", "`` cannot be used: It is empty."),
        (r"a\1.png", r"a\1.png is empty.", r"`a\1.png` is empty."),
    ],
)
def test_the_file_is_named_once(name: str, why: str, said: str) -> None:
    """Where the reason names the file, nobody says its name before; where it does not, its name comes first."""
    assert told(Refused(0, name, why), "`{}`".format) == said
