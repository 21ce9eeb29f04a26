"""What Slack refuses in the parts of blocks: texts, buttons, lists, inputs, rich text."""

from __future__ import annotations

from typing import Any

from tests.simulators.slack.refusal import invalid_blocks
from tests.simulators.slack.world import walk

NEEDS_ID = {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
PARTS = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}


def limit(text: Any, most: int, at: str, *, least: int = 1) -> None:
    """Raise Refused where this is no text of such a length."""
    if not isinstance(text, str):
        raise invalid_blocks(f"must be a string [json-pointer:{at}]")
    if len(text) < least:
        raise invalid_blocks(f"must be more than {least - 1} characters [json-pointer:{at}]")
    if len(text) > most:
        raise invalid_blocks(f"must be less than {most + 1} characters [json-pointer:{at}]")


def some(items: Any, most: int, at: str, *, least: int = 1) -> list[Any]:
    """Return a list; raises Refused where it is none, or of another length."""
    if not isinstance(items, list):
        raise invalid_blocks(f"must provide an array [json-pointer:{at}]")
    if len(items) > most:
        raise invalid_blocks(f"no more than {most} items allowed [json-pointer:{at}]")
    if len(items) < least:
        raise invalid_blocks(f"no fewer than {least} items allowed [json-pointer:{at}]")
    return items


def check_text(text: Any, at: str, most: int, *, plain: bool = False) -> None:
    """Raise Refused where this is no text object."""
    if not isinstance(text, dict):
        raise invalid_blocks(f"must provide an object [json-pointer:{at}]")
    kind = text.get("type")
    if kind not in {"plain_text", "mrkdwn"} or (plain and kind != "plain_text"):
        raise invalid_blocks(f"unsupported type: {kind} [json-pointer:{at}/type]")
    for name in text.keys() - {"type", "text", "emoji" if kind == "plain_text" else "verbatim"}:
        raise invalid_blocks(f"no more fields allowed: {name} [json-pointer:{at}]")
    limit(text.get("text"), most, f"{at}/text")


def need(block: dict[str, Any], name: str, at: str, most: int, *, plain: bool = False) -> None:
    """Raise Refused where a text object is missing, or is none."""
    if block.get(name) is None:
        raise invalid_blocks(f"missing required field: {name} [json-pointer:{at}]")
    check_text(block[name], f"{at}/{name}", most, plain=plain)


def optional(block: dict[str, Any], name: str, at: str, most: int, *, plain: bool = False) -> None:
    """Raise Refused where a text object is there, but is none."""
    if block.get(name) is not None:
        check_text(block[name], f"{at}/{name}", most, plain=plain)


def check_element(part: Any, at: str, kinds: set[str]) -> None:
    """Raise Refused where an element is not as Slack takes it, or may not be there."""
    if not isinstance(part, dict):
        raise invalid_blocks(f"must provide an object [json-pointer:{at}]")
    kind = part.get("type", "")
    if kind not in kinds:
        raise invalid_blocks(f"unsupported type: {kind} [json-pointer:{at}/type]")
    if kind == "image":
        _image(part, at)
        return
    if "action_id" in part or kind in NEEDS_ID:
        limit(part.get("action_id"), 255, f"{at}/action_id")
    optional(part, "placeholder", at, 150, plain=True)
    if "confirm" in part:
        _confirm(part["confirm"], f"{at}/confirm")
    if kind == "button":
        _button(part, at)
    elif kind in {"static_select", "multi_static_select", "overflow", "checkboxes", "radio_buttons"}:
        _choice(part, at)
    elif kind in {"feedback_buttons", "icon_button"}:
        _small(part, at)
    elif kind == "plain_text_input" and not 0 <= int(part.get("max_length") or 3000) <= 3000:
        raise invalid_blocks(f"must be less than or equal to 3000 [json-pointer:{at}/max_length]")


def _image(part: dict[str, Any], at: str) -> None:
    limit(part.get("alt_text"), 2000, f"{at}/alt_text")
    if bool(part.get("image_url")) == bool(part.get("slack_file")):
        raise invalid_blocks(f"must have image_url or slack_file [json-pointer:{at}]")
    if part.get("image_url"):
        limit(part["image_url"], 3000, f"{at}/image_url")
        if not part["image_url"].startswith(("https://", "http://")):
            raise invalid_blocks(f"invalid url [json-pointer:{at}/image_url]")


def _button(part: dict[str, Any], at: str) -> None:
    need(part, "text", at, 75, plain=True)
    limit(part.get("value") or "", 2000, f"{at}/value", least=0)
    limit(part.get("url") or "", 3000, f"{at}/url", least=0)
    limit(part.get("accessibility_label") or "", 75, f"{at}/accessibility_label", least=0)
    if part.get("style", "primary") not in {"primary", "danger"}:
        raise invalid_blocks(f"must be one of primary, danger [json-pointer:{at}/style]")


def _choice(part: dict[str, Any], at: str) -> None:
    most = {"overflow": 5, "checkboxes": 10, "radio_buttons": 10}.get(part["type"], 100)
    if part.get("option_groups"):
        for place, group in enumerate(some(part["option_groups"], 100, f"{at}/option_groups")):
            need(group, "label", f"{at}/option_groups/{place}", 75, plain=True)
            _options(group.get("options"), f"{at}/option_groups/{place}/options", most)
    else:
        _options(part.get("options"), f"{at}/options", most)
    known = [one for one in walk(part.get("options") or part.get("option_groups")) if "value" in one]
    first = part.get("initial_options") or ([part["initial_option"]] if part.get("initial_option") else [])
    if any(one not in known for one in first):
        raise invalid_blocks(f"must be one of the options [json-pointer:{at}/initial_option]")


def _options(options: Any, at: str, most: int) -> None:
    for place, option in enumerate(some(options, most, at)):
        need(option, "text", f"{at}/{place}", 75)
        limit(option.get("value"), 150, f"{at}/{place}/value")
        optional(option, "description", f"{at}/{place}", 75)


def _small(part: dict[str, Any], at: str) -> None:
    if part["type"] == "icon_button":
        need(part, "text", at, 75, plain=True)
        if part.get("icon") != "trash":
            raise invalid_blocks(f"must be trash [json-pointer:{at}/icon]")
        return
    for name in ("positive_button", "negative_button"):
        side = part.get(name)
        if not isinstance(side, dict):
            raise invalid_blocks(f"missing required field: {name} [json-pointer:{at}]")
        need(side, "text", f"{at}/{name}", 75, plain=True)
        limit(side.get("value"), 2000, f"{at}/{name}/value")


def _confirm(confirm: Any, at: str) -> None:
    for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        need(confirm, name, at, most, plain=name != "text")


def check_rich(block: Any, at: str) -> None:
    """Raise Refused where this is no rich text."""
    if not isinstance(block, dict) or block.get("type") != "rich_text":
        raise invalid_blocks(f"must be rich_text [json-pointer:{at}/type]")
    for place, part in enumerate(some(block.get("elements"), 1000, f"{at}/elements", least=0)):
        if part.get("type") not in PARTS:
            raise invalid_blocks(f"unsupported type: {part.get('type')} [json-pointer:{at}/elements/{place}/type]")
    for part in walk(block):
        if part.get("type") == "text" and not part.get("text"):
            raise invalid_blocks(f"must be more than 0 characters [json-pointer:{at}]")
