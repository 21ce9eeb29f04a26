"""How people ask what a file is: how long, how large, in which format. Data only.

A wording is a regular expression for a whole clause, all in lower case. In it, THING stands for what is spoken of as a
file ("the film", "a.mp4"), PAPER for what is written ("the contract"), IT for "it" and "this".
"""

from __future__ import annotations

from core.types import Kind

_FILES = frozenset({Kind.IMAGE, Kind.DOCUMENT, Kind.AUDIO, Kind.VIDEO, Kind.TEXT})
_PLAYED = frozenset({Kind.AUDIO, Kind.VIDEO})
_SEEN = frozenset({Kind.IMAGE, Kind.VIDEO})
_FILM = frozenset({Kind.VIDEO})
_PAGED = frozenset({Kind.DOCUMENT})
_WRITTEN = frozenset({Kind.DOCUMENT, Kind.TEXT})

NOUNS: dict[str, frozenset[Kind]] = {
    **dict.fromkeys(("film", "movie", "video", "footage", "video file", "video clip"), _FILM),
    **dict.fromkeys(("gif", "animation"), _SEEN),
    **dict.fromkeys(("recording", "clip"), _PLAYED),
    **dict.fromkeys(
        (
            "song", "track", "music", "audio", "sound", "podcast", "voice message", "voice memo", "voice note",
            "audio file", "sound file", "audio clip", "music file", "audio recording",
        ),
        _PLAYED,
    ),
    **dict.fromkeys(("picture", "image", "photo", "photograph", "pic", "screenshot"), frozenset({Kind.IMAGE})),
    **dict.fromkeys(("document", "pdf"), _PAGED),
    **dict.fromkeys(("text", "text file", "txt"), frozenset({Kind.TEXT})),
    "file": _FILES,
}  # fmt: skip
"""What a file is called, and which kinds of it are. Sound is also that of a film."""

PAPERS = (
    "contract", "report", "book", "letter", "paper", "manual", "scan", "invoice", "brochure", "article", "essay",
    "thesis", "story", "agreement", "lease", "application", "chapter",
)  # fmt: skip
"""What a document or a text may be. How long the contract is may be told in it; how many pages it has is not."""

_ONE = "(?:THING|IT)"
_SHEETS = "(?:THING|PAPER|IT)"
_TIME = "(?:of )?(?:seconds|minutes|hours)(?: long)?"
_IS = r"(?:is|are|does|do|has|have|are there|are in|are there in|is in|of|to)"
_HAS = r"(?: (?:have|has|contain|contains|long|there|in total|altogether))*"
_WHAT = r"(?:(?:what|which) (?:is|are|was) |what's |whats )?(?:the |its )?(?:exact |total |whole |full )?"
_LENGTH = r"(?:duration|length|running time|playing time|play time|runtime|run time|running length)"
_FORM = r"(?:file )?(?:format|formats|type of file|kind of file|sort of file|filetype|file type|codec|codecs|container)"
_RATE = r"(?:frame rate|framerate|fps|frames per second|frames a second)"
_SOUND = r"(?:any |an |a )?(?:sound|audio|sound track|soundtrack|audio track)"

FEATURES = (
    "size|length|duration|running time|resolution|dimensions|format|codec|frame rate|framerate|"
    "properties|page count|word count|bitrate"
)
"""What may stand behind the thing that has it: "the film's length", "the file size"."""

