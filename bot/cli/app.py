"""The command line as a whole."""

from __future__ import annotations

import typer

from bot.cli.ask import ask
from bot.cli.audit import audit
from bot.cli.bylaws import bylaws
from bot.cli.chat import chat
from bot.cli.doctor import doctor
from bot.cli.migrate import migrate
from bot.cli.mode import mode
from bot.cli.models import models
from bot.cli.plan import plan
from bot.cli.rules import rules
from bot.cli.serve import serve
from bot.cli.slack_manifest import slack_manifest
from bot.cli.words import Words
from bot.cli.worker import worker

ABOUT = """JARVIS puts the Hugging Face model zoo behind one mention.

It plans what you ask for as tasks, picks a model for each, runs them and answers with what they found.

Settings come from the environment or a file .env; .env.example lists them.
"""

app = typer.Typer(
    cls=Words,
    help=ABOUT,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

TALK, RUN, LOOK = "Talk to it", "Run it", "Look inside"

app.command(rich_help_panel=TALK)(ask)
app.command(rich_help_panel=TALK)(chat)
app.command(rich_help_panel=TALK)(plan)
app.command(rich_help_panel=RUN)(serve)
app.command(rich_help_panel=RUN)(worker)
app.command(rich_help_panel=RUN)(migrate)
app.command(rich_help_panel=RUN)(mode)
app.command(rich_help_panel=RUN)(rules)
app.command(rich_help_panel=RUN)(bylaws)
app.command(rich_help_panel=RUN)(slack_manifest)
app.command(rich_help_panel=LOOK)(models)
app.command(rich_help_panel=LOOK)(doctor)
app.command(rich_help_panel=LOOK)(audit)


def main() -> None:
    """Run the command line."""
    app(prog_name="python -m bot")
