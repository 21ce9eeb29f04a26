"""Planning and answering without a language model: small rules over the words of a request.

``reading``: the text becomes words that carry concepts, and these become clauses. ``wishing``: clauses are matched
against patterns of concepts. ``wiring``: wishes become tasks, each argument wired by the kinds that task types take
and give. ``data``: the words and patterns. Beside them, what is said: the reply to results, and what needs no task.
"""
