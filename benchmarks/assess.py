"""Full draws of baltic-2021 (all segments, ten years, every rung), and where the time of an assessment goes.

Processor time is what counts: on a machine that others use, wall time says how busy it was. `python benchmarks/assess.py THREADS` for other than all cores.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from report import Figure, Report, Shares, publish
from timing import REPEATS, core_and_wall_seconds

from detente.ensemble import assess, chunk, run, work
from detente.ensemble.folder import RunFolder
from detente.scenario import load

DRAWS = 4_096
SCENARIO = "baltic-2021"
# Quantities drawn from one seed are kept, so a second run from it would cost less than a user's.
SEEDS = count(1)
# What runs outside the kernels: (owner, function, step).
AROUND = [(chunk, "draw", "draw"), (chunk, "solve_drawn", "solve"), (chunk, "prospects", "prospects"), (RunFolder, "begin", "write"),
          (RunFolder, "store", "write"), (RunFolder, "finish", "write"), (run, "make_result", "summarise"), (run, "assemble", "summarise"),
          (chunk, "predict", "condition"), (run, "condition", "condition")]  # fmt: skip


class AtOnce(Executor):
    """Does what it is given on the spot: else the time of writing one chunk would count among the steps of the next."""

    def __init__(self, threads: int) -> None:
        pass

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(function(*arguments, **named))
        return done


@contextmanager
def noted(owner: Any, name: str, step: str, seconds: dict[str, float]) -> Iterator[None]:
    """Add the processor time of a function's calls to `seconds[step]`."""
    original = getattr(owner, name)

    def timed(*arguments: Any, **named: Any) -> Any:
        before = time.process_time()
        try:
            return original(*arguments, **named)
        finally:
            seconds[step] = seconds.get(step, 0.0) + time.process_time() - before

    with patch.object(owner, name, timed):
        yield


def steps(threads: int) -> tuple[dict[str, float], float]:
    """Processor seconds of an assessment that is kept in a folder, by step, and its wall seconds; kernels compiled before."""
    seconds: dict[str, float] = {"load": 0.0, "draw": 0.0, "solve": 0.0, "prospects": 0.0, "condition": 0.0, "summarise": 0.0, "write": 0.0}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        stack.enter_context(patch.object(work, "ThreadPoolExecutor", AtOnce))
        for owner, name, step in AROUND:
            stack.enter_context(noted(owner, name, step, seconds))
        wall, core = time.perf_counter(), time.process_time()
        model = load(SCENARIO)
        seconds["load"] = time.process_time() - core
        assess(model, draws=DRAWS, seed=next(SEEDS), threads=threads, out=Path(folder) / "run")
        wall, core = time.perf_counter() - wall, time.process_time() - core
    seconds["the rest"] = core - sum(seconds.values())
    return seconds, wall


def main() -> None:
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else len(os.sched_getaffinity(0))
    model = load(SCENARIO)
    full, passed = core_and_wall_seconds(lambda: chunk.compute(model, next(SEEDS), 0, DRAWS, threads))
    shares, wall = min((steps(threads) for _ in range(REPEATS)), key=lambda found: sum(found[0].values()))
    figures = [
        # Two cores, 3,000 draws a second: the first counts what threads cost, the second also when they wait for each other.
        Figure(f"Full draws of {SCENARIO}", DRAWS / full, "a core-second", 1_500.0, at_least=True, note=f"{1e6 * full / DRAWS:,.0f} microseconds each"),
        Figure("The same, by the clock", DRAWS / passed, f"a second with {threads} threads", 1_500.0 * threads, at_least=True),
        Figure(f"An assessment of {DRAWS:,} draws, kept in a folder", wall, "s", note=f"{threads} threads; {sum(shares.values()):.2f} s of a core"),
    ]
    publish(Report("assess", figures=figures, shares=[Shares(f"Where the time of `assess {SCENARIO}` goes", shares, f"{DRAWS:,} draws, kernels compiled")]))


if __name__ == "__main__":
    main()
