"""From a request to wishes: cuts, matches, shares verbs and objects between clauses, drops what is said twice."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from core.controllers.rules.clauses import Clause, cut, is_verb
from core.controllers.rules.desk import Passage
from core.controllers.rules.intents import Intent, inherit, intents
from core.controllers.rules.reading import Word, read

LOOSE = frozenset({"TEXTY", "text"})
"""Names of a text that stands in the message without quotes."""

_LONGEST = 40
"""Wishes taken from one message."""

_AGAIN = frozenset({"text-to-image", "text-to-video", "image-to-image", "text-overlay", "@ask"})
"""May be wished for twice in one sentence, with different words."""


_QUOTED = frozenset({"text-overlay", "text-to-speech", "text-classification"})
"""Go on with another quote: "put 'A' on the first picture and 'B' on the second"."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a message."""

    intents: tuple[Intent, ...]
    clauses: tuple[Clause, ...]
    passages: tuple[Passage, ...]


def understand(text: str) -> Reading:
    """Return the wishes of ``text`` in the order they are to be done."""
    clauses = cut(text, read(text))
    found = (
        list(_wishes(clauses))[:_LONGEST]
        or list(_wishes([replace(clause, statement=False) for clause in clauses]))[:_LONGEST]
        or list(_wishes([_wished(clause, text) for clause in clauses]))[:_LONGEST]
    )
    found = _controlled(_one_edit(_asked_once(_once(found))))
    passages = list(_passages(text, clauses, found))
    return Reading((*_unspoken(clauses, found, passages), *found), tuple(clauses), tuple(passages))


def _wished(clause: Clause, text: str) -> Clause:
    """Return a clause taken for a wish, or for a question where it ends as one: the only sense a message makes."""
    asks = clause.asks or clause.has("WH") or text[clause.end - 1 : clause.end + 1].strip().endswith("?")
    return replace(clause, statement=False, asks=asks)


def _unspoken(clauses: Sequence[Clause], found: Sequence[Intent], passages: Sequence[Passage]) -> Iterator[Intent]:
    """Yield the wish to have a question answered that is only told: "I have a scan and a question: '...?'"."""
    taken = any(intent.task == "@ask" or intent.clause.has("QUESTION") for intent in found)
    asked = [
        passage
        for passage in passages
        if passage.question and not passage.start and (passage.names & {"QUESTION", "TELL"} or not found)
    ]
    if asked and not taken:
        clause = next((clause for clause in clauses if any(word.text == asked[0].text for word in clause.words)), None)
        if clause is not None and clause.words:
            yield Intent("@ask", replace(clause, statement=False), (0,), weak=False, score=0.0)


def _wishes(clauses: Sequence[Clause]) -> Iterator[Intent]:
    """Yield each clause's wishes. A clause without any belongs to the one before, or shares its verb."""
    pending: list[Intent] = []
    prefix: Clause | None = None
    verb_only: Clause | None = None
    for at, clause in enumerate(clauses):
        own = intents(clause)
        if verb_only is not None:
            lent = intents(replace(verb_only, words=(*verb_only.words, *_object(clause))))
            own = [*(intent for intent in lent if not any(intent.task == other.task for other in own)), *own]
            verb_only = None
        if not own and prefix is not None and _leads(prefix, clause):
            own = intents(replace(clause, words=(*clause.words, *prefix.words)))
        before = clauses[at - 1] if at else None
        same = {intent.task for intent in pending}
        if _asks_on(clause, before, pending):
            pending = [_longer(intent, clause) for intent in pending]
            continue
        if own and before is not None and before.sentence == clause.sentence and _repeats(own, same, clause):
            own = []
        if not own and before is not None and before.sentence == clause.sentence and not clause.statement:
            own = _with_verb_of(pending, clause)
            if not own and pending and (joined := _joined(pending, clause)):
                pending = joined
                continue
            if not own and pending and pending[-1].clause.sentence == clause.sentence:
                pending = [_longer(intent, clause) for intent in pending]
                continue
        if not own and not clause.statement and _lacks_object(clause) and _follows(clauses, at):
            verb_only = clause
            continue
        if own:
            yield from _flush(pending)
            pending = [_longer(intent, prefix) for intent in own] if _leads(prefix, clause) and prefix else own
        prefix = clause if not own and not clause.statement and not clause.has("QUOTE") else None
    yield from _flush(pending)


