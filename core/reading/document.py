"""All lines of a picture or a document: a PDF's own text where it has some, recognised text elsewhere."""

from __future__ import annotations

from core.contract import Steer
from core.limits import Limits
from core.media.pages import page_count, pages
from core.reading.line import Line
from core.reading.recogniser import Recogniser, Report
from core.reading.textlayer import DPI, own_lines
from core.types import Kind, Media

OWN_TEXT = 50  # characters; a page with fewer is looked at too: they may be a stamp on a scan


def read_lines(media: Media, recogniser: Recogniser, steer: Steer, most: int = Limits().pages) -> list[Line]:
    """Return the lines of the first ``most`` pages, page by page.

    Tells ``steer`` how far it is. Raises BadInput when the file is damaged or locked.
    """
    count = min(page_count(media), most)
    found = own_lines(media, count) if media.kind is Kind.DOCUMENT else {}
    unread = {number for number in range(1, count + 1) if _chars(found.get(number, [])) < OWN_TEXT}
    if unread:
        for number, image in enumerate(pages(media, DPI, count), start=1):
            steer.check()
            if number in unread:
                seen = recogniser.read(image, steer, _report(steer, number, count), number)
                found[number] = max(found.get(number, []), seen, key=_chars)
    return [line for number in sorted(found) for line in found[number]]


def _chars(lines: list[Line]) -> int:
    return sum(map(str.isalnum, "".join(line.text for line in lines)))


def _report(steer: Steer, number: int, count: int) -> Report:
    note = "reading" if count == 1 else f"reading page {number} of {count}"
    return lambda part: steer.progress((number - 1 + part) / count, note)
