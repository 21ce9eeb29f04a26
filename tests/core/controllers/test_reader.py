"""Whatever a model writes around, inside and instead of its plan, what it meant is read, piece by piece."""

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.controllers.chat.drafts import Drafts
from core.controllers.chat.reader import PATIENCE, Reader
from core.controllers.chat.spelling import respelled
from core.ports import Draft
from core.types import Json

PLAN = {
    "reply": None,
    "tasks": [
        {"id": 0, "task": "text-to-image", "args": {"prompt": 'a cat, it\'s "big" {really}\n[so]'}, "model": None},
        {"id": 1, "task": "text-overlay", "args": {"image": "<resource-0>", "text": "I ❤ YOU"}, "model": None},
    ],
}
WRITTEN = json.dumps(PLAN)


def read(text: str, *, piece: int = 7, cut: bool = False, patience: int = PATIENCE) -> tuple[str, list[Any]]:
    """Return the words and the tasks of a text that comes in pieces."""
    reader = Reader(patience=patience)
    found: list[str | Json] = []
    for start in range(0, len(text), piece):
        found += reader.feed(text[start : start + piece])
    found += reader.close(cut=cut)
    return "".join(one for one in found if isinstance(one, str)), [one for one in found if not isinstance(one, str)]


def drafted(text: str) -> list[Draft]:
    """Return the drafts of a text."""
    drafts = Drafts()
    return [drafts.draft(task) for task in read(text)[1]]


WRAPPED = {
    "bare": WRITTEN,
    "pretty": json.dumps(PLAN, indent=2),
    "fence": f"```json\n{WRITTEN}\n```",
    "fence without a language": f"```\n{WRITTEN}\n```",
    "prose around": f"Sure! Here is the plan you asked for:\n\n{WRITTEN}\n\nLet me know if that helps.",
    "prose and fence": f"Sure!\n```json\n{WRITTEN}\n```\nIs that right?",
    "thoughts": f"<think>Maybe {{'tasks': []}} or [] ...</think>\n{WRITTEN}",
    "thoughts without their beginning": f"The user wants a cat.</think>\n\n{WRITTEN}",
    "calls of tools": "\n".join(
        f'<tool_call>\n{json.dumps({"name": one["task"], "arguments": one["args"], "id": one["id"]})}\n</tool_call>'
        for one in PLAN["tasks"] or ()
    ),
    "bare list": json.dumps(PLAN["tasks"]),
    "list in a list": json.dumps([PLAN["tasks"]]),
    "another key": json.dumps({"plan": PLAN["tasks"]}),
    "wrapped twice": json.dumps({"plan": {"tasks": PLAN["tasks"]}}),
    "one object a line": "\n".join(json.dumps(task) for task in PLAN["tasks"] or ()),
    "Python": repr(PLAN),
    "no end": WRITTEN[:-2],
    "no end at all": WRITTEN[:-4],
    "comments": WRITTEN.replace('"tasks": [', '// the plan\n"tasks": [ /* two */ ').replace('{"id": 1', '#\n{"id": 1'),
    "trailing commas": WRITTEN.replace("}]", "},]").replace("null}", "null,}"),
    "no commas": WRITTEN.replace('}, {"id": 1', '} {"id": 1').replace(', "args"', ' "args"'),
    "bare keys": WRITTEN.replace('"id"', "id").replace('"task":', "task:").replace('"args"', "args"),
    "CRLF": json.dumps(PLAN, indent=1).replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + WRITTEN,
}  # fmt: skip


@pytest.mark.parametrize("text", WRAPPED.values(), ids=WRAPPED)
@pytest.mark.parametrize("piece", [1, 5, 64, 100_000])
def test_the_plan_is_found_in_any_wrapping(text: str, piece: int) -> None:
    """However the plan is wrapped or bent, both tasks come out whole, and no word of it is said."""
    words, tasks = read(text, piece=piece)
    assert words == ""
    drafts = Drafts()
    assert [(one.id, one.type, one.args) for one in map(drafts.draft, tasks)] == [
        (one["id"], one["task"], one["args"]) for one in PLAN["tasks"] or ()
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Hello! How are you?",
        "A list: [1, 2], a link [here](http://x), a set {a, b}, code `x = {1: [2]}`.",
        '```python\nprint({"a": [1]})\n```\nThat prints a dictionary.',
        'A user looks like {"id": 1, "name": "Bob"} in JSON.',
        "[]{}[", "{", "`", "1. one\n2. two " + "x" * 1000, '{"weather": "fine"}',
    ],
)  # fmt: skip
@pytest.mark.parametrize("piece", [1, 7, 5000])
@pytest.mark.parametrize("patience", [0, PATIENCE])
def test_prose_is_the_answer(text: str, piece: int, patience: int) -> None:
    """Words without a plan are said as they are, however much they look like JSON."""
    words, tasks = read(text, piece=piece, patience=patience)
    if not set(text) <= set("[]{}`"):
        assert words == text
    assert tasks == []


