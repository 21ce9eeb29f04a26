from collections.abc import Iterator
from core.events import Trace
from core.ports import Brief


def reply(brief: Brief, trace: Trace) -> Iterator[str]:
    yield ""
