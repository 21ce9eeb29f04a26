"""What Slack refuses in a layout: messages, modals, App Home.

The numbers are those of Slack's reference and of its SDK's models; the words are those of its answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tests.simulators.slack.elements import check_element, check_rich, check_text, limit, need, optional, some
from tests.simulators.slack.refusal import Refused, invalid_blocks
from tests.simulators.slack.world import number, walk

MESSAGE, MODAL, HOME = "message", "modal", "home"
MOST = {MESSAGE: 50, MODAL: 100, HOME: 100}
IN_VIEWS = frozenset({"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video"})
IN_MESSAGES = IN_VIEWS | {
    "card", "carousel", "container", "context_actions", "file", "markdown", "plan", "table", "task_card",
}  # fmt: skip
WHERE = {MESSAGE: IN_MESSAGES, MODAL: IN_VIEWS | {"alert"}, HOME: IN_VIEWS}
STATUSES = {"pending", "in_progress", "complete", "error"}
ROWS, COLUMNS = 100, 20


def fill_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return blocks with an id each, as Slack gives them."""
    return [{**block, "block_id": block.get("block_id") or number("b")[2:7]} for block in blocks]


def check_blocks(blocks: Any, surface: str = MESSAGE) -> None:
    """Raise Refused where blocks are not as Slack takes them."""
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    if len(blocks) > MOST[surface]:
        raise invalid_blocks(f"no more than {MOST[surface]} items allowed [json-pointer:/blocks]")
    for place, block in enumerate(blocks):
        _check(block, f"/blocks/{place}", surface)
    _unique(blocks)
    if sum(block["type"] == "table" for block in blocks) > 1:
        raise Refused("invalid_attachments", "only_one_table_allowed")
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > 12_000:
        raise Refused("msg_blocks_too_long")


def check_view(body: Any) -> None:
    """Raise Refused where a view is not as Slack takes it."""
    if not isinstance(body, dict) or body.get("type") not in {MODAL, HOME}:
        raise Refused("invalid_arguments", "must be modal or home [json-pointer:/view/type]")
    if not isinstance(body.get("blocks"), list):
        raise Refused("invalid_arguments", "missing required field: blocks [json-pointer:/view]")
    if body["type"] == MODAL:
        _check_modal(body)
    for name, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        if len(body.get(name) or "") > most:
            raise Refused("invalid_arguments", f"must be less than {most + 1} characters [json-pointer:/view/{name}]")
    try:
        check_blocks(body["blocks"], body["type"])
    except Refused as refused:
        reasons = [reason.replace("pointer:/", "pointer:/view/") for reason in refused.body.get("errors", [])]
        raise Refused("invalid_arguments", *(reasons or [refused.error])) from None
    if len(repr(body)) > 250_000:
        raise Refused("view_too_large")


def _check_modal(body: dict[str, Any]) -> None:
    if not body.get("title"):
        raise Refused("invalid_arguments", "missing required field: title [json-pointer:/view]")
    if not body.get("submit") and any(block.get("type") == "input" for block in body["blocks"]):
        raise Refused("invalid_arguments", "missing required field: submit [json-pointer:/view]")
    for name in ("title", "submit", "close"):
        _view_text(body, name, 24)


def _view_text(body: dict[str, Any], name: str, most: int) -> None:
    text = body.get(name)
    if text is None:
        return
    if text.get("type") != "plain_text" or not 1 <= len(text.get("text", "")) <= most:
        raise Refused("invalid_arguments", f"must be less than {most + 1} characters [json-pointer:/view/{name}/text]")


def _unique(blocks: list[dict[str, Any]]) -> None:
    _once((block["block_id"] for block in blocks if block.get("block_id")), "block_id")
    _once((part["action_id"] for part in walk(blocks) if part.get("action_id")), "action_id")


def _once(names: Iterable[str], kind: str) -> None:
    seen = set[str]()
    for name in names:
        if name in seen:
            raise invalid_blocks(f"`{kind}` {name} already exists for another block [json-pointer:/blocks]")
        seen.add(name)


def _check(block: Any, at: str, surface: str) -> None:
    if not isinstance(block, dict) or not isinstance(block.get("type"), str):
        raise invalid_blocks(f"missing required field: type [json-pointer:{at}]")
    kind = block["type"]
    if kind not in WHERE[surface]:
        raise invalid_blocks(f"unsupported type: {kind} [json-pointer:{at}/type]")
    limit(block.get("block_id") or "", 255, f"{at}/block_id", least=0)
    _known(block, KNOWN[kind], at)
    CHECKS[kind](block, at, surface)


