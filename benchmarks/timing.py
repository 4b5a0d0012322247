"""Measure processor time: what a task costs a core, however busy the machine is. Best of five, after one run that compiles and fills caches."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

REPEATS = 5


def core_seconds(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Least processor time of this process, all threads together."""
    return core_and_wall_seconds(work, repeats)[0]


def core_and_wall_seconds(work: Callable[[], object], repeats: int = REPEATS) -> tuple[float, float]:
    """The same, and the least time that passed, which hangs on what else the machine does."""
    work()
    core, wall = zip(*(_spent(work) for _ in range(repeats)), strict=True)
    return min(core), min(wall)


def _spent(work: Callable[[], object]) -> tuple[float, float]:
    core, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - core, time.perf_counter() - wall


def run_python(*arguments: str, environment: dict[str, str] | None = None) -> tuple[float, float]:
    """Wall and processor seconds of one run of this Python with arguments, in a process of its own. Its output is thrown away."""
    before = time.perf_counter()
    null = [(os.POSIX_SPAWN_OPEN, descriptor, os.devnull, os.O_WRONLY, 0) for descriptor in (1, 2)]
    child = os.posix_spawn(sys.executable, [sys.executable, *arguments], {**os.environ, **(environment or {})}, file_actions=null)
    _, status, usage = os.wait4(child, 0)
    if status:
        raise RuntimeError(f"python {' '.join(arguments)} ended with exit status {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - before, usage.ru_utime + usage.ru_stime


def billion_operations(rows: int = 512) -> float:
    """What NumPy's product of two matrices does in a core-second, in billions of multiplications and additions."""
    import numpy as np

    a = np.random.default_rng(0).random((rows, rows))
    return 2.0 * rows**3 / core_seconds(lambda: a @ a, 20) / 1e9


if __name__ == "__main__":
    print(billion_operations())
