"""What is wrong with a body, in a sentence for whoever wrote the program that sent it."""

from __future__ import annotations

from pydantic_core import ErrorDetails

USAGE = 'Send a POST with {"messages": [{"role": "user", "content": "..."}]}.'

WORDS = {
    "missing": "is missing",
    "string_type": "must be text",
    "list_type": "must be a list",
    "model_type": "must be an object",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "too_short": "must not be empty",
    "too_long": "has more than {max_length:,} entries",
    "string_pattern_mismatch": "must match {pattern}",
    "extra_forbidden": "is not known here",
}
"""By pydantic's names; what is not here is said in pydantic's words."""

CONTENT = "content"
"""The type of an error whose words are our own."""


def misfit(error: ErrorDetails) -> str:
    """Return the sentence: what is wrong, where, and what is wanted."""
    where = ".".join(map(str, error["loc"])) or "The body"
    otherwise = "{error}" if error["type"] == CONTENT else "is wrong ({error})"
    words = WORDS.get(error["type"], otherwise).format_map({**error.get("ctx", {}), "error": error["msg"]})
    return f"{where} {words}. {USAGE}"
