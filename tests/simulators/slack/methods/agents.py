"""assistant.threads.* and agents.sessions.*: what an agent shows of its work."""

from __future__ import annotations

from typing import Any

from tests.simulators.slack.agents import STATUSES, Agents, Place, Session, Status
from tests.simulators.slack.refusal import Refused
from tests.simulators.slack.web_api import Call, Verb
from tests.simulators.slack.world import World


class AgentMethods:
    """The family."""

    def __init__(self, world: World, agents: Agents) -> None:
        self.world = world
        self.agents = agents

    def verbs(self) -> dict[str, Verb]:
        return {
            "assistant.threads.setStatus": Verb(self.status, ("chat:write", "assistant:write"), tier=0),
            "assistant.threads.setTitle": Verb(self.title, ("assistant:write",), tier=0),
            "assistant.threads.setSuggestedPrompts": Verb(self.prompts, ("assistant:write",), tier=0),
            "agents.sessions.setStatus": Verb(self.session, ("chat:write",)),
            "agents.sessions.rename": Verb(self.rename, ("chat:write",)),
        }

    async def status(self, call: Call) -> None:
        place = self._place(call)
        loading = call["loading_messages"] or []
        if not isinstance(call["status"], str) or not isinstance(loading, list) or len(loading) > 10:
            raise Refused("invalid_arguments", "status must be a string, with at most 10 loading_messages")
        self.agents.told.append((place, call["status"]))
        self.agents.statuses[place] = Status(call["status"], loading)
        if not call["status"]:
            del self.agents.statuses[place]

    async def title(self, call: Call) -> None:
        place = self._place(call)
        self.agents.titles[place] = str(call.need("title"))

    async def prompts(self, call: Call) -> None:
        channel = call.channel("channel_id")
        prompts = call.need("prompts")
        if not isinstance(prompts, list) or not 1 <= len(prompts) <= 4:
            raise Refused("invalid_arguments", "no more than 4 items allowed [json-pointer:/prompts]")
        if any(not one.get("title", "").strip() or not one.get("message", "").strip() for one in prompts):
            raise Refused("invalid_arguments", "title and message must not be empty [json-pointer:/prompts]")
        if call["thread_ts"] and self.agents.app.agent:
            return  # an agent's prompts belong to no thread: nothing happens
        self.agents.prompts[channel.id, str(call["thread_ts"] or "")] = prompts

    async def session(self, call: Call) -> dict[str, Any]:
        place = self._session_place(call)
        if call.need("status") not in STATUSES:
            raise Refused("invalid_arguments", "must be active, processing, suspended or closed [json-pointer:/status]")
        known = self.agents.sessions.get(place)
        if known is None:
            _title(call["title"] or "-")
            if call["initiator_user_id"] and call["initiator_user_id"] not in call.channel("channel_id").members:
                raise Refused("user_not_in_channel")
            known = self.agents.sessions[place] = Session(call["status"], call["title"] or "")
        known.become(call["status"])
        told = {"status": known.status, "agent_status": known.status, "title": known.title}
        if "agent_session_stopped" in self.agents.app.events:
            return told
        warning = "missing_agent_session_stopped_event_subscription"
        return told | {"warning": warning, "response_metadata": {"warnings": [warning]}}

    async def rename(self, call: Call) -> dict[str, Any]:
        place = self._session_place(call)
        _title(call.need("title"))
        if place not in self.agents.sessions:
            raise Refused("session_not_found")
        self.agents.sessions[place].title = call["title"]
        return {"title": call["title"]}

    def _session_place(self, call: Call) -> Place:
        if not self.agents.app.agent:
            raise Refused("app_not_agent")
        return self._place(call)

    def _place(self, call: Call) -> Place:
        channel = call.channel("channel_id")
        if call.bot.id not in channel.members:
            raise Refused("not_in_channel")
        root = channel.messages.get(str(call.need("thread_ts")))
        if root is None or root.thread_ts:
            raise Refused("invalid_thread_ts")
        return channel.id, root.ts


def _title(title: Any) -> None:
    if not isinstance(title, str) or not 1 <= len(title) <= 200:
        raise Refused("invalid_arguments", "must be less than 201 characters [json-pointer:/title]")
