"""Which font can write a text: those installed as Python packages first, then the machine's own."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.errors import ExpertFailed

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_NOWHERE = "\U0010fffe"  # no character: every font shows its sign for what it lacks


def written_with(text: str) -> tuple[str, str]:
    """Return the file of a font for ``text``, and the text as that font can write it.

    Emoji and other symbols that the font lacks are left out, letters in fancy dress undressed. Raises ExpertFailed
    naming the letters that none has.
    """
    symbols, needed = _shapes(text)
    fewest = needed
    able = None
    for path in _candidates(symbols | needed):
        lacking = _lacking(path, symbols | needed)
        if not lacking:
            return path, _without(text, lacking)
        if not lacking & needed:
            able = able or (path, _without(text, lacking))
        fewest = min(fewest, lacking & needed, key=len)
    if able is not None:
        return able
    plain = unicodedata.normalize("NFKC", text)
    if plain != text:
        return written_with(plain)
    missing = " ".join(sorted(fewest)[:12])
    raise ExpertFailed(
        f"No font here has all of these letters: {missing}. On Debian or Ubuntu, “apt install fonts-noto” brings most "
        "scripts; texts that mix several rare scripts are better put on the picture one after the other."
    )


def _shapes(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the symbols and the other characters of ``text`` that a font must have a shape for."""
    symbols = frozenset(char for char in text if unicodedata.category(char) == "So")
    return symbols, frozenset(char for char in text if unicodedata.category(char)[0] in "LNPS") - symbols


def _without(text: str, lacking: frozenset[str]) -> str:
    """Leave out characters, controls, and the invisible sign that asks for a colourful emoji."""
    out = lacking | {"\ufe0f"}
    kept = (char for char in text if char not in out and (char in "\n\t" or unicodedata.category(char) != "Cc"))
    return "".join(kept).strip()


def sized(path: str, size: int) -> FreeTypeFont:
    """Return the font in pixels ``size``, bold where it can be."""
    from PIL import ImageFont

    font = ImageFont.truetype(path, size)
    try:
        font.set_variation_by_name("Bold")
    except (OSError, ValueError):  # not a variable font, or none with that name
        return font
    return font


def _candidates(wanted: frozenset[str]) -> Iterator[str]:
    import fontpkg

    for family in fontpkg.families().values():
        yield from (str(file.path) for file in family.files if file.style == "normal")
    rare = max(wanted, key=ord, default="a")
    yield from _machine_fonts(rare)


def _machine_fonts(char: str) -> list[str]:
    """Ask fontconfig, where there is one, for regular fonts that have ``char``."""
    program = shutil.which("fc-list")
    if program is None:
        return []
    query = [program, f":charset={ord(char):x}:style=Bold", "file"]
    found = subprocess.run(query, capture_output=True, text=True, timeout=20, check=False)  # noqa: S603 - no user text
    return sorted(line.strip().rstrip(":") for line in found.stdout.splitlines() if line.strip())[:20]


def _lacking(path: str, wanted: frozenset[str]) -> frozenset[str]:
    from PIL import ImageFont

    try:
        font = ImageFont.truetype(path, 24, layout_engine=ImageFont.Layout.BASIC)
    except OSError:
        return wanted
    nothing = _shape(font, _NOWHERE)
    return frozenset(char for char in wanted if _shape(font, char) == nothing)


def _shape(font: FreeTypeFont, char: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(char)
    return mask.size, bytes(mask)
