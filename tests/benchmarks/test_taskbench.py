"""Requests of the benchmark become plans in its own terms."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from typer.testing import CliRunner

from benchmarks.taskbench.__main__ import app
from benchmarks.taskbench.graphs import files_in, graph, links, nodes, planner
from benchmarks.taskbench.tools import TOOLS, TYPES, tool_for
from core.controllers.embedded import EmbeddedController
from core.registry import Registry
from tests.simulators.openai import Reply, Simulator, plan

pytestmark = pytest.mark.anyio


def test_every_tool_is_a_task_type_with_these_arguments() -> None:
    """Each of the 23 tools stands for a task type of the house, and names only arguments that it takes."""
    types = Registry.discover().types
    assert len(TOOLS) == 23
    for tool in TOOLS.values():
        assert set(tool.args) <= {take.name for take in types[tool.type].takes}


def test_task_types_lead_back_to_their_tools() -> None:
    """Each offered task type has a tool; pictures are edited by a description, or taken to another domain."""
    assert {TOOLS[tool_for(name, {})].type for name in TYPES} == TYPES
    assert tool_for("image-to-image", {"prompt": "make the car red"}) == "Image Editing"
    assert tool_for("image-to-image", {"prompt": "<resource-1>"}) == "Image Editing"
    assert tool_for("image-to-image", {"prompt": "enhance the picture"}) == "Image-to-Image"


def test_named_files_stand_in_for_attachments() -> None:
    """What looks like a file is taken for one, once, with the kind of its ending; other dots are no files."""
    files = files_in("Compare example.jpg with talk.wav, e.g. example.jpg, as on example.com")
    assert [(file.name, file.kind) for file in files] == [("example.jpg", "image"), ("talk.wav", "audio")]


def test_arguments_are_literals_files_and_nodes() -> None:
    """References become places in the list, whatever the tasks are numbered; attachments become their names."""
    tasks: list[dict[str, Any]] = [
        {"id": 4, "task": "automatic-speech-recognition", "args": {"audio": "<attachment-1>"}},
        {"id": 7, "task": "sentence-similarity", "args": {"text": "<resource-4>", "sentences": ["a cat", "a dog"]}},
    ]
    planned = nodes(tasks, ["x.png", "talk.wav"])
    assert planned == [
        {"task": "Automatic Speech Recognition", "arguments": ["talk.wav"]},
        {"task": "Sentence Similarity", "arguments": ["<node-0>", "a cat", "a dog"]},
    ]
    assert links(planned) == [["Automatic Speech Recognition", "Sentence Similarity"]]


async def test_a_chain_is_planned_by_the_rules() -> None:
    """A request over three tools that nothing here can run is planned as if it could."""
    found = await graph(
        planner(EmbeddedController()), "Transcribe example.wav, translate the text to French, then say it aloud."
    )
    assert found == [
        {"task": "Automatic Speech Recognition", "arguments": ["example.wav"]},
        {"task": "Translation", "arguments": ["<node-0>"]},
        {"task": "Text-to-Speech", "arguments": ["<node-1>"]},
    ]


def test_the_command_writes_a_line_for_each_request(tmp_path: Path) -> None:
    """Only id and request are read; every request gets a line, one that cannot be planned an empty graph."""
    gold, out = tmp_path / "gold.jsonl", tmp_path / "pred.jsonl"
    gold.write_text('{"id": "1", "request": "Detect the objects in example.jpg"}\n\n{"id": "2", "request": " "}\n')
    done = CliRunner().invoke(app, [str(gold), "--controller", "embedded", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "2 requests planned" in done.output
    assert "1 failed" in done.output
    assert [json.loads(line) for line in out.read_text().splitlines()] == [
        {"id": "1", "nodes": [{"task": "Object Detection", "arguments": ["example.jpg"]}], "links": []},
        {"id": "2", "nodes": [], "links": []},
    ]


async def test_a_language_model_is_measured_as_the_bot_asks_it(tmp_path: Path) -> None:
    """With an endpoint set, the command plans with it; what fails is counted, and no rules stand in for it."""
    (tmp_path / "gold.jsonl").write_text('{"id": "a", "request": "Sum up x.wav"}\n{"id": "b", "request": "Draw"}\n')
    script: list[Reply | str] = [
        plan(
            ("automatic-speech-recognition", {"audio": "<attachment-0>"}),
            ("summarization", {"text": "<resource-0>"}),
        ),
        Reply(status=400),
    ]
    async with Simulator(script) as server:
        command = [sys.executable, "-m", "benchmarks.taskbench", "gold.jsonl", "--controller", "openai"]
        done = await anyio.run_process(
            [*command, "--out", "pred.jsonl"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path.cwd()), "OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "x"},
        )
    assert b"1 failed" in done.stdout
    first, second = [json.loads(line) for line in (tmp_path / "pred.jsonl").read_text().splitlines()]
    assert [(node["task"], node["arguments"]) for node in first["nodes"]] == [
        ("Automatic Speech Recognition", ["x.wav"]),
        ("Summarization", ["<node-0>"]),
    ]
    assert second["nodes"] == []


def test_without_a_language_model_nothing_is_pretended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for the language model where none is set up, the command says which setting is missing."""
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "gold.jsonl").write_text('{"id": "1", "request": "Draw a cat"}\n')
    done = CliRunner().invoke(app, ["gold.jsonl", "--controller", "openai", "--out", "pred.jsonl"])
    assert done.exit_code != 0
    assert "OPENAI_BASE_URL" in done.output
