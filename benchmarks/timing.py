"""Measure work per core-second: best of five, processor time of the whole process, peers in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable


def core_seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """Least processor time of `repeats` runs, after one that compiles and fills caches."""
    work()
    best = float("inf")
    for _ in range(repeats):
        before = time.process_time()
        work()
        best = min(best, time.process_time() - before)
    return best


def table(title: str, rows: list[tuple[str, int, float]]) -> None:
    """Print rates and ratios to the first row: (name, pieces of work, core-seconds)."""
    print(title)
    first = rows[0][1] / rows[0][2]
    for name, count, seconds in rows:
        rate = count / seconds
        ratio = f"   {first / rate:>8.1f} x slower than the first" if rate < first else ""
        print(f"  {name:<44} {rate:>14,.0f} a core-second{ratio}")
