"""Failures of commands: one sentence for the person, an exit code for programs, the traceback for the log."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from bot.cli.prepare import prepare
from bot.cli.words import Words
from core.errors import BadInput, BadSetting, StoreFailed
from tests.bot.cli.program import environment


def running(error: BaseException) -> typer.Typer:
    """A command line whose one command raises ``error``."""
    app = typer.Typer(cls=Words, pretty_exceptions_enable=False)

    @app.command()
    def fail() -> None:
        prepare()
        raise error

    @app.command()
    def other() -> None:
        pass

    return app


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInput("Not that."), 2),
        (BadSetting("Not that."), 2),
        (StoreFailed("Not that."), 1),
        (ExceptionGroup("several", [ExceptionGroup("inner", [BadSetting("Not that.")])]), 2),
    ],
)
def test_foreseen_failures_are_one_line(error: Exception, code: int) -> None:
    """The error's own words, nothing else, on the stream for errors; the code tells who is to blame."""
    result = CliRunner().invoke(running(error), ["fail"])
    assert (result.stderr, result.stdout, result.exit_code) == ("Not that.\n", "", code)


def test_a_bug_is_a_general_sentence_and_a_traceback_in_the_log(installation: Path) -> None:
    """Nobody reads a traceback at the terminal; the log has it."""
    result = CliRunner().invoke(running(ZeroDivisionError("oops")), ["fail"])
    assert result.exit_code == 1
    assert result.stderr == "Something went wrong inside JARVIS. The details are in its log.\n"
    lines = (installation / "data" / "log" / "jarvis.log").read_text().splitlines()
    assert "ZeroDivisionError: oops" in json.loads(lines[-1])["exception"]


def test_a_bug_before_the_settings_are_read_shows_no_variables(tmp_path: Path) -> None:
    """Where no log is set up yet, the traceback goes to the stream for errors, without what variables held."""
    program = (
        "import typer\nfrom bot.cli.words import Words\napp = typer.Typer(cls=Words)\n"
        "@app.command()\ndef fail():\n    key = 'private'\n    raise ZeroDivisionError('oops')\n"
        "@app.command()\ndef other(): ...\napp(['fail'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=False,
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "ZeroDivisionError: oops" in done.stderr
    assert "private" not in done.stdout + done.stderr


def test_an_interrupt_has_its_own_code() -> None:
    """Ctrl-C leaves with 130 and without a word."""
    result = CliRunner().invoke(running(KeyboardInterrupt()), ["fail"])
    assert (result.exit_code, result.output) == (130, "")


def test_wrong_options_keep_typers_words() -> None:
    """Unknown options are explained by the library, with code 2."""
    result = CliRunner().invoke(running(BadInput("x")), ["fail", "--nope"])
    assert result.exit_code == 2
    assert "--nope" in result.stderr
