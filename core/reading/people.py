"""Who a document is from and whom it is for, where no label says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from core.reading.fields import fields
from core.reading.labels import pairs
from core.reading.layout import rows
from core.reading.line import Line

_CLOSING = re.compile(
    r"^(?:yours\b.*|(?:kind|best|warm|many)?\s*(?:regards|wishes|greetings)|sincerely\b.*|respectfully\b.*|cordially|love|cheers|"
    r"mit freundlichen grüßen|viele grüße|cordialement|atentamente|saludos)\W*$",
    re.IGNORECASE,
)
_SALUTATION = re.compile(
    r"^(?:dear|hello|hi|liebe[rs]?|sehr geehrte[rs]?|cher|chère|estimad[oa])\s+(.+?)\s*[,:!.]?$", re.IGNORECASE
)
_NOBODY = re.compile(
    r"^(?:sir|madam|customer|all|team|colleagues?|friends?|client|members?|ladies|herr|frau|damen)\b", re.IGNORECASE
)
_COMPANY = re.compile(
    r"\b(?:inc|ltd|llc|llp|plc|corp|corporation|gmbh|ag|kg|ohg|sarl|sas|s\.a|s\.l|s\.r\.l|spa|bv|b\.v|nv|oy|ab|pty|co|company|"
    r"limited|group|associates|partners|foundation|university|institute)\b\.?",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"^(?:(?:tax|sales|pro ?forma|commercial|original|copy|payment|order|cash)\s+)*"
    r"(?:invoice|receipt|bill|statement|quote|quotation|order|confirmation|letter|form|ticket|"
    r"rechnung|quittung|facture|factura|welcome|thank you)\b",
    re.IGNORECASE,
)

Found = tuple[str, Line]


def sender(lines: Sequence[Line]) -> Found | None:
    """Return who wrote it: who signed it, else the first company named, else the heading of the first page."""
    ordered = _ordered(lines)
    for above, line in pairwise(ordered):
        if _CLOSING.match(above.text) and _could_be_name(line.text):
            return line.text.strip(" ,"), line
    others = _addressed(lines)
    named = [line for line in ordered if _could_be_name(line.text) and line.text not in others]
    company = next((line for line in named if _COMPANY.search(line.text)), None)
    heading = next((line for line in ordered[:4] if line in named), None)
    best = company or heading
    return (best.text.strip(" ,"), best) if best else None


def recipient(lines: Sequence[Line]) -> Found | None:
    """Return who is greeted: "Dear Ada,"."""
    for line in _ordered(lines):
        greeted = _SALUTATION.match(line.text)
        if greeted and not _NOBODY.match(greeted.group(1)):
            return greeted.group(1), line
    return None


def _addressed(lines: Sequence[Line]) -> set[str]:
    """Return what stands beside and below labels such as "Bill to": whoever that is, they did not write it."""
    known = {label for field in fields() if field.name in ("recipient", "destination") for label in field.labels}
    return {pair.value for pair in pairs(lines) if pair.label in known and not pair.loose}


def _ordered(lines: Sequence[Line]) -> list[Line]:
    pages = sorted({line.page for line in lines})
    return [line for page in pages for row in rows([line for line in lines if line.page == page]) for line in row]


def _could_be_name(text: str) -> bool:
    letters = sum(map(str.isalpha, text))
    return (
        letters >= 3
        and letters * 2 > len(text)
        and ":" not in text
        and len(text.split()) <= 7
        and not _TITLE.match(text)
    )