@pytest.mark.parametrize("piece", [1, 7, 5000])
def test_thoughts_without_an_end_are_no_words(piece: int) -> None:
    """A reply that is cut before the model speaks holds nothing, not even its last thought."""
    assert read("<think>\nhmm hmm", piece=piece, cut=True) == ("", [])
    assert read("<think>\nI must plan </thi", piece=piece, cut=True) == ("", [])


@pytest.mark.parametrize("piece", [1, 7, 5000])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("hmm hmm</think>\n\nHello!", "Hello!"),
        ("<think>hmm</think>Hello!", "Hello!"),
        ("Hello! It is </thi", "Hello! It is </thi"),
        ("hmm" * 200 + "</think>Hello!", "Hello!"),
    ],
)
def test_thoughts_that_are_expected(text: str, words: str, piece: int) -> None:
    """They end with their tag, and where that never comes they were none."""
    reader = Reader(patience=PATIENCE)
    reader.expect_thoughts()
    parts = [*(text[at : at + piece] for at in range(0, len(text), piece))]
    found = [one for part in parts for one in reader.feed(part)] + [*reader.close()]
    assert "".join(map(str, found)) == words


def test_words_stream_and_come_unescaped() -> None:
    """The reply inside the JSON is said while it is written, its escapes undone, letters of two units whole."""
    text = 'Grüße! 😀 "quoted"\n\tநான்'
    written = json.dumps({"reply": text, "tasks": []})
    for piece in (1, 2, 3, 5):
        assert read(written, piece=piece) == (text, [])
    reader = Reader(patience=PATIENCE)
    assert list(reader.feed(written[:50])) != []


@pytest.mark.parametrize("nothing", ['""', "null", '"null"', '"None"', '" "'])
def test_no_reply_is_no_words(nothing: str) -> None:
    """Models write "nothing" in several ways."""
    assert read(f'{{"reply": {nothing}, "tasks": []}}') == ("", [])


def test_tasks_come_out_when_they_are_complete() -> None:
    """The first task is out before the second has begun."""
    reader = Reader(patience=PATIENCE)
    end = WRITTEN.index(', {"id": 1')
    assert [type(one) for one in reader.feed(WRITTEN[:end])] == [dict]


@pytest.mark.parametrize("end", range(1, len(WRITTEN), 9))
def test_what_is_cut_counts_only_as_far_as_it_is_whole(end: int) -> None:
    """A stream that breaks anywhere leaves complete tasks or nothing, never half a task."""
    _, tasks = read(WRITTEN[:end], cut=True)
    assert tasks == (PLAN["tasks"] or [])[: len(tasks)]


def test_reading_takes_linear_time() -> None:
    """Ten megabytes in pieces of forty letters take seconds, whatever they hold."""
    for text in (
        '{"reply": "' + "x" * 4_000_000,
        '{"tasks":[' + '{"task":"a","args":{}},' * 60_000,
        "a [b] " * 300_000,
    ):
        began = time.perf_counter()
        read_fast(text)
        half = time.perf_counter() - began
        began = time.perf_counter()
        read_fast(text * 2)
        assert time.perf_counter() - began < 4 * half + 0.5


def read_fast(text: str) -> None:
    """Read and throw away."""
    reader = Reader(patience=PATIENCE)
    for start in range(0, len(text), 40):
        for _ in reader.feed(text[start : start + 40]):
            pass
    for _ in reader.close():
        pass


@given(st.text(max_size=300), st.integers(1, 30), st.booleans())
def test_nothing_breaks_the_reader(text: str, piece: int, cut: bool) -> None:
    """Any text at all is read without an exception, and in whatever pieces it comes, the same is read."""
    assert read(text, piece=piece, cut=cut) == read(text, piece=1000, cut=cut)


@given(st.text(alphabet="{}[]\",:'\\ \ntasktypeargsreply0123`<>/#*", max_size=200), st.integers(1, 20))
def test_nothing_that_looks_like_json_breaks_the_reader(text: str, piece: int) -> None:
    """Neither do brackets, quotes and escapes in any order."""
    assert read('{"tasks": [' + text, piece=piece) == read('{"tasks": [' + text, piece=1000)


# ---------------------------------------------------------------- drafts


def test_huggingpts_own_format() -> None:
    """The paper's format is understood: "dep" is not needed, "<GENERATED>-0" is a reference."""
    text = """[{"task": "image-to-text", "id": 0, "dep": [-1], "args": {"image": "/examples/c.jpg"}},
               {"task": "text-to-speech", "id": 1, "dep": [0], "args": {"text": "<GENERATED>-0"}}]"""
    assert [(one.id, one.type, one.args) for one in drafted(text)] == [
        (0, "image-to-text", {"image": "/examples/c.jpg"}),
        (1, "text-to-speech", {"text": "<resource-0>"}),
    ]


