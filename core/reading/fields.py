"""What people ask documents for, and the words documents use for it: the table of ``fields.toml``."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files

from core.language.spans import Form
from core.language.words import words


@dataclass(frozen=True, slots=True)
class Field:
    """Something a document may say."""

    name: str
    asked: re.Pattern[str]
    form: Form
    labels: tuple[str, ...]
    words: frozenset[str]


PAPER = frozenset(
    words(
        "bill contract copy document form image invoice letter offer page paper pdf photo picture quote receipt "
        "scan ticket"
    )
)
"""What a question may call the document itself."""

_OTHER_LABELS = (
    *(
        "address",
        "description",
        "e mail",
        "email",
        "fax",
        "phone",
        "price",
        "qty",
        "quantity",
        "tel",
        "telephone",
        "terms",
    ),
    *("unit price", "website", "item", "account", "iban", "bic", "currency", "page"),
)


@functools.cache
def fields() -> tuple[Field, ...]:
    """Return the table."""
    table = tomllib.loads(files("core.reading").joinpath("fields.toml").read_text("utf-8"))
    return tuple(
        Field(
            name=row["name"],
            asked=re.compile("|".join(row["asked"])),
            form=Form(row["form"]),
            labels=tuple(row["labels"]),
            words=frozenset(words(row["words"])),
        )
        for row in table["field"]
    )


@functools.cache
def labels() -> frozenset[str]:
    """Return what is itself a label, and so no value of another one."""
    return frozenset(_OTHER_LABELS).union(*(field.labels for field in fields()))


def field_for(question: str) -> Field | None:
    """Return what is asked for, if it is something most documents name alike."""
    lower = " ".join(question.lower().split()).rstrip(" ?.!")
    return next((field for field in fields() if field.asked.search(lower)), None)
