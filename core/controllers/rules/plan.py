"""Stage 1 without a language model: from a brief to drafts of tasks, and words where something is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core.controllers.rules import talk
from core.controllers.rules.choose import MEANINGS
from core.controllers.rules.desk import Desk, Thing
from core.controllers.rules.reading.tokens import read
from core.controllers.rules.reading.vocabulary import is_verb, meaning
from core.controllers.rules.wiring import ANSWERING, Wiring
from core.controllers.rules.wishing.intent import Intent
from core.controllers.rules.wishing.passages import LOOSE
from core.controllers.rules.wishing.understanding import Reading, understand
from core.media.wishes import understood as edits_in
from core.ports import Brief, Draft, Say
from core.registry import Model
from core.types import Artifact, Json, Kind

LONGEST = 200_000
"""Characters looked at."""

_DEFAULTS = {
    Kind.IMAGE: "image-to-text",
    Kind.DOCUMENT: "image-to-text",
    Kind.AUDIO: "automatic-speech-recognition",
    Kind.VIDEO: "automatic-speech-recognition",
    Kind.TEXT: "summarization",
    Kind.TABLE: "summarization",
}
_TAKES = {"image-to-text": "image", "automatic-speech-recognition": "audio", "summarization": "text"}
_SAME = re.compile(
    r"(?:and )?(?:(?:now )?(?:what|how) about|and (?:now )?(?:in|for|with|on|this|that|here)"
    r"|(?:now )?(?:the )?same|again|(?:and )?now)\b.{0,40}$",
    re.IGNORECASE,
)


def plan(brief: Brief) -> Iterator[Draft | Say]:
    """Yield the plan of a request."""
    text = brief.text[:LONGEST]
    refused = any(number not in brief.artifacts for number in range(brief.own))
    if not text.strip():
        yield from _without_words(brief, refused=refused)
        return
    said = talk.smalltalk(text, brief.offered)
    if said and (not brief.own or talk.about_me(text)):
        yield Say(said)
        return
    if _SAME.match(text.strip()) and brief.own:
        text = next((turn.text for turn in reversed(brief.turns) if turn.role == "user" and turn.text.strip()), text)
    yield from _with_words(brief, text, refused=refused)


def _without_words(brief: Brief, *, refused: bool) -> Iterator[Draft | Say]:
    """A file without a word gets what is most useful."""
    own = [(number, brief.artifacts[number]) for number in range(brief.own) if number in brief.artifacts]
    offered = {type_.name for type_ in brief.offered}
    drafts: list[Draft] = []
    lacking: list[str] = []
    for number, artifact in own:
        task = _DEFAULTS.get(artifact.kind, "image-to-text")
        if task in offered:
            drafts.append(Draft(id=len(drafts), type=task, args={_TAKES[task]: f"<attachment-{number}>"}))
        else:
            lacking.append(task)
    yield from drafts
    if lacking:
        yield Say(_unavailable(brief, lacking))
    elif not own and not refused:
        yield Say(f"Your message is empty. {talk.abilities(brief.offered)}")


def _with_words(brief: Brief, text: str, *, refused: bool) -> Iterator[Draft | Say]:
    reading = understand(text)
    wiring = _wiring(brief, text, reading)
    if not reading.intents and brief.own and not refused and _only_courtesy(text):
        yield from _without_words(brief, refused=refused)
        return
    for intent in _worth(reading.intents, wiring):
        wiring.take(intent)
    beyond = _beyond(brief, wiring)
    drafts, lacking = _possible(wiring, {type_.name for type_ in brief.offered})
    if not (drafts or beyond or lacking or wiring.wanting or wiring.mute or refused) and _chats(brief):
        drafts = [Draft(id=0, type="conversational", args={"text": text.strip()})]
    yield from drafts
    words = list(_remarks(brief, wiring, lacking, planned=bool(drafts) or bool(beyond), refused=refused))
    words.extend(beyond)
    if words:
        yield Say("\n\n".join(words))


def _chats(brief: Brief) -> bool:
    """Whether a model for conversation can take what the rules do not understand."""
    return not brief.own and any(type_.name == "conversational" for type_ in brief.offered)


def _worth(intents: Sequence[Intent], wiring: Wiring) -> Iterator[Intent]:
    """Leave out weak wishes for what an earlier step gives already."""
    for intent in intents:
        known = {thing.task for thing in wiring.desk.made} | {draft.type for draft in wiring.drafts}
        known |= {"text-to-image" for task in known if task.endswith("-text-to-image")}
        again = {intent.task, *(task for tasks in MEANINGS.get(intent.task, {}).values() for task in tasks)} & known
        asks = intent.task == "@read" and any(other.task == "@ask" for other in intents)
        if asks and not any(thing.kind in _PAGES for thing in wiring.desk.files):
            continue
        if intent.task in _PAINTERS - wiring.offered and _does_else(intent, intents, wiring):
            continue
        if (intent.weak and (again or _given(intent, wiring))) or (again and _told_again(intent)):
            continue
        if intent.task == "@describe" and intent.clause.words[intent.head].means("ANALYSE") and len(intents) > 1:
            continue  # "analyse the picture and detect ..." wishes for what follows
        yield intent


_TEXTS = frozenset(
    {
        "image-to-text",
        "summarization",
        "text-generation",
        "translation",
        "conversational",
        "automatic-speech-recognition",
    }
)


def _told_again(intent: Intent) -> bool:
    """Whether a noun names a result there is: "the classification result", "of the response"."""
    words = intent.clause.words
    nouns = not any(is_verb(words[at]) for at in intent.used)
    before = words[max(0, intent.head - 2) : intent.head]
    return nouns and any(word.means("DEF") for word in before)


def _taken_up(intent: Intent) -> bool:
    """Whether a noun is what another wish is based on: "according to the description"."""
    before = intent.clause.words[max(0, intent.head - 3) : intent.head]
    return any(word.means("FROM") or word.low in ("to", "match") for word in before) and any(
        word.means("DEF") or word.means("ORIGINAL") for word in before
    )


_PAINTERS = frozenset({"text-to-image", "text-to-video", "text-to-audio", "image-to-video"})
"""Task types that many wordings seem to wish for: "a picture of the edges"."""


def _does_else(intent: Intent, intents: Sequence[Intent], wiring: Wiring) -> bool:
    """Whether the same clause wishes for something that can run here."""
    return any(other.clause.start == intent.clause.start and other.task in wiring.offered for other in intents)


def _given(intent: Intent, wiring: Wiring) -> bool:
    """Whether a noun names something the message or an earlier step holds: "the description 'a red car'"."""
    words = intent.clause.words
    if intent.task in _TEXTS and _taken_up(intent):
        return True
    after = words[intent.used[-1] + 1 : intent.used[-1] + 2]
    if after and after[0].kind == "quote" and intent.task not in ("text-overlay", "text-to-speech", "translation"):
        return True
    noun = words[intent.head]
    if intent.task == "@ask":
        return any(thing.task in ANSWERING for thing in wiring.desk.made)
    quoted = [passage for passage in wiring.desk.passages if not passage.question and passage.names != LOOSE]
    named = any(noun.low in passage.names for passage in quoted)
    return named and intent.task in ("image-to-text", "summarization", "text-generation", "@ask")


# ---------------------------------------------------------------- what there is


def _wiring(brief: Brief, text: str, reading: Reading) -> Wiring:
    own = [_file(number, brief.artifacts[number]) for number in range(brief.own) if number in brief.artifacts]
    own = [_told_about(thing, reading) for thing in own]
    earlier = [
        _file(number, artifact)
        for number, artifact in sorted(brief.artifacts.items(), reverse=True)
        if number >= brief.own
    ]
    spoken = {
        artifact.sha256
        for turn in brief.turns
        for artifact in turn.artifacts
        if turn.role == "assistant" and artifact.kind is Kind.AUDIO
    }
    earlier = [replace(thing, aside=brief.artifacts[_number(thing)].sha256 in spoken) for thing in earlier]
    said = next((turn.text for turn in reversed(brief.turns) if turn.text.strip()), "")
    return Wiring(
        types={type_.name: type_ for type_ in (*brief.offered, *brief.missing)},
        offered=frozenset(type_.name for type_ in brief.offered),
        desk=Desk(own, earlier, reading.passages, said),
        text=text,
        reads_only=reads_only(brief),
    )


def _file(number: int, artifact: Artifact) -> Thing:
    low = artifact.name.lower()
    names = {low}
    for part in re.split(r"[\W_\d]+", low.rsplit(".", 1)[0]):
        names |= {part, *meaning(part)[0]} if part else set()
    return Thing((f"<attachment-{number}>",), artifact.kind, frozenset(names))


def _number(thing: Thing) -> int:
    return int(thing.refs[0].removeprefix("<attachment-").removesuffix(">"))


def _told_about(thing: Thing, reading: Reading) -> Thing:
    """Add what the message says about a file: "I have a document image (scan.jpg)"."""
    names = set(thing.names)
    for clause in reading.clauses:
        named = [word for word in clause.words if word.kind == "file" and word.low in thing.names]
        if named or (
            clause.statement and thing.kind in _PAGES and not any(word.kind == "file" for word in clause.words)
        ):
            names |= {name for word in clause.words for name in word.concepts if name in ("DOC", "TABLE", "QUESTION")}
    return replace(thing, names=frozenset(names))


_PAGES = (Kind.IMAGE, Kind.DOCUMENT)


def reads_only(brief: Brief) -> bool:
    """Whether pictures can be read here but not described."""
    models: Sequence[Model] | None = brief.models.get("image-to-text") if brief.models is not None else None
    if models is None:
        return not any(type_.name in ("object-detection", "visual-question-answering") for type_ in brief.offered)
    return all(re.search(r"ocr", model.id, re.IGNORECASE) for model in models)


# ---------------------------------------------------------------- what can run


def _beyond(brief: Brief, wiring: Wiring) -> list[str]:
    """Take away the edits that the only model here cannot do; return the sentences that say so."""
    models = brief.models.get("image-to-image", ()) if brief.models is not None else ()
    if not models or any(model.id != "simple-edits" for model in models):
        return []
    lost: set[int] = set()
    said: list[str] = []
    for draft in wiring.drafts:
        prompt = draft.args.get("prompt")
        known = draft.type != "image-to-image" or not isinstance(prompt, str) or _whole(prompt) or edits_in(prompt)
        if _needs(draft) & lost or not known:
            lost.add(draft.id)
        if not known and draft.type == "image-to-image":
            said.append(talk.cannot_edit(str(prompt)))
    wiring.drafts = [draft for draft in wiring.drafts if draft.id not in lost]
    return list(dict.fromkeys(said))


def _possible(wiring: Wiring, offered: set[str]) -> tuple[list[Draft], list[str]]:
    """Return the drafts that can run, renumbered, and the task types that nothing can run."""
    lost: set[int] = set()
    lacking: list[str] = list(wiring.lacking)
    kept: list[Draft] = []
    numbers: dict[int, int] = {}
    for draft in wiring.drafts:
        if draft.type not in offered:
            lacking.append(draft.type)
            lost.add(draft.id)
        elif _needs(draft) & lost:
            lost.add(draft.id)
        else:
            numbers[draft.id] = len(kept)
            kept.append(Draft(id=numbers[draft.id], type=draft.type, args=_renumbered(draft, numbers)))
    return kept, list(dict.fromkeys(lacking))


_RESOURCE = re.compile(r"<resource-(\d{1,4})>")


def _needs(draft: Draft) -> set[int]:
    return {int(found) for value in draft.args.values() for part in _parts(value) for found in _whole(part)}


def _parts(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [value]


def _whole(part: object) -> list[str]:
    found = _RESOURCE.fullmatch(part) if isinstance(part, str) else None
    return [found.group(1)] if found else []


def _renumbered(draft: Draft, numbers: dict[int, int]) -> dict[str, Json]:
    def one(part: Json) -> Json:
        found = _whole(part)
        return f"<resource-{numbers[int(found[0])]}>" if found else part

    return {
        name: [one(part) for part in value] if isinstance(value, list) else one(value)
        for name, value in draft.args.items()
    }


# ---------------------------------------------------------------- what is said


def _remarks(brief: Brief, wiring: Wiring, lacking: Sequence[str], *, planned: bool, refused: bool) -> Iterator[str]:
    if lacking:
        yield _unavailable(brief, lacking)
    if wiring.wanting and not refused:
        yield talk.attach(wiring.wanting)
    elif wiring.mute and not refused:
        yield talk.say_what(wiring.mute)
    if not planned and not lacking and not wiring.wanting and not wiring.mute and not refused:
        yield talk.not_understood(brief.offered)


def _unavailable(brief: Brief, lacking: Sequence[str]) -> str:
    types = {type_.name: type_ for type_ in brief.missing}
    return talk.unavailable([types[name] for name in lacking if name in types])


def _only_courtesy(text: str) -> bool:
    """Whether a message says nothing but "here you go"."""
    return len(text) < 40 and all(
        word.means("DEF")
        or word.means("IT")
        or word.means("NOUN")
        or word.kind != "word"
        or word.low in ("here", "is", "please", "you", "are")
        for word in read(text)
    )
