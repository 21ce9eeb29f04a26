"""What admins decided is what selection does, at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pytest

from core.contract import Model
from core.ports import Job, OnProgress
from core.rules import ALLOW, DENY, Rule, Topic
from core.stages.policy import ANYTHING, Policy, allowed
from core.types import Mode, Place, Value
from storage.memory import MemoryStore
from tests.core.stages.offers import offer
from tests.fakes import FunctionExecutor, ScriptedController, echo, mind, request, task, traced

MIT, NC = offer("org/a", licence="mit"), offer("org/b", licence="CC-BY-NC-4.0")
OTHER = offer("other/c", licence="mit")
HERE = request().origin.scopes


def rule(topic: Topic, name: str, value: str = DENY, scope: str = "") -> Rule:
    """Return a rule; a denial unless told otherwise."""
    return Rule(topic=topic, name=name, value=value, scope=scope)


def left(*rules: Rule, policy: Policy = ANYTHING) -> str:
    """Return the last letters of the models that may be used."""
    return "".join(one.model.id[-1] for one in allowed([MIT, NC, OTHER], Mode.HYBRID, policy.under(rules)))


@pytest.mark.parametrize(
    ("rules", "names"),
    [
        ([], "abc"),
        ([rule(Topic.MODEL, "Org/A")], "bc"),
        ([rule(Topic.AUTHOR, "org")], "c"),
        ([rule(Topic.LICENCE, "cc-by-nc-4.0")], "ac"),
        ([rule(Topic.TASK, "translation")], ""),
        ([rule(Topic.TASK, "translation"), rule(Topic.AUTHOR, "org", ALLOW)], "ab"),
        ([rule(Topic.AUTHOR, "org"), rule(Topic.MODEL, "org/b", ALLOW)], "bc"),
        ([rule(Topic.LICENCE, "mit"), rule(Topic.AUTHOR, "other", ALLOW)], "bc"),
    ],
)
def test_what_is_denied_is_out(rules: Sequence[Rule], names: str) -> None:
    """By id, author, licence or task; the most particular rule decides."""
    assert left(*rules) == names


def test_the_nearer_scope_decides_and_the_settings_word_is_final() -> None:
    """A channel may allow what its workspace denies, but not what the settings deny."""
    near, far = rule(Topic.MODEL, "org/a", ALLOW, "web//main"), rule(Topic.MODEL, "org/a")
    assert left(near, far) == "abc"
    assert left(far, near) == "bc"
    assert left(near, policy=Policy(models=frozenset({"org/a"}))) == "bc"


@pytest.mark.parametrize("risk", ["gated", "pickled", "remote_code"])
def test_risky_weights_come_only_where_an_admin_allows_the_id(risk: str) -> None:
    """Allowing author, licence or task is not enough. What others host does no harm here."""
    risky = replace(MIT, model=replace(MIT.model, **{risk: True}))  # type: ignore[arg-type]
    wide = [rule(Topic.AUTHOR, "org", ALLOW), rule(Topic.LICENCE, "mit", ALLOW), rule(Topic.TASK, "translation", ALLOW)]
    assert "an admin has to allow it" in Policy().under(wide).objection(risky)
    assert Policy().under([rule(Topic.MODEL, "org/a", ALLOW)]).allows(risky)
    assert Policy().allows(replace(risky, place=Place.REMOTE))
    assert Policy(pickles=True).allows(risky) is (risk == "pickled")


def test_a_pinned_model_runs_at_its_revision_or_not_at_all() -> None:
    """Our own devices load that version; hosted inference, which cannot promise it, is not asked."""
    policy = Policy().under([rule(Topic.PIN, "org/a", "v1")])
    found = allowed([MIT, replace(MIT, place=Place.REMOTE), OTHER], Mode.HYBRID, policy)
    assert [(one.place, one.model.revision) for one in found] == [(Place.LOCAL, "v1"), (Place.LOCAL, "")]


@dataclass
class TwoModels(FunctionExecutor):
    """Offers two models for words."""

    models: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"word": ("org/a", "org/b")})


@pytest.mark.anyio
async def test_rules_in_the_store_hold_from_the_next_request_on() -> None:
    """Denied: neither offered to the planner nor used. Preferred: first, before the planner's wish, with the reason."""
    store, controller, executor = MemoryStore(), ScriptedController([replace(task(0), model="org/a")]), TwoModels()
    orchestrator = mind(controller, executor, store=store)

    async def chosen(message: str) -> tuple[str, str]:
        trace = await traced(orchestrator, request(message=message))
        return trace.selections[0].model, trace.selections[0].why

    assert (await chosen("1"))[0] == "org/a"
    await store.rules.set(rule(Topic.PREFERENCE, "word", "org/b", HERE[0]), by="ada")
    assert await chosen("2") == ("org/b", "An admin prefers it here.")
    await store.rules.set(rule(Topic.MODEL, "org/b"), by="ada")
    await store.rules.set(rule(Topic.PIN, "org/a", "v1", HERE[1]), by="ada")
    assert (await chosen("3"))[0] == "org/a"
    models = controller.briefs[-1].models
    assert models is not None
    assert [model.id for model in models["word"]] == ["org/a"]
    assert [(job.model, job.revision) for job in executor.ran] == [("org/a", ""), ("org/b", ""), ("org/a", "v1")]
    await store.rules.set(rule(Topic.MODEL, "org/a", ALLOW, HERE[0]), by="ada")
    await chosen("4")
    assert [job.trusted for job in executor.ran] == [False, False, False, True]


@pytest.mark.anyio
async def test_a_preferred_model_that_fails_is_followed_by_another() -> None:
    """A preference is no promise that it works."""

    async def broken(job: Job, on_progress: OnProgress) -> Mapping[str, Value]:
        if job.model == "org/b":
            from core.errors import NotAvailable

            raise NotAvailable("It is not here.")
        return await echo(job, on_progress)

    store = MemoryStore()
    await store.rules.set(rule(Topic.PREFERENCE, "word", "org/b"), by="ada")
    trace = await traced(mind(ScriptedController([task(0)]), TwoModels(function=broken), store=store), request())
    assert trace.selections[0].model == "org/a"
    assert trace.results[0].model == "org/a"


def test_a_models_facts_tell_the_risks() -> None:
    """Nothing is risky unless it is known to be."""
    assert not any((Model(id="x").gated, Model(id="x").pickled, Model(id="x").remote_code))
