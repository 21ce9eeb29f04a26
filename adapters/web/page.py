"""The page: a chat with files, steps that can be opened, a list of conversations, a stop button.

Importing this file imports Gradio, which takes seconds: only :mod:`adapters.web.ear` does, when it is to listen.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from gradio.themes import Base, Soft
from starlette.routing import Mount

from adapters.base import Hear
from adapters.web.desk import Desk
from adapters.web.errors import speak_json_below
from adapters.web.format import Message, literal, said
from adapters.web.talk import Talk, fresh
from adapters.web.visitor import browser
from core.errors import JarvisError

TITLE = "JARVIS"
WELCOME = (
    "# What can I do for you?\n"
    "Ask for what you would like to know or have made. Drop in a picture, a sound, a video or a document."
)
EXAMPLES = (
    "Read this picture for me",
    "Summarise this document and say it aloud",
    "Is this friendly? “Thank you so much, you made my day!”",
    "Turn this photo into a pencil sketch",
)
REOPEN = "Your request goes on: open this conversation again to see its answer."

QUEUE = 256
"""Clicks of all pages together that may wait for the server's attention."""

NEVER = 2**31
"""After so many clicks Gradio would summarise them for a monitoring page that we do not have."""

OPEN_WHERE_WIDE = "() => ({__type__: 'update', open: window.innerWidth >= 768})"
"""The list of conversations would cover a phone's whole screen: there it waits until it is called for."""

READABLE = {
    "background_fill_primary": "*neutral_50",  # the theme's own, which setting any other forgets
    "body_text_color_subdued": "*neutral_500",
    "input_placeholder_color": "*neutral_500",
    "input_placeholder_color_dark": "*neutral_300",
    "button_primary_background_fill": "*primary_600",
    "button_primary_background_fill_hover": "*primary_700",
}
"""Where the theme's own colours are fainter than 4.5 to 1 on what lies below them (WCAG AA)."""

Update = tuple[Any, ...]
"""New values for chat, box, conversation, wanted request, list of conversations, and the question about a plan."""


def mount(app: FastAPI, desk: Desk, hear: Hear, *, examples: Sequence[str], folder: Path) -> None:
    """Put the page at the root of ``app``; what is being uploaded lies in ``folder``."""
    # Gradio cannot be told these in another way.
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = str(NEVER)
    page = Page(Talk(desk, hear), examples or EXAMPLES).build()
    page.queue(max_size=QUEUE, default_concurrency_limit=None)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=desk.limits.file_bytes,
        ssr_mode=False,
        mcp_server=False,
        theme=_theme(),
        css_paths=[Path(__file__).with_name("page.css")],
    )
    mounted = app.routes[-1]
    assert isinstance(mounted, Mount) and isinstance(mounted.app, FastAPI)  # noqa: S101, PT018 - Gradio's own
    speak_json_below(mounted.app)


