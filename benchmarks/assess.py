"""Full draws a second of baltic-2021 (all segments, ten years, every rung), and where the time goes; best of five after one run that compiles.

Run: python benchmarks/assess.py [threads]
"""

from __future__ import annotations

import os
import sys
import time

from detente.ensemble.chunk import compute
from detente.scenario import load

DRAWS = 4_096


def main() -> None:
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else len(os.sched_getaffinity(0))
    model = load("baltic-2021")
    compute(model, 1, 0, DRAWS, threads)
    best, shares = float("inf"), {}
    for _ in range(5):
        before = time.perf_counter()
        chunk = compute(model, 1, 0, DRAWS, threads)
        seconds = time.perf_counter() - before
        if seconds < best:
            best, shares = seconds, dict(chunk.seconds)
    print(f"baltic-2021, {threads} threads: {DRAWS / best:,.0f} full draws a second of wall time")
    shares["the rest"] = best - sum(shares.values())
    for step, seconds in shares.items():
        print(f"  {step:<10} {seconds / best:6.1%}   {1e6 * seconds / DRAWS:7.1f} microseconds a draw")


if __name__ == "__main__":
    main()
