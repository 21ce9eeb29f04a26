"""Planning and answering without a language model: small rules over the words of a request.

A request is read (:mod:`reading`), cut into clauses (:mod:`clauses`), each clause is matched against patterns of
concepts (:mod:`intents`, data in :mod:`words` and :mod:`patterns`), and what was found is wired into tasks by the
kinds that task types take and give (:mod:`wiring`).
"""