def _repeats(own: Sequence[Intent], same: Collection[str], clause: Clause) -> bool:
    """Whether a part wishes for nothing new: "compare A with B: how similar are they?"."""
    if any(intent.task not in same for intent in own):
        return False
    if not clause.asks:
        return all(intent.weak for intent in own)
    news = any(word.means("NOUN") or word.kind in ("quote", "file", "number") for word in clause.words)
    return not news and not any(intent.task.startswith("@") for intent in own)


def _asks_on(clause: Clause, before: Clause | None, pending: Sequence[Intent]) -> bool:
    """Whether a part is the rest of a question: "when was it signed, and by whom?"."""
    if before is None or before.sentence != clause.sentence or not pending or pending[-1].task != "@ask":
        return False
    words = [word for word in clause.words if word.kind == "word"]
    return any(word.means("WH") for word in words) and all(word.means("WH") or word.means("FROM") for word in words)


def _flush(pending: list[Intent]) -> Iterator[Intent]:
    yield from pending
    pending.clear()


def _object(clause: Clause) -> tuple[Word, ...]:
    return clause.words[1:] if clause.words and is_verb(clause.words[0]) else clause.words


def _follows(clauses: Sequence[Clause], at: int) -> bool:
    return at + 1 < len(clauses) and clauses[at + 1].sentence == clauses[at].sentence


def _joined(pending: Sequence[Intent], clause: Clause) -> list[Intent]:
    """Return the wishes of two parts that only together make sense: "convert it to clear, natural speech"."""
    first = pending[0].clause
    found = intents(replace(first, words=(*first.words, *clause.words)))
    across = [intent for intent in found if intent.head < len(first.words) <= intent.used[-1] and not intent.weak]
    return found if any(intent.task not in {other.task for other in pending} for intent in across) else []


def _leads(prefix: Clause | None, clause: Clause) -> bool:
    """Whether the part before, without a wish of its own, belongs to a clause: "at the top, write HELLO"."""
    return prefix is not None and prefix.sentence == clause.sentence and not clause.asks


def _lacks_object(clause: Clause) -> bool:
    """Whether a clause breaks off behind its verb: "detect (and label the objects)"."""
    words = clause.words
    return len(words) <= 4 and is_verb(words[0]) and all(word.kind == "word" for word in words)


def _longer(intent: Intent, clause: Clause) -> Intent:
    words = (*intent.clause.words, *clause.words)
    return replace(intent, clause=replace(intent.clause, words=words, labels=intent.clause.labels or clause.labels))


def _with_verb_of(pending: Sequence[Intent], clause: Clause) -> list[Intent]:
    """Return the wishes of a clause that leaves its verb out: "draw a cat and (draw) a dog"."""
    strong = [intent for intent in pending if not intent.weak]
    if (
        not strong
        or not clause.words
        or not (any(clause.words[0].means(name) for name in ("NEW", "DEF", "QUOTE")) or clause.words[0].low == "of")
    ):
        return []
    before = strong[-1]
    heads = (
        before.clause.words[: before.used[1] + 1]
        if before.task in _AGAIN and len(before.used) > 1
        else before.clause.words[before.head : before.head + 1]
    )
    if before.task in ("@ask", "text-overlay", "image-to-image", "text-to-speech"):
        again = before.task in _QUOTED and clause.words[0].kind == "quote"
        repeated = intents(inherit(clause, before.clause.words[before.head : before.head + 1]))
        return [intent for intent in repeated if again and intent.task == before.task]
    found = intents(inherit(clause, heads))
    doing = any(word.low.endswith("ing") for word in clause.words)
    again = before.task == "text-to-image" and len(clause.words) <= 4 and not doing
    return [intent for intent in found if intent.task != before.task or again]


