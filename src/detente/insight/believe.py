"""What one would have to believe for an outcome to hold: the simplest boxes of quantities first.

A first run of `prim` tells which quantities matter: those of its simplest box that is dense enough, else of its densest; the `MOST` without which it would be
least dense. Then every one of them alone, every pair, every three and so on are searched again by themselves, until a box is dense enough. Of boxes with the
same number of quantities that with the largest coverage is taken among the dense ones, else the densest.

An outcome that holds in too few draws, or that often anyway, has no box; the answer says so.

Reference: Kwakkel (2019), A generalized many-objective optimization approach for scenario discovery, doi 10.1002/ffo2.8, which searches subsets so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from detente.insight.boxes import Box, measure
from detente.insight.prim import Limits, Search, Trajectory
from detente.insight.samples import Sample

MOST = 6  # a judgement: of 63 subsets, and few readers follow more conditions at once


@dataclass(frozen=True)
class Belief:
    """The simplest boxes in which an outcome holds.

    Attributes
    ----------
    boxes : tuple of Box
        With one quantity, with two, ..., until one is dense enough.
    threshold : float
        The density that was asked for.
    share : float
        In which share of all draws the outcome holds, by weight.
    why : str
        Why there is no box, or none dense enough; empty if the last one is.
    """

    boxes: tuple[Box, ...]
    threshold: float
    share: float
    why: str = ""


def what_to_believe(
    sample: Sample,
    hits: ArrayLike,
    *,
    threshold: float = 0.8,
    alpha: float = 0.05,
    fewest: int = 50,
    least_hits: int = 100,
    threads: int | None = None,
) -> Belief:
    """The simplest box in which an outcome holds often enough, and the simpler ones before it.

    Parameters
    ----------
    sample : Sample
    hits : array of bool over draws
        Where the outcome holds.
    threshold : float, optional
        Density of a box that is dense enough; 0.8 is judgement.
    alpha, fewest, threads
        As of `detente.insight.prim.Search`.
    least_hits : int, optional
        An outcome that holds in fewer draws is not described; 100 is judgement.

    Raises
    ------
    InvalidInput
        If the outcome is neither true nor false, or of other draws.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.random.default_rng(1).random((4000, 3))
    >>> found = what_to_believe(Sample(x, ["hazard", "resolve", "drift"]), (x[:, 0] > 0.7) & (x[:, 2] < 0.4))
    >>> [sorted(box.limits) for box in found.boxes][-1]
    ['drift', 'hazard']
    """
    holds = sample.hits(hits)
    share = measure({}, sample, holds).density
    count = int((holds & (sample.weights > 0)).sum())
    if share >= threshold:
        return Belief((), threshold, share, "it holds that often whatever the quantities are")
    if count < least_hits:
        return Belief((), threshold, share, f"it holds in {count} draws, too few to describe; {least_hits} are needed")
    search = Search(sample, holds, alpha=alpha, fewest=fewest, threads=threads)
    candidates = _candidates(_best([search.run()], threshold), sample, holds)
    boxes: list[Box] = []
    for width in range(1, len(candidates) + 1):
        limits = _best((search.run([sample.column(name) for name in chosen]) for chosen in combinations(candidates, width)), threshold)
        boxes.append(measure(limits, sample, holds))
        if boxes[-1].density >= threshold:
            return Belief(tuple(boxes), threshold, share)
    return Belief(tuple(boxes), threshold, share, f"no box of at most {len(candidates)} quantities is that dense")


def _best(trajectories: Iterable[Trajectory], threshold: float) -> Limits:
    """Limits of the dense box with the largest coverage, else of the densest."""
    best: tuple[tuple[bool, float, float], Limits] | None = None
    for trajectory in trajectories:
        dense = trajectory.density >= threshold
        place = int(np.argmax(np.where(dense, trajectory.coverage, -1.0) if dense.any() else trajectory.density))
        coverage, density = float(trajectory.coverage[place]), float(trajectory.density[place])
        merit = (True, coverage, density) if dense.any() else (False, density, coverage)
        if best is None or merit > best[0]:
            best = merit, trajectory.limits(place)
    assert best is not None
    return best[1]


def _candidates(limits: Limits, sample: Sample, hits: ArrayLike) -> list[str]:
    """The quantities of a box without which it would be least dense, in the order of the sample."""
    without = {name: measure({other: limits[other] for other in limits if other != name}, sample, hits).density for name in limits}
    return sorted(sorted(without, key=lambda name: without[name])[:MOST], key=sample.names.index)
