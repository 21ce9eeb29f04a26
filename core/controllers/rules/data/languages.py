"""Names of languages that a person may ask for: those of the house, and more that models know. Data only."""

from __future__ import annotations

from core.language.names import LANGUAGES as KNOWN

_MORE = (
    "amharic azerbaijani bangla basque belarusian bosnian burmese castellano esperanto farsi filipino flemish "
    "galician georgian hawaiian hausa hungarian igbo javanese kannada kazakh khmer kurdish lao latin "
    "luxembourgish malay malayalam maltese mandarin maori marathi mongolian nepali pashto punjabi sanskrit "
    "sinhala somali sundanese tagalog urdu uzbek xhosa yiddish yoruba zulu"
)

LANGUAGES = frozenset(
    {*_MORE.split(), *(name.casefold() for names in KNOWN.values() for name in names if " " not in name)}
    - {"suomi", "may", "polish's"}
)
"""In lower case; own names too."""
