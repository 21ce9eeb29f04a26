"""What is said without any task: greetings, thanks, who is speaking."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.contract import TaskType
from core.controllers.rules.abilities import BARE, Advice, abilities, introduction
from core.controllers.rules.reading.glossing import in_english
from core.controllers.rules.wishing.understanding import understand
from core.types import Mode

_HELLO = re.compile(
    r"(?:hi|hiya|hello|hey|good (?:morning|afternoon|evening|day)|greetings|yo|howdy|servus|sup)\b.{0,20}$"
)

_WHO = re.compile(
    r".{0,30}\b(?:who|what) (?:are|r) (?:you|u)\b.{0,20}$|.{0,20}\b(?:who (?:made|built|created|wrote) you"
    r"|introduce yourself|what(?:'s| is) your name|tell me about yourself"
    r"|are you (?:an? )?(?:bot|robot|human|ai|real|chatgpt|gpt|jarvis|alive).{0,20})$"
)

_HELP = re.compile(
    r"(?:help|help me|help please|help pls|\?+|/help|commands|menu)$"
    r"|.{0,20}\b(?:what|how) (?:can|do|could) (?:you|u)(?: (?:do|make|offer|help).{0,30}|\??)$"
    r"|.{0,20}\bwhat (?:are|r) (?:you|u) (?:able|capable)\b.{0,20}$|.{0,20}\bwhat (?:you|u) can do$"
    r"|.{0,20}\b(?:your (?:abilities|skills|capabilities|features)|how do(?:es)? (?:you|this|it) work"
    r"|how (?:can|do) i use)\b.{0,20}$"
)

_THANKS = re.compile(r".{0,25}\b(?:thanks|thank you|thx|ty|cheers)\b(?P<for> .{0,15}\bfor\b)?.{0,30}$")

_BYE = re.compile(r"(?:bye|goodbye|good night|see you|see ya|farewell|ciao|later)\b.{0,20}$")

_FINE = re.compile(
    r".{0,15}\b(?:how are you|how do you do|how's it going|what's up|are you there|can you hear me|you there)\b.{0,20}$"
)

_OKAY = re.compile(
    r"(?:(?:ok|okay|k|great|nice|cool|good|perfect|wow|awesome|yes|no|fine|well done|good job|lol|haha|never ?mind|nvm"
    r"|sorry|my bad|no worries|no problem|forget it)[\s!.,]*)+$"
)

_WRONG = re.compile(
    r".{0,20}\b(?:that|this|it)(?:'s| is| was) (?:wrong|not (?:right|correct|what i (?:meant|wanted|asked)))\b.{0,10}$"
    r"|(?:no |that's )?wrong$"
)


def smalltalk(text: str, offered: Sequence[TaskType], mode: Mode, advice: Advice = BARE) -> str | None:
    """Return the answer to a greeting, thanks or a question about the bot; None where the text is something else."""
    plain = _plain(text)
    if len(text) > 200:
        return None
    if _HELP.match(plain):
        return abilities(offered, mode, advice)
    if _WHO.match(plain):
        return f"I am JARVIS. {introduction(offered, mode, advice)}"
    if _FINE.match(plain):
        return "I am here and ready to work. Attach a file or write what you would like."
    if _OKAY.match(plain):
        return "Good. Tell me when there is something to do."
    if _WRONG.match(plain):
        return "I am sorry. Please say in other words what you would like."
    return _courtesy(text, plain, f"Hello! I am JARVIS. {introduction(offered, mode, advice)}")


def _courtesy(text: str, plain: str, hello: str) -> str | None:
    """Return the answer to a greeting or to thanks, unless a wish comes with it: "hey, draw a cat"."""
    thanks = _THANKS.match(plain)
    answer = "You are welcome!" if thanks else "Goodbye!" if _BYE.match(plain) else hello
    if not (thanks or _BYE.match(plain) or _HELLO.match(plain)):
        return None
    return None if _wishes(text) and not (thanks and thanks["for"]) else answer


def _wishes(text: str) -> bool:
    """Whether a short text wishes for something; a question of politeness is no wish, one behind thanks may be."""
    found = [intent.task for intent in understand(text).intents if not intent.weak]
    return any(task not in ("@ask", "conversational") for task in found) or ("@ask" in found and "?" in text)


def _plain(text: str) -> str:
    """Return a text in English and in small letters, its spaces single, without the marks around it."""
    return " ".join(in_english(text[:200]).lower().replace("’", "'").split()).strip(" .!,¡¿") or "?"


def about_me(text: str) -> bool:
    """Whether a text asks about the bot itself, whatever is attached to it."""
    plain = _plain(text)
    return bool(_WHO.match(plain) or _HELP.match(plain))