def _theme() -> Base:
    """Return a quiet theme in fonts that every system has: nothing is loaded from elsewhere."""
    quiet = Soft(
        primary_hue="indigo",
        neutral_hue="slate",
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
    return quiet.set(**READABLE)


class Page:
    """The page's parts and what happens when one of them is used."""

    def __init__(self, talk: Talk, examples: Sequence[str]) -> None:
        """Show what ``talk`` tells."""
        self._talk = talk
        self._examples = examples

    def build(self) -> gr.Blocks:
        """Return the page."""
        page = gr.Blocks(title=TITLE, analytics_enabled=False, fill_height=True)
        with page:
            self._conversation, self._wanted = gr.State(""), gr.State("")
            with gr.Sidebar(width=280, open=False) as self._side:
                gr.Markdown(f"## {TITLE}")
                self._new = gr.Button("New conversation", elem_id="new")
                self._list = gr.Radio(
                    choices=[], label="Conversations", show_label=False, container=False, elem_id="conversations"
                )
            self._chat = self._build_chat()
            with gr.Row(visible=False, elem_id="question") as self._question:
                self._run = gr.Button("Run it", variant="primary", elem_id="run")
                self._drop = gr.Button("Drop it", elem_id="drop")
            self._box = gr.MultimodalTextbox(
                elem_id="box",
                show_label=False,
                container=False,
                label="Message",
                placeholder="Ask, or drop files here",
                file_count="multiple",
                max_lines=8,
                max_plain_text_length=100_000,
                autofocus=True,
            )
            self._connect(page)
        return page

    def _build_chat(self) -> gr.Chatbot:
        return gr.Chatbot(
            elem_id="talk",
            show_label=False,
            container=False,
            scale=1,
            layout="bubble",
            latex_delimiters=[],  # prices are no formulas
            placeholder=WELCOME,
            examples=[{"text": text} for text in self._examples],
            buttons=["copy"],
            feedback_options=None,
            allow_tags=False,
        )

    def _connect(self, page: gr.Blocks) -> None:
        shown = [self._chat, self._box, self._conversation, self._wanted, self._list, self._question]
        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        greeting = page.load(self.greet, None, shown, **quiet)
        page.load(None, None, self._side, js=OPEN_WHERE_WIDE, **quiet)
        asking = self._box.submit(self.ask, [self._box, self._conversation], shown, **quiet)
        opening = self._list.input(self.open, self._list, shown, cancels=[greeting, asking], **quiet)
        held = [self._conversation, self._wanted]
        running = self._run.click(self.run, held, shown, **quiet)
        dropping = self._drop.click(self.drop, held, shown, **quiet)
        self._new.click(self.start, None, shown, cancels=[greeting, asking, opening, running, dropping], **quiet)
        self._box.stop(self.stop, self._wanted, None, queue=False, **quiet)
        self._chat.example_select(self.example, None, self._box, **quiet)

    async def greet(self, request: gr.Request) -> AsyncIterator[Update]:
        """List the conversations of this browser, and go on with the newest where its answer is on its way.

        A page that lost its server loads itself anew: whoever was waiting in it still sees the answer.
        """
        under_way = await self._talk.under_way(_browser(request))
        names = await self._conversations(request, under_way)
        yield gr.skip(), gr.skip(), gr.skip(), gr.skip(), names, gr.skip()
        if under_way:
            async for update in self.open(under_way, request):
                yield update

    async def ask(self, written: dict[str, Any], conversation: str, request: gr.Request) -> AsyncIterator[Update]:
        """Have a message heard and show its way to the answer."""
        conversation = conversation or fresh()
        text, files = written.get("text") or "", [Path(file) for file in written.get("files") or ()]
        before: list[Message] = []
        try:
            before = await self._talk.so_far(_browser(request), conversation)
            wanted, message = await self._talk.take(_browser(request), conversation, text, files)
        except JarvisError as error:
            told = said(f"⚠ {literal(error.message)}")  # what was written is in the box still
            yield [*before, told], _free(text, files), conversation, "", gr.skip(), gr.skip()
            return
        names = await self._conversations(request, conversation)
        yield [*before, message], _busy(), conversation, wanted, names, _asking(held=False)
        async for update in self._watch([*before, message], wanted):
            yield update

    async def open(self, conversation: str, request: gr.Request) -> AsyncIterator[Update]:
        """Show an earlier conversation; where an answer is still on its way, go on with it."""
        try:
            before, wanted = await self._talk.history(_browser(request), conversation)
        except JarvisError as error:
            yield [said(error.message)], _free(), conversation, "", gr.skip(), _asking(held=False)
            return
        yield before, _busy() if wanted else _free(), conversation, wanted or "", gr.skip(), _asking(held=False)
        if wanted:
            async for update in self._watch(before, wanted):
                yield update

    async def start(self) -> Update:
        """Begin a new conversation; what was asked in the last one goes on."""
        return [], _free(), "", "", gr.Radio(value=None), _asking(held=False)

    async def run(self, conversation: str, wanted: str, request: gr.Request) -> AsyncIterator[Update]:
        """Have the plan run that is held, and show its way to the answer."""
        async for update in self._decided(conversation, wanted, request, run=True):
            yield update

    async def drop(self, conversation: str, wanted: str, request: gr.Request) -> AsyncIterator[Update]:
        """Have the plan dropped that is held, and show its end."""
        async for update in self._decided(conversation, wanted, request, run=False):
            yield update

    async def _decided(
        self, conversation: str, wanted: str, request: gr.Request, *, run: bool
    ) -> AsyncIterator[Update]:
        try:
            before, waiting = await self._talk.history(_browser(request), conversation)
            found = waiting == wanted and await self._talk.decide(wanted, run=run)
        except JarvisError as error:
            gr.Warning(error.message)  # nothing has changed: it can be pressed once more
            return
        if not found:  # it was decided in another window, or is over
            yield before, _free(), conversation, "", gr.skip(), _asking(held=False)
            return
        yield before, _busy(), conversation, wanted, gr.skip(), _asking(held=False)
        async for update in self._watch(before, wanted, decided=True):
            yield update

    async def stop(self, wanted: str) -> None:
        """Stop the work on the request that is shown."""
        if wanted:
            await self._talk.stop(wanted)

    def example(self, chosen: gr.SelectData) -> dict[str, Any]:
        """Put an example into the box, where files can be added to it."""
        return {"text": chosen.value["text"], "files": []}

    async def _watch(self, before: list[Message], wanted: str, *, decided: bool = False) -> AsyncIterator[Update]:
        reply: list[Message] = []
        held = False
        try:
            async for reply, asks in self._talk.watch(wanted, decided=decided):
                held = asks
                yield [*before, *reply], gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip()
        except JarvisError as error:
            # Only the view is lost: the work goes on, and the conversation holds its end.
            reply = [*reply, said(f"{error.message} {REOPEN}")]
        yield [*before, *reply], _free(), gr.skip(), wanted if held else "", gr.skip(), _asking(held=held)

    async def _conversations(self, request: gr.Request, selected: str | None = None) -> gr.Radio:
        return gr.Radio(choices=await self._talk.conversations(_browser(request)), value=selected)


def _busy() -> gr.MultimodalTextbox:
    return gr.MultimodalTextbox(value={"text": "", "files": []}, submit_btn=False, stop_btn="Stop")


def _asking(*, held: bool) -> gr.Row:
    """Let it be decided about a plan that is held."""
    return gr.Row(visible=held)


def _free(text: str | None = None, files: Sequence[Path] = ()) -> gr.MultimodalTextbox:
    """Let the next message be written; a message that could not be taken stays in its box, files and all."""
    if text is None:
        return gr.MultimodalTextbox(submit_btn=True, stop_btn=False)
    kept = [str(file) for file in files if file.exists()]
    return gr.MultimodalTextbox(value={"text": text, "files": kept}, submit_btn=True, stop_btn=False)


def _browser(request: gr.Request) -> str:
    """Return whose conversations are meant; without cookies a page's life is a conversation's."""
    return browser(request.cookies) or f"page-{request.session_hash}"
