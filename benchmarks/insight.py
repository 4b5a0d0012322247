"""Sensitivity and boxes: Sobol indices with their bootstrap beside SALib, and PRIM beside ema_workbench, on the same numbers.

SALib resamples one by one, so it is given fewer resamples. ema_workbench keeps boxes as data frames, so it is given few draws of few quantities. What détente
is made for, a million draws of sixty quantities, is told in wall time on all cores.
"""

from __future__ import annotations

import importlib.util
import time
import warnings
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from report import Comparison, Figure, Report, Row, publish
from timing import core_seconds

from detente.insight.believe import what_to_believe
from detente.insight.prim import Search
from detente.insight.samples import Sample
from detente.insight.sobol import sobol

Floats = NDArray[np.float64]
BLOCK, QUANTITIES, RESAMPLES, FEW = 16_384, 20, 1_000, 50
DRAWS, MANY, SMALL = 1_000_000, 60, (20_000, 10)


def outcome(x: Floats) -> Floats:
    """Something with interactions; what it is does not matter for the time of the analysis."""
    return np.asarray(x @ np.arange(x.shape[1]) + 9 * x[:, 0] * x[:, 1])


def indices() -> Comparison:
    """Sobol indices, without the time of evaluating the outcome."""
    rng = np.random.default_rng(1)
    a, b = rng.random((2, BLOCK, QUANTITIES))
    names = [f"q{k}" for k in range(QUANTITIES)]
    rows = np.repeat(a[:, None, :], QUANTITIES + 2, axis=1)
    rows[:, -1] = b
    for j in range(QUANTITIES):
        rows[:, j + 1, j] = b[:, j]
    values = outcome(rows.reshape(-1, QUANTITIES))
    by_block = iter_blocks(values.reshape(BLOCK, -1))

    def ours() -> float:
        return sobol(a, b, names, by_block(), resamples=RESAMPLES).first["q9"].value

    title = f"Sobol indices of {QUANTITIES} quantities, {BLOCK:,} draws a block, {RESAMPLES:,} resamples"
    found = [Row("détente", RESAMPLES, core_seconds(ours))]
    if importlib.util.find_spec("SALib") is None:
        return Comparison(title, "resamples", found, notes=["SALib is not installed"])
    from SALib.analyze import sobol as salib

    problem = {"num_vars": QUANTITIES, "names": names, "bounds": [[0, 1]] * QUANTITIES}
    theirs = salib.analyze(problem, values, calc_second_order=False, num_resamples=2, seed=1)["S1"][9]
    seconds = core_seconds(lambda: salib.analyze(problem, values, calc_second_order=False, num_resamples=FEW, seed=1), repeats=1)
    return Comparison(title, "resamples", [*found, Row("SALib", FEW, seconds)], notes=[f"difference of an index {abs(theirs - ours()):.1e}"])


def iter_blocks(values: Floats) -> Callable[[], Callable[[Floats], Floats]]:
    """Outcomes that were computed before, handed out block by block: A, B, then A with one quantity of B."""

    def start() -> Callable[[Floats], Floats]:
        blocks = iter([values[:, 0], values[:, -1], *values[:, 1:-1].T])
        return lambda x: next(blocks)

    return start


def planted(draws: int, quantities: int) -> tuple[Sample, NDArray[np.bool_]]:
    """Uniform quantities, and hits in nine of ten draws of a box of four of them, one of fifty elsewhere."""
    rng = np.random.default_rng(3)
    x = rng.random((draws, quantities))
    within = (x[:, 3] > 0.6) & (x[:, 7] < 0.5) & (x[:, 1] > 0.3) & (x[:, 5] < 0.8)
    return Sample(x, [f"q{k}" for k in range(quantities)]), np.where(within, rng.random(draws) < 0.9, rng.random(draws) < 0.02)


def boxes() -> Comparison:
    """One run of peeling and pasting."""
    sample, hits = planted(*SMALL)
    draws, quantities = SMALL
    title = f"PRIM, {draws:,} draws of {quantities} quantities"
    rows = [Row("détente", draws, core_seconds(lambda: Search(sample, hits, fewest=draws // 20, threads=1).run()))]
    if importlib.util.find_spec("ema_workbench") is None:
        return Comparison(title, "draws", rows, notes=["ema_workbench is not installed"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pandas as pd
        from ema_workbench.analysis import prim

    frame = pd.DataFrame(sample.inputs, columns=list(sample.names))

    def theirs() -> float:
        return float(prim.Prim(frame, hits.astype(int), threshold=0.8).find_box().peeling_trajectory["density"].max())

    rows.append(Row("ema_workbench, Prim.find_box", draws, core_seconds(theirs, repeats=1)))
    best = float(Search(sample, hits, fewest=draws // 20).run().density.max())
    return Comparison(title, "draws", rows, notes=[f"density of the densest box {best:.3f} and {theirs():.3f}"])


def large() -> list[Figure]:
    """A million draws, wall time."""
    sample, hits = planted(DRAWS, MANY)

    def wall(work: Callable[[], object]) -> float:
        before = time.perf_counter()
        work()
        return time.perf_counter() - before

    size = f"{DRAWS:,} draws of {MANY} quantities"
    a, b = np.random.default_rng(1).random((2, BLOCK, MANY))
    names = list(sample.names)
    return [
        Figure(f"PRIM, {size}, wall", wall(lambda: Search(sample, hits).run()), "s", 10.0),
        Figure(f"the simplest boxes of {size}, wall", wall(lambda: what_to_believe(sample, hits)), "s"),
        Figure(f"Sobol indices, {MANY} quantities, {BLOCK:,} draws, {RESAMPLES:,} resamples, wall", wall(lambda: sobol(a, b, names, outcome)), "s", 2.0),
    ]


def main() -> None:
    publish(Report("insight", [indices(), boxes()], large()))


if __name__ == "__main__":
    main()
