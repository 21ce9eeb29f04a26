"""What the pool costs on a GPU, with models as large as Stable Diffusion 1.5 and XL and random weights.

Nothing is downloaded: the models are built from their configurations, on the device, into a cache of their own.

    python -m benchmarks.gpu --json results.json          # on cuda:0, about five minutes
    python -m benchmarks.gpu --device cpu --tiny          # the same way through, in small
    python -m benchmarks.gpu --only images,switch         # some of it

images   images a second of the bare pipeline in a process of its own, and through the pool (0.97 wanted)
budget   memory of the device while models take turns that do not fit together under a set budget
switch   seconds that a job takes longer when its model must be loaded first, against the bytes at the copy rate
cancel   seconds from a cancel to the end of the job (one step wanted)
kill     seconds from the child's death to the next child, and to the next picture of a model loaded anew
ladder   a device that another program has filled: what the pool makes of it

It prints a table in Markdown after each part and writes all figures as JSON. A part that fails says so and the others
go on. Needs what the pool needs: torch, transformers, diffusers, accelerate, anyio, structlog, pydantic.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import logging
import multiprocessing
import os
import platform
import shutil
import signal
import statistics
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import structlog

from benchmarks.giants import build, folder_in
from core.contract import Model
from core.errors import JarvisError
from core.executors.device import Device
from core.executors.pool import Pool
from core.executors.process import environment
from core.ports import Job
from core.registry import Registry
from core.types import Media, Place

TASK = "text-to-image"
PROMPT = "a picture of two children who play with a red ball in the garden"
GB = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What is measured, and with what."""

    device: str
    tiny: bool
    cache: str
    models: tuple[Model, ...]  # an SD, two XLs
    images: int
    steps: int

    @property
    def gpu(self) -> bool:
        """Whether there is video memory to look at."""
        return self.device.startswith("cuda")

    @property
    def dtype(self) -> str:
        """The number format that experts choose on this device."""
        return "bfloat16" if self.gpu else "float32"


@dataclass(slots=True)
class Row:
    """One line of the table."""

    part: str
    what: str
    value: float | str
    unit: str = ""
    wanted: str = ""

    def cells(self) -> tuple[str, ...]:
        """Return the line's text."""
        value = self.value if isinstance(self.value, str) else f"{self.value:.3f}"
        return self.part, self.what, value, self.unit, self.wanted


@dataclass(slots=True)
class Report:
    """All that was measured."""

    facts: dict[str, Any]
    rows: list[Row] = field(default_factory=list)

    def add(self, part: str, what: str, value: float | str, unit: str = "", wanted: str = "") -> None:
        """Take a line."""
        self.rows.append(Row(part, what, value, unit, wanted))

    def table(self, part: str = "") -> str:
        """Return the lines of a part, or all, as a table in Markdown."""
        head = ("part", "what", "value", "unit", "wanted")
        cells = [head, ("---",) * 5, *(row.cells() for row in self.rows if part in ("", row.part))]
        return "\n".join(f"| {' | '.join(line)} |" for line in cells)


# ---------------------------------------------------------------- in processes of their own


def apart(act: Callable[..., Any], *args: Any) -> Any:
    """Call a function in a fresh process, so that nothing of it stays on the device."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as one:
        return one.submit(act, *args).result()


def describe(device: str) -> dict[str, Any]:
    """Return what the figures depend on."""
    import diffusers
    import torch
    import transformers

    gpu = device.startswith("cuda")
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "device": torch.cuda.get_device_name(0) if gpu else platform.processor() or platform.machine(),
        "memory": torch.cuda.get_device_properties(0).total_memory if gpu else None,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "diffusers": diffusers.__version__,
    }


def bare(setup: Setup, model: Model) -> dict[str, float]:
    """Return seconds of the bare pipeline: loading in two ways, each image, and each image written as PNG."""
    import torch
    from diffusers import DiffusionPipeline

    library: Any = DiffusionPipeline
    dtype = getattr(torch, setup.dtype)
    folder = str(folder_in(setup.cache, model.id))
    if setup.gpu:
        torch.zeros(1, device=setup.device)  # CUDA's own start is not the model's
    began = time.perf_counter()
    pipe = library.from_pretrained(folder, dtype=dtype, use_safetensors=True).to(setup.device)
    _finish(setup)
    loaded = time.perf_counter() - began
    pipe.set_progress_bar_config(disable=True)
    _image(pipe, model, 0)
    began = time.perf_counter()
    pictures = [_image(pipe, model, seed) for seed in range(setup.images)]
    seconds = (time.perf_counter() - began) / setup.images
    began = time.perf_counter()
    for picture in pictures:
        _written(picture)
    written = (time.perf_counter() - began) / setup.images
    return {"load": loaded, "image": seconds, "png": written}


def straight(setup: Setup, model: Model) -> float:
    """Return the seconds to load a model with the library's own placement on the device."""
    import torch
    from diffusers import DiffusionPipeline

    library: Any = DiffusionPipeline
    torch.zeros(1, device=setup.device)
    began = time.perf_counter()
    library.from_pretrained(
        str(folder_in(setup.cache, model.id)),
        dtype=getattr(torch, setup.dtype),
        use_safetensors=True,
        device_map=setup.device.partition(":")[0],
    )
    _finish(setup)
    return time.perf_counter() - began


