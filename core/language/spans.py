"""Spans of a text that can answer a question: amounts, dates, names and the like, found by their form."""

from __future__ import annotations

import re
from enum import StrEnum

SEARCHED = 1_500  # characters; sentences are shorter, and the time for texts made to confuse grows with the square


class Form(StrEnum):
    """What an answer looks like."""

    AMOUNT = "amount"
    DATE = "date"
    DURATION = "duration"
    EMAIL = "email"
    ADDRESS = "web address"
    PHONE = "phone number"
    PERCENT = "percentage"
    NUMBER = "number"
    CODE = "code"  # an invoice number and the like: holds a digit, and no blanks
    NAME = "name"
    REASON = "reason"
    ANY = "any"


_MONTH = (
    r"(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|février|mar(?:ch|s)?|märz|apr(?:il)?|avril|may|mai|june?|juni|juin|july?|"
    r"juli|juillet|aug(?:ust)?|août|sept?(?:ember)?|septembre|o[ck]t(?:ober)?|octobre|nov(?:ember|embre)?|de[cz](?:ember)?|"
    r"décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|\.)?"
_YEAR = r"(?:1[5-9]|20|21)\d\d"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_CLOCK = r"\d{1,2}(?::\d\d)?\s?(?:[ap]\.?m\b\.?)|\d{1,2}:\d\d(?:\s?o'clock)?|(?:noon|midnight)\b"
_SIGN = (
    r"(?:US\$|[$€£¥₹₽₩]|\b(?:EUR|USD|GBP|CHF|JPY|CNY|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|TRY|INR|BRL|MXN|ZAR|"
    r"Fr\.|kr\.?))"
)
_WORD_SIGN = r"(?:(?:million|billion|thousand)\s)?(?:euros?|dollars?|pounds?|cents?|francs?|yen|rupees?)\b"
_FIGURE = r"\d{1,3}(?:[.,'’  ]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d+)?"
_SMALL = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|(?:a\s)?hundred|(?:a\s)?thousand|"
    r"(?:a\s)?dozen|million|billion)"
)
_UNIT = r"(?:second|minute|hour|day|night|week|month|year|decade)s?"
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w'’&-]*\.?"  # a word that starts with a capital letter

_FORMS: dict[Form, re.Pattern[str]] = {
    Form.AMOUNT: re.compile(
        rf"-?{_SIGN}\s?-?(?:{_FIGURE})(?:\s(?:million|billion|thousand)\b)?|-?(?:{_FIGURE})\s?(?:{_SIGN}(?!\w)|{_WORD_SIGN})",
        re.IGNORECASE,
    ),
    Form.DATE: re.compile(
        rf"\b{_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}\b|\b\d{{1,2}}[-/.]\s?\d{{1,2}}[-/.]\s?(?:\d{{4}}|\d{{2}})\b"
        rf"|\b{_DAY}[\s-]*(?:of\s|de\s)?{_MONTH}(?:[\s,-]*(?:de\s)?(?:{_YEAR}|\d\d\b))?|\b{_MONTH}[\s-]*{_DAY}\b(?:,?\s?{_YEAR})?"
        rf"|\b{_MONTH},?\s?{_YEAR}\b|\b(?:{_WEEKDAY}s?(?:\s(?:morning|afternoon|evening|night))?)\b|\b{_YEAR}s?\b"
        rf"|\b(?:{_CLOCK})|\b(?:today|tonight|tomorrow|yesterday)\b|\b(?:next|last)\s(?:week|month|year|{_WEEKDAY})\b",
        re.IGNORECASE,
    ),
    Form.DURATION: re.compile(
        rf"\b(?:{_FIGURE}|{_SMALL}(?:[\s-]{_SMALL})*|an?|several|a few)[\s-]{_UNIT}\b", re.IGNORECASE
    ),
    Form.EMAIL: re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    Form.ADDRESS: re.compile(
        r"(?:https?://|www\.)[^\s<>()]+[^\s<>().,;]|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|eu|de|uk|fr|es|it|nl)\b"
    ),
    Form.PHONE: re.compile(
        r"(?<![\w/])(?:\+?\d{0,3}[\s-]{0,2}\(\d[\d\s()./-]{5,20}|\+?\d[\d\s./-]{5,20}|\+\d[\d\s()./-]{5,20})\d(?![\w/])"
    ),
    Form.PERCENT: re.compile(rf"(?:{_FIGURE})\s?(?:%|percent\b|per cent\b)", re.IGNORECASE),
    Form.NUMBER: re.compile(rf"(?<![\w.,])-?(?:{_FIGURE})(?!\w)|\b{_SMALL}(?:[\s-]{_SMALL})*\b", re.IGNORECASE),
    Form.CODE: re.compile(
        r"(?<!\w)[#A-Za-z0-9]*(?:[/_.\-][A-Za-z0-9]+|[A-Za-z0-9])*\d(?:[A-Za-z0-9]|[/_.\-](?=[A-Za-z0-9]))*"
    ),
    Form.NAME: re.compile(
        rf"(?:(?:Mr|Mrs|Ms|Dr|Prof)\.?\s)?{_CAPITAL}(?:\s(?:(?:of|de|van|von|der|den|la|du|the|and|&)\s){{0,2}}{_CAPITAL})*"
    ),
    Form.REASON: re.compile(
        r"\b(?:because(?: of)?|since|due to|as a result of|thanks to|in order to|so that)\s[^.;!?]+", re.IGNORECASE
    ),
}


def spans(text: str, form: Form) -> list[tuple[int, int]]:
    """Return start and end (in characters) of the spans of this form in the first SEARCHED characters."""
    pattern = _FORMS.get(form)
    return [found.span() for found in pattern.finditer(text[:SEARCHED])] if pattern else []


def first(text: str, form: Form) -> str | None:
    """Return the first span of this form."""
    found = spans(text, form)
    return text[slice(*found[0])] if found else None
