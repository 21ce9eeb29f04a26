"""From a request's text to clauses of words that carry concepts."""