def staged(setup: Setup, model: Model) -> float:
    """Return the seconds to bring a model's bytes from its files to the device by way of two pinned buffers."""
    import torch
    from safetensors import safe_open

    buffers = [torch.empty(2**28, dtype=torch.uint8, pin_memory=True) for _ in range(2)]
    copied: list[Any] = [torch.cuda.Event() for _ in buffers]  # type: ignore[no-untyped-call]
    turn, kept = 0, []
    began = time.perf_counter()
    for file in sorted(folder_in(setup.cache, model.id).rglob("*.safetensors")):
        with safe_open(file, "pt") as opened:
            for name in opened.keys():  # noqa: SIM118 - it is no mapping
                source: Any = opened.get_tensor(name).reshape(-1).view(torch.uint8)
                target: Any = torch.empty(len(source), dtype=torch.uint8, device=setup.device)
                for part, place in zip(source.split(2**28), target.split(2**28), strict=True):
                    buffer, event = buffers[turn % 2], copied[turn % 2]
                    event.synchronize()  # it has left the buffer
                    buffer[: len(part)].copy_(part)
                    place.copy_(buffer[: len(part)], non_blocking=True)
                    event.record()
                    turn += 1
                kept.append(target)
    _finish(setup)
    return time.perf_counter() - began


def copy_rates(device: str) -> dict[str, float]:
    """Return bytes a second from main memory to the device: from ordinary pages, and from pinned ones."""
    import torch

    rates = {}
    for kind in ("pageable", "pinned"):
        source = torch.ones(2**30, dtype=torch.uint8, pin_memory=kind == "pinned")
        target = torch.empty_like(source, device=device)
        best = 0.0
        for _ in range(4):
            torch.cuda.synchronize()
            began = time.perf_counter()
            target.copy_(source)
            torch.cuda.synchronize()
            best = max(best, source.nbytes / (time.perf_counter() - began))
        rates[kind] = best
    return rates


def hog(device: str, leave: int, ready: Any, enough: Any) -> None:
    """Fill the device but for ``leave`` bytes, until told."""
    import torch

    free = torch.cuda.mem_get_info(device)[0]
    blocks = [torch.empty(max(0, free - leave), dtype=torch.uint8, device=device)]
    ready.set()
    enough.wait(300)
    del blocks


def _image(pipe: Any, model: Model, seed: int) -> Any:
    import torch

    side = model.settings["width"]
    with torch.inference_mode():
        return pipe(
            prompt=PROMPT,
            width=side,
            height=side,
            num_inference_steps=model.settings["steps"],
            guidance_scale=model.settings["guidance"],
            generator=torch.Generator("cpu").manual_seed(seed),
        ).images[0]


def _written(picture: Any) -> Media:
    from core.media.recipe import Recipe, painted

    return painted(picture, Recipe(model="bare", prompt=PROMPT, seed=0, width=picture.width, height=picture.height))


def _finish(setup: Setup) -> None:
    if setup.gpu:
        import torch

        torch.cuda.synchronize()


# ---------------------------------------------------------------- memory of the device


