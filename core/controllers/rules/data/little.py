"""Short closed lists of words, each for one rule. Data only."""

from __future__ import annotations

PAPER = (
    "total amount invoice number date due price cost sum vat tax iban signed author title page address sender "
    "recipient paid pay paragraph clause heading mentioned wrote written topic company customer supplier balance "
    "deadline"
)
"""What questions about written pages ask for."""

HAVE = "have has got given here here's attached there attaching is provided recorded took suppose consider"
"""Tell what there is: "I have a picture"."""

WISH = "want need needs like love wish please can could would help wants let's let"
"""Open a wish."""

DECLINE = "didn't don't couldn't doesn't not never without instead leave ignore skip"
"""Open a clause that says what shall not be done."""

JOIN = "and or then by for of without after before while start try keep are be help mind"
"""Stand before a participle that is a wish all the same: "start reading"."""

OF = "of showing depicting with about that which for displaying representing illustrating featuring from where"
"""Stand before what a picture shows."""
