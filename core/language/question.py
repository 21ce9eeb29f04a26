"""What a question asks for: the form of its answer, and the words that show where the answer stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.language.spans import Form
from core.language.words import words

_FORMS: tuple[tuple[str, Form], ...] = (  # the first that fits counts
    (r"\be-?mail\b", Form.EMAIL),
    (r"\b(?:web ?site|web address|homepage|url)\b", Form.ADDRESS),
    (r"^(?!who|when|why|how).*\b(?:phone|telephone|fax|mobile|number to call)\b", Form.PHONE),
    (r"\bhow long\b|\bfor what period\b|\bhow many (?:second|minute|hour|day|night|week|month|year)s\b", Form.DURATION),
    (r"\bhow (?:old|tall|high|far|deep|wide|heavy|fast|big|large|often)\b|\bhow many\b", Form.NUMBER),
    (r"\bpercent|\bpercentage\b|\bwhat share\b|\brate\b", Form.PERCENT),
    (r"\bhow (?:much|expensive)\b|\b(?:price|cost|amount|total|sum|fee|salary|budget|revenue|worth)\b", Form.AMOUNT),
    (
        r"\bwhen\b|\b(?:what|which) (?:day|date|time|year|month)\b|\b(?:date|deadline|birthday)\b",
        Form.DATE,
    ),
    (r"\b(?:number|code|reference|iban)\b", Form.CODE),
    (r"\bwho(?:m|se)?\b|\bwhat(?:'s| is| was| are) (?:\S+ ){0,3}names?\b", Form.NAME),
    (
        r"\bwhere\b|\bwhich (?:city|country|town|place|person|company|team)\b|\bwhat (?:city|country|town|company)\b",
        Form.NAME,
    ),
    (r"\bwhy\b|\bfor what reason\b|\bhow come\b", Form.REASON),
)
_EMPTY = frozenset(
    words(
        "a about according an and any are as at be been by can could did do does file find for from get give "
        "given go had has have he her his how i i'm in is it it's its just know let long look many may me "
        "mentioned much my need not of on or our out page please s say says she shall should show so something "
        "stated t tell text that the their them then there these they thing this those to up us was we were what "
        "what's when when's where where's which who who's whom whose why will with would you your"
    )
)
_JOINED = re.compile(r"\b[a-z]+(?:-[a-z]+)+\b")
_PLACE = re.compile(r"\bwhere\b|\b(?:city|country|town|place|location)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """A question, understood as far as its wording goes."""

    text: str
    form: Form
    keywords: tuple[str, ...]  # its words in lower case, without those that say nothing

    @property
    def place(self) -> bool:
        """Whether it asks for a place."""
        return bool(_PLACE.search(self.text))


def understood(text: str) -> Question:
    """Return what ``text`` asks for."""
    lower = text.lower()
    form = next((form for pattern, form in _FORMS if re.search(pattern, lower)), Form.ANY)
    joined = {part for group in _JOINED.findall(lower) for part in words(group)}  # "check-in" is more than "check"
    said = _EMPTY - joined
    keywords = tuple(dict.fromkeys(word for word in words(text.replace("’", "'")) if word not in said))
    return Question(text, form, keywords)
