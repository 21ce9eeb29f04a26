"""Reads a JSON string while it is still being written."""

from __future__ import annotations

_PLAIN = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


class Unescaper:
    """Turns pieces of a JSON string's inside into the text they stand for. Escapes come whole, one a piece."""

    def __init__(self) -> None:
        self._high = ""  # the first half of a letter that JSON writes as two escapes

    def text(self, piece: str) -> str:
        """Return what ``piece`` adds to the text."""
        if not piece.startswith("\\"):
            return self._flush() + piece
        if not piece.startswith("\\u") or len(piece) != 6:
            return self._flush() + _PLAIN.get(piece[1:], piece[1:])
        unit = chr(int(piece.removeprefix("\\u"), base=16))
        if "\ud800" <= unit <= "\udbff":
            lost = self._flush()
            self._high = unit
            return lost
        if "\udc00" <= unit <= "\udfff":
            whole = (self._high + unit).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            self._high = ""
            return whole
        return self._flush() + unit

    def _flush(self) -> str:
        """Half a letter without its other half is a letter nobody can read."""
        lost, self._high = "\ufffd" if self._high else "", ""
        return lost
