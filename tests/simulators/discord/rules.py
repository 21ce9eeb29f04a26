"""What Discord refuses in a message, a view or a modal."""

from __future__ import annotations

from typing import Any

from tests.simulators.discord.refusal import EMPTY, TOO_LARGE, invalid
from tests.simulators.discord.world import V2, walk

ROW, BUTTON, SELECT, INPUT, SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL, UPLOAD = (
    1, 2, 3, 4, 9, 10, 11, 12, 13, 14, 17, 18, 19,
)  # fmt: skip
TOP = {ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER}
INSIDE = {ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR}


def check_message(body: dict[str, Any], files: dict[str, tuple[str, bytes]], limit: int, *, kept: int = 0) -> None:
    """Raise Refused where a whole message (as it will be after an edit, too) is not as Discord takes it.

    ``files`` are the uploads by field name, ``limit`` bytes of one, ``kept`` attachments that stay.
    """
    content, components = body.get("content") or "", body.get("components") or []
    if len(content) > 2000:
        raise invalid("content", "BASE_TYPE_MAX_LENGTH", "Must be 2000 or fewer in length.")
    if len(str(body.get("nonce") or "")) > 25:
        raise invalid("nonce", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    _check_files(body, files, limit, kept)
    if (body.get("flags") or 0) & V2:
        if content or body.get("embeds") or body.get("poll"):
            raise invalid(
                "content",
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )
        if not components:
            raise EMPTY
        _check_v2(components, {name for name, _ in files.values()} | _named(body))
        return
    if not content.strip() and not files and not kept and not body.get("embeds") and not components:
        raise EMPTY
    if any(part["type"] != ROW for part in components):
        raise invalid("components", "BASE_TYPE_CHOICES", "Value of field type must be one of (1,).")
    _max("components", components, 5)
    _check_parts(components)


def check_modal(body: dict[str, Any]) -> None:
    """Raise Refused where a modal is not as Discord takes it."""
    _length("title", body.get("title"), 1, 45)
    _length("custom_id", body.get("custom_id"), 1, 100)
    components = body.get("components") or []
    if not 1 <= len(components) <= 5:
        raise invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    for part in components:
        if part["type"] not in {ROW, LABEL, TEXT}:
            raise invalid("components", "BASE_TYPE_CHOICES", "Value of field type must be one of (1, 10, 18).")
        if part["type"] == LABEL:
            _length("label", part.get("label"), 1, 45)
    for part in walk(components):
        if part["type"] == UPLOAD and not 0 <= (part.get("min_values") or 0) <= (part.get("max_values") or 1) <= 10:
            raise invalid("max_values", "NUMBER_TYPE_MAX", "int value should be less than or equal to 10.")
        if part["type"] == INPUT:
            _length("custom_id", part.get("custom_id"), 1, 100)
            _length("placeholder", part.get("placeholder") or "", 0, 100)
            if not 1 <= (part.get("max_length") or 4000) <= 4000:
                raise invalid("max_length", "NUMBER_TYPE_MAX", "int value should be less than or equal to 4000.")


def _named(body: dict[str, Any]) -> set[str]:
    return {str(file.get("filename")) for file in body.get("attachments") or []}


def _check_files(body: dict[str, Any], files: dict[str, tuple[str, bytes]], limit: int, kept: int) -> None:
    if len(files) + kept > 10:
        raise invalid("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    for name, data in files.values():
        if len(data) > limit:
            raise TOO_LARGE
        _length("filename", name, 1, 260)
    for file in body.get("attachments") or []:
        _length("description", file.get("description") or "", 0, 1024)


def _check_v2(components: list[dict[str, Any]], names: set[str]) -> None:
    everything = list(walk(components))
    _max("components", everything, 40)
    if sum(len(part["content"]) for part in everything if part["type"] == TEXT) > 4000:
        raise invalid("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "displayable text exceeds 4000")
    for part in components:
        _kind(part, TOP)
        for child in part.get("components", ()) if part["type"] == CONTAINER else ():
            _kind(child, INSIDE)
    for part in everything:
        _check_layout(part, names)
    _check_parts(components)


def _check_layout(part: dict[str, Any], names: set[str]) -> None:
    kind = part["type"]
    if kind == TEXT:
        _length("content", part.get("content"), 1, 4000)
    elif kind == SECTION:
        if not 1 <= len(part["components"]) <= 3 or not part.get("accessory"):
            raise invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 3 in length.")
        _kind(part["accessory"], {BUTTON, THUMBNAIL})
    elif kind == GALLERY:
        _check_gallery(part["items"], names)
    elif kind == FILE:
        if not part["file"]["url"].startswith("attachment://"):
            raise invalid("url", "UNFURLED_MEDIA_ITEM_INVALID_SCHEME", "Only attachment:// is allowed here.")
        _reference(part["file"]["url"], names)
    elif kind == CONTAINER and not part.get("components"):
        raise invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be at least 1 in length.")


def _check_gallery(items: list[dict[str, Any]], names: set[str]) -> None:
    if not 1 <= len(items) <= 10:
        raise invalid("items", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 10 in length.")
    for item in items:
        _length("description", item.get("description") or "", 0, 1024)
        _reference(item["media"]["url"], names)


def _reference(url: str, names: set[str]) -> None:
    name = url.removeprefix("attachment://")
    if name != url and name not in names:
        raise invalid("url", "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", f"{name} was not uploaded.")


def _check_parts(components: list[dict[str, Any]]) -> None:
    everything = list(walk(components))
    for part in everything:
        if part["type"] == ROW:
            _check_row(part["components"])
        elif part["type"] == BUTTON:
            _length("label", part.get("label") or "", 0, 80)
            if not part.get("label") and not part.get("emoji"):
                raise invalid("label", "BUTTON_COMPONENT_INVALID", "A button needs a label or an emoji.")
        elif part["type"] == SELECT:
            _check_select(part)
    named = [part["custom_id"] for part in everything if "custom_id" in part]
    for custom_id in named:
        _length("custom_id", custom_id, 1, 100)
    if len(set(named)) < len(named):
        raise invalid("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")


def _check_row(parts: list[dict[str, Any]]) -> None:
    if not 1 <= len(parts) <= 5:
        raise invalid("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    if len(parts) > 1 and any(one["type"] == SELECT for one in parts):
        raise invalid("components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A select fills its row.")


def _check_select(part: dict[str, Any]) -> None:
    _length("placeholder", part.get("placeholder") or "", 0, 150)
    if not 1 <= len(part["options"]) <= 25:
        raise invalid("options", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")
    if len({option["value"] for option in part["options"]}) < len(part["options"]):
        raise invalid("options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The option value is duplicated")
    for option in part["options"]:
        _length("label", option.get("label"), 1, 100)
        _length("value", option.get("value"), 1, 100)
        _length("description", option.get("description") or "", 0, 100)


def _kind(part: dict[str, Any], kinds: set[int]) -> None:
    if part["type"] not in kinds:
        raise invalid("type", "BASE_TYPE_CHOICES", f"Value of field type must be one of {sorted(kinds)}.")


def _length(field: str, text: Any, low: int, high: int) -> None:
    if not isinstance(text, str) or not low <= len(text) <= high:
        raise invalid(field, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")


def _max(field: str, parts: list[Any], most: int) -> None:
    if len(parts) > most:
        raise invalid(field, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
