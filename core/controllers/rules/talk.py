"""What is said without any task: greetings, thanks, who is speaking."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.contract import TaskType
from core.controllers.rules.abilities import BARE, Advice, abilities, introduction
from core.types import Mode

_HELLO = re.compile(
    r"(?:hi|hello|hey|hallo|good (?:morning|afternoon|evening|day)|greetings|yo|howdy|servus|hola|salut)\b.{0,20}$"
)

_WHO = re.compile(
    r".{0,30}\b(?:who|what) (?:are|r) (?:you|u)\b.{0,20}$|.{0,20}\b(?:who (?:made|built|created|wrote) you"
    r"|introduce yourself|what(?:'s| is) your name|tell me about yourself"
    r"|are you (?:an? )?(?:bot|robot|human|ai|real|chatgpt|gpt|jarvis|alive).{0,20})$"
)

_HELP = re.compile(
    r"(?:help|help me|\?+|/help|commands|menu)$|.{0,20}\bwhat (?:can|do|could) (?:you|u) (?:do|offer|help).{0,30}$"
    r"|.{0,20}\b(?:your (?:abilities|skills|capabilities|features)|how do(?:es)? (?:you|this|it) work"
    r"|how (?:can|do) i use)\b.{0,20}$"
)

_THANKS = re.compile(r".{0,25}\b(?:thanks|thank you|thx|cheers|merci|danke|gracias)\b.{0,30}$")

_BYE = re.compile(r"(?:bye|goodbye|good night|see you|see ya|farewell|ciao|later)\b.{0,20}$")

_FINE = re.compile(
    r".{0,15}\b(?:how are you|how do you do|how's it going|what's up|are you there|can you hear me|you there)\b.{0,20}$"
)

_OKAY = re.compile(
    r"(?:ok|okay|k|great|nice|cool|good|perfect|wow|awesome|yes|no|fine|well done|good job|lol|haha)[\s!.,]*$"
)


def smalltalk(text: str, offered: Sequence[TaskType], mode: Mode, advice: Advice = BARE) -> str | None:
    """Return the answer to a greeting, thanks or a question about the bot; None where the text is something else."""
    plain = " ".join(text.lower().replace("’", "'").split())[:200].strip(" .!,") or "?"
    if len(text) > 200:
        return None
    if _WHO.match(plain):
        return f"I am JARVIS. {introduction(offered, mode, advice)}"
    if _HELP.match(plain):
        return abilities(offered, mode, advice)
    if _FINE.match(plain):
        return "I am here and ready to work. Attach a file or write what you would like."
    if _THANKS.match(plain) and '"' not in plain and "“" not in plain:
        return "You are welcome!"
    if _BYE.match(plain):
        return "Goodbye!"
    if _HELLO.match(plain):
        return f"Hello! I am JARVIS. {introduction(offered, mode, advice)}"
    return "Good. Tell me when there is something to do." if _OKAY.match(plain) else None


def about_me(text: str) -> bool:
    """Whether a text asks about the bot itself, whatever is attached to it."""
    plain = " ".join(text.lower().replace("’", "'").split())[:200].strip(" .!,")
    return bool(_WHO.match(plain) or _HELP.match(plain))