def _once(found: list[Intent]) -> list[Intent]:
    """Drop a weak wish where its sentence goes on to wish for the same in plain words."""

    def repeated(at: int, intent: Intent) -> bool:
        later = found[at + 1 :]
        return intent.weak and any(
            other.task == intent.task and not other.weak and other.clause.sentence == intent.clause.sentence
            for other in later
        )

    return [intent for at, intent in enumerate(found) if not repeated(at, intent)]


def _controlled(found: list[Intent]) -> list[Intent]:
    """Turn a depth map that a new picture shall follow into the control picture it is then."""
    wanted = {intent.task for intent in found}
    swapped = {
        task: control
        for task, control in (("depth-estimation", "depth"), ("image-segmentation", "seg"))
        if f"{control}-text-to-image" in wanted
    }
    kept = [
        replace(intent, task=f"{swapped[intent.task]}-control") if intent.task in swapped else intent
        for intent in found
    ]
    return [intent for intent in kept if not (intent.weak and intent.task.endswith("-control") and len(wanted) > 1)]


def _asked_once(found: list[Intent]) -> list[Intent]:
    """Drop "answer my question" beside the question itself."""
    asks = [intent for intent in found if intent.task == "@ask"]
    full = [intent for intent in asks if _says_what(intent)]
    if not full or len(full) == len(asks):
        return found
    return [intent for intent in found if intent.task != "@ask" or intent in full]


def _says_what(intent: Intent) -> bool:
    clause = intent.clause
    if clause.has("QUOTE"):
        return True
    if intent.weak or clause.has("QUESTION"):
        return False
    return clause.asks or not clause.has("ANSWERS", "ANSWER")


_STEADY = frozenset({"image-to-image", "audio-to-audio"})
"""Take several wishes about one thing at once."""


def _one_edit(found: list[Intent]) -> list[Intent]:
    """Join edits of one sentence: "make it grey and rotate it" is one edit of one picture."""
    joined: list[Intent] = []
    for intent in found:
        last = joined[-1] if joined else None
        if last is not None and intent.task == last.task in _STEADY and _same_edit(last, intent):
            joined[-1] = _longer(last, intent.clause)
        else:
            joined.append(intent)
    return joined


def _same_edit(last: Intent, intent: Intent) -> bool:
    numbered = any(
        word.low in ("first", "second", "third", "other") for word in (*last.clause.words, *intent.clause.words)
    )
    quoted = last.clause.has("QUOTE") or intent.clause.has("QUOTE")
    return last.clause.sentence == intent.clause.sentence and not numbered and not quoted


def _passages(text: str, clauses: Sequence[Clause], found: Sequence[Intent]) -> Iterator[Passage]:
    """Yield the texts of the message: quotes, and sentences that wish for nothing."""
    written = {intent.clause.start for intent in found if intent.task == "text-overlay"}
    wishing = {intent.clause.start for intent in found}
    last: tuple[Word, ...] = ()
    for clause in clauses:
        for at, word in enumerate(clause.words):
            if word.kind == "quote" and clause.start not in written:
                before = (clause.words[:at] or last)[-8:]
                names = frozenset(name for one in before for name in (*one.concepts, one.low))
                asked = word.text.endswith("?") and ("TEXTY" not in names or names & {"QUESTION", "ANSWER"})
                question = bool(asked) or any(one.means("QUESTION") for one in before[-3:])
                yield Passage(word.text, names, word.start if clause.start in wishing else 0, question)
        last = clause.words
    if not any(clause.has("QUOTE") for clause in clauses):
        yield from _loose(text, clauses, found)


def _loose(text: str, clauses: Sequence[Clause], found: Sequence[Intent]) -> Iterator[Passage]:
    """Yield the sentences before or after all wishes as one text."""
    busy = {intent.clause.sentence for intent in found}
    told = {clause.sentence for clause in clauses if clause.statement}
    free = [
        clause
        for clause in clauses
        if clause.sentence not in busy | told and not any(word.kind == "file" for word in clause.words)
    ]
    if not busy or sum(len(clause.words) for clause in free) < 4:
        return
    start, end = free[0].start, free[-1].end
    if any(start < intent.clause.start < end for intent in found) or end - start < 20:
        return
    end += text[end : end + 1] in (".", "!", "?")
    yield Passage(text[start:end], LOOSE, 0, text[start:end].endswith("?"))
