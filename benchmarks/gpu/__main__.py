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
import json
import logging
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path

import anyio
import structlog

from benchmarks.giants import build
from benchmarks.gpu.apart import apart, describe
from benchmarks.gpu.endings import cancel, kill
from benchmarks.gpu.memory import budget, ladder
from benchmarks.gpu.report import Report
from benchmarks.gpu.setup import GB, Setup
from benchmarks.gpu.speed import images, switch
from core.executors.process import environment

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
    asked = _command_line()
    # Children are killed on purpose here, and what they say of it belongs beside the table, not in it.
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    with _cache(asked.cache) as cache:
        os.environ["HF_HUB_CACHE"], os.environ["HF_HUB_OFFLINE"] = cache, "1"
        alike = environment(os.environ, 1)  # the bare pipeline has its threads as the pool's children have theirs
        os.environ.update({name: alike[name] for name in ("OMP_NUM_THREADS", "OMP_WAIT_POLICY")})
        report = Report({**apart(describe, asked.device), "images": asked.images, "steps": asked.steps})
        setup = _built(asked, cache, report)

        def keep() -> None:
            if asked.json:
                figures = {**report.facts, "rows": [asdict(row) for row in report.rows]}
                asked.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")

        anyio.run(measure, setup, report, [part for part in asked.only.split(",") if part in PARTS], keep)
        print(f"\n{json.dumps(report.facts)}\n\n{report.table()}")


def _command_line() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda:0")
    parser.add_argument("--tiny", action="store_true", help="models of some kilobytes, to see that it runs")
    parser.add_argument("--only", default=",".join(PARTS), help=f"parts, of {','.join(PARTS)}")
    parser.add_argument("--images", type=int, default=12, help="images of each model")
    parser.add_argument("--steps", type=int, default=30, help="steps of an image")
    parser.add_argument("--json", type=Path, help="file to write the figures to")
    parser.add_argument("--cache", type=Path, help="folder for the models, kept; else a temporary one")
    return parser.parse_args()


@contextmanager
def _cache(kept: Path | None) -> Iterator[str]:
    """Yield the folder for the models: the one that is kept, or one for this run alone."""
    if kept:
        yield str(kept)
        return
    with tempfile.TemporaryDirectory(prefix="jarvis-giants-", ignore_cleanup_errors=True) as folder:
        yield folder


def _built(asked: argparse.Namespace, cache: str, report: Report) -> Setup:
    """Build the models, in a process of its own."""
    began = time.perf_counter()
    models = apart(partial(build, cache, asked.device, tiny=asked.tiny, steps=asked.steps))
    report.add("build", "three models", sum(model.size or 0 for model in models) / GB, "GB")
    report.add("build", "built and written", time.perf_counter() - began, "s")
    return Setup(
        device=asked.device,
        tiny=asked.tiny,
        cache=cache,
        models=tuple(models),
        images=asked.images,
        steps=asked.steps,
    )


if __name__ == "__main__":
    main()
