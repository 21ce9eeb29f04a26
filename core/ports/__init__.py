"""What the mind needs from outside. Each port is small, and a contract suite says what an implementation must hold."""

from core.ports.controller import NO_CHOICE, Brief, Choice, Controller, Draft, Faults, Piece, Say, Tie
from core.ports.conversations import Conversation, Memory
from core.ports.decisions import Audit, Bylaws, Modes, Rules
from core.ports.executor import Executor, Job, Offer, OnProgress
from core.ports.files import Blobs, Fetch, Loose
from core.ports.keeping import NOWHERE, Archive, Memberships, People
from core.ports.models import Find, Finds, Ledger, Results
from core.ports.requests import Claim, Inbox, Journal
from core.ports.spending import Spending

__all__ = [
    "NOWHERE",
    "NO_CHOICE",
    "Archive",
    "Audit",
    "Blobs",
    "Brief",
    "Bylaws",
    "Choice",
    "Claim",
    "Controller",
    "Conversation",
    "Draft",
    "Executor",
    "Faults",
    "Fetch",
    "Find",
    "Finds",
    "Inbox",
    "Job",
    "Journal",
    "Ledger",
    "Loose",
    "Memberships",
    "Memory",
    "Modes",
    "Offer",
    "OnProgress",
    "People",
    "Piece",
    "Results",
    "Rules",
    "Say",
    "Spending",
    "Tie",
]