WORDINGS: tuple[tuple[frozenset[Kind], str], ...] = (
    # how long
    (_PLAYED, r"how long (?:is|was) IT"),
    (_PLAYED, r"how long IT is"),
    (_PLAYED | _WRITTEN, r"how long (?:is|was|are) THING"),
    (_PLAYED | _WRITTEN, r"how long THING is"),
    (_PLAYED, rf"how long (?:does|do) {_ONE} (?:last|run|play|go|go on)"),
    (_PLAYED, rf"how long {_ONE} (?:lasts|runs|plays)"),
    (_PLAYED, rf"how (?:long|much|many of time) lasts {_ONE}"),  # as it is said in German, Spanish and French
    (_PLAYED, rf"how many {_TIME} {_IS} {_ONE}(?: have| has| last| run| play| long)*"),
    (_PLAYED, rf"how many {_TIME} lasts {_ONE}"),
    (_PLAYED, rf"how many {_TIME} {_ONE} (?:is|has|lasts|runs)"),
    (_PLAYED, rf"{_WHAT}{_LENGTH}(?: (?:of|in) {_ONE})?"),
    # how many pixels
    (_SEEN, rf"how many pixels(?: wide| high| tall)? {_IS} {_ONE}{_HAS}(?: wide| high| tall)?"),
    (_SEEN, rf"{_WHAT}(?:image |video |pixel )?resolution(?: of {_ONE})?"),
    (_SEEN, rf"{_WHAT}(?:pixel dimensions|dimensions in pixels|size in pixels)(?: of {_ONE})?"),
    (_SEEN, rf"{_WHAT}(?:dimensions|width|height|width and height|aspect ratio)(?: in pixels)? of THING"),
    (_SEEN, rf"(?:what|which) (?:resolution|dimensions) (?:is|are|does|has) {_ONE}(?: have| in)?"),
    (_SEEN, r"how (?:wide|high|tall) (?:is|are) THING"),
    (_SEEN, r"how (?:big|large|wide|high|tall) is IT in pixels"),
    # how large
    (_FILES, r"how (?:big|large) (?:is|are) THING(?: in pixels)?"),
    (_FILES, rf"{_WHAT}size of THING"),
    (_FILES, rf"{_WHAT}(?:file size|filesize)(?: of {_ONE})?"),
    (_FILES, rf"how many (?:bytes|kb|mb|kilobytes|megabytes) {_IS} {_ONE}{_HAS}(?: large| big)?"),
    (_FILES, rf"{_WHAT}(?:(?:file information|file info|file properties)(?: of {_ONE})?|properties of THING)"),
    # which format
    (_FILES, rf"(?:what|which) {_FORM} (?:is|are|was|does|do|has) {_ONE}(?: in| have| use| using)?"),
    (_FILES, rf"{_WHAT}{_FORM} of {_ONE}"),
    (_FILES, rf"{_WHAT}(?:file format|filetype|file type|codec|codecs)"),
    # how many frames, how it sounds
    (_FILM, rf"how many (?:frames|fps|frames per second|frames a second) {_IS} {_ONE}{_HAS}"),
    (_SEEN, rf"how many frames {_IS} THING{_HAS}"),
    (frozenset({Kind.IMAGE}), rf"is {_ONE} (?:animated|an animation)"),
    (_FILM, rf"{_WHAT}{_RATE}(?: of {_ONE})?"),
    (_FILM, rf"(?:what|which) {_RATE} (?:is|does|has) {_ONE}(?: have| use)?"),
    (_FILM, rf"(?:does|do|has) {_ONE} (?:have |has |contain |got )?{_SOUND}"),
    (_FILM, rf"{_ONE} (?:has|have) {_SOUND}"),
    (_FILM, rf"has {_SOUND} {_ONE}"),
    (_FILM, rf"is there {_SOUND}(?: (?:in|on|with|to) {_ONE})?"),
    (_FILM, rf"is {_ONE} (?:silent|mute)"),
    (_PLAYED, rf"is {_ONE} (?:in )?(?:mono|stereo)(?: or (?:mono|stereo))?"),
    (_PLAYED, rf"{_WHAT}(?:sample rate|sampling rate|sample frequency)(?: of {_ONE})?"),
    (_PLAYED, rf"how many (?:audio |sound )?channels {_IS} {_ONE}{_HAS}"),
    # how many (?:of )?pages and words
    (_PAGED, rf"how many (?:of )?pages(?: {_IS} {_SHEETS})?{_HAS}"),
    (_PAGED, rf"how many (?:of )?pages (?:are there|{_SHEETS} (?:has|have|contains))"),
    (_PAGED, rf"{_WHAT}(?:page count|number of pages)(?: (?:of|in) {_SHEETS})?"),
    (_WRITTEN, rf"how many (?:of )?(?:words|characters) {_IS} {_SHEETS}{_HAS}"),
    (_WRITTEN, rf"how many (?:of )?(?:words|characters) (?:are there|{_SHEETS} (?:has|have|contains))"),
    (_WRITTEN, rf"{_WHAT}(?:word count|character count|number of words)(?: (?:of|in) {_SHEETS})?"),
)
"""Of which kinds of files each is asked; of others the same words ask something else."""