@pytest.mark.parametrize(
    "args",
    [
        '{"labels": ["a", "b"], "text": "x"}',
        '[{"name": "labels", "value": "a"}, {"name": "labels", "value": "b"}, {"name": "text", "value": "x"}]',
        '[{"labels": ["a", "b"]}, {"text": "x"}]',
        '"{\\"labels\\": [\\"a\\", \\"b\\"], \\"text\\": \\"x\\"}"',
    ],
)
def test_arguments_in_any_shape(args: str) -> None:
    """As an object, as pairs, as a list of objects, as JSON in a string."""
    (draft,) = drafted(f'{{"task": "zero-shot-classification", "args": {args}}}')
    assert draft.args == {"labels": ["a", "b"], "text": "x"}


@pytest.mark.parametrize(
    ("task", "found"),
    [
        ('{"task": "a", "args": null}', {}),
        ('{"task": "a", "args": [1, "x", null]}', {}),
        ('{"task": "a", "args": {"x": null, "n": 5, "f": 0.5, "b": true}}', {"n": 5, "f": 0.5, "b": True}),
        ('{"task": "a", "prompt": "a cat", "dep": [-1], "reason": "r"}', {"prompt": "a cat"}),
        ('{"task_type": "a", "arguments": {"x": [["<resource-0>"], ["y"]]}}', {"x": [["<resource-0>"], ["y"]]}),
    ],
)
def test_numbers_nothing_and_forgotten_keys(task: str, found: dict[str, Any]) -> None:
    """What is null is left out, what is a number stays one, arguments beside the task belong to it."""
    (draft,) = drafted(task)
    assert (draft.type, draft.args) == ("a", found)


@pytest.mark.parametrize(
    ("ids", "numbers"),
    [
        (["0", "1"], [0, 1]),
        (["task-3", "task-4"], [3, 4]),
        ([None, None], [0, 1]),
        ([1.0, 2.0], [1, 2]),
        ([True, "x"], [0, 1]),
        (["detect", "say"], [0, 1]),
        ([10**30, -1], [0, 1]),
    ],
)
def test_ids_become_numbers(ids: list[Any], numbers: list[int]) -> None:
    """Ids as strings, names or not at all: each task has a number."""
    drafts = Drafts()
    assert [drafts.draft({"id": one, "task": "a"}).id for one in ids] == numbers


REFERENCES = """<GENERATED>-0 <GENERATED-0> <resource-0> <resource_0> resource-0 <node-0> {resource-0} {{resource-0}}
[resource-0] <Resource-0> <task-0> <task_0> node-0 <output-0> $resource-0 <resource:0> <RESOURCE 0> ${resource-0}
<resource-00> <GENERATED>_0 <GENERATED>:0 <GENERATED>–0 <GENERATED>[0] &lt;GENERATED&gt;-0 <GENERATED>-0</GENERATED>"""


@pytest.mark.parametrize("written", REFERENCES.replace("<RESOURCE 0>", "").split())
def test_references_in_any_spelling(written: str) -> None:
    """All of them mean the first output of task 0, alone or in a text where they are marked."""
    assert respelled(written, {}) == "<resource-0>"
    assert respelled([written], {}) == ["<resource-0>"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("<resource-0.image>", "<resource-0.image>"),
        ("<resource-0>.image", "<resource-0.image>"),
        ("<resource-0['text']>", "<resource-0.text>"),
        ("<resource-0>, <resource-1> and <node-2>", "<resource-0>, <resource-1> and <resource-2>"),
        ("resource-0, resource-1", "<resource-0>, <resource-1>"),
        ("<attachment-1>", "<attachment-1>"),
        ("attachment-1", "<attachment-1>"),
        ("<file-1>", "<attachment-1>"),
        ("<resource-detect>", "<resource-4>"),
        ("Write <resource-0>.", "Write <resource-0>."),
        ("A step by step plan of resource 5 for everybody", "A step by step plan of resource 5 for everybody"),
        ("if a<b and c>d then {x} [1]", "if a<b and c>d then {x} [1]"),
        ("<b>bold</b> [link](x)", "<b>bold</b> [link](x)"),
    ],
)
def test_references_in_texts(written: str, meant: str) -> None:
    """Marked references are rewritten anywhere, others only where there is nothing else; other text stays as it is."""
    assert respelled(written, {"detect": 4}) == meant


def test_models_and_reasons_in_any_shape() -> None:
    """The wish may be an object; a reason is words of bounded length."""
    (draft,) = drafted(
        '{"task": "a", "args": {}, "model": {"id": "m/x", "reason": "y"}, "reason": "%s"}' % ("z " * 900)
    )
    assert (draft.model, len(draft.why)) == ("m/x", 300)
