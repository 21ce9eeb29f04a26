"""What experts hold on to: cancels that come early or late, and progress that waits its moment."""

from __future__ import annotations

import select
from collections.abc import Mapping
from typing import Any

from core.executors.steer import Helm


def _told() -> tuple[Helm, list[Mapping[str, Any]]]:
    told: list[Mapping[str, Any]] = []
    return Helm(told.append), told


def _rings(helm: Helm) -> bool:
    return bool(select.select([helm.bell], [], [], 0)[0])


def test_a_cancel_may_overtake_its_job() -> None:
    """Cancels come by a way of their own, so one may be there before the job."""
    helm, _ = _told()
    helm.stop(2)
    assert not helm.enter(1).stopped
    assert helm.enter(2).stopped


def test_a_cancel_that_comes_too_late_is_forgotten() -> None:
    """A child that lives for months keeps nothing of jobs that were over when their cancel came."""
    helm, _ = _told()
    helm.enter(1)
    helm.leave(1)
    helm.stop(1)
    assert not helm.enter(1).stopped


def test_progress_in_quick_succession_is_told_later_and_the_latest_only() -> None:
    """The first word goes out at once; of those right behind it the last one, when somebody flushes."""
    helm, told = _told()
    tiller = helm.enter(1)
    tiller.progress(0.1, "one")
    assert not _rings(helm)
    tiller.progress(0.2, "two")
    tiller.progress(0.3, "three")
    assert _rings(helm)
    helm.flush()
    assert [head["note"] for head in told] == ["one", "three"]
    assert not _rings(helm)


def test_progress_of_a_job_that_is_over_is_not_told() -> None:
    """Its answer is on its way already."""
    helm, told = _told()
    tiller = helm.enter(1, alone=False)
    tiller.progress(0.5, "half")
    helm.leave(1)
    helm.flush()
    assert not told


def test_that_all_is_done_the_answer_says() -> None:
    """A small model's whole run costs about as much as a letter more."""
    helm, told = _told()
    tiller = helm.enter(1)
    tiller.progress(1.0)
    assert not told
    assert not _rings(helm)
    tiller.progress(1.0, "writing it down")
    assert [head["note"] for head in told] == ["writing it down"]
