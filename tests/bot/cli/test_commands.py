"""Commands run in this process: what they print, and with which code they end."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli.app import app


def run(*args: str, stdin: str | bytes | None = None) -> Result:
    """Run a command line."""
    return CliRunner().invoke(app, list(args), input=stdin)


def lines(result: Result) -> list[dict[str, object]]:
    """The JSON objects that were printed, one a line."""
    return [json.loads(line) for line in result.stdout.splitlines()]


NAMES = (
    *("ask", "chat", "plan", "serve", "worker", "migrate"),
    *("mode", "rules", "bylaws", "models", "doctor", "audit"),
)


@pytest.mark.parametrize("args", [["--help"], [], *([name, "-h"] for name in NAMES)])
def test_help_reads_well(args: list[str]) -> None:
    """Every command explains itself within 100 columns, without the marks of the source."""
    result = CliRunner().invoke(app, args, env={"COLUMNS": "100", "TERMINAL_WIDTH": "100"})
    assert result.exit_code in {0, 2}
    assert "Usage: " in result.output
    assert "``" not in result.output
    assert "Raises" not in result.output


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["ask"], "Your message is empty."),
        (["ask", "hi", "--attach", "/no/such/file"], "There is no file /no/such/file."),
        (["ask", "hi", "--attach", "/"], "/ is a folder: attach its files."),
        (["ask", "hi", "--mode", "fast"], "There is no mode “fast”. The modes are local, remote and hybrid."),
        (["plan"], "The request is empty: it has neither words nor files."),
        (["plan", "hi", "--attach", "/no/such/file"], "/no/such/file cannot be read: No such file or directory."),
        (["plan", "--batch", "/no/such/file"], "/no/such/file cannot be read: No such file or directory."),
        (["models", "image-to-txt"], "There is no task called “image-to-txt”. Did you mean image-to-text?"),
        (["mode", "fast"], "There is no mode “fast”. The modes are local, remote and hybrid."),
        (["rules", "--deny", "artist:x"], "“artist:x” is neither the id of a model nor one of author:NAME"),
        (["rules", "--deny", "task:image-to-txt"], "There is no task called “image-to-txt”."),
        (["rules", "--prefer", "text-to-image"], "“text-to-image” should be TASK=MODEL"),
        (["rules", "--prefer", "text-to-image=gpt-17"], "The catalogue has no model “gpt-17” for text-to-image."),
        (["bylaws", "quota=1"], "There is no bylaw “quota”. There are: channels, roles, blocked"),
        (["bylaws", "safety"], "“safety” should be NAME=VALUE"),
        (["bylaws", "safety=none"], "“none” is no level of safety."),
        (["rules", "--pin", "=v1"], "“=v1” should be MODEL=REVISION"),
        (["bylaws", "safety=blur", "--scope", "discrod/1"], "There is no platform called “discrod”. There is: web,"),
        (["slack-manifest", "--url", "jarvis.example.org"], "--url must be an address starting with https://, not"),
        (["serve", "--only", "irc"], "There is no platform called 'irc'. There is: web, discord, slack."),
    ],
)
def test_wrong_usage_is_a_sentence(args: list[str], sentence: str) -> None:
    """What cannot be used is refused with code 2 and one line, nothing on standard output."""
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1


def test_a_wrong_setting_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the command, a wrong setting ends it with the variable's name."""
    monkeypatch.setenv("WEB_PORT", "http")
    result = run("mode")
    assert (result.exit_code, result.stderr) == (2, "WEB_PORT must be a port from 1 to 65535, not 'http'.\n")


def test_standard_input_must_be_text() -> None:
    """Bytes that are no text are refused in words."""
    result = run("ask", "-", stdin=b"\xff\xfe\x00")
    assert (result.exit_code, result.stderr) == (2, "What came in on standard input is no text in UTF-8.\n")