class Meter:
    """Reads how much of the device is taken by anybody, many times a second: NVML's word, or a child's pages."""

    def __init__(self, setup: Setup, pid: Callable[[], int | None]) -> None:
        """Look at the device of ``setup``, or on a processor at the process that ``pid`` names."""
        self._setup = setup
        self._pid = pid
        self._over = threading.Event()
        self._nvml: Any = None
        self.most = 0

    def read(self) -> int:
        """Return the bytes taken now."""
        if self._setup.gpu:
            return self._video()
        try:
            pages = Path(f"/proc/{self._pid()}/statm").read_text(encoding="ascii").split()[1]
        except OSError:
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Note the most that is taken while the block runs."""
        self.most = 0
        self._over.clear()
        thread = threading.Thread(target=self._watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.005):
            self.most = max(self.most, self.read())

    def _video(self) -> int:
        class Memory(ctypes.Structure):
            _fields_ = (("total", ctypes.c_ulonglong), ("free", ctypes.c_ulonglong), ("used", ctypes.c_ulonglong))

        if self._nvml is None:
            self._nvml = ctypes.CDLL("libnvidia-ml.so.1")
            self._nvml.nvmlInit_v2()
        handle, memory = ctypes.c_void_p(), Memory()
        number = int(self._setup.device.partition(":")[2] or 0)
        self._nvml.nvmlDeviceGetHandleByIndex_v2(ctypes.c_uint(number), ctypes.byref(handle))
        self._nvml.nvmlDeviceGetMemoryInfo(handle, ctypes.byref(memory))
        return int(memory.used)


# ---------------------------------------------------------------- through the pool


@asynccontextmanager
async def pooled(setup: Setup, memory: int | None = None) -> AsyncIterator[Pool]:
    """Start a pool on the device with a budget of bytes."""
    registry = Registry.discover(catalogue={TASK: setup.models})
    devices = [Device(name=setup.device, memory=memory)]
    async with Pool(
        registry,
        place=Place.LOCAL,
        types=(TASK,),
        devices=devices,
        preload=("core.local.preload",),
        environment={"HF_HUB_CACHE": setup.cache, "HF_HUB_OFFLINE": "1"},
    ) as pool:
        await pool.ready()
        yield pool


async def paint(pool: Pool, model: Model, seed: int = 0, *, on_progress: Any = None, **inputs: Any) -> Media:
    """Have a picture painted."""
    job = Job(
        id=f"{model.id}-{seed}",
        type=TASK,
        model=model.id,
        inputs={"prompt": PROMPT, "seed": seed, **inputs},
        seconds=600,
    )
    image = (await pool.run(job, on_progress or (lambda *_: None)))["image"]
    assert isinstance(image, Media)
    return image


async def timed(act: Awaitable[object]) -> float:
    """Return the seconds that something takes."""
    began = time.perf_counter()
    await act
    return time.perf_counter() - began


def child(pool: Pool) -> int | None:
    """Return the process id of the pool's child."""
    return pool.status().slots[0].pid


async def images(setup: Setup, report: Report) -> None:
    """Compare images a second: bare, and through the pool by two clients, so that a job always waits."""
    for model in setup.models[:2]:
        alone = apart(bare, setup, model)
        async with pooled(setup) as pool:
            await paint(pool, model)
            began = time.perf_counter()
            async with anyio.create_task_group() as tasks:
                for client in range(2):
                    tasks.start_soon(_paint_many, pool, model, range(client, setup.images, 2))
            seconds = (time.perf_counter() - began) / setup.images
        report.add("images", f"{model.id}: bare pipeline", 1 / alone["image"], "images/s")
        report.add("images", f"{model.id}: through the pool", 1 / seconds, "images/s")
        report.add("images", f"{model.id}: pool / bare", alone["image"] / seconds, "", "≥ 0.97")
        report.add("images", f"{model.id}: pool / bare with PNG", (alone["image"] + alone["png"]) / seconds)
        report.add("images", f"{model.id}: writing one PNG", 1000 * alone["png"], "ms")


async def _paint_many(pool: Pool, model: Model, seeds: Sequence[int]) -> None:
    for seed in seeds:
        await paint(pool, model, seed)


async def budget(setup: Setup, report: Report) -> None:
    """Let models take turns that do not fit together, and watch the device."""
    largest = max(model.size or 0 for model in setup.models)
    bound = int(1.15 * largest + (0 if setup.tiny else 7 * GB))
    async with pooled(setup, bound) as pool:
        meter = Meter(setup, lambda: child(pool))
        empty = meter.read()
        loads = 0
        with meter.watching():
            for turn in range(3):
                for model in (*setup.models, setup.models[0]):
                    loads += (TASK, model.id) not in pool.status().slots[0].loaded
                    await paint(pool, model, turn, steps=2)
        status = pool.status().slots[0]
        report.add("budget", "sum of the three models", sum(model.size or 0 for model in setup.models) / GB, "GB")
        report.add("budget", "set budget", bound / GB, "GB")
        report.add("budget", "models at the end, as the pool counts", status.bytes / GB, "GB")
        report.add("budget", "times a model was loaded, of 12 turns", loads)
        report.add("budget", "most taken, CUDA's context and cache included", (meter.most - empty) / GB, "GB")
        report.add("budget", "children lost", status.deaths, "", "0")
    if setup.gpu:
        context = apart(_context, setup)
        within = (meter.most - empty - context) / GB
        report.add("budget", "CUDA's context alone", context / GB, "GB")
        report.add("budget", "most taken less the context", within, "GB", f"≤ {bound / GB:.3f}")


