"""What a program sends to the API: JSON, or a form with files."""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass, replace
from typing import Annotated, Literal

import anyio
from pydantic import BaseModel, BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic_core import from_json
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from adapters.links import links_in, promise
from adapters.web.content import UNNAMED, Content, Sent, as_content
from adapters.web.files import keep
from adapters.web.misfit import USAGE, misfit
from core.errors import BadInput
from core.limits import Limits
from core.ports import Blobs
from core.types import Attachment, Mode

FIELDS = 32
"""Fields of a form besides its files."""

FIELD_BYTES = 2 * 2**20
"""Of one of them."""

FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


class Said(BaseModel):
    """One message of the conversation so far."""

    role: Literal["user", "assistant", "system", "developer", "tool"]
    content: Annotated[Content, BeforeValidator(as_content)] = Content()


class Body(BaseModel):
    """The original's body and what we add to it. Fields that we do not know, as ``api_key``, are passed over."""

    messages: Annotated[list[Said], Field(min_length=1, max_length=1_000)]
    attachments: list[Sent] = []
    mode: Mode | None = None
    model: str = Field(default="", max_length=200)  # for each task that it can run
    conversation: str | None = Field(default=None, pattern=r"^[\w-]{1,64}$")
    stream: bool = False
    approve: bool = False  # run the plan whatever it costs


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A checked request of a program: the last message is to be answered, the earlier ones are what it refers to."""

    text: str
    earlier: tuple[Said, ...]
    attachments: tuple[Attachment, ...]
    mode: Mode | None
    model: str
    conversation: str | None
    stream: bool
    approve: bool


async def read(http: Request, blobs: Blobs, limits: Limits) -> Asked:
    """Return what was asked, its files stored. Raises HTTPException or BadInput with a sentence."""
    if http.headers.get("content-type", "").lower().startswith(FORMS):
        async with http.form(max_files=limits.attachments, max_fields=FIELDS, max_part_size=FIELD_BYTES) as form:
            body = _checked(_from_form(form))
            uploads = await _uploads(form, blobs, limits)
    else:
        body = _checked(await _json(http))
        uploads = []
    last = body.messages[-1]
    if last.role != "user":
        raise HTTPException(422, "The last message must be the user's.")
    sent, links = _sent(body, uploads=bool(uploads)), _links(body)
    _bound(last.content.text, len(uploads) + len(sent) + len(links), limits)
    return Asked(
        text=last.content.text,
        earlier=tuple(body.messages[:-1]),
        attachments=(*uploads, *[await _attached(file, blobs, limits) for file in sent], *links),
        mode=body.mode,
        model=body.model,
        conversation=body.conversation,
        stream=body.stream,
        approve=body.approve,
    )


def _sent(body: Body, *, uploads: bool) -> list[Sent]:
    """Return the files inside the JSON that are asked about.

    Where the last message brings none, they are the newest there were: programs send the whole conversation each time.
    """
    found = [*body.attachments, *body.messages[-1].content.files]
    if found or uploads or _links(body) or body.conversation is not None:
        return found
    return next((list(said.content.files) for said in reversed(body.messages) if said.content.files), [])


def _bound(text: str, attached: int, limits: Limits) -> None:
    """Refuse what is too much before anything is stored."""
    if len(text) > limits.text_chars:
        raise HTTPException(413, f"The message has {len(text):,} characters; I take up to {limits.text_chars:,}.")
    if attached > limits.attachments:
        raise HTTPException(413, f"There are {attached:,} files; I take up to {limits.attachments} at a time.")


def _links(body: Body) -> list[Attachment]:
    last = body.messages[-1].content
    attached = {sent.url for sent in (*body.attachments, *last.files)}
    return [promise(url) for url in links_in(last.text) if url not in attached]


async def _json(http: Request) -> object:
    chunks = [chunk async for chunk in http.stream()]
    try:
        return await anyio.to_thread.run_sync(_parsed, chunks)  # it may hold whole files
    except ValueError:
        raise HTTPException(400, f"The body is not valid JSON. {USAGE}") from None


def _parsed(chunks: list[bytes]) -> object:
    """Return what JSON says. Pydantic's parser takes a third of the time of Python's, and both stop the world."""
    return from_json(b"".join(chunks).removeprefix(codecs.BOM_UTF8), allow_inf_nan=False)


def _from_form(form: FormData) -> dict[str, object]:
    """Return the form's fields as the JSON body they stand for: ``text`` alone is one message of the user."""
    fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    known = ("mode", "model", "conversation", "stream", "approve")
    body: dict[str, object] = {name: fields[name] for name in known if name in fields}
    if "messages" not in fields:
        return {**body, "messages": [{"role": "user", "content": fields.get("text", "")}]}
    try:
        return {**body, "messages": json.loads(fields["messages"])}
    except (ValueError, RecursionError):
        raise HTTPException(400, "The field messages is not valid JSON.") from None


def _checked(data: object) -> Body:
    try:
        return TypeAdapter(Body).validate_python(data)
    except ValidationError as error:
        raise HTTPException(422, misfit(error.errors()[0])) from None


async def _uploads(form: FormData, blobs: Blobs, limits: Limits) -> list[Attachment]:
    return [
        await keep(blobs, value.filename or name, await value.read(limits.file_bytes + 1), file_bytes=limits.file_bytes)
        for name, value in form.multi_items()
        if isinstance(value, UploadFile)
    ]


async def _attached(sent: Sent, blobs: Blobs, limits: Limits) -> Attachment:
    if sent.link is not None:
        found = promise(sent.link)
        return found if sent.name in {"", UNNAMED} else replace(found, name=sent.name)
    if sent.url is None and sent.data is None:
        raise BadInput(f"The attachment {sent.name!r} has neither a url nor data.")
    data = await anyio.to_thread.run_sync(sent.decoded)
    return await keep(blobs, sent.called, data, file_bytes=limits.file_bytes)
