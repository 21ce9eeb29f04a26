"""Wires wishes into tasks: finds for each argument the file, text or earlier result it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from core.controllers.rules.bare import foreign, spoken, written
from core.controllers.rules.choose import MEANINGS, meanings, subject
from core.controllers.rules.data.results import ASIDE, names
from core.controllers.rules.desk import Desk, Thing, listed
from core.controllers.rules.reading.word import Word
from core.controllers.rules.slots import depicted, form, one_picture, optional, steered
from core.controllers.rules.wishing.intent import Intent
from core.controllers.rules.wishing.passages import Passage
from core.ports import Draft
from core.registry import Take, TaskType
from core.types import Json, Kind

WORDS = (Kind.TEXT, Kind.TABLE, Kind.NUMBER)
SOUND = (Kind.AUDIO, Kind.VIDEO)
PICTURE = (Kind.IMAGE, Kind.DOCUMENT)
_PROMPTED = frozenset({"text-to-image", "text-to-video", "text-to-audio", "image-to-image", "image-to-video"})


@dataclass(slots=True)
class Wiring:
    """A plan in the making."""

    types: Mapping[str, TaskType]  # all known ones, offered or not
    offered: frozenset[str]
    desk: Desk
    text: str
    drafts: list[Draft] = field(default_factory=list)
    wanting: list[Kind] = field(default_factory=list)  # kinds of files that were spoken of and are not there
    mute: list[str] = field(default_factory=list)  # task types for which the message says too little
    lacking: list[str] = field(default_factory=list)  # task types needed that no place can run
    wished: set[tuple[str, int, int]] = field(default_factory=set)  # task types and where they were wished for
    reads_only: bool = False  # image-to-text recognises text and describes nothing

    def take(self, intent: Intent) -> None:
        """Plan what ``intent`` wishes for."""
        kind = self.kind(intent)
        found = meanings(intent.task, kind) if kind else ()
        if intent.task == "@ask" and kind in PICTURE:
            found = (self.asking(intent),)
        if intent.task == "@convert" and (into := form(intent)):
            found = ("video-conversion" if into in _MOVING else "audio-conversion",)
        if intent.task == "translation" and foreign(intent):
            found = ("text-to-speech",)
        if intent.task == "@classify" and kind in PICTURE and self.tabular(intent):
            found = ("tabular-classification",)
        if intent.task == "@ask" and kind is None and not intent.weak:
            self.step("conversational", intent)
            return
        if intent.task.startswith("@") and not found:
            self.wanting.append(_usual(intent.task))
        if intent.task == "@count" and len(self.desk.attached(PICTURE, intent.clause)) > 1:
            found = tuple(task for task in found if task == "object-detection") or found
        several = len(found) > 1
        worth = [task for task in found if not several or self.worth(task)]
        if several and not worth:
            self.lacking.extend(task for task in found if task != "image-to-text")
        for task in worth:
            wish = (task, intent.clause.start, intent.clause.end)
            if wish not in self.wished:
                self.wished.add(wish)
                self.step(task, intent)

    def worth(self, task: str) -> bool:
        """Whether a step that is one of several ways can help here."""
        return task in self.offered and not (task == "image-to-text" and self.reads_only)

    def kind(self, intent: Intent) -> Kind | None:
        """Return the kind of what the wish is applied to."""
        if not intent.task.startswith("@"):
            return Kind.TEXT
        there = self.desk.kinds()
        return subject(intent.clause, there, self.default_kind(intent, there))

    def default_kind(self, intent: Intent, there: set[Kind]) -> Kind | None:
        known = MEANINGS[intent.task]
        newest = next(
            (
                thing.kind
                for thing in reversed(self.desk.made)
                if not thing.aside and thing.kind in known and not (self.desk.files and self.passes(thing, intent))
            ),
            None,
        )
        if newest:
            return newest
        if Kind.TEXT in there and self.passages(intent) and Kind.TEXT in known:
            return Kind.TEXT
        files = [thing.kind for thing in self.desk.files if thing.kind in known and not thing.aside]
        if intent.task == "@ask" and Kind.TEXT in files and Kind.DOCUMENT not in files:
            return Kind.TEXT
        earlier = [thing.kind for thing in reversed(self.desk.earlier) if thing.kind in known and not thing.aside]
        return next(iter((*files, *earlier)), None)

    def passes(self, thing: Thing, intent: Intent) -> bool:
        """Whether a question goes past a result to the file: answers are no source, and a read page is asked itself."""
        read = thing.task == "image-to-text" and "document-question-answering" in self.offered and intent.task == "@ask"
        return thing.task in ANSWERING or (read and not (thing.names & _spoken(intent)))

    def asking(self, intent: Intent) -> str:
        """Return which task answers a question about a picture: one about its text, or one about what it shows."""
        visual, paper = "visual-question-answering", "document-question-answering"
        files = self.desk.attached(PICTURE, intent.clause)
        words = intent.clause.words
        asked = str(self.question(intent) or "").lower()
        written = (
            "document" in asked
            or any(word.means("DOC") for word in words)
            or any({"DOC", "TABLE"} & thing.names for thing in files)
        )
        written = written or any(thing.task == "image-to-text" for thing in self.desk.made)
        if any(thing.kind is Kind.DOCUMENT for thing in files) or written or any(word.low in _PAPER for word in words):
            return paper
        if visual not in self.offered and not intent.clause.has("IMAGE", *_SEEN):
            return paper
        return visual

    def tabular(self, intent: Intent) -> bool:
        """Whether a picture that is to be classified shows a table."""
        files = self.desk.attached(PICTURE, intent.clause)
        return not self.desk.newest(PICTURE) and any("TABLE" in thing.names for thing in files)

    # ------------------------------------------------------------------ one step

    def step(self, task: str, intent: Intent) -> Thing | None:
        """Plan ``task`` for ``intent``; None where something is missing."""
        if task not in self.offered and INSTEAD.get(task) in self.offered:
            task = INSTEAD[task]
        type_ = self.types.get(task)
        if type_ is None:
            return None
        args: dict[str, Json] = {}
        spread: list[str] = []  # the references of the argument that takes one file at a time
        spread_name = ""
        for take in type_.takes:
            value = self.argument(type_, take, intent)
            if isinstance(value, list) and not take.many and (Kind.TEXT not in take.kinds or _each(task, intent)):
                spread, spread_name = [str(part) for part in value], take.name
                value = value[0] if value else None
            if value is None or value in ("", []):
                if take.required:
                    self.miss(task, take)
                    return None
                continue
            args[take.name] = value
        many = spread or [""]
        refs = [self.draft(task, {**args, **({spread_name: ref} if spread_name else {})}) for ref in many]
        return self.make(type_, refs, asked=self.voices_question(type_, intent))

    def voices_question(self, type_: TaskType, intent: Intent) -> bool:
        """Whether a translation or a transcript is the question itself."""
        recorded = any(thing.kind is Kind.AUDIO and "QUESTION" in thing.names for thing in self.desk.files)
        spoken = type_.name == "automatic-speech-recognition" and recorded
        return spoken or (type_.name == "translation" and intent.clause.has("QUESTION"))

    def draft(self, task: str, args: Mapping[str, Json]) -> str:
        """Add a task unless the very same is planned; return its reference. A summary is not summarised again."""
        for known in self.drafts:
            if known.type == task and task in _ONCE and f"<resource-{known.id}>" in args.values():
                return f"<resource-{known.id}>"
            if known.type == task and known.args == args:
                return f"<resource-{known.id}>"
        draft = Draft(id=len(self.drafts), type=task, args=dict(args))
        self.drafts.append(draft)
        return f"<resource-{draft.id}>"

    def make(self, type_: TaskType, refs: Sequence[str], *, asked: bool = False) -> Thing:
        """Lay the results of a step on the desk; ``asked`` where they are a question."""
        kind = type_.gives[0].kind
        if kind in WORDS:
            kind = Kind.TEXT
        known = names(type_.name) | (frozenset({"QUESTION"}) if asked else frozenset())
        thing = Thing(tuple(refs), kind, known, type_.name, aside=type_.name in ASIDE)
        self.desk.made.append(thing)
        return thing

    def miss(self, task: str, take: Take) -> None:
        if Kind.TEXT in take.kinds:
            self.mute.append(task)
        else:
            self.wanting.append(take.kinds[0])

    # ------------------------------------------------------------------ arguments

    def argument(self, type_: TaskType, take: Take, intent: Intent) -> Json:
        """Return a value for an argument: a literal, a reference, a list of these, or None."""
        found = optional(intent, take, self.text)
        if found is not None or not take.required:
            if take.name == "audio" and intent.task == type_.name == "video-conversion":
                return self.sound(intent, required=False)
            return found
        if take.name == "language":
            return self.unsaid_language(intent)
        if take.name == "labels":
            return None
        if take.name == "question":
            return self.question(intent)
        if take.name == "sentences":
            return self.others(intent)
        if take.name == "prompt":
            return self.prompt(type_, intent)
        if type_.name == "text-overlay" and take.name == "text":
            return self.overlay(intent)
        if Kind.TEXT in take.kinds and not (set(take.kinds) & {Kind.IMAGE}):
            return self.words(type_, intent)
        return self.media(type_, take, intent)

    def unsaid_language(self, intent: Intent) -> str | None:
        """Return English, the language of the wish, for what comes from a file or an earlier step."""
        told = [word for word in intent.clause.words if word.kind == "quote"]
        return "English" if (self.desk.made or self.desk.files) and not told else None

    def media(self, type_: TaskType, take: Take, intent: Intent) -> Json:
        """Return references to files or results of the kinds of ``take``."""
        kinds = tuple(kind for kind in take.kinds if kind is not Kind.TEXT)
        if type_.name.endswith("-text-to-image"):
            return self.control(type_.name.removesuffix("-text-to-image") + "-control", intent)
        if (
            _speaks_of_file(intent, self.desk, kinds)
            or intent.clause.has("ORIGINAL")
            or self.desk.numbered(intent.clause)
        ):
            return self.files(kinds, intent)
        if self.other_file(kinds, intent):
            return self.files(kinds, intent)
        reshapes = type_.gives[0].kind in (Kind.IMAGE, Kind.VIDEO, Kind.AUDIO) and type_.name not in ASIDE
        made = self.desk.named(kinds, intent.rest) or self.desk.newest(kinds, aside=reshapes)
        if made:
            return listed(made.refs)
        return self.files(kinds, intent) or (self.sound(intent) if kinds[0] is Kind.AUDIO else None)

    def other_file(self, kinds: Sequence[Kind], intent: Intent) -> bool:
        """Whether a clause speaks of a file of a kind that no step has made: "make a gif, and turn the song into wav"."""
        made = {thing.kind for thing in self.desk.made}
        spoken = {kind for concept, kind in _CONCEPTS.items() if intent.clause.has(concept)}
        return any(thing.kind in kinds and thing.kind in spoken - made for thing in self.desk.files)

    def files(self, kinds: Sequence[Kind], intent: Intent) -> Json:
        things = self.desk.attached(kinds, intent.clause)
        refs = [ref for thing in things for ref in thing.refs]
        return listed(refs) if refs else None

    def sound(self, intent: Intent, *, required: bool = True) -> Json:
        """Return sound: a result, a file, or a text said aloud."""
        made = self.desk.newest((Kind.AUDIO,))
        if made:
            return listed(made.refs)
        files = [thing for thing in self.desk.files if thing.kind is Kind.AUDIO]
        if files:
            return files[0].refs[0]
        if not required or not (self.desk.newest((Kind.TEXT,)) or self.desk.passages or self.desk.readable()):
            return None
        spoken = self.step("text-to-speech", intent)
        return listed(spoken.refs) if spoken else None

    def control(self, task: str, intent: Intent) -> Json:
        """Return the control picture, made first where it is not there."""
        made = next((thing for thing in reversed(self.desk.made) if thing.task == task), None)
        thing = made or self.step(task, intent)
        return listed(thing.refs) if thing else None

    def question(self, intent: Intent) -> Json:
        """Return the question to ask: quoted, told earlier, or the clause itself."""
        if intent.task == "@detail":
            return "What does this picture show?"
        quoted = [word.text for word in intent.clause.words if word.kind == "quote"]
        asked = [text for text in quoted if text.endswith("?")] or (quoted if intent.clause.has("QUESTION") else [])
        if asked:
            return asked[0]
        if _asks_itself(intent):
            return _question(intent, self.text)
        heard = self.desk.newest((Kind.TEXT,))
        voiced = next((thing for thing in reversed(self.desk.made) if "QUESTION" in thing.names), None)
        if voiced:
            return listed(voiced.refs)
        open_ = [passage for passage in self.desk.passages if passage.question]
        before = [passage for passage in open_ if passage.start < intent.clause.end]
        if before or open_:
            return (before or open_)[-1 if before else 0].text
        if heard and heard.task in _VOICED:
            return listed(heard.refs)
        return _question(intent, self.text) or None

    def prompt(self, type_: TaskType, intent: Intent) -> Json:
        """Return what shall be drawn, filmed or changed."""
        quoted = [word.text for word in intent.clause.words if word.kind == "quote" and not word.text.endswith("?")]
        if quoted:
            return quoted[-1]
        if type_.name.endswith("-text-to-image"):
            return steered(intent, self.text)
        if type_.name == "image-to-image":
            described = [passage.text for passage in self.passages(intent) if passage.names & _WISHES]
            made = self.desk.named((Kind.TEXT,), intent.rest) if intent.clause.has("FROM", "TO", "match") else None
            plain = one_picture(self.text[intent.clause.start : intent.clause.end].strip(" .,;:"))
            return listed(made.refs) if made else described[0] if described and not _concrete(intent) else plain
        referred = self.referred(intent)
        if referred:
            return referred
        return depicted(intent, self.text) or self.words(type_, intent)

    def referred(self, intent: Intent) -> Json:
        """Return the earlier text that a clause takes up: "based on the summary", "of it"."""
        made = self.desk.named((Kind.TEXT,), intent.rest)
        if made:
            return listed(made.refs)
        after = intent.clause.words[intent.used[-1] + 1 :]
        content = [word for word in after if word.means("NOUN") or word.kind in ("number", "file")]
        if content:
            return None
        spoken = any(word.means("FROM") or word.means("IT") or word.means("TEXTY") for word in after)
        newest = self.desk.newest((Kind.TEXT,)) or (self.desk.newest((Kind.TEXT,), aside=True))
        if newest and (spoken or not after):
            return listed(newest.refs)
        told = self.passages(intent)
        return told[-1].text if told and (spoken or not after) else None

    def overlay(self, intent: Intent) -> Json:
        """Return the words to write on a picture."""
        quoted = [word.text for word in intent.clause.words if word.kind == "quote"]
        if quoted:
            return quoted[0]
        plain = written(intent, self.text)
        if plain and plain.isupper():
            return plain
        made = self.desk.named((Kind.TEXT,), intent.rest)
        if made:
            return listed(made.refs)
        told = [passage.text for passage in self.desk.passages if not passage.question]
        return told[-1] if told else plain

    def others(self, intent: Intent) -> Json:
        """Return what a text is compared with."""
        texts = self.compared(intent)
        return texts[1:] or None

    def compared(self, intent: Intent) -> list[Json]:
        """Return the texts a comparison is about: quoted, named results, the newest, texts of the message."""
        quoted: list[Json] = [word.text for word in intent.clause.words if word.kind == "quote"]
        if len(quoted) > 1:
            return quoted
        named = [thing for thing in self.desk.made if thing.kind is Kind.TEXT and thing.names & _spoken(intent)]
        made = named or [thing for thing in self.desk.made if thing.kind is Kind.TEXT][-1:]
        refs: list[Json] = [ref for thing in made[-2:] for ref in thing.refs]
        told: list[Json] = [passage.text for passage in self.desk.passages if not passage.question]
        files: list[Json] = [thing.refs[0] for thing in self.desk.files if thing.kind is Kind.TEXT]
        found = [*refs, *quoted] if quoted else [*refs, *told[-1:]] if len(refs) == 1 else refs or told
        found = list(dict.fromkeys([*found, *(files if len(found) < 2 else ())]))
        if len(found) == 1 and (self.desk.files or self.desk.made):
            other = self.converted(self.types["sentence-similarity"], intent)
            found = [*(other if isinstance(other, list) else [other]), *found] if other else found
        return found

    def passages(self, intent: Intent) -> list[Passage]:
        """Return the texts of the message that a clause can speak of: no questions, none told only later."""
        return [
            passage for passage in self.desk.passages if not passage.question and passage.start <= intent.clause.end
        ]

    # ------------------------------------------------------------------ texts

    def words(self, type_: TaskType, intent: Intent) -> Json:
        """Return the text a task works on, from the nearest source to the farthest."""
        recalled = not self.desk.files and not self.desk.made and self.desk.said and _recalls(intent, self.desk)
        far = (self.remembered, self.converted) if recalled else (self.converted, self.remembered)
        for source in (self.here, self.spoken_of, self.current, self.told, self.beside, *far):
            found = source(type_, intent)
            if found:
                return found
        return None

    def here(self, type_: TaskType, intent: Intent) -> Json:
        """In the clause itself: quoted, a text file by name, or the words after the verb."""
        if type_.name == "sentence-similarity":
            return (self.compared(intent) or [None])[0]
        if type_.name == "conversational" and intent.clause.asks:
            return self.text.strip()
        answer = self.desk.named((Kind.TEXT,), [word for word in intent.clause.words if word.means("ANSWERS")])
        plural = intent.clause.has("answers", "both", "all")
        if answer and answer.task in ANSWERING and type_.name not in ANSWERING and not plural:
            return listed(answer.refs)
        quoted = [word.text for word in intent.clause.words if word.kind == "quote"]
        plain = [text for text in quoted if not text.endswith("?")] or (
            quoted if type_.name != "question-answering" else []
        )
        if plain:
            return plain[0]
        for word in intent.clause.words:
            for thing in self.desk.files:
                if word.kind == "file" and word.low in thing.names and thing.kind in (Kind.TEXT, Kind.TABLE):
                    return thing.refs[0]
        if type_.name in _SPOKEN and intent.task == type_.name and not intent.weak:
            return spoken(intent, self.text)
        return None

    def spoken_of(self, type_: TaskType, intent: Intent) -> Json:
        made = self.desk.named((Kind.TEXT,), intent.rest)
        if made and not intent.clause.has("ORIGINAL"):
            alike = [thing for thing in self.desk.made if thing.names == made.names]
            several = len(alike) > 1 and intent.clause.has("answers", "both", "all", "results", "summaries", "texts")
            return listed([ref for thing in alike for ref in thing.refs] if several else made.refs)
        if intent.clause.has("QUESTION") and type_.name != "question-answering":
            asked = [passage.text for passage in self.desk.passages if passage.question]
            return asked[0] if asked else None
        file = _speaks_of_file(intent, self.desk, (*PICTURE, *SOUND)) or self.named_file(intent)
        return self.converted(type_, intent) if file else None

    def named_file(self, intent: Intent) -> bool:
        """Whether a clause speaks of a page by a word of its file name: "the contract" is contract.pdf."""
        newest = self.desk.newest((Kind.TEXT,))
        if newest and newest.task not in ANSWERING:
            return False
        words = {word.low for word in intent.clause.words if word.means("DOC")}
        return any(thing.kind in PICTURE and words & thing.names for thing in self.desk.files)

    def current(self, type_: TaskType, intent: Intent) -> Json:
        if intent.clause.has("ORIGINAL"):
            return None
        newest = self.desk.newest((Kind.TEXT,))
        if newest and type_.name == "question-answering" and newest.task in ANSWERING and self.desk.files:
            return None
        return listed(newest.refs) if newest else None

    def told(self, type_: TaskType, intent: Intent) -> Json:
        told = self.passages(intent)
        named = [
            passage
            for passage in told
            if passage.names & {name for word in intent.rest for name in (word.low, *word.concepts)}
        ]
        chosen = named or told
        return chosen[0].text if chosen else None

    def converted(self, type_: TaskType, intent: Intent) -> Json:
        """Text files as they are; pictures and documents read, recordings transcribed."""
        refs: list[str] = []
        kinds: tuple[Kind, ...] = (Kind.TEXT, Kind.TABLE, *PICTURE, *SOUND)
        plain = any(thing.kind in WORDS for thing in self.desk.files)
        if plain and not intent.clause.has("IMAGE", "DOC", "AUDIO", "VIDEO") and not self.desk.numbered(intent.clause):
            kinds = WORDS
        things = self.desk.attached(kinds, intent.clause)
        nearest = next((kind for kind in _NEARNESS for thing in things if thing.kind is kind), None)
        for thing in things:
            if thing.kind is nearest or _speaks_of(intent, thing):
                refs.extend(self.as_text(thing, intent))
        return listed(refs) if refs else None

    def as_text(self, thing: Thing, intent: Intent) -> Iterator[str]:
        if thing.kind in WORDS:
            yield from thing.refs
            return
        task, name = ("image-to-text", "image") if thing.kind in PICTURE else ("automatic-speech-recognition", "audio")
        if thing.kind is Kind.IMAGE and "TABLE" in thing.names and "tabular-classification" in self.offered:
            task, name = "tabular-classification", "table"
        refs = [self.draft(task, {name: ref}) for ref in thing.refs]
        if task in self.types:
            self.make(self.types[task], refs)
        yield from refs

    def beside(self, type_: TaskType, intent: Intent) -> Json:
        """Labels and tables that an earlier step found; a text file is nearer than what was found in it."""
        aside = self.desk.newest((Kind.TEXT,), aside=True)
        if any(thing.kind in WORDS for thing in self.desk.files):
            return None
        if aside:
            return listed(aside.refs)
        media = self.desk.newest((*PICTURE, Kind.AUDIO), aside=True)
        return listed(list(self.as_text(media, intent))) if media else None

    def remembered(self, type_: TaskType, intent: Intent) -> Json:
        if self.desk.said and _recalls(intent, self.desk):
            return self.desk.said
        if type_.name in _FREE:
            return self.wish(intent)
        if self.desk.passages and type_.name != "question-answering":
            return self.desk.passages[0].text
        return self.desk.said or None

    def wish(self, intent: Intent) -> str:
        """Return the clause as it stands: for models that take any wish."""
        return self.text[intent.clause.start : intent.clause.end].strip()


_PAPER = frozenset(
    [
        "total",
        "amount",
        "invoice",
        "number",
        "date",
        "due",
        "price",
        "cost",
        "sum",
        "vat",
        "tax",
        "iban",
        "signed",
        "author",
        "title",
        "page",
        "address",
        "sender",
        "recipient",
        "paid",
        "pay",
        "paragraph",
        "clause",
        "heading",
        "mentioned",
        "wrote",
        "written",
        "topic",
        "company",
        "customer",
        "supplier",
        "balance",
        "deadline",
    ]
)
_SEEN = ("COLOUR", "people", "person", "dog", "cat", "wearing", "OBJECTS", "many")
_WISHES = frozenset({"description", "text", "change", "according", "prompt", "CAPTION", "instruction", "textual"})
_SPOKEN = frozenset({"text-to-speech", "translation", "text2text-generation"})
_FREE = frozenset({"text-generation", "conversational"})
_VOICED = frozenset({"automatic-speech-recognition", "translation"})
INSTEAD = {
    "text2text-generation": "text-generation",
    "conversational": "text-generation",
    "text-generation": "text2text-generation",
}
"""What can do a task that no place can run."""


def _usual(wish: str) -> Kind:
    return (
        Kind.AUDIO
        if wish == "@convert"
        else Kind.IMAGE
        if wish in ("@detail", "@describe", "@count", "@enhance")
        else Kind.DOCUMENT
    )


def _speaks_of_file(intent: Intent, desk: Desk, kinds: Sequence[Kind]) -> bool:
    return any(
        word.kind == "file" and word.low in thing.names and thing.kind in kinds
        for word in intent.clause.words
        for thing in desk.files
    )


_ONCE = frozenset({"summarization", "audio-to-audio"})
"""Leave nothing to be done by doing them to their own result."""

_TOGETHER = frozenset(["together", "combined", "overall", "single", "jointly", "joint", "pages", "parts", "chapters"])


def _each(task: str, intent: Intent) -> bool:
    """Whether several texts are worked on one by one, rather than as one text."""
    if any(word.low in _TOGETHER for word in intent.clause.words):
        return False
    return task == "text-classification" or (task in ("summarization", "translation") and intent.clause.has("EACH"))


_CONCEPTS = {"IMAGE": Kind.IMAGE, "DOC": Kind.DOCUMENT, "AUDIO": Kind.AUDIO, "VIDEO": Kind.VIDEO}
_MOVING = frozenset({"mp4", "webm", "gif"})
ANSWERING = frozenset({"question-answering", "document-question-answering", "visual-question-answering"})
_NEARNESS = (Kind.TEXT, Kind.TABLE, Kind.AUDIO, Kind.DOCUMENT, Kind.IMAGE, Kind.VIDEO)
"""Where a text is looked for first."""


_SAID = frozenset(
    {"said", "answer", "reply", "your answer", "your reply", "what you said", "what you just said", "you said"}
)


def _recalls(intent: Intent, desk: Desk) -> bool:
    """Whether a clause speaks of the last answer: "what you just said", or "that" after a long one."""
    if any(word.low in _SAID for word in intent.clause.words):
        return True
    return not desk.earlier or (len(desk.said) > 60 and not intent.clause.has("IMAGE", "DOC", "AUDIO", "VIDEO", "FILE"))


def _speaks_of(intent: Intent, thing: Thing) -> bool:
    """Whether a clause names a file or its kind of thing."""
    concept = {Kind.IMAGE: "IMAGE", Kind.DOCUMENT: "DOC", Kind.AUDIO: "AUDIO", Kind.VIDEO: "VIDEO"}.get(
        thing.kind, "TEXTY"
    )
    return intent.clause.has(concept) or any(
        word.low in thing.names for word in intent.clause.words if word.kind == "file"
    )


def _spoken(intent: Intent) -> set[str]:
    return {name for word in intent.rest for name in (*word.concepts, word.low)}


def _asks_itself(intent: Intent) -> bool:
    """Whether the clause holds the question: "who signed it?", "the due date on this bill"."""
    if intent.clause.asks:
        return True
    after = intent.clause.words[intent.head + 1 :]
    return any(word.means("WH") or word.means("NOUN") for word in after) and not intent.clause.has(
        "QUESTION", "ANSWERS"
    )


def _question(intent: Intent, text: str) -> str:
    words = intent.clause.words
    while len(words) > 1 and words[0].low in _KNOWING:
        words = words[1:]
    end = intent.clause.end
    start = intent.clause.whole if intent.clause.asks and not _opens(words[0]) else words[0].start
    if words[0].means("WH") and (before := _PREPOSITION.search(text[max(0, start - 10) : start])):
        start -= len(before.group())
    return text[start : end + (text[end : end + 1] == "?")].strip(" ,;:")


_PREPOSITION = re.compile(r"\b(?:in|at|on|by|for|from|to|of|with|under|until|since) $", re.IGNORECASE)
"""Belongs to the question word behind it: "in which city"."""


def _opens(word: Word) -> bool:
    return word.means("WH") or word.means("AUX")


_KNOWING = frozenset(
    {"know", "tell", "see", "check", "determine", "find out", "understand", "learn", "let me know", "want", "me", "us"}
)


def _concrete(intent: Intent) -> bool:
    """Whether an edit says itself what to do, rather than pointing to a description."""
    return not intent.clause.has("CAPTION", "according", "based", "based on", "instruction", "instructions")