def _context(setup: Setup) -> int:
    """Return the bytes that a process takes on the device before it keeps anything there."""
    import torch

    meter = Meter(setup, lambda: None)
    before = meter.read()
    torch.zeros(1, device=setup.device)
    torch.ones(8, 8, device=setup.device, dtype=torch.bfloat16) @ torch.ones(8, 8, device=setup.device).bfloat16()
    return meter.read() - before


async def switch(setup: Setup, report: Report) -> None:
    """Change between two models of which only one fits, and compare with copying their bytes."""
    _, one, other = setup.models
    weight = one.size or 0
    bound = int(1.15 * weight + (0 if setup.tiny else 7 * GB))
    async with pooled(setup, bound) as pool:
        for model in (one, other):
            await paint(pool, model, steps=1)
        warm = min([await timed(paint(pool, other, steps=1)) for _ in range(3)])
        cold = [await timed(paint(pool, model, steps=1)) for model in (one, other, one, other)]
    seconds = statistics.median(cold) - warm
    report.add("switch", "weights of one model", weight / GB, "GB")
    report.add("switch", "job of one step, model loaded", warm, "s")
    report.add("switch", "the same when the other model was loaded", statistics.median(cold), "s")
    report.add("switch", "switch", seconds, "s")
    report.add("switch", "bare: from_pretrained and .to(device)", apart(bare, setup, one)["load"], "s")
    if setup.gpu:
        for kind, rate in apart(copy_rates, setup.device).items():
            report.add("switch", f"copy rate, {kind} memory", rate / GB, "GB/s")
            report.add("switch", f"bytes at this rate ({kind})", weight / rate, "s")
            report.add("switch", f"switch / copying ({kind})", seconds * rate / weight)
        report.add("switch", "bare: from_pretrained with device_map", apart(straight, setup, one), "s")
        report.add("switch", "bare: bytes through two pinned buffers", apart(staged, setup, one), "s")


async def cancel(setup: Setup, report: Report) -> None:
    """Stop a job after its third step."""
    model = setup.models[1]
    async with pooled(setup) as pool:
        await paint(pool, model, steps=2)
        few, many = [await timed(paint(pool, model, steps=steps)) for steps in (2, 22)]
        took = []
        for _ in range(5):
            third = anyio.Event()

            def progress(_fraction: float | None, note: str, third: anyio.Event = third) -> None:
                if note.startswith("step") and int(note.split()[1]) >= 3:  # not every step is told
                    third.set()

            with anyio.CancelScope() as scope:
                async with anyio.create_task_group() as tasks:
                    tasks.start_soon(_paint_told, pool, model, progress)
                    await third.wait()
                    began = time.perf_counter()
                    scope.cancel()
            took.append(time.perf_counter() - began)
        pid = child(pool)
        await paint(pool, model, steps=2)
        report.add("cancel", "one step", (many - few) / 20, "s")
        report.add("cancel", "cancel to stopped, median", statistics.median(took), "s", "one step")
        report.add("cancel", "cancel to stopped, most", max(took), "s")
        report.add("cancel", "the child lives on and paints", str(pid == child(pool)), "", "True")


async def _paint_told(pool: Pool, model: Model, progress: Any) -> None:
    await paint(pool, model, on_progress=progress, steps=100)


async def kill(setup: Setup, report: Report) -> None:
    """Kill the child, idle and at work."""
    model = setup.models[0]
    async with pooled(setup) as pool:
        await paint(pool, model, steps=1)
        warm = await timed(paint(pool, model, steps=1))
        ready, again = [], []
        for _ in range(5):
            pid = child(pool)
            assert pid is not None
            began = time.perf_counter()
            os.kill(pid, signal.SIGKILL)
            while child(pool) in (pid, None):  # noqa: ASYNC110 - processes raise no events
                await anyio.sleep(0.001)
            ready.append(time.perf_counter() - began)
            await paint(pool, model, steps=1)
            again.append(time.perf_counter() - began)
        report.add("kill", "killed to the next child", statistics.median(ready), "s", "≤ 0.5")
        report.add("kill", "killed to the next picture, model loaded anew", statistics.median(again), "s")
        report.add("kill", "of that: a warm job", warm, "s")


