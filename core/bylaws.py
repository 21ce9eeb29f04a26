"""What admins decided about a place besides its models: who may ask, how much, what is shown, how long it is kept."""

from __future__ import annotations

from enum import StrEnum


class Bylaw(StrEnum):
    """The decisions there are, by name. Each has one value in a scope; the most particular scope's counts."""

    CHANNELS = "channels"  # ids of the channels where we answer; empty: all
    ROLES = "roles"  # ids of the roles who may ask; empty: everybody
    BLOCKED = "blocked"  # ids of people who are not answered
    REQUESTS_PER_PERSON = "requests-per-person"  # in a day
    REQUESTS_PER_CHANNEL = "requests-per-channel"  # in a day
    SECONDS_PER_PERSON = "seconds-per-person"  # of our own devices' time, in a day
    DOLLARS_PER_PERSON = "dollars-per-person"  # of hosted inference and language models, in a day
    APPROVE_SECONDS = "approve-seconds"  # a plan expected to take longer asks first
    APPROVE_DOLLARS = "approve-dollars"  # a plan expected to cost more asks first
    SAFETY = "safety"  # core.types.Safety
    RETENTION_DAYS = "retention-days"  # after which requests, answers and files are deleted


LISTS = (Bylaw.CHANNELS, Bylaw.ROLES, Bylaw.BLOCKED)
"""Whose values are lists of ids: "+ID" adds one, "-ID" takes one out, "" empties the list."""
