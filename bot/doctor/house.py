"""The house itself: database, media, models, and a job run for real."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import AsyncIterator

import anyio
import anyio.to_thread

from bot.doctor.finding import Finding, broken, note, ok
from bot.executors import Executors, device_finder, make_registry, may_ask
from bot.settings import Settings
from core.errors import JarvisError, words_for
from core.ports import Job
from core.registry import Registry
from core.stages.safety import able_to_tell, watched
from core.types import Kind, Media

START_SECONDS = 60.0
DEVICE = "A device of our own (./scripts/local installs what it needs)"
WEB = ("fastapi", "gradio", "multipart", "uvicorn")

IMPORTS = """
import importlib, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except BaseException as error:
        found[name] = f"{type(error).__name__}: {error}"[:300]
print(json.dumps(found))
"""
"""Runs in a process of its own: some of these libraries crash where a system library is missing."""


async def database(settings: Settings) -> AsyncIterator[Finding]:
    """Check that the database can be read and written, after bringing it up to date."""
    from migrations import head, upgrade
    from storage.engine import open_engine
    from storage.store import Store

    where = settings.database.partition("://")[0].partition("+")[0]
    try:
        changed = await upgrade(settings.database)
        store = Store(open_engine(settings.database))
        try:
            await store.check()
        finally:
            await store.close()
    except JarvisError as error:
        yield broken("database", error.message)
        return
    yield ok("database", f"{where}, version {head()}{', brought up to date just now' if changed else ''}.")


async def media(settings: Settings) -> AsyncIterator[Finding]:
    """Check that media can be stored and read again."""
    from storage.blobs import FileBlobs

    try:
        blobs = FileBlobs(settings.blobs)
        await blobs.get(await blobs.put(b"JARVIS' doctor was here.\n"))
    except JarvisError as error:
        yield broken("media", f"{error.message} They are kept in {settings.blobs}.")
    else:
        yield ok("media", f"kept in {settings.blobs}.")


async def libraries(_settings: Settings) -> AsyncIterator[Finding]:
    """Check that the libraries of each embedded model can be imported."""
    registry = Registry.discover()
    absent = {name for card in registry.cards for name in card.missing()}
    needed = sorted({name for card in registry.cards for name in card.model.needs} - absent)
    failing = await anyio.to_thread.run_sync(_import, needed)
    for name in sorted(absent):
        yield broken(f"library {name}", f"is missing: {_users(registry, name)} cannot run. Run ./scripts/run again.")
    for name, why in sorted(failing.items()):
        yield broken(f"library {name}", f"cannot be imported: {_users(registry, name)} cannot run. {why}")
    if not absent and not failing:
        yield ok("libraries", f"all {len(needed)} that the {len(registry.cards)} embedded models need.")


async def web(_settings: Settings) -> AsyncIterator[Finding]:
    """Check that the libraries of the web page are there; loading them takes seconds, so nobody does."""
    missing = [name for name in WEB if importlib.util.find_spec(name) is None]
    for name in missing:
        yield broken(f"library {name}", "is missing: the web page cannot be served. Run ./scripts/run again.")
    if not missing:
        yield ok("web page", "all its libraries are there.")


async def executor(settings: Settings) -> AsyncIterator[Finding]:
    """Check that a child process starts and does a job."""
    text = Media(data=b"JARVIS", kind=Kind.TEXT, mime="text/plain", name="probe.txt")
    job = Job(id="doctor", type="media-probe", model="probe", inputs={"file": text, **_bounds(settings)}, seconds=30)
    started = anyio.current_time()
    try:
        with anyio.fail_after(START_SECONDS):
            async with Executors(settings, Registry.discover()) as executor:
                await executor.run(job, lambda _fraction, _note: None)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the doctor is asked for
        yield broken("executor", f"A child process did not do its job: {words_for(error)}")
    else:
        yield ok("executor", f"a child process started and did a job in {anyio.current_time() - started:.1f} s.")


async def devices(settings: Settings) -> AsyncIterator[Finding]:
    """Tell on which devices models can run, beside those that come with the installation."""
    if settings.devices == ("none",):
        yield ok("devices", "DEVICES is none: only embedded models run here.")
    elif importlib.util.find_spec("torch") is None:
        yield ok("devices", "PyTorch is not installed, so only embedded models run here; ./scripts/local installs it.")
    elif found := await device_finder(settings)():
        room = [f"{device.title} ({device.name}, {(device.memory or 0) / 1e9:.0f} GB)" for device in found]
        yield ok("devices", f"{', '.join(room)}. Models are kept in {settings.model_cache}.")
    else:
        yield broken("devices", f"PyTorch finds none of DEVICES={','.join(settings.devices)}; the log says why.")


async def tasks(settings: Settings) -> AsyncIterator[Finding]:
    """Tell how much of what people may ask for can be done."""
    registry = make_registry()
    named = {name for name, type_ in registry.types.items() if not type_.internal}
    able = named & {offer.type for offer in Executors(settings, registry).offers()}
    words = f"{len(able)} of {len(named)} task types can run here; python -m bot models lists them."
    yield ok("tasks", words) if able else broken("tasks", f"{words} Run ./scripts/run: it installs them.")


async def safety(settings: Settings) -> AsyncIterator[Finding]:
    """Tell whether unsafe pictures can be told from others."""
    offers = Executors(settings, make_registry()).offers()
    words = watched(offers)
    helps = DEVICE if may_ask(settings) else f"{DEVICE} or hosted inference (HF_TOKEN)"
    yield ok("safety", words) if able_to_tell(offers) else note("safety", f"{words} {helps} would change that.")


def _bounds(settings: Settings) -> dict[str, float]:
    limits = settings.limits
    return {
        "pixels": limits.pixels,
        "seconds": limits.media_seconds,
        "pages": limits.pages,
        "chars": limits.document_chars,
    }


def _import(names: list[str]) -> dict[str, str]:
    """Return what cannot be imported, and why."""
    done = subprocess.run([sys.executable, "-c", IMPORTS, *names], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode == 0:
        found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
        return found
    if len(names) == 1:
        return {names[0]: f"Importing it ends Python with code {done.returncode}."}
    return {name: why for one in names for name, why in _import([one]).items()}


def _users(registry: Registry, name: str) -> str:
    models = sorted({card.model.id for card in registry.cards if name in card.model.needs})
    return " and ".join(models)
