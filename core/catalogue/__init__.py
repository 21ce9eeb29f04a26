"""The candidate models: which ones there are for a task type, with what is known of each.

To add a model, add a line to ``models/<task type>.jsonl`` with the fields of :class:`core.contract.Model` that are
known; what is unknown is left out, never guessed. ``family`` names the expert that runs it, as its ``@local`` does, or
"hosted" for what only ``providers`` serve. A file is in the order of choice: what runs on own devices before what only
others serve, what asks for no terms and no further library before what does, then by ``downloads`` (of whatever day
they were seen), then the small before the large. ``memory`` that nobody measured is 1.2 times the weights: four bytes
for each parameter, two from two billion parameters on, which nobody runs on a processor. The tests say what is wrong.
"""
