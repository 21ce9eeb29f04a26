"""What experts share that send pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from core.media.images import to_media
from core.media.pages import page_count, pages
from core.media.views import View, view, view_of
from core.types import Media

if TYPE_CHECKING:
    from PIL.Image import Image

SIDE = 1600
"""Pixels of the longer side of what is sent. Models look at fewer, and large files are refused."""

PAGES = 10
"""Pages of a document that a model looks at; each takes seconds."""


def seen(media: Media) -> View:
    """Open a picture as models look at it. Raises BadInput."""
    return view(media, SIDE)


def page_views(media: Media) -> Iterator[tuple[int, int, View]]:
    """Yield number, count and view of each page. Raises BadInput."""
    from core.media.images import on_white

    count = min(page_count(media), PAGES)
    for number, page in enumerate(pages(media, limit=count)):
        yield number, count, view_of(on_white(page), SIDE)


def photo(image: Image) -> Media:
    """Return a picture as it is sent."""
    return to_media(image, "picture", "JPEG")


def sent(media: Media) -> Any:
    """Return bytes that say what they are; the library looks for that, and opens anything that is no bytes."""
    from huggingface_hub.inference._common import MimeBytes

    return MimeBytes(media.data, media.mime)
