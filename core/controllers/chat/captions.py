"""When the answer needs no language model: templates say it as well, at once and for nothing."""

from __future__ import annotations

from core.controllers.chat.english import english
from core.events import Trace
from core.ports import Brief
from core.types import Artifact, Result


def speaks_for_itself(brief: Brief, trace: Trace) -> bool:
    """Whether templates can answer: nothing came of the tasks, or exactly the files that were asked for in English."""
    if not trace.results:
        return True
    if trace.rejected or trace.refused or trace.failures or trace.skipped or len(trace.results) < len(trace.tasks):
        return False
    return all(_only_files(result) for result in trace.results.values()) and english(brief.text)


def _only_files(result: Result) -> bool:
    """Whether a result is files; a number beside them, the seed of a picture, is nothing that an answer has to tell."""
    kinds = {type(output) for output in result.outputs.values()}
    return Artifact in kinds and kinds <= {Artifact, int}
