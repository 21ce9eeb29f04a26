"""``slack-manifest``: what Slack has to know about the app."""

from __future__ import annotations

import json
import re
from typing import Annotated

import typer

from bot.extras import lacking
from core.errors import BadInput, BadSetting


def slack_manifest(
    url: Annotated[
        str, typer.Option(help="The app's public address, where Slack sends events over HTTP.", show_default=False)
    ] = "",
    name: Annotated[str, typer.Option(help="What the app is called.")] = "JARVIS",
) -> None:
    """Print the manifest that makes the Slack app: paste it at https://api.slack.com/apps?new_app=1.

    It asks for exactly the rights that JARVIS uses. Without --url the app listens by Socket Mode.
    """
    if url and not re.match(r"https://[^/\s]+", url):
        raise BadInput(f"--url must be an address starting with https://, not {url[:80]!r}: Slack sends to no other.")
    try:
        from adapters.slack.manifest import manifest
    except ModuleNotFoundError as error:
        raise BadSetting(f"Slack {lacking(error, 'slack')}") from None
    typer.echo(json.dumps(manifest(url=url, name=name), ensure_ascii=False, indent=2))
