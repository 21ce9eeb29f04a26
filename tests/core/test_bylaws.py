"""What holds in a place, from what was decided for it and around it."""

from __future__ import annotations

import pytest

from core.bylaws import Bylaw, Charter, Decision, bylaw_named, charter, ruling
from core.errors import BadInput
from core.types import Safety


def decided(bylaw: Bylaw, value: str, scope: str = "") -> Decision:
    """Return a decision."""
    return Decision(bylaw=bylaw, value=value, scope=scope)


def test_nothing_decided_leaves_the_settings() -> None:
    """What nobody decided is as the settings have it."""
    settings = Charter(requests_per_person=7, safety=Safety.STRICT, blocked=frozenset("x"))
    assert charter([], settings) == settings
    assert charter([]) == Charter()


def test_the_most_particular_scope_counts() -> None:
    """The first decision about something holds; others are decided by wider scopes; every kind of value is read."""
    found = charter(
        [
            decided(Bylaw.REQUESTS_PER_PERSON, "3", "discord/g/c"),
            decided(Bylaw.REQUESTS_PER_PERSON, "9", "discord/g"),
            decided(Bylaw.CHANNELS, "1 2", "discord/g"),
            decided(Bylaw.DOLLARS_PER_PERSON, "0.25", "discord"),
            decided(Bylaw.SAFETY, "off"),
        ]
    )
    assert (found.requests_per_person, found.dollars_per_person, found.safety) == (3, 0.25, Safety.OFF)
    assert found.channels == {"1", "2"}


def test_whoever_is_blocked_anywhere_around_is_blocked() -> None:
    """A server's list adds to the installation's: it cannot let in whom somebody wider shut out."""
    found = charter([decided(Bylaw.BLOCKED, "a", "discord/g"), decided(Bylaw.BLOCKED, "b")])
    assert found.blocked == {"a", "b"}


@pytest.mark.parametrize(
    ("value", "setting", "holds"), [("5", 9, 5), ("9", 5, 5), ("0", 5, 5), ("5", 0, 5), ("0", 0, 0)]
)
def test_the_settings_bound_what_admins_allow(value: str, setting: int, holds: int) -> None:
    """The smaller of two limits holds, and none is larger than any."""
    found = charter([decided(Bylaw.REQUESTS_PER_PERSON, value)], Charter(requests_per_person=setting))
    assert found.requests_per_person == holds


@pytest.mark.parametrize(
    ("bylaw", "told", "now", "value"),
    [
        (Bylaw.CHANNELS, "+1", "", "1"),
        (Bylaw.CHANNELS, "+3 -1, +2", "1 2", "2 3"),
        (Bylaw.CHANNELS, "-9", "1", "1"),
        (Bylaw.CHANNELS, "-1", "1", ""),
        (Bylaw.CHANNELS, "5,6", "1 2", "5 6"),
        (Bylaw.CHANNELS, " ", "1 2", ""),
        (Bylaw.BLOCKED, "api:10.0.0.1", "", "api:10.0.0.1"),
        (Bylaw.SAFETY, "Strict", "", "strict"),
        (Bylaw.REQUESTS_PER_PERSON, "20", "", "20"),
        (Bylaw.APPROVE_DOLLARS, "$1.50", "", "1.5"),
        (Bylaw.DOLLARS_PER_PERSON, "0", "", "0"),
    ],
)
def test_what_admins_may_say(bylaw: Bylaw, told: str, now: str, value: str) -> None:
    """Lists are changed or replaced, numbers and words are put into one form; and what is stored can be read."""
    decision = ruling(bylaw, told, scope="s", now=now)
    assert decision == Decision(bylaw=bylaw, value=value, scope="s")
    charter([decision] if value else [])


@pytest.mark.parametrize(
    ("bylaw", "told", "sentence"),
    [
        (Bylaw.CHANNELS, "+", "is no id"),
        (Bylaw.CHANNELS, "+<b>", "is no id"),
        (Bylaw.CHANNELS, "+1 2", "Either change the list"),
        (Bylaw.CHANNELS, " ".join(map(str, range(501))), "up to 500"),
        (Bylaw.SAFETY, "none", "They are: strict, blur, off"),
        (Bylaw.REQUESTS_PER_PERSON, "many", "takes a whole number"),
        (Bylaw.REQUESTS_PER_PERSON, "1.5", "takes a whole number"),
        (Bylaw.REQUESTS_PER_PERSON, "-1", "takes a whole number"),
        (Bylaw.DOLLARS_PER_PERSON, "nan", "takes a number of US dollars"),
        (Bylaw.DOLLARS_PER_PERSON, "inf", "takes a number of US dollars"),
        (Bylaw.RETENTION_DAYS, "31", "allows retention-days of 30 at most"),
        (Bylaw.RETENTION_DAYS, "0", "allows retention-days of 30 at most"),
    ],
)
def test_what_admins_may_not_say(bylaw: Bylaw, told: str, sentence: str) -> None:
    """They read what would be right."""
    with pytest.raises(BadInput, match=sentence):
        ruling(bylaw, told, scope="", settings=Charter(retention_days=30))


def test_bylaws_are_found_by_name() -> None:
    """However it is written; who mistypes reads the names."""
    assert bylaw_named(" Requests_per_person ") is Bylaw.REQUESTS_PER_PERSON
    with pytest.raises(BadInput, match="There are: channels, roles"):
        bylaw_named("quota")


def test_unsafe_pictures_are_shown_among_adults_unless_somebody_minds() -> None:
    """The platform's word about a place counts where nobody decided."""
    assert Charter().safety_for(adults=True) is Safety.OFF
    assert Charter().safety_for(adults=False) is Safety.BLUR
    assert Charter(safety=Safety.STRICT).safety_for(adults=True) is Safety.STRICT
