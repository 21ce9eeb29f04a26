from __future__ import annotations

import re
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.contract import TaskType
from core.controllers.rules.data.words import NOUNS, SMALL, VERBS
from core.controllers.rules.plan import plan
from core.ports import Brief, Draft, Say
from core.registry import Registry
from core.stages.arguments import WORDS
from core.types import Artifact, Kind

_VOCABULARY = sorted(
    {word.replace("_", " ") for table in (VERBS, NOUNS, SMALL) for row in table.values() for word in row.split()}
)
_PIECES = st.one_of(
    st.sampled_from(_VOCABULARY),
    st.sampled_from(
        [",", ".", "?", ":", ";", "'a b'", '"', "'", "\n", "and", "then", "it", "French", "a.jpg", "1)", "or", "the"]
    ),
    st.text(max_size=8),
)
_TEXTS = st.one_of(st.lists(_PIECES, max_size=25).map(" ".join), st.text(max_size=200))
_KINDS = st.lists(
    st.sampled_from([Kind.IMAGE, Kind.DOCUMENT, Kind.AUDIO, Kind.VIDEO, Kind.TEXT, Kind.TABLE]), max_size=4
)
_REFERENCE = re.compile(r"<(resource|attachment)-(\d+)>")


def _brief(text: str, kinds: list[Kind], own: int, *, everything: bool) -> Brief:
    known = [type_ for type_ in Registry.discover().types.values() if not type_.internal]
    files = [Artifact(sha256=str(n), kind=kind, mime="", name=f"f{n}.x", size=1) for n, kind in enumerate(kinds)]
    offered = known if everything else known[::2]
    return Brief(
        text=text,
        artifacts=dict(enumerate(files)),
        own=min(own, len(files)),
        offered=offered,
        missing=[type_ for type_ in known if type_ not in offered],
    )


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=_TEXTS, kinds=_KINDS, own=st.integers(0, 4), everything=st.booleans())
def test_a_plan_of_any_text_is_well_formed(text: str, kinds: list[Kind], own: int, everything: bool) -> None:
    """Whatever is written: nothing is raised, arguments are known and complete, references point back and fit."""
    brief = _brief(text, kinds, own, everything=everything)
    types = {type_.name: type_ for type_ in brief.offered}
    pieces = list(plan(brief))
    drafts = [piece for piece in pieces if isinstance(piece, Draft)]
    assert pieces, "silence"
    for number, draft in enumerate(drafts):
        assert draft.id == number
        type_ = types[draft.type]
        assert set(draft.args) <= {take.name for take in type_.takes}
        assert all(draft.args.get(take.name) for take in type_.takes if take.required)
        _check_references(draft, type_, drafts, brief)
    assert all(piece.text.strip() for piece in pieces if isinstance(piece, Say))


def _check_references(draft: Draft, type_: TaskType, drafts: list[Draft], brief: Brief) -> None:
    types = {one.name: one for one in brief.offered}
    for name, value in draft.args.items():
        take = type_.take(name)
        assert take is not None
        for part in value if isinstance(value, list) else [value]:
            found = _REFERENCE.fullmatch(part) if isinstance(part, str) else None
            if found is None:
                assert Kind.TEXT in take.kinds or Kind.NUMBER in take.kinds, f"{draft}: a literal where a file is due"
                continue
            fitting = (*take.kinds, *WORDS) if Kind.TEXT in take.kinds else take.kinds
            if found.group(1) == "attachment":
                assert brief.artifacts[int(found.group(2))].kind in fitting, draft
            else:
                assert int(found.group(2)) < draft.id
                made = types[drafts[int(found.group(2))].type].promised
                assert any(give.kind in fitting for give in made), draft


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "'",
        '"',
        "'x ",
        "read ",
        "it, ",
        "a or ",
        "x:\n",
        "text: ",
        ". ",
        "((",
        "1) ",
        "https://",
        "draw a cat and ",
        "“",
    ],
)
def test_long_texts_take_a_bounded_time(unit: str) -> None:
    """A hundred thousand characters of any pattern are read in linear time, and answered."""
    text = unit * (100_000 // len(unit))
    started = time.perf_counter()
    assert list(plan(_brief(text, [Kind.IMAGE], 1, everything=True)))
    assert time.perf_counter() - started < 5