async def ladder(setup: Setup, report: Report) -> None:
    """Fill the device from outside; see what becomes of a job, and that all is well when there is room again."""
    if not setup.gpu:
        report.add("ladder", "needs a GPU", "left out")
        return
    model = setup.models[1]
    weight = model.size or 0
    context = apart(_context, setup)
    for what, leave in (
        ("room for the weights and 2 GB", weight + context + int(2 * GB)),
        ("less room than the weights", int(0.95 * weight) + context),
        ("hardly any room", context + int(1 * GB)),
    ):
        async with pooled(setup) as pool:
            with hogged(setup, leave):
                began = time.perf_counter()
                outcome = await _tried(pool, model)
                report.add("ladder", f"{what}: {outcome}", time.perf_counter() - began, "s")
            outcome = await _tried(pool, model)
            report.add("ladder", f"{what}, given back: {outcome}", pool.status().slots[0].deaths, "children lost", "0")


@contextmanager
def hogged(setup: Setup, leave: int) -> Iterator[None]:
    """Have another process fill the device but for ``leave`` bytes."""
    spawn = multiprocessing.get_context("spawn")
    ready, enough = spawn.Event(), spawn.Event()
    process = spawn.Process(target=hog, args=(setup.device, leave, ready, enough), daemon=True)
    process.start()
    try:
        assert ready.wait(120)
        yield
    finally:
        enough.set()
        process.join(30)


async def _tried(pool: Pool, model: Model) -> str:
    try:
        await paint(pool, model, steps=2)
    except JarvisError as error:
        return f"{type(error).__name__}: {error.message}"
    return "a picture"


PARTS: dict[str, Callable[[Setup, Report], Awaitable[None]]] = {
    "images": images,
    "budget": budget,
    "switch": switch,
    "cancel": cancel,
    "kill": kill,
    "ladder": ladder,
}


async def measure(setup: Setup, report: Report, parts: Sequence[str], keep: Callable[[], None]) -> None:
    """Run the parts, printing each; one that fails does not cost the others."""
    for part in parts:
        began = time.perf_counter()
        try:
            with anyio.fail_after(240):
                await PARTS[part](setup, report)
        except Exception as error:  # noqa: BLE001 - told in the table; the other figures are worth having
            traceback.print_exc()
            report.add(part, f"failed: {type(error).__name__}: {error}"[:300], "—")
        report.add(part, "this part took", time.perf_counter() - began, "s")
        keep()
        print(f"\n{report.table(part)}", flush=True)


def main() -> None:
    """Read the command line, build, measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda:0")
    parser.add_argument("--tiny", action="store_true", help="models of some kilobytes, to see that it runs")
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts, of {','.join(PARTS)}")
    parser.add_argument("--images", type=int, default=12, help="images of each model")
    parser.add_argument("--steps", type=int, default=30, help="steps of an image")
    parser.add_argument("--json", type=Path, help="file to write the figures to")
    parser.add_argument("--cache", type=Path, help="folder for the models, kept; else a temporary one")
    asked = parser.parse_args()
    # Children are killed on purpose here, and what they say of it belongs beside the table, not in it.
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    cache = str(asked.cache or tempfile.mkdtemp(prefix="jarvis-giants-"))
    os.environ["HF_HUB_CACHE"], os.environ["HF_HUB_OFFLINE"] = cache, "1"
    alike = environment(os.environ, 1)  # the bare pipeline has its threads as the pool's children have theirs
    os.environ.update({name: alike[name] for name in ("OMP_NUM_THREADS", "OMP_WAIT_POLICY")})
    try:
        began = time.perf_counter()
        models = apart(_build, cache, asked.device, asked.tiny, asked.steps)
        setup = Setup(
            device=asked.device,
            tiny=asked.tiny,
            cache=cache,
            models=tuple(models),
            images=asked.images,
            steps=asked.steps,
        )
        report = Report({**apart(describe, asked.device), "images": asked.images, "steps": asked.steps})
        report.add("build", "three models", sum(model.size or 0 for model in models) / GB, "GB")
        report.add("build", "built and written", time.perf_counter() - began, "s")

        def keep() -> None:
            if asked.json:
                figures = {**report.facts, "rows": [asdict(row) for row in report.rows]}
                asked.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")

        anyio.run(measure, setup, report, [part for part in asked.only.split(",") if part in PARTS], keep)
        print(f"\n{json.dumps(report.facts)}\n\n{report.table()}")
    finally:
        if asked.cache is None:
            shutil.rmtree(cache, ignore_errors=True)


def _build(cache: str, device: str, tiny: bool, steps: int) -> list[Model]:  # noqa: FBT001 - called by position, in a process
    return build(cache, device, tiny=tiny, steps=steps)


if __name__ == "__main__":
    main()
