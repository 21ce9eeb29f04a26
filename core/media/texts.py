"""Text files in whatever encoding they came."""

from __future__ import annotations

import codecs
import unicodedata
from collections import Counter

from core.errors import BadInput

_MARKS = (  # UTF-32 first: its mark begins with the one of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_COMMON = ("cp1252", "cp1251", "cp1253", "cp1250", "iso8859_2", "cp932", "gb18030", "big5", "cp949", "euc_jp", "koi8_r")
_LATIN_PAGES = ("cp1252", "cp1250", "cp1254", "iso8859_2", "mac_roman")  # the likeliest first
_ALPHABETS = (
    *("àâæçèéêëîïôœùûüÿ", "äöüßé", "áéíñóúüºª", "áâãàçéêíóôõúºª", "àèéìíòóùº", "åäöéæø", "áéëèïóöüê", "àçèéíïòóúü"),
    *("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîșțşţ", "čćđšž", "çğıöşüâîû", "áðéíóúýþæö"),
)
"""Letters besides a to z: French, German, Spanish, Portuguese, Italian, Scandinavian, Dutch, Catalan; Polish, Czech,
Slovak, Hungarian, Romanian, Croatian, Turkish, Icelandic."""

_JOINERS = "’‘´·\u00ad–—"  # stand within words of any language
_LIKELY = 0.9
_SAMPLE = 64 * 1024  # bytes from which an encoding is guessed


def decoded(data: bytes, name: str) -> tuple[str, str]:
    """Return the text and the Python name of its encoding. Raises BadInput when it is no text after all."""
    encoding = _encoding(data)
    try:
        text = data.decode(encoding) if encoding else None
    except UnicodeDecodeError:
        text = None
    if text is None or encoding is None or not _readable(text):
        raise BadInput(f"{name} is no text file that I can read. Saved as UTF-8 it would work.")
    return text, encoding


def _encoding(data: bytes) -> str | None:
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if marked:
        return marked
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _guessed(data)
    return "utf-8-sig"


def _guessed(data: bytes) -> str | None:
    """Guess among the common ones: of Latin letters by the alphabets that they make, of others by their statistics."""
    from charset_normalizer import from_bytes

    if latin := _latin(data[:_SAMPLE]):
        return latin
    best = from_bytes(data[:_SAMPLE], cp_isolation=list(_COMMON)).best()
    if best is None:
        return None
    return "cp1252" if "cp1252" in best.could_be_from_charset else best.encoding


def _latin(sample: bytes) -> str | None:
    """Return the code page in which a text with accents is most like one language; None where few letters are plain."""
    high = sum(byte >= 0x80 for byte in sample)
    plain = sum(chr(byte).isalpha() for byte in sample if byte < 0x80)
    if high > plain:
        return None
    fits = {page: _fit(sample.decode(page, errors="replace")) for page in _LATIN_PAGES}
    best = max(fits, key=fits.__getitem__)  # the first of those that fit alike
    return best if fits[best] > _LIKELY else None


def _fit(text: str) -> float:
    """Return which part of the letters with accents, and of the signs within words, one alphabet has; 0 to 1."""
    odd = Counter(
        char.lower()
        for before, char, after in zip(" " + text, text, text[1:] + " ", strict=False)
        if char > "\x7f" and (char.isalpha() or char == "\ufffd" or (before.isalpha() and after.isalpha()))
    )
    for joiner in _JOINERS:
        del odd[joiner]
    whole = odd.total()
    return max(sum(odd[char] for char in letters) / whole for letters in _ALPHABETS) if whole else 1.0


def _readable(text: str) -> bool:
    """Text has hardly any control characters; bytes of other things do."""
    sample = [char for char in text[:_SAMPLE] if char not in "\t\n\v\f\r\x1b"]
    odd = sum(1 for char in sample if unicodedata.category(char) in ("Cc", "Cn", "Cs"))
    return odd * 200 <= len(sample)
