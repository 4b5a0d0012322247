"""First passage on chains of eight rungs: our kernels beside SciPy's batched `expm`, on the same chains.

The work of a draw is the probability of having entered the top rung by the end of each of ten years. At first every year has rates of its own (ten
calendar segments), so SciPy takes ten matrix exponentials a draw: with rates of weeks to months this is the work for which the target was set. Beside it
stand faster rates, and years that are all alike, where SciPy takes a single exponential and multiplies.
"""

from __future__ import annotations

import numpy as np
from chains import ARCS, RUNGS, TOP, YEARS, rates_of, starts
from numpy.typing import NDArray
from report import Comparison, Report, Row, publish
from scipy.linalg import expm
from timing import core_seconds

from detente.ladder import Piece
from detente.ladder.questions import entering
from detente.ladder.reach import first_passage

DRAWS, FEW = 20_000, 1_000
TARGET = 50.0


def by_scipy(rates: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probabilities by matrix exponentials, all draws at once: `draw x year`."""
    matrices = np.zeros((*rates.shape[:2], RUNGS, RUNGS))
    for k, arc in enumerate(ARCS):
        matrices[:, :, arc.source, arc.target] += rates[:, :, k]
    matrices[:, :, TOP] = 0.0
    matrices[:, :, range(RUNGS), range(RUNGS)] = -matrices.sum(axis=3)
    steps = expm(matrices)
    here = starts(len(rates))[:, None]
    entered = np.zeros((len(rates), YEARS))
    for year in range(YEARS):
        here = here @ steps[:, min(year, steps.shape[1] - 1)]
        entered[:, year] = here[:, 0, TOP].sum(axis=1)
    return entered


def beside_scipy(segments: int, down: float, label: str, target: float | None = None) -> Comparison:
    """One comparison."""
    rates, start = rates_of(DRAWS, segments, down), starts(DRAWS)
    pieces = [Piece(min(year, segments - 1), 1.0, year) for year in range(YEARS)]

    def ours() -> NDArray[np.float64]:
        return first_passage(rates, start, pieces, [entering(ARCS, TOP)], threads=1).entered[:, 0]

    worst = np.abs(by_scipy(rates[:FEW]) / ours()[:FEW] - 1.0).max()
    rows = [
        Row("détente", DRAWS, core_seconds(ours)),
        Row("SciPy, batched expm", FEW, core_seconds(lambda: by_scipy(rates[:FEW]))),
    ]
    return Comparison(f"First passage, eight rungs, {label}", "chains", rows, target, [f"largest relative difference {worst:.1e}"])


def main() -> None:
    cases = [
        (YEARS, 4.0, "ten segments, rates of weeks to months", TARGET),
        (YEARS, 40.0, "ten segments, rates of days to weeks"),
        (1, 4.0, "one segment, rates of weeks to months"),
        (1, 40.0, "one segment, rates of days to weeks"),
    ]
    publish(Report("reach", [beside_scipy(*case) for case in cases]))


if __name__ == "__main__":
    main()
