"""First passage on chains of eight rungs: our kernels beside SciPy's batched `expm`, on the same chains in one run.

The work of a draw is the probability of having entered the top rung by the end of each of ten years. In the first table every year has rates of its
own (ten calendar segments), so SciPy takes ten matrix exponentials a draw; in the second all years are alike, so it takes one and multiplies.

Run: OPENBLAS_NUM_THREADS=1 python benchmarks/reach.py
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm
from timing import core_seconds, table

from detente.ladder import Piece
from detente.ladder.layout import Arc
from detente.ladder.questions import entering
from detente.ladder.reach import first_passage

RUNGS, YEARS = 8, 10
DRAWS, FEW = 20_000, 1_000
TOP = np.arange(RUNGS) == RUNGS - 1
ARCS = [Arc(s, s + 1, "chance", "chance") for s in range(RUNGS - 1)]
ARCS += [Arc(s, t, "chance", "chance") for s in range(1, RUNGS) for t in sorted({0, s - 1})]
UP = np.array([arc.target > arc.source for arc in ARCS])


def rates_of(segments: int, down: float) -> NDArray[np.float64]:
    """Rates of `draw x segment x arc`: half a step up a year, `down` steps down, with a factor of two of doubt."""
    return np.where(UP, 0.5, down) * np.random.default_rng(1).lognormal(0.0, 0.7, (DRAWS, segments, len(ARCS)))


def by_scipy(rates: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same by matrix exponentials, all draws at once: `draw x year`."""
    matrices = np.zeros((*rates.shape[:2], RUNGS, RUNGS))
    for k, arc in enumerate(ARCS):
        matrices[:, :, arc.source, arc.target] += rates[:, :, k]
    matrices[:, :, TOP] = 0.0
    matrices[:, :, range(RUNGS), range(RUNGS)] = -matrices.sum(axis=3)
    steps = expm(matrices)
    here = np.zeros((len(rates), 1, RUNGS))
    here[:, 0, 0] = 1.0
    entered = np.zeros((len(rates), YEARS))
    for year in range(YEARS):
        here = here @ steps[:, min(year, steps.shape[1] - 1)]
        entered[:, year] = here[:, 0, TOP].sum(axis=1)
    return entered


def main() -> None:
    start = np.eye(RUNGS)[np.zeros(DRAWS, dtype=int)]
    for segments, down, label in [
        (YEARS, 4.0, "ten segments, rates of weeks to months"),
        (YEARS, 40.0, "ten segments, rates of days to weeks"),
        (1, 4.0, "one segment, rates of weeks to months"),
        (1, 40.0, "one segment, rates of days to weeks"),
    ]:
        rates = rates_of(segments, down)
        pieces = [Piece(min(year, segments - 1), 1.0, year) for year in range(YEARS)]
        ours = first_passage(rates, start, pieces, [entering(ARCS, TOP)], threads=1).entered[:, 0]
        worst = np.abs(by_scipy(rates[:FEW]) / ours[:FEW] - 1.0).max()
        rows = [
            ("detente", DRAWS, core_seconds(lambda r=rates, p=pieces: first_passage(r, start, p, [entering(ARCS, TOP)], threads=1))),
            ("scipy.linalg.expm, batched", FEW, core_seconds(lambda r=rates: by_scipy(r[:FEW]))),
        ]
        table(f"{label}; largest relative difference {worst:.1e}", rows)


if __name__ == "__main__":
    main()