def _known(block: dict[str, Any], names: str, at: str) -> None:
    for name in block.keys() - {"type", "block_id", *names.split()}:
        raise invalid_blocks(f"no more fields allowed: {name} [json-pointer:{at}]")


def _section(block: dict[str, Any], at: str, surface: str) -> None:
    if not block.get("text") and not block.get("fields"):
        raise invalid_blocks(f"missing required field: text [json-pointer:{at}]")
    optional(block, "text", at, 3000)
    for place, field in enumerate(some(block.get("fields") or [], 10, f"{at}/fields", least=0)):
        check_text(field, f"{at}/fields/{place}", 2000)
    if block.get("accessory"):
        check_element(block["accessory"], f"{at}/accessory", SECTION)


def _actions(block: dict[str, Any], at: str, surface: str) -> None:
    for place, part in enumerate(some(block.get("elements"), 25, f"{at}/elements")):
        check_element(part, f"{at}/elements/{place}", ACTIONS)


def _context(block: dict[str, Any], at: str, surface: str) -> None:
    for place, part in enumerate(some(block.get("elements"), 10, f"{at}/elements")):
        if part.get("type") == "image":
            check_element(part, f"{at}/elements/{place}", {"image"})
        else:
            check_text(part, f"{at}/elements/{place}", 2000)


def _context_actions(block: dict[str, Any], at: str, surface: str) -> None:
    for place, part in enumerate(some(block.get("elements"), 5, f"{at}/elements")):
        check_element(part, f"{at}/elements/{place}", {"feedback_buttons", "icon_button"})


def _header(block: dict[str, Any], at: str, surface: str) -> None:
    need(block, "text", at, 150, plain=True)


def _image(block: dict[str, Any], at: str, surface: str) -> None:
    check_element(block, at, {"image"})
    optional(block, "title", at, 2000, plain=True)


def _markdown(block: dict[str, Any], at: str, surface: str) -> None:
    limit(block.get("text"), 12_000, f"{at}/text")


def _input(block: dict[str, Any], at: str, surface: str) -> None:
    need(block, "label", at, 2000, plain=True)
    optional(block, "hint", at, 2000, plain=True)
    check_element(block.get("element"), f"{at}/element", INPUT)


def _rich(block: dict[str, Any], at: str, surface: str) -> None:
    check_rich(block, at)


def _table(block: dict[str, Any], at: str, surface: str) -> None:
    rows = some(block.get("rows"), ROWS, f"{at}/rows")
    if len(block.get("column_settings") or []) > COLUMNS:
        raise invalid_blocks(f"no more than {COLUMNS} items allowed [json-pointer:{at}/column_settings]")
    letters = 0
    for place, row in enumerate(rows):
        for column, cell in enumerate(some(row, COLUMNS, f"{at}/rows/{place}")):
            where = f"{at}/rows/{place}/{column}"
            if cell.get("type") not in {"raw_text", "rich_text", "raw_number"}:
                raise invalid_blocks(f"unsupported type: {cell.get('type')} [json-pointer:{where}/type]")
            if cell["type"] == "raw_text":
                limit(cell.get("text"), 10_000, f"{where}/text")
            letters += sum(len(part["text"]) for part in walk(cell) if isinstance(part.get("text"), str))
    if letters > 10_000:
        raise Refused("invalid_attachments", "table_size_too_big")


def _task(block: dict[str, Any], at: str, surface: str) -> None:
    limit(block.get("task_id"), 255, f"{at}/task_id")
    limit(block.get("title"), 256, f"{at}/title")
    if block.get("status", "pending") not in STATUSES:
        raise invalid_blocks(f"must be one of {sorted(STATUSES)} [json-pointer:{at}/status]")
    for name in ("details", "output"):
        if block.get(name) is not None:
            check_rich(block[name], f"{at}/{name}")
    for place, source in enumerate(block.get("sources") or []):
        check_source(source, f"{at}/sources/{place}")


def check_source(source: Any, at: str) -> None:
    """Raise Refused where this is no source of a task."""
    if not isinstance(source, dict) or source.get("type") != "url":
        raise invalid_blocks(f"unsupported type [json-pointer:{at}/type]")
    limit(source.get("url"), 3000, f"{at}/url")
    limit(source.get("text"), 256, f"{at}/text")


