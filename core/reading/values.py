"""What of the text beside a label is its value, by the form that is asked for."""

from __future__ import annotations

import re

from core.language.spans import Form, spans
from core.language.words import words
from core.reading.fields import labels
from core.reading.labels import Pair, plain

_CODE = re.compile(
    r"\W{0,2}([A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?"  # an IBAN
    r"|(?:[A-Z]{1,4} )?(?=\S*\d)[A-Za-z0-9/_.\-]*[A-Za-z0-9](?: (?=[A-Z0-9]*\d)[A-Z0-9]{2,})*)(?=\s|[,;)]|$)"
)
_PLAIN_NUMBER = re.compile(r"-?(?:\d{1,3}(?:[.,'’ ]\d{3})+|\d+)[.,]\d\d(?!\d)")
_ONLY_NUMBER = re.compile(r"-?[\d.,'’ ]*\d")
_SHORT_CODE = re.compile(r"[A-Z]{0,3}-?\d[\dA-Z-]{0,5}")
_NO_NAME = re.compile(
    r"(?:inc|ltd|llc|plc|corp|gmbh|ag|co|limited|company|name|number|date)\W*$|\d+ (?-i:[a-z])", re.IGNORECASE
)
"""Parts of names, and what is counted."""

_TALK = frozenset(words("number date due total page invoice phone email"))
_SENTENCE_END = re.compile(r"(?<=[a-z0-9])\.\s+(?=[A-Z])")


def value_of(pair: Pair, form: Form) -> str | None:
    """Return the value of ``pair`` in the form asked for; None if what stands there does not have it."""
    match form:
        case Form.AMOUNT:
            found = _amount(pair.row)
        case Form.CODE:
            found = _code(pair.value)
        case Form.NAME:
            found = _name(pair)
        case Form.ANY | Form.REASON:
            found = _anything(pair)
        case _:
            found = _span(pair, form)
    own_line = not pair.below or (
        found and len(found) * 2 > len(pair.value)
    )  # what stands below must be the value only
    return found if own_line else None


def _anything(pair: Pair) -> str | None:
    """Return what stands beside a label; what follows it without a gap only where it is a number: "Table 12"."""
    if pair.loose:
        return pair.value if _SHORT_CODE.fullmatch(pair.value) else None
    return None if _is_label(pair.value) else _SENTENCE_END.split(pair.value, maxsplit=1)[0]


def _span(pair: Pair, form: Form) -> str | None:
    if form is Form.NUMBER and (amount := spans(pair.value, Form.AMOUNT)):  # "How high is the deposit?"
        return pair.value[slice(*amount[0])]
    found = [pair.value[slice(*place)].strip(" ,;.") for place in spans(pair.value, form)]
    if "date" in pair.label.split():  # not the time that stands beside it
        found = [text for text in found if ":" not in text]
    return found[0] if found else None


def _amount(text: str) -> str | None:
    """Return the last sum of money: to its left stand quantities and prices."""
    text = text.partition("(")[0]
    found = [text[slice(*span)] for span in spans(text, Form.AMOUNT)]
    if not found:
        rates = {span[0] for span in spans(text, Form.PERCENT)}
        found = [each.group() for each in _PLAIN_NUMBER.finditer(text) if each.start() not in rates]
    if not found and _ONLY_NUMBER.fullmatch(text.strip()):
        found = [text]
    return found[-1].strip() if found else None


def _code(text: str) -> str | None:
    dates = spans(text, Form.DATE)
    if dates and dates[0][0] <= 1 and dates[0][1] - dates[0][0] > 4:  # a date stands there, not a code
        return None
    found = _CODE.match(text)
    return found.group(1) if found else None


def _name(pair: Pair) -> str | None:
    text = pair.value.strip(" ,;")
    letters = sum(map(str.isalpha, text))
    if letters < 2 or letters * 2 < len(text) or ":" in text or _is_label(text) or _NO_NAME.match(text):
        return None
    return None if pair.loose and not text[0].isupper() else text


def _is_label(text: str) -> bool:
    label = plain(text)
    return (
        label in labels()
        or text.rstrip().endswith(":")
        or (bool(_TALK & set(label.split())) and len(label.split()) <= 4)
    )