@pytest.mark.slow
def test_a_file_that_is_not_there_is_told_before_anything_is_written(installation: Path) -> None:
    """Attached in a chat, it does not take the next message with it; nor does a word that means nothing there."""
    (installation / "note.txt").write_text("The cat sat.")
    said = run("chat", stdin="/hlep\n/attach nope.png\n/attach note.txt\nhello\n/quit\n").stdout
    assert "There is no /hlep." in said
    assert "There is no file nope.png." in said
    assert "nope.png goes with" not in said
    assert "note.txt goes with the next message." in said


def test_migrating_says_what_it_did() -> None:
    """The first time makes the database, the second finds nothing to do."""
    assert "now at version" in run("migrate").stdout
    assert "already at version" in run("migrate").stdout


def test_a_database_that_is_none_is_a_sentence(installation: Path) -> None:
    """A damaged database file ends a command in words, with code 1."""
    (installation / "data").mkdir()
    (installation / "data" / "jarvis.db").write_bytes(b"no database at all" * 100)
    result = run("mode")
    assert result.exit_code == 1
    assert "damaged" in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("folder", ["/sys/jarvis", "taken/deep"])
@pytest.mark.parametrize("command", [["mode"], ["migrate"], ["ask", "hi"], ["ask", "hi", "--conversation", "trip"]])
def test_a_data_folder_that_cannot_be_written_is_a_sentence(
    command: list[str], folder: str, installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the right to write, or where a file stands in the way, a command ends in words, with code 1."""
    (installation / "taken").write_text("")
    monkeypatch.setenv("DATA_DIR", folder)
    result = run(*command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1
    assert "Something went wrong" not in result.stderr


def test_the_mode_stays_set() -> None:
    """A mode that was set is shown by the next call; a scope's own wins there."""
    assert "The mode is hybrid" in run("mode").stdout
    assert "The mode is remote" in run("mode", "huggingface").stdout
    assert "The mode is local" in run("mode", "local", "--scope", "web").stdout
    assert "The mode is remote" in run("mode").stdout
    assert "The mode is local" in run("mode", "--scope", "web").stdout


def test_a_mode_whose_places_are_not_set_up_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody believes that hosted models answer where none is asked; what stands in is said."""
    monkeypatch.setenv("DEVICES", "none")
    said = run("mode", "remote").stdout
    assert (
        "Hosted inference cannot be used: it is not set up, for HF_TOKEN is not set. So embedded models stand in."
        in said
    )
    assert "Own devices cannot be used: DEVICES is none." in run("mode", "local").stdout
    monkeypatch.setenv("MODEL_SERVERS", "studio=http://127.0.0.1:9/v1 own, rented=http://127.0.0.1:9/v1")
    assert "cannot" not in run("mode").stdout + run("mode", "hybrid").stdout


def test_rules_stay_set() -> None:
    """Each says what it does; a listing shows them, of one scope or of all; what is taken back is gone."""
    assert run("rules").stdout == "There are no rules about models.\n"
    said = run("rules", "--deny", "author:org", "--allow", "org/x", "--pin", "org/x=v1", "--scope", "web").stdout
    assert said.startswith("In web, the author org is denied. This holds from the next request on.\n")
    run("rules", "--prefer", "text-to-image=stabilityai/sdxl-turbo")
    assert run("rules").stdout.splitlines() == [
        "Everywhere, stabilityai/sdxl-turbo is preferred for text-to-image.",
        "In web, the author org is denied.",
        "In web, the model org/x is allowed.",
        "In web, org/x is pinned to v1.",
    ]
    run("rules", "--clear", "author:org", "--clear", "org/x", "--pin", "org/x=", "--scope", "web")
    assert run("rules", "--scope", "web").stdout == "There are no rules about models.\n"
    assert run("rules", "--prefer", "text-to-image=").stdout.startswith("Everywhere, no model is preferred")


def test_bylaws_stay_set_and_every_change_is_listed() -> None:
    """What was decided is shown with its scope by the next call, also in a channel of that scope; audit tells who."""
    said = run("bylaws", "requests-per-person=20", "blocked=+eve", "blocked=-bob", "--scope", "discord/g").stdout
    assert said.startswith("requests-per-person: 20 in a day (decided for discord/g).")
    assert run("mode", "local", "--scope", "discord/g").exit_code == 0
    lines = run("bylaws", "--scope", "discord/g/c").stdout.splitlines()
    assert "blocked: eve (decided for discord/g)." in lines
    assert "requests-per-person: no limit (by the settings)." in run("bylaws").stdout.splitlines()
    listed = [line.partition(", ")[2] for line in run("audit").stdout.splitlines()]
    assert listed == [
        "the command line: mode for discord/g, nothing → local",
        "the command line: blocked for discord/g, nothing → eve",
        "the command line: requests-per-person for discord/g, nothing → 20",
    ]
    assert len(run("audit", "--limit", "1").stdout.splitlines()) == 1
    assert run("audit", "--scope", "slack").stdout == "Nothing was changed yet.\n"


def test_models_as_json_is_a_list_of_rows() -> None:
    """Each row has at least an id and a task, and says whether the model can run."""
    rows = json.loads(run("models", "--json").stdout)
    wanted = {"id", "task", "place", "size", "memory", "downloads", "licence", "available", "why_not", "about"}
    wanted |= {"why", "figure"}
    assert rows
    assert all(set(row) == wanted for row in rows)
    assert {row["task"] for row in rows} >= {"image-to-image", "text-overlay"}
    assert "media-probe" not in {row["task"] for row in rows}


def test_models_for_people_names_what_is_missing() -> None:
    """Each task says how many of its models can run, and of those that cannot, why."""
    shown = run("models", "text-to-video").stdout
    assert "text-to-video  0 of " in shown
    assert "no device runs it here" in shown
    assert "image-to-text  1 of " in run("models").stdout


def test_a_plan_is_printed_and_nothing_runs(installation: Path) -> None:
    """The plan names task, file and arguments; no database and no file comes to be."""
    (installation / "cat.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(16))
    plan = json.loads(run("plan", "Make this picture black and white", "--attach", "cat.png").stdout)
    assert set(plan) == {"tasks", "reply"}
    (task,) = plan["tasks"]
    assert (task["id"], task["task"], task["args"]["image"]) == (0, "image-to-image", "<attachment-0>")
    assert not (installation / "data" / "jarvis.db").exists()


def test_a_batch_gives_a_line_for_each_line() -> None:
    """Plans come in order under their ids; a bad line gets its error and the next one its plan."""
    image = {"name": "a.png", "kind": "image"}
    wanted = [
        json.dumps({"id": "a", "text": "make this black and white", "attachments": [image]}),
        "no json",
        json.dumps({"id": 3, "text": ""}),
        "",
        json.dumps({"id": 4, "text": "hi", "attachments": [{"name": "x", "kind": "smell"}]}),
        json.dumps({"id": 5, "text": 5}),
        json.dumps([]),
        json.dumps({"id": "b", "text": "make it a sketch", "attachments": [{"name": "b.jpg"}]}),
    ]
    found = lines(run("plan", "--batch", "-", stdin="\n".join(wanted)))
    assert [one["id"] for one in found] == ["a", None, 3, 4, 5, None, "b"]
    assert [set(one) - {"id"} for one in found] == [{"tasks", "reply"}, *[{"error"}] * 5, {"tasks", "reply"}]
    for plan in (found[0], found[-1]):
        assert [(task["id"], task["task"], task["args"]["image"]) for task in plan["tasks"]] == [  # type: ignore[attr-defined]
            (0, "image-to-image", "<attachment-0>")
        ]


def test_a_batch_is_quick(installation: Path) -> None:
    """A thousand plans take seconds: one controller serves them all."""
    line = json.dumps({"id": 1, "text": "make this a sketch", "attachments": [{"name": "a.png", "kind": "image"}]})
    (installation / "many.jsonl").write_text(f"{line}\n" * 1000)
    assert len(lines(run("plan", "--batch", "many.jsonl"))) == 1000
