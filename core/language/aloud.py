"""How a text is read aloud where it is not written as it is said: money, dates, telephone numbers, units."""

from __future__ import annotations

import re

_NUMBER = r"\d+(?:[.,]\d+)*"
_MONEY = re.compile(rf"(?<!\w)([$£€¥₹])\s?({_NUMBER})((?:\s(?:thousand|million|billion|trillion))?)\b")
_PHONE = re.compile(r"(?<![\w.,])(?:\+?(?:\d{1,3}[ -]?)?\(\d{1,5}\)[ \d./-]{4,16}|\+\d[ \d./-]{6,16})\d(?![\w/])")
_ISO_DATE = re.compile(r"(?<![\w-])(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?![\w-])")
_RANGE = re.compile(r"(?<![\w.,/-])(\d+)[-–](\d+)(?![\w/-])(?![.,]\d)")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_COINS = {"$": "dollar", "£": "pound", "€": "euro", "¥": "yen", "₹": "rupee"}
_WORDS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=\d)\s?km/h\b"), " kilometers per hour"),
    (re.compile(r"(?<=\d)\s?m/s\b"), " meters per second"),
    (re.compile(r"\s?°\s?C\b"), " degrees Celsius"),
    (re.compile(r"\s?°\s?F\b"), " degrees Fahrenheit"),
    (re.compile(r"(?<![\w&])#(?=\d)|\bNo\.\s?(?=\d)"), "number "),
    (re.compile(r"(?<![\d/])1/2(?![\d/])"), "½"),
    (re.compile(r"(?<![\d/])1/4(?![\d/])"), "¼"),
    (re.compile(r"(?<![\d/])3/4(?![\d/])"), "¾"),
    (re.compile(r"\bvs\.?(?!\w)"), "versus"),
    (re.compile(r"\bapprox\.(?!\w)"), "approximately"),
)


def as_said(text: str, language: str) -> str:
    """Return ``text`` as a voice of ``language`` (ISO 639-1) should read it; what it reads well itself stays.

    In every language the sign of a currency goes behind its number and telephone numbers digit by digit. The rest is
    for English: other voices know their dates and units better, or nobody here does.
    """
    text = _PHONE.sub(_digits, text)
    if language != "en":
        return _MONEY.sub(r"\2\3 \1", text)
    for pattern, said in ((_MONEY, _money), (_ISO_DATE, _date), (_RANGE, _range)):
        text = pattern.sub(said, text)
    for pattern, words in _WORDS:
        text = pattern.sub(words, text)
    return text


def _digits(found: re.Match[str]) -> str:
    """Return a telephone number with blanks between its digits, a comma where it was parted."""
    parts = re.findall(r"\+|\d+", found.group())
    return " ".join(part if part == "+" else " ".join(part) + "," for part in parts).rstrip(",")


def _money(found: re.Match[str]) -> str:
    sign, number, times = found.groups()
    several = "" if (number == "1" and not times) or sign == "¥" else "s"
    return f"{number}{times} {_COINS[sign]}{several}"


def _date(found: re.Match[str]) -> str:
    year, month, day = found.groups()
    return f"{_MONTHS[int(month) - 1]} {int(day)}, {year}"


def _range(found: re.Match[str]) -> str:
    """Only what grows is a range: 3-1 is a result, 555-1234 a telephone's number."""
    low, high = found.groups()
    likely = len(high) <= 4 and (len(low) == len(high) or len(high) < 4) and not high.startswith("0")
    grows = likely and int(low) < int(high)
    return f"{low} to {high}" if grows else found.group()