def _plan(block: dict[str, Any], at: str, surface: str) -> None:
    limit(block.get("title"), 256, f"{at}/title")
    tasks = some(block.get("tasks") or [], 50, f"{at}/tasks", least=0)
    for place, task in enumerate(tasks):
        _known(task, KNOWN["task_card"], f"{at}/tasks/{place}")
        _task(task, f"{at}/tasks/{place}", surface)
    _once((task["task_id"] for task in tasks), "task_id")


def _video(block: dict[str, Any], at: str, surface: str) -> None:
    limit(block.get("alt_text"), 2000, f"{at}/alt_text")
    need(block, "title", at, 199, plain=True)
    for name in ("video_url", "thumbnail_url"):
        limit(block.get(name), 3000, f"{at}/{name}")


def _file(block: dict[str, Any], at: str, surface: str) -> None:
    raise invalid_blocks(f"a file block cannot be posted [json-pointer:{at}]")


def _alert(block: dict[str, Any], at: str, surface: str) -> None:
    check_text(block.get("text"), f"{at}/text", 200)


def _card(block: dict[str, Any], at: str, surface: str) -> None:
    for name, most in (("title", 150), ("subtitle", 150), ("body", 200)):
        optional(block, name, at, most)
    if not any(block.get(name) for name in ("title", "body", "hero_image", "actions")):
        raise invalid_blocks(f"missing required field: title [json-pointer:{at}]")
    for place, part in enumerate(block.get("actions") or []):
        check_element(part, f"{at}/actions/{place}", {"button"})


def _carousel(block: dict[str, Any], at: str, surface: str) -> None:
    for place, card in enumerate(some(block.get("elements"), 10, f"{at}/elements")):
        _card(card, f"{at}/elements/{place}", surface)


def _container(block: dict[str, Any], at: str, surface: str) -> None:
    need(block, "title", at, 150, plain=True)
    optional(block, "subtitle", at, 150)
    for place, child in enumerate(some(block.get("child_blocks"), 10, f"{at}/child_blocks")):
        if child.get("type") in {"container", "plan", "task_card", "input"}:
            raise invalid_blocks(f"unsupported type: {child['type']} [json-pointer:{at}/child_blocks/{place}]")
        _check(child, f"{at}/child_blocks/{place}", surface)


def _nothing(block: dict[str, Any], at: str, surface: str) -> None:
    """A divider is only there."""


def streamed(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield blocks that no stream takes."""
    return (block for block in blocks if block.get("type") in {"file", "input"})


SELECTS = {"static_select", "users_select", "conversations_select", "channels_select", "external_select"}
SEVERAL = {f"multi_{name}" for name in SELECTS}
CHOICES = SELECTS | {"overflow", "datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons"}
ACTIONS = CHOICES | SEVERAL | {"button", "workflow_button", "rich_text_input"}
SECTION = CHOICES | SEVERAL | {"button", "image", "workflow_button"}
INPUT = (CHOICES - {"overflow"}) | SEVERAL | {
    "plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input", "file_input",
}  # fmt: skip
CHECKS = {
    "section": _section, "actions": _actions, "context": _context, "context_actions": _context_actions,
    "header": _header, "image": _image, "markdown": _markdown, "input": _input, "rich_text": _rich, "table": _table,
    "task_card": _task, "plan": _plan, "video": _video, "file": _file, "alert": _alert, "card": _card,
    "carousel": _carousel, "container": _container, "divider": _nothing,
}  # fmt: skip
KNOWN = {
    "section": "text fields accessory expand",
    "actions": "elements",
    "context": "elements",
    "context_actions": "elements",
    "header": "text level",
    "image": "image_url slack_file alt_text title",
    "markdown": "text",
    "input": "label hint element optional dispatch_action",
    "rich_text": "elements",
    "table": "rows column_settings",
    "task_card": "task_id title status details output sources icon hide_title",
    "plan": "title tasks",
    "video": "alt_text title title_url video_url thumbnail_url description provider_name provider_icon_url author_name",
    "file": "external_id source file_id",
    "alert": "text level",
    "card": "title subtitle body hero_image icon actions",
    "carousel": "elements",
    "container": "title subtitle icon child_blocks is_collapsible default_collapsed width",
    "divider": "",
}
